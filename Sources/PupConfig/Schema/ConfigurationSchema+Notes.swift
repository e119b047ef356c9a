extension ConfigurationSchema {
  /// Everything that does not fit in the tables.
  static let notes = """

    Each process costs Pup about five open files: see [How many descriptors](service.md#how-many-descriptors).

    ## Which changes count

    `watch` names files and folders. A file named there counts whatever its name; a folder is watched with everything below it, and a file in it
    counts if its name has one of the extensions in `watcher.exts` and its path matches one of `watcher.match` and none of `watcher.skip`.

    - By default, `exts` is ts, tsx, js, jsx and json plus the extension of the process's own script: py for `worker: ["app.py"]` and for
      `cmd: "python3 -m app"`. If `exts` is set, only those extensions count; `exts: []` means every file.
    - Patterns are compared with the path relative to the watched folder, with the path relative to this file's folder, and, if they begin with `/`, with the full path.
    - Hidden folders (`.git`, `.venv`, …) and `node_modules` below a watched folder are never searched, whatever `skip` says. To watch one, name it in `watch`:
      `watch: ["src", "node_modules/mine"]`.
    - Files that Pup itself writes never count: its own folders wherever they are, pid files, the files of `logger`, a file that its console is redirected to, and this file.
    - Symbolic links: a path in `watch` may be a link or lead through one, and changing that link's target is a change. Links *below* a watched folder
      are not followed; the link itself counts, its target does not. To watch the target, name it in `watch` as well.
    - Changes to contents count; changes to permissions and access times do not.

    The first change opens a window of `watcher.interval`; everything within it counts as one change. The window does not slide: a build that writes for 5 s causes a
    change at the end of each window, and `restartDelayMs` merges those that arrive before the restart. With a longer `interval`, a longer build causes a single restart.

    `pup check` and `pup run` warn about a watched folder in which no file would count, and list the extensions that they found. A program that changes files in its own watched
    folders restarts itself: after four such restarts in a row, each as soon after the start as the one before, further restarts are delayed by 2 s, then 4 s, up to a minute, and the
    log names the file. A change in another folder is not delayed.

    ## Workers

    `worker: ["script.py", "argument"]` runs a script, relative to `cwd`, with an interpreter chosen by its extension: the first in this list that is found in PATH.

    | extension | run by |
    |---|---|
    \(Interpreter.table)
    Any other file must be executable. `pup check` shows what is used. To use another interpreter, name it: `worker: [".venv/bin/python", "app.py"]` or
    `cmd: ".venv/bin/python app.py"` for a virtual environment (`path` is *appended* to PATH, so it cannot select another `python3`).

    A script for deno that waits for messages (`self.onmessage = …`), like workers of the original Pup, is run as a web worker: it receives one message,
    `{ run, cwd, env }`, with its arguments, working directory and environment, and the messages that it posts are its output and its exit: `{ type: "stdout", message }`,
    `{ type: "stderr", message }`, `{ type: "exit", code }`. Under node, such a script receives nothing; `pup check` warns about that.

    ## Schedules

    A pattern has 5 columns (minute, hour, day of month, month, day of week), or 6 with the second first, or is one of @yearly, @annually, @monthly, @weekly,
    @daily, @midnight and @hourly. Each column accepts `*`, numbers, ranges (`9-17`), lists (`0,30`), and steps (`*/10`, `9-17/2`).

    | written | meaning |
    |---|---|
    | `JAN` … `DEC`, `SUN` … `SAT` | months and days of the week by name; 0 and 7 are both Sunday |
    | `L` as day of month | the last day |
    | `15W`, `LW` | the weekday (Monday to Friday) of the same month nearest to the 15th; the last weekday |
    | `5L`, `MON#L` as day of week | the last Friday, the last Monday |
    | `MON#2` | the second Monday |
    | `?` | the same as `*` |

    If both day columns are restricted, a day that matches either of them counts: `0 9 1 * MON` is the first of the month and every Monday.

    When the clocks change, a pattern that names hours refers to clock time: a time that is skipped in spring fires once, right after the gap; one that is repeated in autumn
    fires the first time only, so a frequent pattern with named hours (`*/5 1-4 * * *`) pauses while that hour is repeated. A pattern for every hour (`*/5 * * * *`, `0 * * * *`)
    follows elapsed time and does not pause. With `cronTimezone: "UTC"`, the clocks never change.

    Starts that were missed while Pup was not running are not made up for. One that falls due while the machine sleeps, or while a new supervisor takes over, happens once afterwards.
    A start that falls due while the previous run is still running is refused with a line in the log, unless `overrun` is set.

    """
}
