"""A log, its witness, and what happens when the log does not tell the truth. Speaks TAP. usage: test_witness.py PROGRAM"""
import os
import shutil
import sqlite3
import sys
import urllib.error
import urllib.request

from promises import Program, keep_promises, promise

here = Program(sys.argv[1])
call, serve, stop, folder = here.call, here.serve, here.stop, here.folder


def put(instance, title):
    with open(f"{folder}/one.json", "w", encoding="utf-8") as file:
        file.write('[{"kind": "practice", "id": "%s", "body": {"name": "%s", "category": "vegetation", "definition": "What it is."}}]' % (title.lower(), title))
    done = call("import", instance, "one.json", "--publish")
    assert done.returncode == 0, done


@promise("a witness is made with a name, and its key is its own alone")
def made():
    assert call("witness", "w").returncode == 2
    done = call("witness", "w", "--name", "ngo.example.org/witness")
    assert done.returncode == 0 and done.stdout.startswith("ngo.example.org/witness+"), done
    assert os.stat(f"{folder}/w/witness.key").st_mode & 0o777 == 0o600
    assert call("witness", "w", "--name", "another").returncode == 2


@promise("a log it does not know is refused, one it was told of is cosigned")
def cosigned():
    assert call("init", "land", "--origin", "land.example.org").returncode == 0
    put("land", "Liming")
    address = serve("witness", "w")
    done = call("cosign", "land", address, "--witness", "w/witness.pub")
    assert done.returncode == 3 and "404" in done.stderr, done
    stop()
    assert call("witness", "w", "--trust", "land/log.pub").returncode == 0
    address = serve("witness", "w")
    done = call("cosign", "land", address, "--witness", "w/witness.pub")
    assert done.returncode == 0 and "1 entries" in done.stdout, done
    stop()


@promise("the cosignature stands in the checkpoint and in the next proofs, once")
def shown():
    address = serve("witness", "w")
    for _ in range(2):
        assert call("cosign", "land", address, "--witness", "w/witness.pub").returncode == 0
    stop()
    site = serve("serve", "land", "--access-log", "")
    for path in ("/log/checkpoint", "/log/proof/practice/liming/1"):
        text = urllib.request.urlopen(f"{site}{path}").read().decode()
        assert text.count("\n— land.example.org ") == 1 and text.count("\n— ngo.example.org/witness ") == 1, text
    stop()
    assert call("verify", "land").returncode == 0


@promise("a log that grew is cosigned again, from what the witness saw last")
def grown():
    for i in range(7):
        put("land", f"Method{i}")
    address = serve("witness", "w")
    done = call("cosign", "land", address, "--witness", "w/witness.pub")
    assert done.returncode == 0 and "8 entries" in done.stdout, done
    assert " 8\n" in urllib.request.urlopen(address).read().decode()
    stop()


@promise("a log that rewrote its history under the same key is not cosigned")
def rewritten():
    shutil.copytree(f"{folder}/land", f"{folder}/liar")
    os.remove(f"{folder}/liar/records.db")
    assert call("init", "fresh").returncode == 0
    shutil.copy(f"{folder}/fresh/records.db", f"{folder}/liar/records.db")
    for i in range(9):
        put("liar", f"Invention{i}")
    address = serve("witness", "w")
    done = call("cosign", "liar", address, "--witness", "w/witness.pub")
    assert done.returncode == 3 and "422" in done.stderr, done
    done = call("cosign", "land", address, "--witness", "w/witness.pub")
    assert done.returncode == 0, done
    stop()


@promise("a log that was cut back is told so")
def cut():
    with sqlite3.connect(f"{folder}/liar/records.db") as database:
        assert database.execute("SELECT count(*) FROM log_entry").fetchone()[0] == 9
    assert call("init", "short").returncode == 0
    for name in ("log.key", "log.pub"):
        shutil.copy(f"{folder}/land/{name}", f"{folder}/short/{name}")
    put("short", "Liming")
    address = serve("witness", "w")
    done = call("cosign", "short", address, "--witness", "w/witness.pub")
    assert done.returncode == 3 and "cut back" in done.stderr, done
    stop()


@promise("answers signed by anybody but the witness that was named are refused")
def stranger():
    assert call("witness", "other", "--name", "other.example.org").returncode == 0
    address = serve("witness", "w")
    done = call("cosign", "land", address, "--witness", "other/witness.pub")
    assert done.returncode == 3 and "no signature of other.example.org" in done.stderr, done
    stop()


@promise("garbage, and pages of other sites, are refused by the witness")
def garbage():
    address = serve("witness", "w") + "/add-checkpoint"
    for body, headers, status in ((b"", {}, 400), (b"old 0\n\nx", {}, 400), (b"\xff\xfe", {}, 400), (b"a" * 200000, {}, 413), (b"old 0\n", {"Origin": "https://evil.example"}, 403)):
        try:
            urllib.request.urlopen(urllib.request.Request(address, data=body, headers={"Content-Type": "text/plain", **headers}))
            raise AssertionError("accepted")
        except urllib.error.HTTPError as error:
            assert error.code == status, (body[:20], error.code)
    stop()


keep_promises()
