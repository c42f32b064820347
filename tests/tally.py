"""Adds up the cases of JUnit files and prints: N passed, N failed, N skipped. Names what failed and what was skipped. A program that failed as a whole,
after its cases (a leak, a crash at the end, a time-out), counts as one more: the log beside the JUnit file tells."""
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as tree

# What a test printed stands in the file as it was, and a control character there (an escape of a terminal, a byte of a hostile request) is not XML.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def suites(path):
    text = NOT_XML.sub("\ufffd", pathlib.Path(path).read_text(encoding="utf-8", errors="replace"))
    return tree.fromstring(text.encode("utf-8")).iter("testsuite")


passed, failed, skipped = 0, [], []
for path in sys.argv[1:]:
    told = set()
    for suite in suites(path):
        for case in suite.iter("testcase"):
            name = f"{suite.get('name')}: {case.get('name')}"
            if case.find("failure") is not None or case.find("error") is not None:
                failed.append(name)
                told.add(suite.get("name"))
            elif case.find("skipped") is not None:
                skipped.append(name)
            else:
                passed += 1
    for line in pathlib.Path(path).with_name("testlog.json").read_text(encoding="utf-8").splitlines():
        test = json.loads(line)
        if test["result"] in ("FAIL", "ERROR", "TIMEOUT") and not any(name.endswith(test["name"].split(":")[-1]) for name in told):
            failed.append(f"{test['name']}: as a whole ({test['result'].lower()}, exit status {test.get('returncode')})")
for name in skipped:
    print("skipped:", name)
for name in failed:
    print("FAILED:", name)
print(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped")
sys.exit(1 if failed or not passed else 0)
