"""aftermine export --format pack, import of a pack, verify of one; exports of past days. Speaks TAP. usage: test_pack.py PROGRAM"""
import csv
import hashlib
import io
import json
import os
import random
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import zipfile
import zlib

from promises import Program, environment, keep_promises, promise

here = Program(sys.argv[1])
call, folder = here.call, here.folder
TRIALS = int(os.environ.get("AFTERMINE_TRIALS", "40"))


def bytes_of(name):
    with open(f"{folder}/{name}", "rb") as file:
        return file.read()


def export(instance, out, *more):
    done = call("export", instance, out, "--format", "pack", *more)
    assert done.returncode == 0, done
    return bytes_of(out)


def member(name, pack="pack.zip"):
    with zipfile.ZipFile(f"{folder}/{pack}") as archive:
        return archive.read(name)


def set_up():
    assert call("init", "whole", "--demo", "--origin", "land.example.org").returncode == 0
    export("whole", "pack.zip")


@promise("the same log gives the same pack, which other programs open, and whose manifest and checksums hold")
def same():
    assert export("whole", "again.zip") == bytes_of("pack.zip")
    with zipfile.ZipFile(f"{folder}/pack.zip") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        listed = {}
        for line in archive.read("manifest-sha256.txt").decode().splitlines():
            digest, name = line.split("  ")
            listed[name] = digest
        assert set(listed) == set(names) - {"manifest-sha256.txt"}
        for name, digest in listed.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest, name
    if shutil.which("unzip"):
        assert subprocess.run(["unzip", "-tqq", f"{folder}/pack.zip"], capture_output=True).returncode == 0
    assert not [name for name in os.listdir(folder) if name.startswith("pack.zip.")]


@promise("it holds every published record as JSON, as a table, on the map and in the GeoPackage, with a proof each")
def complete():
    count = json.loads(call("export", "whole", "all.json", "--json").stdout)["records"]
    with zipfile.ZipFile(f"{folder}/pack.zip") as archive:
        names = archive.namelist()
        records = {name: json.loads(archive.read(name)) for name in names if re.fullmatch(r"data/.*\.json", name)}
        assert sum(map(len, records.values())) == count
        rows = [row for name in names if re.fullmatch(r"data/.*\.csv", name) for row in csv.DictReader(io.StringIO(archive.read(name).decode("utf-8")))]
        assert len(rows) == count
        proofs = [name for name in names if name.startswith("log/proof/")]
        assert len(proofs) == count
        with open(f"{folder}/records.gpkg", "wb") as file:
            file.write(archive.read("data/records.gpkg"))
    with sqlite3.connect(f"{folder}/records.gpkg") as database:
        tables = [row[0] for row in database.execute("SELECT table_name FROM gpkg_contents")]
        assert sum(database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables) == count
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()


@promise("GDAL reads the GeoPackage, whole and out of the pack, with as many places as the GeoJSON has")
def gdal():
    if not shutil.which("ogrinfo"):
        return
    places = len(json.loads(member("data/cases.geojson"))["features"])
    told = subprocess.run(["ogrinfo", "-so", "-al", f"/vsizip/{folder}/pack.zip/data/records.gpkg"], capture_output=True, text=True)
    assert told.returncode == 0 and not re.search("error|warning", told.stderr, re.I), told.stderr
    assert "Layer name: cases" in told.stdout and "Geometry: Point" in told.stdout and "Layer name: pledges" in told.stdout, told.stdout[:2000]
    with_place = subprocess.run(["ogrinfo", "-so", "-al", "-where", "geom IS NOT NULL", f"{folder}/records.gpkg", "cases"], capture_output=True, text=True).stdout
    assert f"Feature Count: {places}" in with_place, with_place[:500]


def cast(field, text):
    kind = field["type"]
    if text == "":
        assert not field.get("constraints", {}).get("required"), field
    elif kind in ("integer", "year"):
        int(text)
    elif kind == "number":
        float(text)
    elif kind == "boolean":
        assert text in ("true", "false"), (field, text)
    elif kind == "geojson":
        assert json.loads(text)["type"] in ("Polygon", "MultiPolygon")


@promise("every cell of every table is what its schema in the Data Package says")
def frictionless():
    package = json.loads(member("datapackage.json"))
    assert package["profile"] == "data-package" and package["licenses"][0]["name"] == "CC-BY-4.0"
    tables = 0
    for resource in package["resources"]:
        data = member(resource["path"])
        assert len(data) == resource["bytes"] and resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest(), resource["name"]
        assert re.fullmatch(r"[a-z0-9._-]+", resource["name"])
        if "schema" not in resource:
            continue
        tables += 1
        rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
        fields = resource["schema"]["fields"]
        assert rows[0] == [field["name"] for field in fields], resource["name"]
        assert len({row[0] for row in rows}) == len(rows)
        for row in rows[1:]:
            for field, text in zip(fields, row, strict=True):
                cast(field, text)
    assert tables > 8


@promise("the RO-Crate names every part once, and DataCite's mandatory properties are there")
def described():
    crate = json.loads(member("ro-crate-metadata.json"))
    graph = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(graph) == len(crate["@graph"])
    assert graph["ro-crate-metadata.json"]["conformsTo"]["@id"] == "https://w3id.org/ro/crate/1.1" and graph["ro-crate-metadata.json"]["about"]["@id"] == "./"
    root = graph["./"]
    for name in ("name", "description", "datePublished", "license"):
        assert root[name], name
    with zipfile.ZipFile(f"{folder}/pack.zip") as archive:
        names = archive.namelist()
    for part in root["hasPart"]:
        entity = graph[part["@id"]]
        assert entity["@type"] == ("Dataset" if part["@id"].endswith("/") else "File")
        assert any(name == part["@id"] or name.startswith(part["@id"]) for name in names), part
    cite = json.loads(member("datacite.json"))
    for name in ("creators", "titles", "publisher", "publicationYear", "types", "schemaVersion"):
        assert cite[name], name
    assert re.fullmatch(r"20\d\d", cite["publicationYear"]) and cite["types"]["resourceTypeGeneral"] == "Dataset"


@promise("it holds, with the log's key and with its own, and not with a stranger's")
def holds():
    for more in ([], ["--key", "whole/log.pub"]):
        done = call("verify", "pack.zip", *more)
        assert done.returncode == 0 and "holds" in done.stdout, done
    done = call("verify", "pack.zip", "--key", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert done.returncode == 1 and "another key" in done.stdout, done


@promise("an empty instance takes it in: the same log, the same pack, and everything holds")
def back():
    assert call("init", "second", "--origin", "other.example.org").returncode == 0
    done = call("import", "second", "pack.zip", "--dry-run")
    assert done.returncode == 0 and "Nothing was changed" in done.stdout, done
    done = call("import", "second", "pack.zip")
    assert done.returncode == 0 and "same root" in done.stdout, done
    done = call("verify", "second")
    assert done.returncode == 0, done
    export("second", "second.zip")
    assert member("log/checkpoint", "second.zip").split(b"\n")[1:3] == member("log/checkpoint").split(b"\n")[1:3]
    for name in ("log/tile/1/000.p/3", "data/records.gpkg", "data/cases.csv", "dictionary.md"):
        assert member(name, "second.zip") == member(name), name
    for name in ("log.key", "log.pub"):
        shutil.copy(f"{folder}/whole/{name}", f"{folder}/second/{name}")
    assert export("second", "second.zip") == bytes_of("pack.zip")
    done = call("import", "second", "pack.zip")
    assert done.returncode == 3 and "empty instance" in done.stderr, done
    assert call("import", "second", "pack.zip", "records.json").returncode == 2


def publish(instance, body, id="later"):
    with open(f"{folder}/more.json", "w", encoding="utf-8") as file:
        json.dump([{"kind": "organisation", "id": id, "body": body}], file)
    done = call("import", instance, "more.json", "--publish")
    assert done.returncode == 0, done


@promise("with drafts between its revisions a log is taken in as well, and the drafts are not")
def drafts():
    assert call("init", "drafted").returncode == 0
    publish("drafted", {"name": "First", "kind": "company"}, "first")
    with open(f"{folder}/draft.json", "w", encoding="utf-8") as file:
        json.dump([{"kind": "organisation", "id": "drafty", "body": {"name": "Not yet", "kind": "company"}}], file)
    assert call("import", "drafted", "draft.json").returncode == 0
    publish("drafted", {"name": "At last", "kind": "company"}, "drafty")
    export("drafted", "drafted.zip")
    assert b"Not yet" not in bytes_of("drafted.zip")
    assert call("init", "undrafted").returncode == 0
    assert call("import", "undrafted", "drafted.zip").returncode == 0
    done = call("verify", "undrafted")
    assert done.returncode == 0, done
    for name in ("log.key", "log.pub"):
        shutil.copy(f"{folder}/drafted/{name}", f"{folder}/undrafted/{name}")
    assert export("undrafted", "undrafted.zip") == bytes_of("drafted.zip")


@promise("what was published at the end of a past day is the same bytes whenever it is exported, in every format")
def past():
    shutil.copytree(f"{folder}/whole", f"{folder}/old")
    day = re.search(r"\d{4}-\d{2}-\d{2}", json.loads(bytes_of("all.json"))[0]["time"]).group(0)
    formats = ["json", "csv", "geojson", "gpkg", "pack"]

    def exports(prefix):
        out = {}
        for name in formats:
            more = ["--as", "case"] if name in ("csv", "geojson") else []
            done = call("export", "old", f"{prefix}.{'zip' if name == 'pack' else name}", "--format", name, "--as-of", day, *more)
            assert done.returncode == 0, done
            out[name] = bytes_of(f"{prefix}.{'zip' if name == 'pack' else name}")
        return out

    before = exports("before")
    tomorrow(day)
    after = exports("after")
    for name in formats:
        assert before[name] == after[name], name
    now = json.loads(call("export", "old", "now.json", "--json").stdout)["records"]
    assert now == json.loads(call("export", "old", "then.json", "--json", "--as-of", day).stdout)["records"] + 1


def tomorrow(day):
    """Publishes a new record and a changed one with a clock that is a day ahead."""
    library = f"{folder}/clock.so"
    source = f"{folder}/clock.c"
    with open(source, "w", encoding="utf-8") as file:
        file.write("""#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
int clock_gettime(clockid_t which, struct timespec *t)
{
	int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
	int done = real(which, t);
	if (which == CLOCK_REALTIME)
		t->tv_sec += 86400;
	return done;
}
int gettimeofday(struct timeval *restrict t, void *restrict zone)
{
	struct timespec now;
	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	t->tv_sec = now.tv_sec, t->tv_usec = now.tv_nsec / 1000;
	return 0;
}
time_t time(time_t *out)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}
""")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    environment["LD_PRELOAD"] = library
    try:
        publish("old", {"name": "Founded tomorrow", "kind": "company"}, "tomorrow")
        records = [r for r in json.loads(bytes_of("all.json")) if r["kind"] == "case"]
        changed = records[0]
        changed["body"]["title"] = "A " + changed["body"]["title"]
        with open(f"{folder}/changed.json", "w", encoding="utf-8") as file:
            json.dump([{"kind": "case", "id": changed["id"], "body": changed["body"]}], file)
        done = call("import", "old", "changed.json", "--publish")
        assert done.returncode == 0, done
    finally:
        del environment["LD_PRELOAD"]


@promise("a clock that was put back does not publish into a day that is over")
def clock_back():
    publish("old", {"name": "Founded today, after tomorrow", "kind": "company"}, "after-tomorrow")
    records = json.loads(bytes_of("now.json")) and call("export", "old", "clock.json") and json.loads(bytes_of("clock.json"))
    times = {r["id"]: r["time"] for r in records}
    assert times["after-tomorrow"] >= times["tomorrow"], times["after-tomorrow"]
    done = call("verify", "old")
    assert done.returncode == 0, done


@promise(f"one byte changed anywhere in a pack is found, in {TRIALS} trials")
def one_byte():
    whole = bytes_of("pack.zip")
    chance = random.Random(20261127)
    for trial in range(TRIALS):
        at = chance.randrange(len(whole))
        changed = bytearray(whole)
        changed[at] ^= chance.randrange(1, 256)
        with open(f"{folder}/changed.zip", "wb") as file:
            file.write(changed)
        done = call("verify", "changed.zip")
        assert done.returncode == 1 and "changed.zip" in done.stdout, (trial, at, done)


def replaced(name, old, new):
    """A pack in which a member says something else, with every checksum of archive and manifest made right: what a forger would do."""
    data = bytearray(bytes_of("pack.zip"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = {info.filename: archive.read(info.filename) for info in archive.infolist()}
        places = {info.filename: info.header_offset + 30 + len(info.filename.encode()) for info in archive.infolist()}
        directory = archive.start_dir

    def put(member_name, text):
        assert len(text) == len(texts[member_name])
        at = places[member_name]
        data[at:at + len(text)] = text
        sum_ = struct.pack("<I", zlib.crc32(text))
        head = at - 30 - len(member_name.encode())
        data[head + 14:head + 18] = sum_
        line = data.index(member_name.encode(), directory) - 46
        data[line + 16:line + 20] = sum_
    assert old in texts[name], (name, old)
    text = texts[name].replace(old, new, 1)
    put(name, text)
    for listing in ("datapackage.json", "ro-crate-metadata.json", "manifest-sha256.txt"):
        if listing != name:
            before, after = hashlib.sha256(texts[name]).hexdigest().encode(), hashlib.sha256(text).hexdigest().encode()
            if before in texts[listing]:
                changed = texts[listing].replace(before, after)
                put(listing, changed)
    with open(f"{folder}/forged.zip", "wb") as file:
        file.write(data)
    return call("verify", "forged.zip")


@promise("a forger who makes every checksum right again is found, and what was forged is named")
def forged():
    forgeries = [
        ("data/cases.csv", b"1978", b"1979", "data/cases.csv"),
        ("data/cases.json", b"sudbury", b"sadbury", "data/cases.json"),
        ("data/cases.geojson", b"Sudbury", b"Sadbury", "data/cases.geojson"),
        ("data/records.gpkg", b"Sudbury", b"Sadbury", "data/records.gpkg"),
        ("log/tile/entries/001", b"1978", b"1979", "altered"),
        ("log/tile/0/001", member("log/tile/0/001")[:4], b"forg", "log/tile/0/001"),
        ("log/checkpoint", b"958" if b"958" in member("log/checkpoint") else b"9", b"957" if b"958" in member("log/checkpoint") else b"8", ""),
        ("log/key", b"land.example.org", b"lend.example.org", "log/key"),
        ("dictionary.md", b"Case study", b"Case stuff", "dictionary.md"),
        ("LICENSE.txt", b"CC BY", b"CC NC", "LICENSE.txt"),
        ("README.md", b"data pack", b"data sack", "README.md"),
    ]
    for name, old, new, says in forgeries:
        done = replaced(name, old, new)
        assert done.returncode == 1 and says in done.stdout, (name, done)
    done = call("import", "second", "forged.zip")
    assert done.returncode == 1 and "README.md" in done.stderr, done


@promise("a pack continues a checkpoint kept from earlier, or it is said that it does not")
def since():
    with open(f"{folder}/kept", "wb") as file:
        file.write(member("log/checkpoint"))
    export("old", "newer.zip")
    done = call("verify", "newer.zip", "--since", "kept")
    assert done.returncode == 0, done
    with open(f"{folder}/kept", "wb") as file:
        file.write(member("log/checkpoint", "newer.zip"))
    done = call("verify", "pack.zip", "--since", "kept")
    assert done.returncode == 1 and "it was cut" in done.stdout, done
    for name in ("one", "other"):
        assert call("init", name, "--origin", "tiny.example.org").returncode == 0
        publish(name, {"name": f"In the {name} history", "kind": "company"})
    for name in ("log.key", "log.pub"):
        shutil.copy(f"{folder}/one/{name}", f"{folder}/other/{name}")
    export("one", "one.zip")
    export("other", "other.zip")
    with open(f"{folder}/kept", "wb") as file:
        file.write(member("log/checkpoint", "one.zip"))
    done = call("verify", "other.zip", "--since", "kept")
    assert done.returncode == 1 and "does not continue" in done.stdout, done


@promise("what is no pack is refused with the reason, and nothing half-written is left behind")
def refused():
    with open(f"{folder}/no.zip", "wb") as file:
        file.write(b"PK\x03\x04 no archive at all")
    done = call("verify", "no.zip")
    assert done.returncode == 1 and "not an archive" in done.stdout, done
    done = call("export", "whole", "no-such-folder/pack.zip", "--format", "pack")
    assert done.returncode == 3 and "cannot be written" in done.stderr, done
    assert call("export", "whole", "pack2.zip", "--format", "pack", "--as", "case").returncode == 2
    assert not os.path.exists(f"{folder}/pack2.zip")


set_up()
keep_promises()
