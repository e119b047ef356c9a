"""The rows of the table, by name, in its order."""

from . import actions, check, crash, flood, idle, lines, query, requests, start, status, stop, streams

ALL = {
    "start": start.first,
    "start-100": start.hundred,
    "crash": crash.row,
    "idle": idle.row,
    "flood": flood.row,
    "lines": lines.row,
    "stop": stop.row,
    "logs": query.row,
    "check": check.row,
    "status": status.row,
    "requests": requests.row,
    "events": actions.events,
    "restart": actions.restart,
    "streams": streams.row,
}
