"""Calls aftermine as people do: what it prints, and its exit status. Speaks TAP.

usage: test_cli.py PROGRAM MANUAL-PAGE
"""
import json
import os
import pathlib
import pty
import re
import signal
import sqlite3
import subprocess
import sys

from promises import NotHere, Program, environment, keep_promises, promise

here, MANUAL = Program(sys.argv[1]), sys.argv[2]
call, folder = here.call, here.folder


def case(name):
    return {"kind": "case", "id": name, "body": {
        "title": f"A case {name}", "summary": "Tailings were covered and sown. " * 8, "country": "CHL", "commodities": ["copper"], "mine_types": ["open-pit"],
        "themes": ["land-rehabilitation"], "stage": "closure", "challenge": "Dust. " * 20, "practices": [{"name": "Capping"}], "results": [], "limits": ["Rain"],
        "lessons": [], "evidence_grade": "C", "sources": [{"n": 1, "title": "A report", "url": "https://example.org/report", "kind": "company"}]}}


def file_of(name, *records):
    path = folder / name
    path.write_text(json.dumps(records))
    return path


def made(name):
    done = call("init", folder / name)
    assert done.returncode == 0, done
    return folder / name


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


@promise("output that cannot be written is a failure, whatever the command")
def full_disk():
    instance = made("full")
    for arguments in (["--help"], ["--version"], ["schema"], ["schema", "--json"], ["check", instance], ["check", instance, "--json"], ["export", instance, "-"],
                      ["import", instance, file_of("full.json", case("a")), "--dry-run"], ["init", folder / "full2"], ["serve", "--help"]):
        with open("/dev/full", "w") as full:
            done = subprocess.run([here.path, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, env=environment, timeout=60)
        assert done.returncode == 3 and "written" in done.stderr, (arguments, done)


@promise("every command has --json, and what it prints then is JSON")
def json_everywhere():
    names = [line.split()[0] for line in call("--help").stdout.splitlines() if line.startswith("  ")]
    for name in names:
        assert "--json" in call(name, "--help").stdout, name
    answer = json.loads(call("init", folder / "json", "--json").stdout)
    assert answer["ok"] and answer["records"] == 0, answer
    assert json.loads(call("import", folder / "json", file_of("json.json", case("a")), "--json", "--publish").stdout)["added"] == 1
    assert json.loads(call("export", folder / "json", folder / "json-out.json", "--json").stdout)["records"] == 1
    assert json.loads(call("check", folder / "json", "--json").stdout) == {"ok": True, "faults": []}
    assert len(json.loads(call("schema", "--json").stdout)) == len(call("schema").stdout.splitlines())


@promise("the manual page has every command and every option of its help")
def manual():
    page = pathlib.Path(MANUAL).read_text().replace("\\-", "-")
    for name in [line.split()[0] for line in call("--help").stdout.splitlines() if line.startswith("  ")]:
        section = re.search(rf"^\.Ss aftermine {name} .*?(?=^\.S[sh] )", page, re.S | re.M)
        assert section, name
        options = re.findall(r"^  (?:-(\w), )?--([\w-]+)", call(name, "--help").stdout.split("Application Options:")[1], re.M)
        assert options, name
        for short, long in options:
            assert re.search(rf"^\.It (?:Fl {short} , )?Fl -{long}\b" if short else rf"^\.It Fl -{long}\b", section[0], re.M), (name, long)


@promise("a database that is damaged, foreign or none is not whole: 1 and what is wrong; a folder without one cannot be looked at: 3 and what to do")
def check_what_is_none():
    instance = made("damaged")
    database = instance / "records.db"
    whole = database.read_bytes()
    assert call("check", instance).returncode == 0
    for name, contents in (("damaged", whole[:4096] + b"\xff" * 8192 + whole[12288:]), ("no database", b"something else" * 100), ("empty", b""), ("cut", whole[:6000])):
        database.write_bytes(contents)
        done = call("check", instance)
        assert done.returncode == 1 and "records.db" in done.stdout + done.stderr or "damaged" in done.stdout, (name, done)
        answer = call("check", instance, "--json")
        assert answer.returncode == 1 and not json.loads(answer.stdout)["ok"] and json.loads(answer.stdout)["faults"], (name, answer)
        assert call("serve", instance, "--listen", "127.0.0.1:0").returncode == 3 if name != "damaged" else True, name
    for path in (folder / "nowhere", "/dev/null"):
        done = call("check", path)
        assert done.returncode == 3 and "aftermine init" in done.stderr and not done.stdout, done


@promise("export writes what the ending of its output says, or refuses")
def export_endings():
    instance = made("endings")
    for name in ("o.bib", "o.tar.gz", "some.thing"):
        done = call("export", instance, folder / name)
        assert done.returncode == 2 and ".json, .csv, .geojson, .gpkg or .zip" in done.stderr and not (folder / name).exists(), done
        assert call("export", instance, folder / name, "--format", "json").returncode == 2
    assert call("export", instance, folder / "o.csv").returncode == 2  # a table of what?
    assert json.loads(call("export", instance, folder / "o.json").returncode == 0 and (folder / "o.json").read_text()) == []
    assert call("export", instance, f"{folder}/dotted.folder/").returncode == 0 and (folder / "dotted.folder").is_dir()
    assert call("export", instance, folder / "dotted.folder").returncode == 0  # it is there
    assert call("export", instance, folder / "plain").returncode == 0 and (folder / "plain").is_dir()


@promise("commands speak the language of the terminal, down to the faults of records and databases")
def speaks():
    accented = {**environment, "LC_ALL": "en_XA.UTF-8", "LANGUAGE": ""}
    instance, foreign = made("speaks"), made("foreign")
    (foreign / "records.db").write_bytes(b"")
    bad = file_of("bad.json", {"kind": "case", "id": "A b", "body": {}}, {"kind": "casse", "id": "z", "body": {}}, {"id": "q"}, case("twice"), case("twice"),
                  {"kind": "case", "id": "few", "body": {"title": 3}})
    for arguments in (["--help"], ["check", "--help"], ["check", instance], ["check", foreign], ["check", folder / "nowhere"], ["import", instance, bad], ["import", instance, folder],
                      ["export", instance, folder / "x.bib"], ["export", instance, folder / "y.json"]):
        done = subprocess.run([here.path, *arguments], capture_output=True, text=True, env=accented, timeout=60)
        text = re.sub(r"/[\w./-]+|\b(?:aftermine|Usage|Options?|Help|Show help options|Application|Example|help|json|csv|geojson)\b", " ", done.stdout + done.stderr)
        for line in text.splitlines():
            if " aftermine " not in line and len(line.split()) > 4:
                assert any(ord(c) > 127 for c in line), (arguments, line)
        assert "Restore" not in text and "Give " not in text and "Leave " not in text and "Name " not in text, (arguments, text)


class OnTerminal:
    """A command whose standard error is a terminal, with a bar from the first moment on."""

    def __init__(self, *arguments, **options):
        try:
            self.master, slave = pty.openpty()
        except OSError as error:
            raise NotHere(f"no terminal can be opened here: {error}") from error
        self.running = subprocess.Popen([here.path, *map(str, arguments)], stderr=slave, env={**environment, "AFTERMINE_BAR_AFTER": "0"}, **options)
        os.close(slave)
        self.shown = ""

    def read(self, until=None):
        """What it shows, up to a text or to its end."""
        while until is None or until not in self.shown:
            try:
                self.shown += os.read(self.master, 4096).decode(errors="replace")
            except OSError:
                break
        return self.shown


@promise("what takes over a second shows on a terminal how far it is, and nothing in a pipe")
def progress():
    instance, many = made("many"), file_of("many.json", *(case(f"case-{n}") for n in range(300)))
    importing = OnTerminal("import", instance, many, "--publish", stdout=subprocess.DEVNULL)
    text = importing.read()
    assert importing.running.wait() == 0
    assert "Writing records" in text and " %" in text and " left" in text and text.endswith("\r\x1b[K"), text[-300:]
    # Without a terminal there is no bar, however soon it would come.
    environment["AFTERMINE_BAR_AFTER"] = "0"
    quiet = call("check", instance)
    del environment["AFTERMINE_BAR_AFTER"]
    assert quiet.returncode == 0 and not quiet.stderr, quiet


@promise("serve shows how far it is with making search anew after an upgrade, can be ended meanwhile, and goes through it the next time")
def serve_after_upgrade():
    instance = made("older")
    assert call("import", instance, file_of("older.json", *(case(f"case-{n}") for n in range(300))), "--publish").returncode == 0
    with sqlite3.connect(instance / "records.db") as database:
        database.execute("UPDATE about SET value = 'older' WHERE name = 'projection'")
    database.close()
    first = OnTerminal("serve", instance, "--listen", "127.0.0.1:0", stdout=subprocess.PIPE, text=True)
    first.read("Making search and facets")
    first.running.terminate()
    assert first.running.wait() == -signal.SIGTERM and first.running.stdout.read() == "", first.shown
    second = OnTerminal("serve", instance, "--listen", "127.0.0.1:0", stdout=subprocess.PIPE, text=True)
    second.read("Making search and facets")
    assert second.running.stdout.readline().startswith("aftermine listens on http://127.0.0.1:")
    second.running.terminate()
    assert second.running.wait() == 0 and second.read().endswith("\r\x1b[K"), second.shown[-300:]
    assert call("check", instance).returncode == 0


@promise("schema lists the kinds, and prints a kind's JSON Schema, CSV header and data dictionary")
def kinds():
    done = call("schema")
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert done.returncode == 0 and {"case", "site", "pledge"} < set(names), done
    for name in names:
        schema = json.loads(call("schema", name).stdout)
        assert schema["$schema"].endswith("2020-12/schema") and not schema["additionalProperties"], name
        header = call("schema", name, "--csv").stdout
        assert header.startswith("id,") and header.count("\n") == 1, name
        assert f"(`{name}`)" in call("schema", name, "--dictionary").stdout, name
    assert call("schema", "--dictionary").stdout.count("\n## ") == len(names) - 1
    assert call("schema", "--csv").returncode == 2
    assert call("schema", "case", "--csv", "--dictionary").returncode == 2
    assert call("schema", "cases").returncode == 2


keep_promises()
