"""The store that speed is measured on: made by a generator, whole, of the records that were asked for. Speaks TAP. usage: test_bench.py PROGRAM GENERATOR"""
import json
import os
import subprocess
import sys

from promises import Program, keep_promises, promise

here = Program(sys.argv[1])
WANTED = {"case": 60, "pledge": 20, "site": 30, "progress": 20, "measurement": 3}


def generate(name):
    os.makedirs(f"{here.folder}/{name}")
    open(f"{here.folder}/{name}/settings.ini", "w", encoding="ascii").close()
    numbers = [str(WANTED[kind]) for kind in ("case", "pledge", "site")]
    made = subprocess.run([sys.argv[2], f"{here.folder}/{name}/records.db", *numbers], capture_output=True, text=True, check=True)
    assert made.stdout.startswith("60 cases, 20 pledges and 30 sites in") and not made.stderr, made


@promise
def what_is_made_is_what_was_asked_for_and_whole():
    generate("made")
    found = here.call("check", "made")
    assert found.returncode == 0, found
    exported = here.call("export", "made", "made.json")
    assert exported.returncode == 0, exported
    with open(f"{here.folder}/made.json", encoding="utf-8") as file:
        kinds = [record["kind"] for record in json.load(file)]
    assert {kind: kinds.count(kind) for kind in WANTED} == WANTED, kinds


keep_promises()
