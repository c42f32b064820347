"""Calls aftermine as people do: what it prints, and its exit status. Speaks TAP.

usage: test_cli.py PROGRAM
"""
import json
import os
import subprocess
import sys

PROGRAM = sys.argv[1]
environment = {**os.environ, "LC_ALL": "C.UTF-8"}
promises = []


def promise(sentence):
    def register(function):
        promises.append((sentence, function))
        return function
    return register


def call(*arguments, **options):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, env=environment, timeout=60, **options)


@promise("without a command it lists the commands and says that this is wrong usage")
def nothing():
    done = call()
    assert done.returncode == 2 and "schema" in done.stderr and not done.stdout, done


@promise("--help lists every command on standard output and --version names the version")
def help_and_version():
    done = call("--help")
    assert done.returncode == 0 and "schema" in done.stdout and not done.stderr, done
    assert call("--version").stdout.startswith("aftermine 0."), call("--version")


@promise("every command explains itself with an example")
def command_help():
    names = [line.split()[0] for line in call("--help").stdout.splitlines() if line.startswith("  ")]
    assert names
    for name in names:
        done = call(name, "--help")
        assert done.returncode == 0 and f"aftermine {name}" in done.stdout and "Example" in done.stdout, (name, done)


@promise("an unknown command, option or a wrong number of arguments answers 2 and says what to do")
def wrong_usage():
    for arguments in (["frobnicate"], ["schema", "--frobnicate"], ["schema", "case", "pledge", "site"]):
        done = call(*arguments)
        assert done.returncode == 2 and done.stderr and not done.stdout, (arguments, done)


@promise("output that cannot be written is a failure")
def full_disk():
    with open("/dev/full", "w") as full:
        done = subprocess.run([PROGRAM, "schema"], stdout=full, stderr=subprocess.PIPE, text=True, env=environment, timeout=60)
    assert done.returncode == 3 and "written" in done.stderr, done


@promise("schema lists the kinds, and prints a kind's JSON Schema, CSV header and data dictionary")
def kinds():
    done = call("schema")
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 16, done
    for name in (line.split()[0] for line in done.stdout.splitlines()):
        schema = json.loads(call("schema", name).stdout)
        assert schema["$schema"].endswith("2020-12/schema") and not schema["additionalProperties"], name
        header = call("schema", name, "--csv").stdout
        assert header.startswith("id,") and header.count("\n") == 1, name
        assert f"(`{name}`)" in call("schema", name, "--dictionary").stdout, name
    assert call("schema", "--dictionary").stdout.count("\n## ") == 15
    assert call("schema", "--csv").returncode == 2
    assert call("schema", "case", "--csv", "--dictionary").returncode == 2
    assert call("schema", "cases").returncode == 2


print(f"1..{len(promises)}")
failed = 0
for number, (sentence, function) in enumerate(promises, 1):
    try:
        function()
        print(f"ok {number} - {sentence}")
    except AssertionError as error:
        failed += 1
        print(f"not ok {number} - {sentence}")
        print("# " + str(error).replace("\n", "\n# "))
sys.exit(failed != 0)
