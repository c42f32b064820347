"""OGC API Features: every abstract test of its Part 1 (OGC 17-069r4 Annex A), as the official suite puts it into assertions, named after it; Parts 2 and 3 (ogc_crs.py, ogc_filter.py);
what the standard leaves open; and GDAL as a client. Speaks TAP. usage: ogc.py PROGRAM"""
import json
import re
import subprocess

from instance import keep_promises
from ogc_site import COLLECTIONS, CRS84, EPSG, GEOJSON, SPEC, assert_links, document, get, given, here, ids, items, links_of, openapi, parameter, positions, runs
from promises import promise


# ---- Part 1, A.2.1 to A.2.4 ----

@promise("/conf/core/http: HTTP 1.1 is spoken, and a wrong method is refused")
def http():
    assert get("").status == 200 and here.get("/ogc", data=b"x").status == 405


@promise("/conf/core/root-op: the landing page answers at the root")
def root_op():
    assert get("", "application/json").type == "application/json" and get("", "text/html").type.startswith("text/html")


@promise("/conf/core/root-success: the landing page leads to description, conformance and data")
def root_success():
    page = document("")
    assert_links(page, "application/json")
    assert links_of(page, "conformance") and links_of(page, "data") and links_of(page, "service-desc") and links_of(page, "service-doc")


@promise("/conf/core/api-definition-op: the description answers at its link")
def api_definition_op():
    for link in links_of(document(""), "service-desc") + links_of(document(""), "service-doc"):
        assert here.get(link["href"]).status == 200


@promise("/conf/core/api-definition-success: the description has the media type of its link and is OpenAPI 3.0")
def api_definition_success():
    for link in links_of(document(""), "service-desc") + links_of(document(""), "service-doc"):
        assert here.get(link["href"], accept=link["type"]).type.replace(" ", "").startswith(link["type"]), link
    assert re.match(r"3\.0\.\d", openapi()["openapi"])


@promise("/conf/core/conformance-op: conformance answers at the link of the landing page")
def conformance_op():
    assert here.get(links_of(document(""), "conformance")[0]["href"]).status == 200


@promise("/conf/core/conformance-success: it lists the classes of Parts 1, 2 and 3 and of CQL2 that hold here")
def conformance_success():
    classes = set(document("/conformance")["conformsTo"])
    wanted = {SPEC + "ogcapi-features-1/1.0/conf/" + name for name in ("core", "oas30", "html", "geojson")} | {SPEC + "ogcapi-features-2/1.0/conf/crs"}
    wanted |= {SPEC + "ogcapi-features-3/1.0/conf/" + name for name in ("filter", "features-filter", "queryables")} | {SPEC + "cql2/1.0/conf/" + name for name in ("cql2-text", "cql2-json", "basic-cql2")}
    assert wanted <= classes, wanted - classes


# ---- A.2.5, A.2.6 ----

@promise("/conf/core/fc-md-op: the collections answer")
def fc_md_op():
    assert get("/collections").status == 200


@promise("/conf/core/fc-md-success: links, collections and content are there")
def fc_md_success():
    page = document("/collections")
    assert page["links"] and page["collections"]


@promise("/conf/core/fc-md-success: the first coordinate reference system is CRS84")
def fc_md_success_crs():
    assert document("/collections")["crs"][0] == CRS84


@promise("/conf/core/fc-md-links: links to itself and to the other form, with relation and type")
def fc_md_links():
    assert_links(document("/collections"), "application/json")


@promise("/conf/core/fc-md-items: every collection is listed")
def fc_md_items():
    assert [one["id"] for one in document("/collections")["collections"]] == list(COLLECTIONS)


@promise("/conf/core/fc-md-items-links: each leads to its features in every form, with relation and type")
def fc_md_items_links():
    for one in document("/collections")["collections"]:
        found = links_of(one, "items")
        assert {link["type"] for link in found} == {GEOJSON, "text/html"}
        for link in found:
            assert here.get(link["href"], accept=link["type"]).type.startswith(link["type"])


@promise("/conf/core/fc-md-extent: the extent encloses every geometry and time")
def fc_md_extent():
    for one in document("/collections")["collections"]:
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        assert one["extent"]["temporal"]["interval"] == [[None, None]]
        for feature in items(one["id"], limit=1000)["features"]:
            for x, y in positions(feature["geometry"]):
                assert west <= x <= east and south <= y <= north, (one["id"], x, y)


@promise("/conf/core/sfc-md-op: every collection answers at its address")
def sfc_md_op():
    for name in COLLECTIONS:
        assert get(f"/collections/{name}").status == 200
    assert get("/collections/mines").status == 404


@promise("/conf/core/sfc-md-success: it says the same as the list: id, title, description, extent")
def sfc_md_success():
    for one in document("/collections")["collections"]:
        alone = document(f"/collections/{one['id']}")
        assert all(alone[name] == one[name] for name in ("id", "title", "description", "extent"))
        assert_links(alone, "application/json")


# ---- A.2.7 ----

WAYS = {"plain": {}, "bbox": {"bbox": "100,40,110,60"}, "limit": {"limit": 3}, "datetime": {"datetime": "1985-01-01/1999-12-31"}, "bbox and datetime": {"bbox": "-180,-90,180,0", "datetime": "1985-01-01T00:00:00Z/.."}}


def each_way(way):
    for name in COLLECTIONS:
        yield name, items(name, **WAYS[way])


def add_ways(way):
    @promise(f"/conf/core/fc-op ({way}): features answer with 200 and GeoJSON")
    def fc_op():
        for name in COLLECTIONS:
            answer = get(f"/collections/{name}/items", GEOJSON, **WAYS[way])
            assert answer.status == 200 and answer.type == GEOJSON

    @promise(f"/conf/core/fc-response ({way}): a FeatureCollection with an array of features")
    def fc_response():
        for _, page in each_way(way):
            assert page["type"] == "FeatureCollection" and isinstance(page["features"], list)
            assert all(feature["type"] == "Feature" and feature["id"] and isinstance(feature["properties"], dict) and "geometry" in feature for feature in page["features"])

    @promise(f"/conf/core/fc-links ({way}): links to itself and to the other form")
    def fc_links():
        for _, page in each_way(way):
            assert_links(page, GEOJSON)

    @promise(f"/conf/core/fc-timeStamp ({way}): no time of making is claimed, as answers are kept")
    def fc_timestamp():
        assert all("timeStamp" not in page for _, page in each_way(way))

    @promise(f"/conf/core/fc-numberMatched ({way}): as many features are there as are said to match, over all pages")
    def fc_number_matched():
        for name, page in each_way(way):
            found = ids(name, **WAYS[way])
            assert len(found) == len(set(found)) == page["numberMatched"], (name, len(found), page["numberMatched"])

    @promise(f"/conf/core/fc-numberReturned ({way}): as many features are in the answer as it says")
    def fc_number_returned():
        assert all(page["numberReturned"] == len(page["features"]) for _, page in each_way(way))

    @promise(f"/conf/core/crs84 ({way}): geometries are in longitude and latitude")
    def crs84():
        for _, page in each_way(way):
            for feature in page["features"]:
                assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in positions(feature["geometry"]))


for way in WAYS:
    add_ways(way)


@promise("/conf/core/fc-bbox-definition: the parameter bbox is described as the standard asks")
def fc_bbox_definition():
    bbox = parameter("bbox")
    assert (bbox["required"], bbox["style"], bbox["explode"]) == (False, "form", False)
    assert bbox["schema"] == {"type": "array", "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}], "items": {"type": "number"}}


@promise("/conf/core/fc-bbox-response: what meets the box is found and nothing else, by its shape and not by its own box")
def fc_bbox_response():
    assert ids("sites", bbox="104.5,49.5,104.6,49.6") == ["erdenet"]
    assert ids("sites", bbox="105,50,106,51") == ["erdenet", "point"]      # a corner and a point on it
    assert ids("sites", bbox="101.2,46.2,101.8,46.8") == []                # in the hole
    assert ids("sites", bbox="16,51,19,53") == []                          # beside the slanting side, within its box
    assert ids("sites", bbox="12,55,13,56") == ["slant"]
    assert ids("sites", bbox="-180,-90,180,90") == [one["id"] for one in given["site"]]


@promise("/conf/core/fc-bbox-response: features without a place are always among them")
def fc_bbox_response_unplaced():
    unplaced = [one["id"] for one in given["case"] if "longitude" not in one["body"]]
    assert unplaced and ids("cases", bbox="0,80,1,81") == unplaced
    assert ids("pledges", bbox="0,80,1,81") == ["pledge-3", "pledge-4", "pledge-5"]


@promise("/conf/core/fc-bbox-response: a pledge lies where its sites do")
def fc_bbox_response_pledges():
    assert ids("pledges", bbox="104,49,105,49.9") == ["pledge-1", "pledge-3", "pledge-4", "pledge-5"]
    assert items("pledges", limit=1)["features"][0]["geometry"]["type"] == "MultiPoint"


@promise("/conf/core/fc-bbox-response: a box may cross the antimeridian, and polar and equatorial ones hold")
def fc_bbox_response_antimeridian():
    assert ids("sites", bbox="170,-30,-170,0") == ["fiji"]
    assert ids("sites", bbox="179.2,-16.5,179.3,-16.4") == ids("sites", bbox="-179.3,-16.5,-179.2,-16.4") == ["fiji"]
    assert ids("sites", bbox="-180,85,180,90") == ids("sites", bbox="-180,-90,180,-85") == []


@promise("/conf/core/fc-bbox-response: heights in a box of six numbers are left aside")
def fc_bbox_response_six():
    assert ids("sites", bbox="104.5,49.5,-100,104.6,49.6,9000") == ["erdenet"]


@promise("/conf/core/fc-limit-definition: the parameter limit is described as the standard asks")
def fc_limit_definition():
    limit = parameter("limit")
    assert (limit["required"], limit["style"], limit["explode"], limit["schema"]["type"]) == (False, "form", False, "integer")
    assert limit["schema"]["minimum"] == 1 and limit["schema"]["default"] <= limit["schema"]["maximum"] == 1000


@promise("/conf/core/fc-limit-response: never more than asked for, and more than the greatest is the greatest")
def fc_limit_response():
    for limit in (1, 2, 7, 29, 30):
        page = items("sites", limit=limit)
        assert page["numberReturned"] == limit and page["numberMatched"] == 30 and bool(links_of(page, "next")) == (limit < 30)
    assert items("sites", limit=100000)["numberReturned"] == 30


@promise("/conf/core/fc-limit-response: the link to the next page holds the whole question")
def fc_limit_response_next():
    question = {"limit": 2, "bbox": "-80,-40,-50,-20", "crs": EPSG + "3857", "filter": "country = 'ARG'", "datetime": "2000-01-01/.."}
    assert ids("sites", **question) == [f"grid-{i:02}" for i in range(25)]


@promise("/conf/core/fc-time-definition: the parameter datetime is described as the standard asks")
def fc_time_definition():
    time = parameter("datetime")
    assert (time["required"], time["style"], time["explode"], time["schema"]) == (False, "form", False, {"type": "string"})


@promise("/conf/core/fc-time-response: what falls into the time is found, and what has no date")
def fc_time_response():
    for text, first, last in (("1985-06-01", 1985, 1985), ("1985-01-01/1990-12-31", 1985, 1990), ("../1984-12-31T23:59:59Z", 0, 1984), ("2001-01-01/", 2001, 9998), ("2001-01-01/..", 2001, 9998)):
        assert ids("cases", datetime=text) == [one["id"] for one in given["case"] if runs(one, first, last)], text


@promise("/conf/core/query-param-unknown: a parameter that is not described is refused with 400")
def query_param_unknown():
    for path in ("", "/conformance", "/collections", "/collections/sites", "/collections/sites/items", "/collections/sites/items/erdenet", "/collections/sites/queryables", "/api"):
        answer = get(path, unknownQueryParameter="x")
        assert answer.status == 400 and answer.type == "application/problem+json", path
        assert "unknownQueryParameter" in answer.json()["detail"]


WRONG = {"bbox": ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1,50,2,40", "-181,0,0,1", "0,0,1,91", "1,2,3,4,", "nan,0,1,1", "1;2;3;4"], "limit": ["0", "-1", "x", "1.5", ""],
         "datetime": ["", "yesterday", "2000-13-01", "2000/1999", "../..", "2000-01-01T00:00:00", "2000-01-01/2001/2002"], "after": ["x", "-1"], "crs": ["EPSG:4326", EPSG + "27700", ""],
         "bbox-crs": [EPSG + "1", ""], "filter-crs": ["x"], "filter-lang": ["sql"], "filter": ["", "country =", "contry = 'PER'", "country > 5", "S_INTERSECTS(geometry, POINT(1))"], "f": ["xml"], "as-of": ["tomorrow"]}


@promise("/conf/core/query-param-invalid: a parameter that has no possible value is refused with 400 and a problem document that names it")
def query_param_invalid():
    for name, values in WRONG.items():
        for value in values:
            answer = here.get("/ogc/collections/sites/items", {name: value, **({"bbox": "1,2,3,4"} if name == "bbox-crs" else {})})
            assert answer.status == 400 and answer.type == "application/problem+json", (name, value, answer.status)
            assert answer.json()["status"] == 400 and answer.json()["detail"], (name, value)


# ---- A.2.8 ----

@promise("/conf/core/f-op: every feature answers at its address")
def f_op():
    for name, kind in COLLECTIONS.items():
        for one in given[kind][:4]:
            assert get(f"/collections/{name}/items/{one['id']}", GEOJSON).status == 200


@promise("/conf/core/f-success: a feature as GeoJSON, the same as in the list, with what its record says")
def f_success():
    for name, kind in COLLECTIONS.items():
        listed, one = items(name)["features"][0], given[kind][0]
        alone = document(f"/collections/{name}/items/{one['id']}", GEOJSON)
        assert all(alone[member] == listed[member] for member in ("type", "id", "geometry", "properties"))
        assert all(alone["properties"][member] == value for member, value in one["body"].items() if member != "geometry")
    assert document("/collections/sites/items/ring", GEOJSON)["geometry"]["coordinates"][0][0] == [100, 45]
    assert get("/collections/sites/items/nowhere").status == 404 and get("/collections/sites/items/case-01").status == 404


@promise("/conf/core/f-links: a feature leads to itself, its other form and its collection")
def f_links():
    page = document("/collections/sites/items/erdenet", GEOJSON)
    assert_links(page, GEOJSON)
    assert links_of(page, "collection")[0]["href"].endswith("/ogc/collections/sites")


# ---- A.3 to A.6 ----

@promise("/conf/geojson/definition and /conf/html/definition: every resource has both media types, by Accept and by f")
def definitions():
    for path, kind in (("", "application/json"), ("/conformance", "application/json"), ("/collections", "application/json"), ("/collections/sites", "application/json"), ("/collections/sites/items", GEOJSON),
                       ("/collections/sites/items/erdenet", GEOJSON), ("/collections/sites/queryables", "application/schema+json")):
        assert get(path, "text/html,application/xhtml+xml,*/*;q=0.8").type.startswith("text/html") and get(path, f="html").type.startswith("text/html"), path
        assert get(path).type == get(path, kind).type == get(path, "text/html", f="json").type == kind, path
        assert get(path, "application/json;q=0.4, text/html;q=0.9").type.startswith("text/html")
        assert "Accept" in get(path).headers["Vary"]


@promise("/conf/geojson/content: answers are GeoJSON (RFC 7946): closed rings, positions in order, no foreign geometry")
def geojson_content():
    for feature in items("sites", limit=1000)["features"]:
        polygons = feature["geometry"]["coordinates"] if feature["geometry"]["type"] == "MultiPolygon" else [feature["geometry"]["coordinates"]] if feature["geometry"]["type"] == "Polygon" else []
        assert all(ring[0] == ring[-1] and len(ring) >= 4 for polygon in polygons for ring in polygon)


@promise("/conf/html/content: pages hold what the data hold, and the links")
def html_content():
    page = get("/collections/sites/items", "text/html").body.decode()
    assert all(f"/ogc/collections/sites/items/{one['id']}" in page for one in given["site"]) and "30 features" in page
    page = get("/collections/sites/items/erdenet", "text/html").body.decode()
    assert "molybdenum" in page.lower() and "1978" in page and "/sites/erdenet" in page


@promise("/conf/oas30/oas-definition: the description is whole: every reference leads somewhere, every operation has an id of its own")
def oas30_definition():
    whole, names = openapi(), []

    def follow(value):
        if isinstance(value, dict):
            if "$ref" in value:
                at = whole
                for part in value["$ref"].removeprefix("#/").split("/"):
                    at = at[part]
            for one in value.values():
                follow(one)
        elif isinstance(value, list):
            for one in value:
                follow(one)

    follow(whole)
    for methods in whole["paths"].values():
        names += [operation["operationId"] for operation in methods.values()]
    assert len(names) == len(set(names)) == 8


@promise("/conf/oas30/completeness: every address of the interface is described, and every described address answers")
def oas30_completeness():
    whole = openapi()
    assert whole["servers"][0]["url"] == here.address + "/ogc"
    for path in whole["paths"]:
        filled = path.replace("{collectionId}", "cases").replace("{featureId}", "case-01")
        answer = get("" if filled == "/" else filled)
        assert answer.status == 200 and answer.type in whole["paths"][path]["get"]["responses"]["200"]["content"], path


@promise("/conf/oas30/exceptions-codes: refusals are described")
def oas30_exceptions():
    for path, methods in openapi()["paths"].items():
        assert "400" in methods["get"]["responses"] and ("404" in methods["get"]["responses"]) == ("{" in path)


@promise("/conf/oas30/security: no key is asked for, and the description says so")
def oas30_security():
    assert openapi()["security"] == []


# ---- Parts 2 and 3 ----

import ogc_crs  # noqa: E402, F401: their promises come after those of Part 1
import ogc_filter  # noqa: E402, F401


# ---- beside the standard ----

@promise("as-of holds here too: before anything was published there is nothing")
def as_of():
    assert items("sites", as_of="2001-01-01")["numberMatched"] == 0 and get("/collections/sites/items/erdenet", as_of="2001-01-01").status == 404


@promise("answers carry an ETag and are not sent again")
def etag():
    answer = get("/collections/sites/items", GEOJSON)
    again = here.get("/ogc/collections/sites/items", accept=GEOJSON, headers={"If-None-Match": answer.headers["ETag"]})
    page = here.get("/ogc/collections/sites/items", accept="text/html", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304 and page.status == 200


# ---- GDAL ----

def ogrinfo(collection, *options):
    done = subprocess.run(["ogrinfo", "-ro", "-al", "-q", *options, f"OAPIF:{here.address}/ogc", collection], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "ERROR" not in done.stderr, done.stderr
    return re.findall(r"^  id \(String\) = (\S+)", done.stdout, re.M)


@promise("GDAL's OAPIF driver reads every collection whole, over several pages")
def gdal_whole():
    for name, kind in COLLECTIONS.items():
        found = ogrinfo(name, "-oo", "PAGE_SIZE=7")
        assert found == [one["id"] for one in given[kind]], (name, found)


@promise("GDAL counts as we do, without reading")
def gdal_counts():
    done = subprocess.run(["ogrinfo", "-ro", "-al", "-so", f"OAPIF:{here.address}/ogc"], capture_output=True, text=True, timeout=60)
    assert re.findall(r"Feature Count: (\d+)", done.stdout) == [str(len(given[kind])) for kind in COLLECTIONS.values()], done.stdout


@promise("GDAL with a box finds what we find")
def gdal_bbox():
    for box in ("100 40 110 60", "-75 -32 -55 -24", "16 51 19 53"):
        assert ogrinfo("sites", "-spat", *box.split()) == ids("sites", bbox=box.replace(" ", ",")), box


@promise("GDAL copies a collection with its geometries")
def gdal_copy():
    target = f"{here.folder}/sites.geojson"
    subprocess.run(["ogr2ogr", "-f", "GeoJSON", target, f"OAPIF:{here.address}/ogc", "sites"], check=True, capture_output=True, timeout=60)
    with open(target) as file:
        copied = {feature["id"] if "id" in feature else feature["properties"]["id"]: feature["geometry"] for feature in json.load(file)["features"]}
    assert copied == {feature["id"]: feature["geometry"] for feature in items("sites", limit=1000)["features"]}


keep_promises(here)
