"""STAC 1.1 and STAC API 1.0: documents against schemas written from the specification (stac_schemas.json; none is to be had as a package), search by GET and POST. Speaks TAP.
usage: stac.py PROGRAM SOURCE-ROOT"""
import json
import os
import subprocess
import sys

from instance import Instance, keep_promises, promise
from places import records

ROOT = os.path.abspath(sys.argv[2])
SUM = "0123456789abcdef" * 4


def measurement(identifier, site, first, last, **more):
    return {"id": identifier, "body": {"title": f"{site} {first} to {last}", "site": site, "period_from": first, "period_until": last, "method": "Yearly means", "method_version": "ldn 0.1.0", "geometry_sha256": SUM,
                                       "inputs": [{"name": "ndvi.tif", "sha256": SUM, "url": "https://example.org/ndvi.tif"}], "results": [{"quantity": "vegetation-index", "value": 0.5, "year": last}], **more}}


MEASURED = [measurement("erdenet-old", "erdenet", 1985, 2000, pictures=[{"title": "Classes", "sha256": SUM, "media_type": "image/tiff", "year": 2000}, {"title": "In 2000", "sha256": SUM[::-1], "media_type": "image/png"}]),
            measurement("erdenet-new", "erdenet", 2001, 2024), measurement("ring", "ring", 1990, 2010), measurement("slant", "slant", 2015, 2020), measurement("fiji", "fiji", 2000, 2020), measurement("point", "point", 2018, 2022)]
given = {**{kind: list_of_kind for kind, list_of_kind in records().items() if kind in ("organisation", "site")}, "measurement": MEASURED}
here = Instance(sys.argv[1], given)
here.serve()
ALL = [one["id"] for one in MEASURED]


def document(path, **parameters):
    answer = here.get("/stac" + path, parameters)
    assert answer.status == 200, (path, parameters, answer.status, answer.body[:300])
    return answer.json()


def post(body):
    return here.get("/stac/search", data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


def found(**parameters):
    """By GET and by POST, which must agree; over all pages, in pages of two."""
    ids = {}
    page, ids["GET"] = document("/search", limit=2, **{name: value if isinstance(value, str) else ",".join(map(str, value)) if isinstance(value, list) else json.dumps(value) for name, value in parameters.items()}), []
    total = page["numberMatched"]
    while page:
        ids["GET"] += [item["id"] for item in page["features"]]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        page = here.get(following[0]).json() if following else None
    body, ids["POST"] = {"limit": 2, **parameters}, []
    while body:
        page = post(body).json()
        ids["POST"] += [item["id"] for item in page["features"]]
        following = [link for link in page["links"] if link["rel"] == "next"]
        assert not following or following[0]["method"] == "POST"
        body = following[0]["body"] if following else None
    assert ids["GET"] == ids["POST"] and len(ids["GET"]) == total, ids
    return ids["GET"]


def judged(documents):
    done = subprocess.run(["node", os.path.join(ROOT, "tests/web/validate.mjs"), ROOT], input="\n".join(json.dumps(one) for one in documents), capture_output=True, text=True, timeout=60, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@promise("catalogue, collections, collection, items and searches are what STAC 1.1 says they are")
def valid():
    documents = [["catalog", document("")], ["collections", document("/collections")], ["collection", document("/collections/measurements")], ["itemCollection", document("/collections/measurements/items")],
                 ["itemCollection", document("/search")], ["itemCollection", post({}).json()]] + [["item", document(f"/collections/measurements/items/{name}")] for name in ALL]
    for (name, value), faults in zip(documents, judged(documents), strict=True):
        assert faults == [], (name, faults)


@promise("the schemas refuse what STAC does not allow: each rule broken by hand")
def refused():
    good = document("/collections/measurements/items/erdenet-old")

    def broken(change):
        copy = json.loads(json.dumps(good))
        change(copy)
        return ["item", copy]

    documents = [broken(lambda one: one.pop("bbox")), broken(lambda one: one["properties"].pop("datetime")), broken(lambda one: one["properties"].pop("start_datetime")), broken(lambda one: one.update(stac_version="1.0.0")),
                 broken(lambda one: one.update(geometry=None)), broken(lambda one: one["links"].append({"rel": "x"})), broken(lambda one: one["assets"].update(x={})), broken(lambda one: one["properties"].update(end_datetime="2000-01-01"))]
    assert all(judged(documents))


@promise("an item says where, when, how and what, and its place in the log is that of the proof")
def item():
    one = document("/collections/measurements/items/erdenet-old")
    assert one["geometry"] == given["site"][0]["body"]["geometry"] and one["bbox"] == [104, 49, 105, 50]
    assert (one["properties"]["start_datetime"], one["properties"]["end_datetime"]) == ("1985-01-01T00:00:00Z", "2000-12-31T23:59:59Z")
    proof = here.get(one["assets"]["proof"]["href"])
    assert proof.status == 200 and f"index {one['properties']['aftermine:log_index']}\n" in proof.body.decode()
    assert document("/collections/measurements/items/fiji")["bbox"] == [179, -17, -179, -16]


@promise("rasters and pictures are assets under the SHA-256 of their bytes, the record under its own")
def assets():
    import hashlib
    found_assets = document("/collections/measurements/items/erdenet-old")["assets"]
    assert found_assets["map-1"]["href"] == f"{here.address}/files/{SUM}" and found_assets["map-1"]["type"].startswith("image/tiff") and found_assets["map-1"]["roles"] == ["data"]
    assert found_assets["picture-2"]["file:checksum"] == "1220" + SUM[::-1]
    record = here.get(found_assets["record"]["href"])
    assert found_assets["record"]["file:checksum"] == "1220" + hashlib.sha256(record.body).hexdigest() and here.get(found_assets["table"]["href"]).type.startswith("text/csv")


@promise("without conditions everything is found, in the order of publication")
def everything():
    assert found() == ALL


@promise("bbox finds what lies in it, exactly, also across the antimeridian")
def bbox():
    assert found(bbox=[104.2, 49.2, 104.3, 49.3]) == ["erdenet-old", "erdenet-new"] and found(bbox=[170, -30, -170, 0]) == ["fiji"] and found(bbox=[16, 51, 19, 53]) == []
    assert found(bbox=[104.2, 49.2, 0, 104.3, 49.3, 9]) == ["erdenet-old", "erdenet-new"]


@promise("intersects finds what meets a geometry")
def intersects():
    assert found(intersects={"type": "Polygon", "coordinates": [[[100, 45], [105, 45], [105, 50], [100, 50], [100, 45]]]}) == ["erdenet-old", "erdenet-new", "ring", "point"]
    assert found(intersects={"type": "LineString", "coordinates": [[9, 55], [11, 55]]}) == ["slant"] and found(intersects={"type": "Point", "coordinates": [101.5, 46.5]}) == []


@promise("datetime finds what falls into it")
def datetime():
    assert found(datetime="1999-06-01T00:00:00Z") == ["erdenet-old", "ring"] and found(datetime="2021-01-01T00:00:00Z/..") == ["erdenet-new", "point"] and found(datetime="../1986-01-01T00:00:00Z") == ["erdenet-old"]


@promise("ids and collections, and all conditions together")
def lists():
    assert found(ids=["ring", "fiji", "none"]) == ["ring", "fiji"] and found(collections=["measurements"]) == ALL and found(collections=["landsat"]) == []
    assert found(ids=["erdenet-old", "ring"], bbox=[104, 49, 105, 50], datetime="1990-01-01T00:00:00Z") == ["erdenet-old"]


@promise("what cannot be understood is 400 with a problem document, by GET and POST")
def wrong():
    for parameters in ({"bbox": "1,2"}, {"datetime": "x"}, {"limit": "0"}, {"intersects": "{"}, {"intersects": '{"type":"Point"}'}, {"unknown": "1"}, {"bbox": "1,2,3,4", "intersects": '{"type":"Point","coordinates":[1,2]}'}):
        answer = here.get("/stac/search", parameters)
        assert answer.status == 400 and answer.type == "application/problem+json", parameters
    for body in (b"", b"[]", b"{", b'{"bbox":"x"}', b'{"limit":-1}', b'{"unknown":1}', b'{"intersects":{}}', b'{"limit":{"a":1}}'):
        answer = here.get("/stac/search", data=body, headers={"Content-Type": "application/json"})
        assert answer.status == 400 and answer.type == "application/problem+json", (body, answer.status)
    assert here.get("/stac/search", data=b"{}", headers={"Content-Type": "text/plain"}).status == 400
    assert here.get("/stac/collections/measurements/items/none").status == 404


@promise("every link of the catalogue, the collections, the collection and an item leads somewhere")
def links():
    for path in ("", "/collections", "/collections/measurements", "/collections/measurements/items?limit=1", "/collections/measurements/items/ring"):
        for link in document(path)["links"]:
            if link["href"].startswith(here.address) and link.get("method") != "POST":
                answer = here.get(link["href"], accept=link["type"])
                assert answer.status == 200 and answer.type.split(";")[0] == link["type"].split(";")[0], (path, link, answer.status, answer.type)


@promise("the description in OpenAPI 3.0 names every address, and each answers")
def description():
    page = document("/api")
    assert page["openapi"].startswith("3.0") and set(page["paths"]["/search"]) == {"get", "post"}
    for path in page["paths"]:
        assert here.get("/stac" + ("" if path == "/" else path.replace("{itemId}", "ring"))).status == 200, path


@promise("pages for people hold the same")
def pages():
    for path, text in (("", "Measurements from satellite images"), ("/search", "erdenet 2001 to 2024"), ("/collections/measurements/items/ring", "ndvi.tif"), ("/conformance", "item-search"), ("/api", "/stac/search")):
        answer = here.get("/stac" + path, accept="text/html")
        assert answer.type.startswith("text/html") and text in answer.body.decode(), path


@promise("as-of holds here too")
def as_of():
    assert document("/search", **{"as-of": "2001-01-01"})["numberMatched"] == 0 and here.get("/stac/collections/measurements/items/ring", {"as-of": "2001-01-01"}).status == 404


keep_promises(here)
