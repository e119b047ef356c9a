"""Works for a few seconds, then fails, to show how it is restarted."""
import sys
import time

print("working", flush=True)
time.sleep(5)
print("something went wrong", file=sys.stderr, flush=True)
sys.exit(3)
