"""Adds up the cases of JUnit files and prints: N passed, N failed, N skipped. Names what failed and what was skipped."""
import sys
import xml.etree.ElementTree as tree

passed, failed, skipped = 0, [], []
for path in sys.argv[1:]:
    for suite in tree.parse(path).getroot().iter("testsuite"):
        for case in suite.iter("testcase"):
            name = f"{suite.get('name')}: {case.get('name')}"
            if case.find("failure") is not None or case.find("error") is not None:
                failed.append(name)
            elif case.find("skipped") is not None:
                skipped.append(name)
            else:
                passed += 1
for name in skipped:
    print("skipped:", name)
for name in failed:
    print("FAILED:", name)
print(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped")
sys.exit(1 if failed or not passed else 0)
