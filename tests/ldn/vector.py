"""ldn vector as people use it: every form it reads, what it writes and says. Speaks TAP.

usage: vector.py LDN
"""
import json
import pathlib
import re
import sys

import hostile_files as made
from promises import Program, data, keep_promises, promise

ldn = Program(sys.argv[1])
work = ldn.folder
AREA = 111368300  # m2 of the square that every good file of hostile_files holds, to a thousandth


def call(*arguments, status=0):
    return ldn.do("vector", *arguments, status=status)


def read(*arguments, status=0):
    return json.loads(call(*arguments, "--json", status=status).stdout)


def put(name, content):
    (work / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return name


def ids(feature):
    return {f["ailment"] for f in feature["findings"]}


FORMS = {"a.geojson": ("GeoJSON", made.GEOJSON), "a.kml": ("KML", made.kml()), "a.kmz": ("KML", made.packed(("doc.kml", made.kml()))), "a.gpkg": ("GeoPackage", made.gpkg()), "a.zip": ("shapefile", made.shapes()),
         "b.zip": ("GeoJSON", made.packed(("in/a.geojson", made.GEOJSON))), "a.csv": ("CSV", made.CSV), "semicolon.csv": ("CSV", made.CSV.replace('a,"', 'a;"').replace("name,wkt", "name;wkt"))}


@promise("every form gives the same boundary, area and name")
def forms():
    for name, (form, content) in FORMS.items():
        answer = read(put(name, content))
        feature = answer["features"][0]
        assert answer["summary"]["form"] == form and answer["summary"]["features"] == 1, (name, answer["summary"])
        ring = feature["geometry"]["coordinates"][0]
        assert sorted(map(tuple, ring[:4])) == sorted(made.RING[:4]) and ring[0] == ring[4], (name, ring)
        assert abs(feature["area_m2"] / AREA - 1) < 2e-3 and feature["usable"], (name, feature["area_m2"])
        assert feature["label"].strip() == "a", (name, feature)


@promise("a bare shapefile takes its table and reference system from beside it")
def bare():
    for ending, content in (("shp", made.shape()), ("dbf", made.dbf()), ("prj", made.PRJ)):
        put(f"bare.{ending}", content)
    answer = read("bare.shp")
    assert answer["summary"]["reference"] == "WGS 84" and answer["features"][0]["properties"] == {"name": "a"}, answer
    (work / "bare.prj").unlink()
    assert any(f["ailment"] == "crs-unstated" for f in read("bare.shp")["summary"]["findings"])


@promise("coordinates and WKT of a table are read by usual names of columns")
def columns():
    answer = read(put("points.csv", "Longitude,Latitude,name\n28.12345,-25.61234,shaft\n"))
    assert answer["features"][0]["geometry"] == {"type": "Point", "coordinates": [28.12345, -25.61234]}, answer
    assert "point-only" in ids(answer["features"][0]) and answer["features"][0]["usable"]


@promise("a reference system is known also beside a GeoPackage, whose library is that of PROJ's database")
def beside_sqlite():
    answer = read(put("a.gpkg", made.gpkg()), "--crs", "EPSG:32735")
    assert answer["summary"]["reference"] == "WGS 84 / UTM zone 35S", answer["summary"]


@promise("a projection is brought to longitude and latitude, straight edges stay where they were")
def projections():
    wkt = "POLYGON((600000 7150000,640000 7150000,640000 7190000,600000 7190000,600000 7150000))"
    answer = read(put("utm.csv", f'name,wkt\na,"{wkt}"\n'), "--crs", "EPSG:32735")
    feature = answer["features"][0]
    points = len(feature["geometry"]["coordinates"][0])
    assert points > 20, points  # 40 km of a straight line in the projection are bent here
    # 1.6e9 m2 in the projection; its scale is 0.9996 to 1.0002 here, so the true area is within half a thousandth.
    assert abs(feature["area_m2"] / 1.6e9 - 1) < 1e-3, feature["area_m2"]
    assert answer["summary"]["reference"] == "WGS 84 / UTM zone 35S"
    old = json.loads(made.GEOJSON)
    old["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32735"}}
    old["features"][0]["geometry"]["coordinates"] = [[[600000, 7150000], [601000, 7150000], [601000, 7151000], [600000, 7150000]]]
    feature = read(put("old.geojson", json.dumps(old)))["features"][0]
    assert abs(feature["area_m2"] / 5e5 - 1) < 1e-3 and 27 < feature["geometry"]["coordinates"][0][0][0] < 29, feature
    call("utm.csv", "--crs", "EPSG:nonsense", status=2)


@promise("metres given as degrees are refused with the remedy")
def metres():
    done = call(put("metres.csv", 'name,wkt\na,"POLYGON((600000 7150000,640000 7150000,640000 7190000,600000 7150000))"\n'), status=1)
    assert "metres-as-degrees" in done.stdout and "--crs EPSG:32735" in done.stdout, done.stdout


@promise("the output is RFC 7946: turned right, cut at the date line, without heights and crs")
def standard():
    fiji = {"type": "Polygon", "coordinates": [[[179.9, -17, 5], [179.9, -16.9, 5], [-179.9, -16.9, 5], [-179.9, -17, 5], [179.9, -17, 5]]]}
    answer = read(put("fiji.geojson", json.dumps({"type": "Feature", "properties": {}, "geometry": fiji})))
    geometry = answer["features"][0]["geometry"]
    assert geometry["type"] == "MultiPolygon" and len(geometry["coordinates"]) == 2 and "crs" not in answer, geometry
    for polygon in geometry["coordinates"]:
        ring = polygon[0]
        assert sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) > 0 and all(len(p) == 2 and abs(p[0]) <= 180 for p in ring), ring
    assert {"antimeridian", "winding", "height-dropped"} <= ids(answer["features"][0])


@promise("what was repaired and read again is the same to the last digit, and has no ailment that can be mended")
def again():
    bow = "POLYGON((28 -25,28.1 -24.9,28.1 -25,28 -24.9,28 -25))"
    call(put("bow.csv", f'name,wkt\na,"{bow}"\n'), "-o", "once.geojson")
    call("once.geojson", "-o", "twice.geojson")
    one, two = (json.loads((work / n).read_text()) for n in ("once.geojson", "twice.geojson"))
    assert one["features"][0]["geometry"] == two["features"][0]["geometry"] and one["summary"]["invalid"] == 1 and two["summary"]["invalid"] == 0
    assert not any(f["mended"] for f in two["features"][0]["findings"])
    assert one["features"][0]["area_m2"] == two["features"][0]["area_given_m2"]


@promise("--check leaves the boundary as it is and answers 1 where an error is")
def check():
    answer = read("bow.csv", "--check", status=1)
    assert len(answer["features"][0]["geometry"]["coordinates"][0]) == 5 and not answer["features"][0]["usable"]
    call("a.geojson", "--check")
    call("a.geojson", "--check", "--repair", status=2)


@promise("layers and attributes are chosen by name")
def chosen():
    two = made.packed(("north.shp", made.shape()), ("north.dbf", made.dbf()), ("south.shp", made.shape()))
    call(put("two.zip", two), status=3)
    assert read("two.zip", "--layer", "north")["summary"]["features"] == 1
    assert read("a.gpkg", "--layer", "sites")["summary"]["features"] == 1
    rich = json.loads(made.GEOJSON)
    rich["features"][0]["properties"] = {"a": 1, "b": "x", "c": 0.1, "d": None, "e": True}
    assert read(put("rich.geojson", json.dumps(rich)))["features"][0]["properties"] == rich["features"][0]["properties"]
    assert read("rich.geojson", "--fields", "c,a")["features"][0]["properties"] == {"a": 1, "c": 0.1}


@promise("how the reader was shut in is told, and can be demanded")
def shut():
    sandbox = read("a.geojson")["summary"]["sandbox"]
    assert set(sandbox) == {"files", "system_calls", "memory_bytes", "cpu_seconds", "wall_seconds", "missing"}, sandbox
    done = call("a.geojson", "--require-sandbox", status=3 if sandbox["missing"] else 0)
    assert not sandbox["missing"] or sandbox["missing"] in done.stderr, done.stderr


@promise("a message names feature, place and what was done, without control characters of strangers")
def words():
    evil = json.loads(made.GEOJSON)
    evil["features"][0]["properties"]["name"] = "\x1b[2J\u202eevil"
    evil["features"][0]["geometry"]["coordinates"] = [[[28, -25], [28.1, -24.9], [28.1, -25], [28, -24.9], [28, -25]]]
    done = call(put("evil.geojson", json.dumps(evil)))
    assert "\x1b" not in done.stdout and "\u202e" not in done.stdout, done.stdout
    assert "self-crossing: 1 feature, mended" in done.stdout and "28.050000, -24.950000" in done.stdout and "ha as given" in done.stdout, done.stdout


@promise("countries' outlines tell wrong country and sea", "boundaries")
def places():
    outlines = data / "boundaries" / "countries-110m.geojson"

    answer = read("a.geojson", "--outlines", outlines, "--country", "PER", status=1)
    assert "wrong-country" in ids(answer["features"][0]), answer["features"][0]
    assert "wrong-country" not in ids(read("a.geojson", "--outlines", outlines, "--country", "ZAF")["features"][0])
    sea = json.loads(made.GEOJSON.replace("28.", "48.").replace("-25.", "-35."))
    assert "at-sea" in ids(read(put("sea.geojson", json.dumps(sea)), "--outlines", outlines)["features"][0])
    swapped = json.loads(made.GEOJSON)
    swapped["features"][0]["geometry"]["coordinates"] = [[[y, x] for x, y in made.RING]]
    feature = read(put("swapped.geojson", json.dumps(swapped)), "--outlines", outlines, "--country", "ZAF")["features"][0]
    assert "swapped-axes" in ids(feature) and feature["usable"] and feature["geometry"]["coordinates"][0][0][0] > 28, feature
    call("a.geojson", "--country", "ZAF", status=2)


@promise("the invalid gold-mine polygons are those that GEOS refuses: 22, 16 and 10", "gold-mines-amazon")
def gold():
    for name, invalid, features in (("madre-de-dios-peru-2018-2023", 22, 2050), ("tapajos-brazil-2018-2023", 16, 2432), ("ghana-2024", 10, 685)):
        call(data / "gold-mines-amazon" / f"{name}.geojson", "-o", "gold.geojson")
        summary = json.loads((work / "gold.geojson").read_text())["summary"]
        assert (summary["invalid"], summary["features"], summary["usable"]) == (invalid, features, features), (name, summary)
        call("gold.geojson", "-o", "again.geojson")
        first, second = ([f["geometry"] for f in json.loads((work / n).read_text())["features"]] for n in ("gold.geojson", "again.geojson"))
        assert first == second and json.loads((work / "again.geojson").read_text())["summary"]["invalid"] == 0, name


@promise("every finding is explained in docs/boundaries.md as the program says it")
def explained():
    root = pathlib.Path(__file__).parents[2]
    pages = (root / "docs" / "boundaries.md").read_text()
    rows = re.findall(r'\{"([a-z-]+)", SEVERITY_([A-Z]+), N_\("((?:[^"\\]|\\.)*)"\)', (root / "ldn" / "doctor_ailments.c").read_text())
    assert len(rows) > 40, rows
    for name, severity, says in rows:
        says = says.replace('\\"', '"')
        assert f"| `{name}` | {severity.lower()} | {says} |" in pages, (name, says)


keep_promises()
