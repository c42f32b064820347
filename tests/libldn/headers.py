#!/usr/bin/env python3
"""Every public header compiles alone, as C17 and as C++17, warnings being errors; the library shows what the headers declare, no more.

usage: headers.py FOLDER_OF_HEADERS LIBRARY.so EXAMPLE PIXELS
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile


def say(number, good, name, detail=""):
    print(f"{'ok' if good else 'not ok'} {number} - {name}")
    for line in detail.splitlines():
        print("# " + line)
    return good


def compiles(folder, header, compiler, language):
    with tempfile.NamedTemporaryFile("w", suffix=".c" if language[-1] == "c" else ".cc") as source:
        source.write(f'#include "ldn/{header}"\n#include "ldn/{header}"\nint main(void) {{ return 0; }}\n')
        source.flush()
        run = subprocess.run([compiler, "-fsyntax-only", *language[:-1], "-x", language[-1], "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                              "-I", folder, source.name], capture_output=True, text=True, check=False)
    return run.returncode == 0, run.stderr


def declared(folder):
    names = set()
    for header in os.listdir(os.path.join(folder, "ldn")):
        with open(os.path.join(folder, "ldn", header), encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
        for statement in re.findall(r"^LDN_API\b[^;]*;", text, re.M):
            match = re.search(r"\b(ldn_\w+)\s*[(\[]", statement) or re.search(r"\b(ldn_\w+)\s*;", statement)
            names.add(match.group(1))
    return names


def main():
    folder, library, example, pixels = sys.argv[1:5]
    headers = sorted(os.listdir(os.path.join(folder, "ldn")))
    ways = [(os.environ.get("CC", "cc").split()[0], ["-std=c17", "c"])]
    if shutil.which("c++"):
        ways.append(("c++", ["-std=c++17", "c++"]))
    number, good = 0, True
    for compiler, language in ways:
        for header in headers:
            number += 1
            fine, detail = compiles(folder, header, compiler, language)
            good &= say(number, fine, f"{header} compiles alone as {language[0][5:]}", detail)
    listed = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    shown = {line.split()[-1].split("@")[0] for line in listed.splitlines() if line.split()[-2] != "A"}
    number += 1
    want = declared(folder)
    detail = "".join(f"shown but not declared: {n}\n" for n in sorted(shown - want))
    detail += "".join(f"declared but not shown: {n}\n" for n in sorted(want - shown))
    good &= say(number, shown == want, f"the library shows the {len(want)} names its headers declare and no other", detail)
    run = subprocess.run([example, pixels], capture_output=True, text=True, check=False)
    number += 1
    fine = run.returncode == 0 and re.search(r"^tailings .*degraded.*degraded.* 1 degraded$", run.stdout, re.M) and \
        re.search(r"^regrowth .*improved.*5 improved$", run.stdout, re.M)
    good &= say(number, bool(fine), "the example program finds regrowth improved and tailings degraded", run.stdout + run.stderr)
    print(f"1..{number}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
