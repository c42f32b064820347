"""aftermine backup and restore: while the site is served and written to, whole or not at all. Speaks TAP. usage: test_backup.py PROGRAM"""
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile

from promises import Program, environment, keep_promises, promise

here = Program(sys.argv[1])
call, folder = here.call, here.folder


def add(instance, name, publish=True, padding=0):
    file = f"{folder}/{name}.json"
    with open(file, "w", encoding="utf-8") as out:
        json.dump([{"kind": "organisation", "id": name, "body": {"name": name, "kind": "company", "summary": "x" * padding or "x"}}], out)
    done = call("import", instance, file, *(["--publish"] if publish else []))
    assert done.returncode == 0, done


def exported(instance):
    done = call("export", instance, f"{instance}.json")
    assert done.returncode == 0, done
    with open(f"{folder}/{instance}.json", "rb") as file:
        return file.read()


def set_up():
    assert call("init", "whole", "--origin", "land.example.org").returncode == 0
    add("whole", "public")
    add("whole", "drafted", publish=False)


@promise("a backup for which there is no space leaves nothing behind")
def no_space():
    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000))
    done = call("backup", "whole", "small.zip", preexec_fn=small)
    assert done.returncode == 3 and done.stderr.startswith("aftermine backup: "), done
    assert not [name for name in os.listdir(folder) if name.startswith("small")], os.listdir(folder)


@promise("a backup is one file for its owner, without the key; restored, everything is there, drafts too, and holds")
def simple():
    done = call("backup", "whole", "a.zip")
    assert done.returncode == 0 and "not in it" in done.stdout, done
    assert os.stat(f"{folder}/a.zip").st_mode & 0o777 == 0o600
    with zipfile.ZipFile(f"{folder}/a.zip") as archive:
        assert archive.namelist() == ["backup.json", "settings.ini", "log.pub", "records.db"] and archive.testzip() is None
    with open(f"{folder}/whole/log.key", "rb") as key, open(f"{folder}/a.zip", "rb") as file:
        assert key.read().split(b"+", 4)[-1].strip() not in file.read()
    done = call("restore", "a.zip", "b")
    assert done.returncode == 0 and "log.key" in done.stdout, done
    assert not os.path.exists(f"{folder}/b/log.key")
    done = call("verify", "b")
    assert done.returncode == 0, done
    assert exported("b") == exported("whole")
    refused = call("import", "b", "drafted.json", "--dry-run")
    assert "0 records, change 0 and leave 1" in refused.stdout, refused
    assert not [name for name in os.listdir(folder) if ".zip." in name or name.startswith(".")]


@promise("without its key the restored log is not begun anew in silence; with the copy put back it goes on")
def without_key():
    done = call("serve", "b", "--listen", "127.0.0.1:0")
    assert done.returncode == 3 and "log.key is missing" in done.stderr, done
    assert not os.path.exists(f"{folder}/b/log.key")
    shutil.copy(f"{folder}/whole/log.key", f"{folder}/b/log.key")
    assert call("export", "b", "b.pack.zip", "--format", "pack").returncode == 0


@promise("asked for, the key comes along and is its owner's alone again")
def with_key():
    done = call("backup", "whole", "k.zip", "--with-key", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["key"], done
    assert call("restore", "k.zip", "k").returncode == 0
    assert os.stat(f"{folder}/k/log.key").st_mode & 0o777 == 0o600
    assert call("verify", "k").returncode == 0
    for name in ("log.key", "log.pub", "settings.ini"):
        with open(f"{folder}/k/{name}", "rb") as one, open(f"{folder}/whole/{name}", "rb") as other:
            assert one.read() == other.read(), name


@promise("a folder that is not empty is left alone, and an empty one is taken")
def not_empty():
    done = call("restore", "a.zip", "whole")
    assert done.returncode == 3 and "not empty" in done.stderr, done
    assert call("verify", "whole").returncode == 0
    os.makedirs(f"{folder}/empty")
    assert call("restore", "a.zip", "empty").returncode == 0


@promise("while it is served and written to, each backup is of one moment: it holds, and has every record before it and none after")
def online():
    here.serve("serve", "whole", "--access-log", "")
    stop, written = threading.Event(), []

    def write():
        while not stop.is_set():
            add("whole", f"written-{len(written)}", padding=15000)
            written.append(1)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            before = len(written)
            done = call("backup", "whole", "o.zip")
            assert done.returncode == 0, done
            after = len(written) + 1
            assert call("restore", "o.zip", f"o{n}").returncode == 0
            done = call("verify", f"o{n}")
            assert done.returncode == 0, done
            ids = {r["id"] for r in json.loads(exported(f"o{n}"))}
            have = sum(f"written-{i}" in ids for i in range(len(written) + 2))
            assert before <= have <= after and all(f"written-{i}" in ids for i in range(have)), (before, have, after)
    finally:
        stop.set()
        writer.join()
        here.stop()


@promise("interrupted at any moment, the older backup is still there, or the new one is whole")
def interrupted():
    assert call("backup", "whole", "i.zip").returncode == 0
    for n in range(8):
        process = subprocess.Popen([here.path, "backup", "whole", "i.zip"], cwd=folder, env=environment, stdout=subprocess.DEVNULL)
        time.sleep(0.004 * n)
        process.send_signal(signal.SIGKILL)
        process.wait()
        shutil.rmtree(f"{folder}/i", ignore_errors=True)
        done = call("restore", "i.zip", "i")
        assert done.returncode == 0, (n, done)
    assert call("verify", "i").returncode == 0
    process = subprocess.Popen([here.path, "restore", "i.zip", "half"], cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not os.path.exists(f"{folder}/half") or call("verify", "half").returncode == 0


@promise("a damaged backup, or what is none, is refused and leaves no folder")
def damaged():
    with open(f"{folder}/a.zip", "rb") as file:
        whole = bytearray(file.read())
    for at in (len(whole) // 2, 100, len(whole) - 30, 4000):
        changed = bytearray(whole)
        changed[at] ^= 1
        with open(f"{folder}/d.zip", "wb") as file:
            file.write(changed)
        done = call("restore", "d.zip", "d")
        if done.returncode == 0:  # a letter of the note in backup.json
            shutil.rmtree(f"{folder}/d")
            assert at == 100, (at, done)
        assert not os.path.exists(f"{folder}/d"), at
    done = call("restore", "b.pack.zip", "d")
    assert done.returncode == 3 and "is not a backup" in done.stderr, done
    done = call("restore", "public.json", "d")
    assert done.returncode == 3 and not os.path.exists(f"{folder}/d"), done
    assert call("backup", "whole", "none/x.zip").returncode == 3


set_up()
keep_promises()
