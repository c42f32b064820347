"""Boundaries from map files as sites: what `aftermine import` takes, what it tells, what it refuses. Speaks TAP.

usage: test_vector.py AFTERMINE LDN

The permits and gold mines are of AFTERMINE_TESTDATA; without it those tests count as skipped.
"""
import json
import os
import pathlib
import sys

from promises import Program, data, keep_promises, promise

program, LDN = Program(sys.argv[1]), os.path.abspath(sys.argv[2])
call, work = program.do, program.folder
here = pathlib.Path(__file__).resolve().parent
SOURCE = ["--source", "Register of mines", "--source-kind", "government"]


def instance(name):
    folder = work / name
    call("init", folder)
    return folder


def bring(folder, file, *more, status=0):
    return call("import", folder, file, "--as", "site", "--publish", "--ldn", LDN, *more, status=status)


def records(folder):
    out = work / "out.json"
    out.unlink(missing_ok=True)
    call("export", folder, out, "--format", "json")
    found = json.loads(out.read_text())
    return {r["id"]: r for r in found if r["kind"] == "site"}


def square(x, y, side=0.01):
    return {"type": "Polygon", "coordinates": [[[x, y], [x + side, y + 0.0001], [x + side, y + side], [x, y + side], [x, y]]]}


def features(*rows, name="mines.geojson"):
    path = work / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in rows]}))
    return path


@promise("attributes of usual names fill the fields, ids come from names, and what is not used is told")
def usual():
    folder = instance("usual")
    file = features(({"Mine_Name": "Erdenet", "country": "MNG", "commodity": "copper", "foo": 1}, square(104.1, 49.0)), ({"Mine_Name": "Baganuur", "country": "MNG", "commodity": "Coal", "foo": 2}, square(108.3, 47.7)))
    done = bring(folder, file, *SOURCE)
    assert "2 features" in done.stdout and "attributes not used: foo" in done.stdout and "2 records added" in done.stdout, done.stdout
    found = records(folder)
    assert set(found) == {"erdenet", "baganuur"}, found
    body = found["erdenet"]["body"]
    assert body["name"] == "Erdenet" and body["commodities"] == ["copper"] and body["country"] == "MNG", body
    assert body["sources"] == [{"n": 1, "title": "Register of mines", "kind": "government"}] and body["geometry"]["type"] == "Polygon", body
    assert found["baganuur"]["body"]["commodities"] == ["coal"], found["baganuur"]


@promise("importing the same file again changes nothing, and --dry-run changes nothing at all")
def again():
    folder = instance("again")
    file = features(({"name": "Erdenet", "country": "MNG"}, square(104.1, 49.0)))
    assert "Would add 1 record," in bring(folder, file, *SOURCE, "--dry-run").stdout
    assert records(folder) == {}
    bring(folder, file, *SOURCE)
    assert "0 records added, 0 changed, 1 as they were" in bring(folder, file, *SOURCE).stdout


@promise("two features of one name get ids of their own")
def names():
    folder = instance("names")
    bring(folder, features(({"name": "Pit", "country": "MNG"}, square(104.1, 49.0)), ({"name": "Pit", "country": "MNG"}, square(105.1, 49.0))), *SOURCE)
    assert set(records(folder)) == {"pit", "pit-2"}


@promise("one bad feature keeps all out, and the message names file, feature, place and remedy")
def all_or_none():
    folder = instance("none")
    file = features(({"name": "Good", "country": "MNG"}, square(104.1, 49.0)), ({"name": "Line", "country": "MNG"}, {"type": "LineString", "coordinates": [[104, 49], [105, 49]]}),
                    ({"name": "Elsewhere", "country": "MNG"}, square(20.1, 5.0)), ({"name": "Wordless", "country": "Atlantis"}, square(104.5, 49.0)))
    done = bring(folder, file, *SOURCE, status=1)
    assert "feature 2 (Line): there is a line where a boundary should be. close the line and save it as a polygon [line-only]" in done.stderr, done.stderr
    assert "feature 3 (Elsewhere)" in done.stderr and "said to lie in Mongolia, but lies in" in done.stderr, done.stderr
    assert "feature 4, wordless, /country" in done.stderr and "nothing was imported" in done.stderr, done.stderr
    assert records(folder) == {}


@promise("an ailment that is accepted keeps nobody out")
def accepted():
    folder = instance("accepted")
    file = features(({"name": "Elsewhere", "country": "MNG"}, square(20.1, 5.0)))
    bring(folder, file, *SOURCE, status=1)
    bring(folder, file, *SOURCE, "--accept", "wrong-country")
    assert set(records(folder)) == {"elsewhere"}


@promise("a boundary that crosses itself is mended on the way, and that is told")
def mended():
    folder = instance("mended")
    bow = {"type": "Polygon", "coordinates": [[[104, 49], [104.01, 49.01], [104.01, 49], [104, 49.01], [104, 49]]]}
    done = bring(folder, features(({"name": "Bow", "country": "MNG"}, bow)), *SOURCE)
    assert "the boundary crosses itself (self-crossing, 1 feature)" in done.stdout, done.stdout
    assert records(folder)["bow"]["body"]["geometry"]["type"] == "MultiPolygon"


@promise("a point becomes longitude and latitude")
def point():
    folder = instance("point")
    bring(folder, features(({"name": "Shaft", "country": "MNG"}, {"type": "Point", "coordinates": [104.1, 49.05]})), *SOURCE)
    body = records(folder)["shaft"]["body"]
    assert (body["longitude"], body["latitude"]) == (104.1, 49.05) and "geometry" not in body, body


@promise("a CSV with WKT in a projection is taken with --map, --set and --crs")
def table():
    folder = instance("table")
    file = work / "mines.csv"
    file.write_text('what,wkt\nNalaikh,"POLYGON((677000 5292000,678000 5292000,678000 5293000,677000 5293000,677000 5292000))"\n')
    done = bring(folder, file, *SOURCE, "--map", "name=what", "--set", "country=MNG", "--crs", "EPSG:32648")
    ring = records(folder)["nalaikh"]["body"]["geometry"]["coordinates"][0]
    assert "100.0" in done.stdout and all(107 < x < 108 and 47 < y < 48 for x, y in ring), (done.stdout, ring)


@promise("without a source, a kind or a right mapping it says what is missing, and that is wrong usage or a fault")
def usage():
    folder = instance("usage")
    file = features(({"name": "Erdenet", "country": "MNG"}, square(104.1, 49.0)))
    assert "--source TITLE" in bring(folder, file, status=2).stderr
    assert "--source-kind" in bring(folder, file, "--source", "x", status=2).stderr
    assert "--as site" in call("import", folder, file, "--ldn", LDN, *SOURCE, status=2).stderr
    assert "boundary" in call("import", folder, file, "--as", "case", "--ldn", LDN, *SOURCE, status=2).stderr
    assert "mapping, /fields/nme: there is no such field" in bring(folder, file, *SOURCE, "--map", "nme=name", status=1).stderr
    assert "FIELD=ATTRIBUTE" in bring(folder, file, *SOURCE, "--map", "name", status=2).stderr
    assert "is not in the vocabulary" in bring(folder, file, "--source", "x", "--source-kind", "hearsay", status=1).stderr
    assert "cannot be started" in call("import", folder, file, "--as", "site", "--ldn", "/there/is/none", *SOURCE, status=3).stderr


@promise("a hostile file is refused with the reader's words, and nothing changes")
def hostile():
    folder = instance("hostile")
    file = work / "x.kml"
    file.write_text('<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><Placemark><name>&x;</name></Placemark></kml>')
    assert "document type or entities" in bring(folder, file, *SOURCE, status=3).stderr
    assert records(folder) == {}


@promise("--json tells everything to a program")
def machine():
    folder = instance("machine")
    answer = json.loads(bring(folder, features(({"name": "Erdenet", "country": "MNG", "foo": 1}, square(104.1, 49.0))), *SOURCE, "--json").stdout)
    assert answer["ok"] and answer["added"] == 1 and answer["files"][0]["unused"] == ["foo"], answer
    assert answer["files"][0]["summary"]["sandbox"]["cpu_seconds"] == 60, answer


@promise("109 Appalachian permits become sites with permit, areas in acres and bond", "coal-permits-appalachia")
def permits():
    folder = instance("permits")
    file = data / "coal-permits-appalachia" / "permits.geojson"
    source = json.loads(file.read_text())["features"]
    done = bring(folder, file, "--map", here / "permits-map.json")
    found = records(folder)
    assert len(found) == 109 and "109 records added" in done.stdout, done.stdout[-500:]
    for feature in source:
        p, permit = feature["properties"], found[feature["properties"]["id"].lower()]["body"]["permits"][0]
        for ours, theirs in (("area_permitted", "acres"), ("area_disturbed", "acres_disturbed"), ("area_reclaimed", "acres_reclaimed"), ("bond_full", "bond_full_usd"), ("bond_available", "bond_available_usd"),
                             ("holder", "permittee"), ("status_as_stated", "status"), ("issued", "issue_date")):
            theirs = p.get(theirs)
            assert permit.get(ours) == (None if theirs == -999 else theirs), (p, permit, ours)
        assert permit["bond_status"] == p["bond_status"].lower().replace(" ", "-") and permit["area_unit"] == "acre" and permit["bond_currency"] == "USD", permit
    assert "is whole" in call("check", folder).stdout


@promise("5,167 gold mines become sites; the 48 invalid ones are found and mended", "gold-mines-amazon")
def gold():
    folder = instance("gold")
    invalid = 0
    files = sorted((data / "gold-mines-amazon").glob("*.geojson"))
    answer = json.loads(call("import", folder, *files, "--as", "site", "--ldn", LDN, "--map", "name=id", "--map", "disturbed_from=first_year", "--source", "Amazon Mining Watch", "--source-kind", "measured",
                             "--publish", "--json").stdout)
    counts = {pathlib.Path(f["file"]).name: f["summary"]["invalid"] for f in answer["files"]}
    assert list(counts.values()) == [10, 22, 16], counts
    assert answer["added"] == 5167 and not answer["faults"], answer["added"]
    assert "is whole" in call("check", folder).stdout


keep_promises()
