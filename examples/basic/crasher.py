"""Works for a few seconds, then fails: look at how it comes back."""
import sys
import time

print("working", flush=True)
time.sleep(5)
print("something went wrong", file=sys.stderr, flush=True)
sys.exit(3)
