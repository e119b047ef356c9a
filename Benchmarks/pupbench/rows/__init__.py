"""The rows of the table, by name, in its order."""

from . import check, crash, flood, idle, lines, query, start, stop

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
}
