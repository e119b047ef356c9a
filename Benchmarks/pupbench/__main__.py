"""Measures, prints the table, and with --write keeps it in Benchmarks/results.md."""

import argparse
import datetime
import os
import signal
import sys
import traceback

from . import machine, result, supervisors
from .context import Context
from .rows import ALL
from .workspace import Workspace

QUIET = 0.5


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="Benchmarks/run.sh", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter runs; the numbers are rough")
    parser.add_argument("--only", action="append", metavar="ROW", choices=list(ALL), help="only this row (may be given several times)")
    parser.add_argument("--write", action="store_true", help="write Benchmarks/results.md as well")
    parser.add_argument("--list", action="store_true", help="name the rows")
    parser.add_argument("--no-baselines", action="store_true", help="measure Pup alone")
    parser.add_argument("--wait", type=float, default=120, metavar="SECONDS", help="wait so long at most for an idle machine (default 120)")
    return parser.parse_args()


def say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def measure(options: argparse.Namespace, workspace: Workspace) -> tuple[str, bool]:
    """The whole page, and whether every row could be measured."""
    workspace.compile()
    supervisors.Pup.install(workspace)
    others, words = ([], []) if options.no_baselines else supervisors.available(workspace)
    context = Context(workspace, others, options.quick)
    results, complete, loads = [], True, []
    for name in options.only or ALL:
        loads.append(machine.wait_until_quiet(QUIET, 0 if options.quick else options.wait))
        say(f"{name} (load {loads[-1]:.2f})")
        try:
            results += ALL[name](context)
        except Exception as error:  # one row that fails must not cost the others
            complete = False
            say(f"{name} failed: {error}")
            traceback.print_exc(limit=-3)
            results.append(result.Result(name, f"failed: {error}", "–", passed=False))
        finally:
            workspace.end_strays()
    if max(loads) >= QUIET:
        words.append(f"the machine was busy (load {max(loads):.1f} at the worst): the numbers are rough")
    if options.quick:
        words.append("--quick: few and short runs")
    columns = [kind.name for kind in others]
    columns += [name for name in ["s6", "other"] if name not in columns and any(name in line.baselines for line in results)]
    head = f"{machine.describe()}; {datetime.date.today()}; medians unless said otherwise.\n"
    tail = "".join(f"\n- {word}" for word in words)
    return f"{head}\n{result.table(results, columns)}{tail}\n", complete


def main() -> int:
    options = arguments()
    if options.list:
        print("\n".join(ALL))
        return 0
    if not os.access(supervisors.Pup.find(), os.X_OK):
        say(f"there is no {supervisors.Pup.executable()}; run `make build` first")
        return 1
    # An interrupted run cleans up as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    workspace = Workspace()
    try:
        page, complete = measure(options, workspace)
    finally:
        workspace.end()
    print(page)
    if options.write:
        with open(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "results.md"), "w") as file:
            file.write(f"# Measured\n\n`make bench` on this machine: {page}")
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
