"""The registry in one file: data packs as a reader downloads them. usage: pack.py AFTERMINE SOURCE-DIR"""
import glob
import hashlib
import io
import json
import os
import sqlite3
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile

from instance import Instance, keep_promises, promise

program, source = sys.argv[1:]
with open(f"{source}/tests/record/samples.json") as file:
    samples = json.load(file)
site = Instance(program, {"practice": [{"id": "topsoil", "body": samples["practice"]}]})
site.serve()


class Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def led(path):
    """Where an address leads, once there is something."""
    opener = urllib.request.build_opener(Stays)
    for _ in range(240):
        try:
            opener.open(site.address + path, timeout=30)
        except urllib.error.HTTPError as answer:
            if answer.code == 307:
                return answer.headers["Location"]
            assert answer.code == 503 and int(answer.headers["Retry-After"]) > 0, answer.code
        time.sleep(0.25)
    raise AssertionError("no pack was made within a minute")


def kept():
    return glob.glob(f"{site.site}/packs/*")


@promise("nothing is made before somebody wants it; who is first is told when to come again, by the page too")
def wanted():
    assert not kept()
    assert "being made" in site.get("/data").body.decode()
    led("/data/pack")
    assert len(kept()) == 1, kept()


@promise("its address is the SHA-256 of its bytes, for ever; the page says size, day, root and sum; verify finds it true")
def content():
    where = led("/data/pack")
    answer = site.get(where)
    assert where == "/packs/" + hashlib.sha256(answer.body).hexdigest() and "immutable" in answer.headers["Cache-Control"]
    assert answer.type == "application/zip" and ".zip" in answer.headers["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(answer.body))
    page, checkpoint = site.get("/data").body.decode(), archive.read("log/checkpoint").decode().split("\n")
    assert where in page and checkpoint[2] in page and where[7:] in page and f"{len(answer.body) / 1e6:.1f}"[:3] in page
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(answer.body)
        file.flush()
        site.do("verify", file.name, "--key", f"{site.site}/log.pub")
        site.do("export", site.site, "same.zip", "--format", "pack")
        assert open(f"{site.folder}/same.zip", "rb").read() == answer.body


@promise("the GeoPackage in it is had alone, without a copy of it")
def package():
    where = led("/data/geopackage")
    answer = site.get(where)
    assert answer.type == "application/geopackage+sqlite3" and answer.headers["ETag"] != site.get(where.rsplit("/", 1)[0]).headers["ETag"]
    assert zipfile.ZipFile(io.BytesIO(site.get(led("/data/pack")).body)).read("data/records.gpkg") == answer.body
    with tempfile.NamedTemporaryFile(suffix=".gpkg") as file:
        file.write(answer.body)
        file.flush()
        assert sqlite3.connect(file.name).execute("SELECT record_id FROM practices").fetchall() == [("topsoil",)]
    assert len(kept()) == 1


@promise("ranges (RFC 9110, 14): a part, the end, beyond the end; what changed or is not understood gives the whole; unchanged is not sent again")
def ranges():
    where = led("/data/pack")
    whole = site.get(where)
    n, etag = len(whole.body), whole.headers["ETag"]
    assert whole.headers["Accept-Ranges"] == "bytes"
    for asked, first, last in (("bytes=0-0", 0, 0), ("bytes=5-9", 5, 9), ("bytes=100-", 100, n - 1), ("bytes=-7", n - 7, n - 1), (f"bytes=0-{n + 5}", 0, n - 1), (f"bytes=-{n + 5}", 0, n - 1)):
        part = site.get(where, headers={"Range": asked, "If-Range": etag})
        assert part.status == 206 and part.body == whole.body[first:last + 1] and part.headers["Content-Range"] == f"bytes {first}-{last}/{n}", asked
        assert part.headers["ETag"] == etag
    for asked in (f"bytes={n}-", "bytes=-0"):
        beyond = site.get(where, headers={"Range": asked})
        assert beyond.status == 416 and beyond.headers["Content-Range"] == f"bytes */{n}", asked
    for asked in ("bytes=0-1,4-5", "lines=0-1", "bytes=9-5", "bytes=", "bytes=-", "bytes=a-b", "bytes=0-1x", "bytes=99999999999999999999-"):
        assert site.get(where, headers={"Range": asked}).body == whole.body, asked
    assert site.get(where, headers={"Range": "bytes=0-1", "If-Range": '"other"'}).body == whole.body
    assert site.get(where, headers={"If-None-Match": etag}).status == 304
    inside = site.get(where + "/geopackage", headers={"Range": "bytes=0-14"})
    assert inside.status == 206 and inside.body == b"SQLite format 3", inside.body


@promise("addresses of no pack are not found")
def nowhere():
    for path in ("/packs/" + "0" * 64, "/packs/new", "/packs/..%2Flog.key", "/packs/" + "0" * 64 + "/geopackage"):
        assert site.get(path).status in (400, 404), path


@promise("verify finds a byte of it that was changed; the server then throws it away and makes it again")
def altered():
    path, = kept()
    before = open(path, "rb").read()
    with open(path, "r+b") as file:
        file.seek(len(before) // 2)
        file.write(bytes([before[len(before) // 2] ^ 1]))
    done = site.call("verify", site.site)
    assert done.returncode == 1 and os.path.basename(path)[:64] in done.stdout + done.stderr, (done.returncode, done.stdout, done.stderr)
    site.stop()
    site.serve()
    led("/data/pack")
    assert open(path, "rb").read() == before
    site.do("verify", site.site)


keep_promises(site)
