#!/usr/bin/env python3
"""The interface against public testers and hostile clients; each part starts a Pup of its own.

    scripts/contract.sh                      everything, in under four minutes
    scripts/contract.sh streams canary       these parts
    scripts/contract.sh --examples 300       longer with the property-based tester
    scripts/contract.sh --seed 7             other random choices
"""

import argparse
import os
import sys
import time
import traceback

import canary
import load
import smuggling
import specification
import streams
import websocket_client

SEED = 20260101


# As in continuous integration.
AGAIN = os.environ.get("PUP_TEST_AGAIN") == "1"


def runs(part, name):
    """Whether the part passes."""
    began = time.monotonic()
    try:
        part()
    except (AssertionError, OSError) as error:
        traceback.print_exc()
        print(f"   {name} FAILED: {error}", flush=True)
        return False
    print(f"   {name} good, {time.monotonic() - began:.1f} s", flush=True)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--examples", type=int, default=30)
    parser.add_argument("parts", nargs="*", metavar="PART")
    options = parser.parse_args()
    parts = {
        "document": specification.document,
        "websocket": websocket_client.websocket,
        "smuggling": smuggling.smuggling,
        "slow": load.slow,
        "leaks": load.leaks,
        "streams": lambda: streams.streams(options.seed),
        "canary": canary.canary,
        "properties": lambda: specification.properties(options.seed, options.examples),
    }
    unknown = set(options.parts) - set(parts)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(parts)}")
    failed = []
    for name in options.parts or parts:
        print(f"== {name}", flush=True)
        if not (runs(parts[name], name) or AGAIN and runs(parts[name], f"{name} once more, which makes it unsteady at best,")):
            failed.append(name)
    if failed:
        sys.exit(f"contract: {', '.join(failed)} failed")
    print("contract: good")


main()
