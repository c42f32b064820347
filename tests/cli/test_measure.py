"""Measures sites from a table and computes the measurement again, as people do. Speaks TAP.

usage: test_measure.py PROGRAM LDN
"""
import json
import os
import pathlib
import sys

from promises import Program, data, environment, keep_promises, promise

here, LDN = Program(sys.argv[1]), os.path.abspath(sys.argv[2])
call = here.call
os.chdir(here.folder)
# Another time zone and locale, and a processor without fused multiply-add, whose C library takes other sines and logarithms.
elsewhere = {**environment, "LC_ALL": "C", "TZ": "Asia/Ulaanbaatar", "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4"}


def write(name, text):
    pathlib.Path(name).write_text(text, encoding="utf-8")
    return name


years = "".join(f"the-pit,{2000 + i}-07-01,{0.2 + 0.2 * (i >= 10) + 0.001 * (i * 7 % 5):.3f},{0.6 + 0.001 * (i * 3 % 4):.3f},12\n" for i in range(20))
table = write("table.csv", "Site,Date,NDVI,Control,Pixels\n" + years)


@promise("a table gives a published measurement, marked as a table, with the planted effect; the headings taken are told")
def measured():
    write("sites.json", json.dumps([{"kind": "site", "id": "the-pit", "body": {"name": "The pit", "country": "CAN", "latitude": 1, "longitude": 2, "restored_from": 2010}}]))
    assert call("init", "i").returncode == 0
    assert call("import", "i", "sites.json", "--publish").returncode == 0
    done = call("measure", "i", "--table", table, "--ldn", LDN)
    assert done.returncode == 0 and "column Control taken as reference" in done.stderr, done
    assert "a rise against the reference" in done.stdout, done
    again = json.loads(call("measure", "i", "--table", table, "--ldn", LDN, "--json").stdout)
    body = again["sites"][0]["body"]
    effect = next(r for r in body["results"] if r["quantity"] == "effect")
    assert again["unchanged"] == 1 and body["form"] == "table", again
    assert abs(effect["value"] - 0.2) < 0.01 and effect["low"] <= 0.2 <= effect["high"], effect


@promise("computed again it is the same, byte for byte, elsewhere too; from another table it is not, and the first difference is said")
def recomputed():
    for env in (environment, elsewhere):
        done = call("verify", "i", "--recompute", "the-pit-ndvi-2019-table", "--table", table, "--ldn", LDN, env=env)
        assert done.returncode == 0, done
    os.mkdir("other")
    other = write("other/table.csv", "Site,Date,NDVI,Control,Pixels\n" + years.replace("0.4", "0.5"))
    done = call("verify", "i", "--recompute", "the-pit-ndvi-2019-table", "--table", other, "--ldn", LDN)
    assert done.returncode == 1 and "/inputs/0/sha256" in done.stdout, done
    done = call("verify", "i", "--recompute", "nothing-here", "--table", table, "--ldn", LDN)
    assert done.returncode == 3 and "no published measurement" in done.stderr, done


@promise("bad rows are named by their line, and nothing is measured")
def bad_rows():
    bad = write("bad.csv", "site,date,ndvi\nthe-pit,2013-04-12,0.3\nthe-pit,soon,0.3\nthe-pit,2014,green\n")
    done = call("measure", "i", "--table", bad, "--ldn", LDN)
    assert done.returncode == 1 and "line 3:" in done.stderr and "line 4:" in done.stderr and "Nothing was measured" in done.stderr, done


@promise("a site without a boundary is refused with what to do, an unknown one named, and a dry run keeps nothing")
def refused():
    write("2010.asc", "ncols 1\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\n0.5\n")
    done = call("measure", "i", "the-pit", "--ldn", LDN, "--stack", "2010.asc")
    assert done.returncode == 1 and "has no boundary" in done.stderr and "--table" in done.stderr, done
    unknown = write("unknown.csv", "site,year,ndvi\nnowhere,2013,0.3\n")
    done = call("measure", "i", "--table", unknown, "--ldn", LDN)
    assert done.returncode == 1 and "nowhere" in done.stderr, done
    short = write("short.csv", "site,year,ndvi\nthe-pit,2030,0.3\nthe-pit,2031,0.3\n")
    done = call("measure", "i", "--table", short, "--ldn", LDN, "--dry-run")
    assert done.returncode == 0 and "too few years" in done.stdout, done
    assert call("verify", "i", "--recompute", "the-pit-ndvi-2031-table", "--table", short, "--ldn", LDN).returncode == 3
    assert call("check", "i").returncode == 0


@promise("without images or table it is wrong usage")
def usage():
    assert call("measure", "i").returncode == 2
    assert call("measure", "i", "--table", table, "--stack", "a.tif").returncode == 2


@promise("a mine is measured from Sentinel-2 images, its pictures kept; computed again it is the same, elsewhere too, also after its boundary was redrawn", needs="mine-s2-india")
def images():
    images_of = data / "mine-s2-india"
    outline = json.loads((images_of / "outline.geojson").read_text())
    geometry = (outline.get("features") or [outline])[0]["geometry"]
    body = {"name": "A mine", "country": "IND", "geometry": geometry}
    write("mine.json", json.dumps([{"kind": "site", "id": "a-mine", "body": body}]))
    assert call("import", "i", "mine.json", "--publish").returncode == 0
    stack = sorted(p for p in images_of.glob("2*_*.tif") if p.stem[9:] in ("B02", "B04", "B08", "B11", "SCL"))
    done = call("measure", "i", "a-mine", "--ldn", LDN, "--bands", "blue=B02,red=B04,nir=B08,swir1=B11,quality=SCL", "--quality", "scl", "--json", "--stack", *stack)
    told = json.loads(done.stdout)
    assert done.returncode == 0 and told["kept"] == 1, done.stderr
    measured = told["sites"][0]["body"]
    pictures = measured["pictures"]
    assert len(pictures) >= 2 and all(len(p["sha256"]) == 64 for p in pictures), pictures
    ring = geometry["coordinates"][0][:-1] if geometry["type"] == "Polygon" else None
    if ring:  # the same land from another point is the same land
        write("mine.json", json.dumps([{"kind": "site", "id": "a-mine", "body": {**body, "geometry": {**geometry, "coordinates": [ring[3:] + ring[:4]]}}}]))
        assert call("import", "i", "mine.json", "--publish").returncode == 0
        again = json.loads(call("measure", "i", "a-mine", "--ldn", LDN, "--bands", "blue=B02,red=B04,nir=B08,swir1=B11,quality=SCL", "--quality", "scl", "--json", "--stack", *stack).stdout)
        assert again["unchanged"] == 1 and again["sites"][0]["body"]["geometry_sha256"] == measured["geometry_sha256"], again
    box = [[[81.154, 21.194], [81.157, 21.194], [81.157, 21.197], [81.154, 21.197], [81.154, 21.194]]]
    write("mine.json", json.dumps([{"kind": "site", "id": "a-mine", "body": {**body, "geometry": {"type": "Polygon", "coordinates": box}}}]))
    assert call("import", "i", "mine.json", "--publish").returncode == 0
    for env in (environment, elsewhere):
        done = call("verify", "i", "--recompute", told["sites"][0]["id"], "--ldn", LDN, "--stack", *reversed(stack), env=env)
        assert done.returncode == 0, done
    done = call("verify", "i", "--recompute", told["sites"][0]["id"], "--ldn", LDN, "--stack", *stack[10:])
    assert done.returncode == 1 and "/inputs/" in done.stdout, done


keep_promises()
