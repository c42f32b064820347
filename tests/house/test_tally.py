"""The last line of the tests counts what really ran, whatever bytes a test printed. Speaks TAP.

usage: test_tally.py TALLY
"""
import pathlib
import subprocess
import sys
import tempfile

JUNIT = b'<?xml version="1.0" encoding="utf-8"?>\n<testsuites><testsuite name="aftermine.a">%s<system-out>%s</system-out></testsuite></testsuites>'
OK, BAD = b'<testcase name="kept"/>', b'<testcase name="broken"><failure/></testcase>'


def tally(cases, printed):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "testlog.junit.xml")
        path.write_bytes(JUNIT % (cases, printed))
        path.with_name("testlog.json").write_text("")
        done = subprocess.run([sys.executable, sys.argv[1], path], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()[-1:]


PROMISES = [
    ("a case that passed is counted", tally(OK, b"plain") == (0, ["1 passed, 0 failed, 0 skipped"])),
    ("a case that failed is counted and fails the run", tally(OK + BAD, b"plain") == (1, ["1 passed, 1 failed, 0 skipped"])),
    ("no case at all fails the run", tally(b"", b"plain") == (1, ["0 passed, 0 failed, 0 skipped"])),
    ("control characters and bytes that are not UTF-8 in what a test printed lose no count",
     tally(OK + BAD, bytes(range(1, 9)) + b"\x1b[0m \xff\xfe") == (1, ["1 passed, 1 failed, 0 skipped"])),
]
print(f"1..{len(PROMISES)}")
for number, (promise, kept) in enumerate(PROMISES, 1):
    print(f"{'' if kept else 'not '}ok {number} - {promise}")
