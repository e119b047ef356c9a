#!/usr/bin/env python3
"""The interface against public testers and hostile clients; each part starts a Pup of its own.

    scripts/contract.sh                      everything, in under four minutes
    scripts/contract.sh streams canary       these parts
    scripts/contract.sh --examples 300       longer with the property-based tester
    scripts/contract.sh --seed 7             other random choices
"""

import argparse
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
        began = time.monotonic()
        try:
            parts[name]()
            print(f"   {name} good, {time.monotonic() - began:.1f} s", flush=True)
        except (AssertionError, OSError) as error:
            traceback.print_exc()
            print(f"   {name} FAILED: {error}", flush=True)
            failed.append(name)
    if failed:
        sys.exit(f"contract: {', '.join(failed)} failed")
    print("contract: good")


main()
