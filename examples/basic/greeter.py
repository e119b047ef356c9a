"""Reads its greeting at startup. Edit greeting.json while Pup is running, and the program is restarted."""
import json
import pathlib
import time

greeting = json.loads(pathlib.Path(__file__).with_name("watched").joinpath("greeting.json").read_text())
while True:
    print(greeting["text"], flush=True)
    time.sleep(10)
