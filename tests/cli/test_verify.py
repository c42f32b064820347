"""aftermine verify on an instance and on a proof, whole and tampered with. Speaks TAP. usage: test_verify.py PROGRAM"""
import hashlib
import json
import os
import random
import shutil
import sqlite3
import sys
import urllib.request

from promises import Program, keep_promises, promise

here = Program(sys.argv[1])
call, folder = here.call, here.folder
TRIALS = int(os.environ.get("AFTERMINE_TRIALS", "40"))


def save(name, address):
    with urllib.request.urlopen(address) as answer, open(f"{folder}/{name}", "wb") as file:
        file.write(answer.read())


def set_up():
    assert call("init", "whole", "--demo", "--origin", "land.example.org").returncode == 0
    site = here.serve("serve", "whole", "--access-log", "")
    save("checkpoint", site + "/log/checkpoint")
    save("key", site + "/log/key")
    save("giant.tlog-proof", site + "/log/proof/case/giant-mine-arsenic/1")
    save("giant.json", site + "/api/records/case/giant-mine-arsenic/revisions/1")
    save("sudbury.json", site + "/api/records/case/sudbury-regreening/revisions/1")
    here.stop()


@promise("the key is its owner's alone, and one that others can read is not used")
def key_mode():
    path = f"{folder}/whole/log.key"
    assert os.stat(path).st_mode & 0o777 == 0o600, oct(os.stat(path).st_mode)
    shutil.copytree(f"{folder}/whole", f"{folder}/open")
    os.chmod(f"{folder}/open/log.key", 0o644)
    done = call("serve", "open", "--listen", "127.0.0.1:0")
    assert done.returncode == 3 and "chmod 600" in done.stderr, done


@promise("a whole instance holds, also against a checkpoint kept from earlier")
def whole():
    done = call("verify", "whole")
    assert done.returncode == 0 and "holds" in done.stdout, done
    done = call("verify", "whole", "--since", "checkpoint", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0 and answer["holds"] and answer["entries"] > 800 and answer["checkpoints"] >= 1, done


@promise("a proof holds for its record and for no other, and needs no instance")
def proof():
    good = call("verify", "giant.tlog-proof", "--record", "giant.json", "--key", "key")
    other = call("verify", "giant.tlog-proof", "--record", "sudbury.json", "--key", "key")
    stranger = call("verify", "giant.tlog-proof", "--record", "giant.json", "--key", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert good.returncode == 0 and "holds" in good.stdout, good
    assert other.returncode == 1 and "altered" in other.stdout, other
    assert stranger.returncode == 1 and "not signed" in stranger.stdout, stranger
    assert call("verify", "giant.tlog-proof").returncode == 2


def page_sum(number, page):
    """The sum at the end of a page (src/store/pages.h), by another library than the program's."""
    return hashlib.blake2b(number.to_bytes(8, "little") + page[:4088], digest_size=16).digest()[:8]


def make_sums_right(path):
    """What a forger does who knows the form."""
    with open(path, "r+b") as file:
        data = file.read()
        for at in range(0, len(data), 4096):
            file.seek(at + 4088)
            file.write(page_sum(at // 4096, data[at:at + 4096]))


@promise("every page of the database ends with its sum, which another program computes alike")
def sums():
    with open(f"{folder}/whole/records.db", "rb") as file:
        data = file.read()
    assert len(data) % 4096 == 0 and data[20] == 8
    for at in range(0, len(data), 4096):
        page = data[at:at + 4096]
        assert page[4088:] == page_sum(at // 4096, page) or page == bytes(4096), at


@promise(f"one byte changed anywhere in a copy of an instance is found, in {TRIALS} trials")
def one_byte():
    chance = random.Random(20261127)
    files = ["records.db", "settings.ini", "log.key", "log.pub"]
    shutil.rmtree(f"{folder}/other", ignore_errors=True)
    shutil.copytree(f"{folder}/whole", f"{folder}/other")
    assert sorted(os.listdir(f"{folder}/other")) == sorted(files), os.listdir(f"{folder}/other")
    for trial in range(TRIALS):
        name = "records.db" if trial % 10 else chance.choice(files)
        with open(f"{folder}/other/{name}", "r+b") as file:
            at = chance.randrange(os.fstat(file.fileno()).st_size)
            file.seek(at)
            was = file.read(1)
            file.seek(at)
            file.write(bytes([was[0] ^ chance.randrange(1, 256)]))
        done = call("verify", "other")
        assert done.returncode == 1 and done.stdout, (trial, name, at, done)
        with open(f"{folder}/other/{name}", "r+b") as file:
            file.seek(at)
            file.write(was)
    done = call("verify", "other")
    assert done.returncode == 0, done  # looking changed nothing


@promise("settings that somebody changed are told of until the server ran with them")
def settings():
    shutil.copytree(f"{folder}/whole", f"{folder}/edited")
    with open(f"{folder}/edited/settings.ini", "a", encoding="utf-8") as file:
        file.write("\n# a note\n")
    done = call("verify", "edited")
    assert done.returncode == 1 and "settings.ini" in done.stdout, done
    here.serve("serve", "edited", "--access-log", "")
    during = call("verify", "edited")
    here.stop()
    assert during.returncode == 0, during
    assert call("verify", "edited").returncode == 0


@promise("whatever is rewritten in the database is found, hashes and tree included, also by one who makes the pages' sums right")
def rewritten():
    tampering = {
        "a figure": "DROP TRIGGER revision_is_not_changed; UPDATE revision SET envelope = replace(envelope, '1978', '1979') WHERE id = 'sudbury-regreening'",
        "a tile": "UPDATE log_tile SET hashes = zeroblob(length(hashes)) WHERE place = 1",
        "an entry": "DROP TRIGGER log_entry_is_not_deleted; DELETE FROM log_entry WHERE number = 500",
        "a checkpoint": "UPDATE log_checkpoint SET note = substr(note, 1, instr(note, char(10))) || '1' || substr(note, instr(note, char(10)) + 1)",
        "a title in the index": "UPDATE document SET title = 'Another' WHERE id = 'sudbury-regreening'",
    }
    for what, statements in tampering.items():
        shutil.rmtree(f"{folder}/other", ignore_errors=True)
        shutil.copytree(f"{folder}/whole", f"{folder}/other")
        with sqlite3.connect(f"{folder}/other/records.db") as database:
            database.executescript(statements)
        database.close()
        done = call("verify", "other")
        assert done.returncode == 1 and "not as this program wrote it" in done.stdout, (what, done)
        make_sums_right(f"{folder}/other/records.db")
        done = call("verify", "other")
        assert done.returncode == 1 and "not as this program" not in done.stdout and done.stdout, (what, done)


@promise("a log that was cut back to an older state is found with a checkpoint kept from later")
def cut():
    with open(f"{folder}/checkpoint", encoding="utf-8") as file:
        lines = file.read().split("\n")
    lines[1] = str(int(lines[1]) + 5)
    with open(f"{folder}/later", "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    done = call("verify", "whole", "--since", "later")
    assert done.returncode == 1 and "it was cut" in done.stdout, done


@promise("a key can be replaced: the log goes on, and what the old key signed is held against that; not without it, nor when it was altered")
def replaced():
    shutil.copytree(f"{folder}/whole", f"{folder}/replaced")
    assert call("export", "replaced", "before.zip", "--format", "pack").returncode == 0
    with open(f"{folder}/replaced/log.former", "w") as former, open(f"{folder}/replaced/log.pub") as public:
        former.write(public.read())
    os.remove(f"{folder}/replaced/log.pub")
    os.remove(f"{folder}/replaced/log.key")
    with open(f"{folder}/more.json", "w") as file:
        json.dump([{"kind": "practice", "id": "another", "body": {"name": "Another", "category": "planning-and-agreement", "definition": "D."}}], file)
    assert call("import", "replaced", "more.json", "--publish").returncode == 0
    assert call("export", "replaced", "after.zip", "--format", "pack").returncode == 0  # signed with the new key
    done = call("verify", "replaced")
    assert done.returncode == 0, done
    assert call("verify", "after.zip", "--key", "replaced/log.pub").returncode == 0
    former = open(f"{folder}/replaced/log.former").read()
    for i in range(0, len(former), 19):
        with open(f"{folder}/replaced/log.former", "w") as file:
            file.write(former[:i] + ("A" if former[i] != "A" else "B") + former[i + 1:])
        assert call("verify", "replaced").returncode == 1, i
    os.remove(f"{folder}/replaced/log.former")
    done = call("verify", "replaced")
    assert done.returncode == 1 and "log.former" in done.stdout + done.stderr, done


@promise("what is not there, or no instance and no proof, is told with the remedy")
def nothing():
    assert call("verify", "nothing").returncode == 2
    os.makedirs(f"{folder}/empty")
    done = call("verify", "empty")
    assert done.returncode == 3 and "aftermine init" in done.stderr, done
    done = call("verify", "giant.json", "--record", "giant.json", "--key", "key")
    assert done.returncode == 1 and "not a proof" in done.stdout, done


set_up()
keep_promises()
