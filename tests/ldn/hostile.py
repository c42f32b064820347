"""Every hostile file ends in a clear refusal, within limits, and leaves no trace. Speaks TAP.

usage: hostile.py LDN
"""
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import hostile_files

LDN = os.path.abspath(sys.argv[1])
SECONDS, MEMORY_MB = 10, 1024
work = pathlib.Path(tempfile.mkdtemp())
files = work / "files"
files.mkdir()
environment = {**os.environ, "LC_ALL": "C.UTF-8"}
count = failed = 0


def say(good, sentence, details=()):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {sentence}")
    for line in details:
        print("# " + line.replace("\n", "\n# ")[:500])
    sys.stdout.flush()


def refusal(name):
    """What is wrong with the way a file is refused, or None."""
    begun = time.monotonic()
    done = subprocess.run([LDN, "vector", name, "--seconds", str(SECONDS), "--memory", f"{MEMORY_MB}M", "-o", str(work / "out.geojson")], capture_output=True, env=environment, cwd=files, timeout=120)
    took = time.monotonic() - begun
    said = (done.stderr + done.stdout).decode(errors="replace")
    if done.returncode not in (1, 3):
        return f"{name}: exit {done.returncode}: {said[:300]}"
    if done.returncode == 3 and not (done.stderr.startswith(b"ldn vector: ") and len(done.stderr) > 30):
        return f"{name}: no clear word: {said[:300]}"
    if done.returncode == 1 and "error" not in said and "point-only" not in said:
        return f"{name}: no finding: {said[:300]}"
    if "\x1b" in said:
        return f"{name}: control characters in the message"
    if took > 4 * SECONDS + 30:
        return f"{name}: took {took:.0f} s"
    return None


groups = {}
for name, content in hostile_files.made.items():
    groups.setdefault(name.split("-")[0] if "-" in name else "others", []).append(name)
for group, names in groups.items():
    wrong = []
    for name in names:
        (files / name).write_bytes(hostile_files.made[name])
        fault = refusal(name)
        if fault:
            wrong.append(fault)
        (files / name).unlink()
    say(not wrong, f"{len(names)} hostile files are refused: {group}", wrong)

wrong = []
for name in ("/vsicurl/http://127.0.0.1:1/x.geojson", "/vsizip/x.zip", "/vsimem/x", "/vsistdin/", "/vsis3/bucket/x", "http://127.0.0.1:1/x.geojson", "PG:dbname=x", "GPKG:x.gpkg:y", "MySQL:x", "/dev/zero", "/dev/null", "/", ".",
             "there-is-none.geojson", '{"type":"Point","coordinates":[1,2]}', "<OGRVRTDataSource/>", "CSV:/etc/passwd", "/etc/passwd", "/proc/self/mem"):
    fault = refusal(name)
    if fault:
        wrong.append(fault)
os.mkfifo(files / "pipe.geojson")
fault = refusal("pipe.geojson")
if fault:
    wrong.append(fault)
say(not wrong, "names that are addresses, devices, drivers or folders are refused", wrong)

os.unlink(files / "pipe.geojson")
say(list(files.iterdir()) == [] and sorted(p.name for p in work.iterdir()) in (["files"], ["files", "out.geojson"]), "nothing was left behind but the output that was asked for", [str(list(work.rglob("*")))])
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
say("sanitize" in os.environ.get("AFTERMINE_BUILD", "") or peak < MEMORY_MB + 512, f"memory stayed within its limit ({peak} MiB at most)")
say(len(hostile_files.made) >= 200, f"that were {len(hostile_files.made)} files")
shutil.rmtree(work)
print(f"1..{count}")
sys.exit(failed != 0)
