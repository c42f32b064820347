"""OGC API Features: every abstract test of its Parts 1 and 2 (OGC 17-069r4 Annex A, 18-058r1 Annex A), as the official suites put them into assertions, named after them;
Part 3 and CQL2; and what the standard leaves open. Speaks TAP. usage: ogc.py PROGRAM"""
import json
import re
import subprocess
import sys

from instance import Instance, keep_promises, promise
from places import records

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
GEOJSON = "application/geo+json"
SPEC = "http://www.opengis.net/spec/"
given = records()
here = Instance(sys.argv[1], given)
here.serve()
COLLECTIONS = {"sites": "site", "cases": "case", "pledges": "pledge", "projects": "project"}


def get(path, accept=None, **parameters):
    return here.get("/ogc" + path, {name.replace("_", "-"): value for name, value in parameters.items()}, accept)


def document(path, accept="application/json", **parameters):
    answer = get(path, accept, **parameters)
    assert answer.status == 200, (path, parameters, answer.status, answer.body[:300])
    return answer.json()


def items(collection, **parameters):
    return document(f"/collections/{collection}/items", GEOJSON, **parameters)


def ids(collection, **parameters):
    """Of every page, by the links to the next."""
    page, found = items(collection, **parameters), []
    while True:
        found += [feature["id"] for feature in page["features"]]
        following = links_of(page, "next")
        if not following:
            return found
        page = here.get(following[0]["href"], accept=GEOJSON).json()


def links_of(page, relation):
    return [link for link in page["links"] if link["rel"] == relation]


def assert_links(page, own_type, collection_links=()):
    own, other = links_of(page, "self"), links_of(page, "alternate")
    assert [link["type"] for link in own] == [own_type] and [link["type"] for link in other] == ["text/html"], (own, other)
    assert all(link["rel"] and link["type"] and link["href"].startswith("http") for link in page["links"])
    for link in own + other:
        assert here.get(link["href"], accept=link["type"]).type.startswith(link["type"]), link


def openapi():
    return document("/api", "application/vnd.oai.openapi+json;version=3.0")


def parameter(name, path="/collections/{collectionId}/items"):
    return next(one for one in openapi()["paths"][path]["get"]["parameters"] if one["name"] == name and one["in"] == "query")


def positions(geometry):
    def walk(value):
        if value and isinstance(value[0], (int, float)):
            yield value
        else:
            for one in value:
                yield from walk(one)
    return list(walk(geometry["coordinates"])) if geometry else []


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


def runs(one, first, last):
    begin, end = one["body"].get("start_year"), one["body"].get("end_year", 9999)
    return begin is None or (begin <= last and end >= first)


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


# ---- Part 2 ----

@promise("/conf/crs/crs-uri (collections): systems are named by addresses, and the list of all is referred to")
def crs_uri_collections():
    page = document("/collections")
    assert all(re.match(r"http://www\.opengis\.net/def/crs/(OGC|EPSG)/", uri) for uri in page["crs"]) and all(one["crs"] == ["#/crs"] for one in page["collections"])


@promise("/conf/crs/crs-uri (collection): each lists CRS84, EPSG:4326, EPSG:3857 and the UTM zones")
def crs_uri_collection():
    wanted = {CRS84, EPSG + "4326", EPSG + "3857"} | {f"{EPSG}{south}{zone:02}" for south in (326, 327) for zone in range(1, 61)}
    for name in COLLECTIONS:
        listed = document(f"/collections/{name}")["crs"]
        assert set(listed) == wanted and len(listed) == 123


@promise("/conf/crs/fc-md-crs-list-global: the global list stands beside the collections")
def crs_list_global():
    assert document("/collections")["crs"] == document("/collections/sites")["crs"]


@promise("/conf/crs/fc-md-storageCrs (collections): the storage system is among those listed")
def storage_collections():
    page = document("/collections")
    assert all(one["storageCrs"] in page["crs"] for one in page["collections"])


@promise("/conf/crs/fc-md-storageCrs (collection): the storage system is CRS84")
def storage_collection():
    assert all(document(f"/collections/{name}")["storageCrs"] == CRS84 for name in COLLECTIONS)


@promise("/conf/crs/default-crs (collections): CRS84 is listed first")
def default_collections():
    assert document("/collections")["crs"][0] == CRS84


@promise("/conf/crs/default-crs (collection): CRS84 is listed first")
def default_collection():
    assert all(document(f"/collections/{name}")["crs"][0] == CRS84 for name in COLLECTIONS)


def add_addresses(what, path):
    @promise(f"/conf/crs/crs-parameter ({what}): each listed system is taken and named in Content-Crs")
    def taken():
        for uri in document("/collections")["crs"]:
            answer = get(path, GEOJSON, crs=uri)
            assert answer.status == 200 and answer.headers["Content-Crs"] == f"<{uri}>", uri

    @promise(f"/conf/crs/crs-parameter-invalid ({what}): a system that is not listed is refused with 400")
    def invalid():
        assert get(path, GEOJSON, crs="http://www.opengis.net/def/crs/0/unknown").status == 400

    @promise(f"/conf/crs/crs-parameter-default ({what}): without the parameter it is CRS84, and said so")
    def default():
        answer = get(path, GEOJSON)
        assert answer.headers["Content-Crs"] == f"<{CRS84}>" and answer.json() | {"links": 0} == get(path, GEOJSON, crs=CRS84).json() | {"links": 0}

    @promise(f"/conf/crs/crs-parameter-transform ({what}): coordinates are those that GDAL computes")
    def transformed():
        for code, tolerance in ((4326, 1e-12), (3857, 1e-3), (32648, 1e-3), (32748, 1e-3)):
            plain, changed = (get(path, GEOJSON, **({"crs": EPSG + str(code)} if there else {})).json() for there in (False, True))
            pairs = list(zip(plain.get("features", [plain]), changed.get("features", [changed])))
            near = [pair for pair in pairs if pair[0]["geometry"] and all(90 < x < 120 for x, y in positions(pair[0]["geometry"]))]
            assert near
            points = [point for pair in near for point in positions(pair[0]["geometry"])]
            expected = subprocess.run(["gdaltransform", "-s_srs", "OGC:CRS84", "-t_srs", f"EPSG:{code}", "-output_xy"], input="\n".join(f"{x} {y}" for x, y in points), capture_output=True, text=True, check=True).stdout
            for line, (x, y) in zip(expected.splitlines(), [point for pair in near for point in positions(pair[1]["geometry"])], strict=True):
                a, b = list(map(float, line.split()))[::-1 if code == 4326 else 1]  # GDAL keeps longitude first whatever EPSG says
                assert abs(a - x) <= tolerance and abs(b - y) <= tolerance, (code, line, x, y)


add_addresses("features", "/collections/sites/items")
add_addresses("feature", "/collections/sites/items/erdenet")


@promise("/conf/crs/crs-parameter-transform: EPSG:4326 has latitude first; what a system cannot express is null")
def axis_order():
    assert document("/collections/sites/items/point", GEOJSON, crs=EPSG + "4326")["geometry"]["coordinates"] == [50, 105]
    assert document("/collections/sites/items/point", GEOJSON, crs=EPSG + "32648")["geometry"]["coordinates"][0] == 500000
    assert document("/collections/projects/items/project-1", GEOJSON, crs=EPSG + "3857")["geometry"] is not None


@promise("/conf/crs/bbox-crs-parameter: the box is read in its system, latitude first where that says so")
def bbox_crs():
    assert ids("sites", bbox="49.5,104.5,49.6,104.6", bbox_crs=EPSG + "4326") == ["erdenet"]
    assert ids("sites", bbox="499000,5430000,500500,5431000", bbox_crs=EPSG + "32648") == ["erdenet"]
    assert ids("sites", bbox="11588000,6360000,11590000,6362000", bbox_crs=EPSG + "3857") == ["erdenet"]
    assert ids("sites", bbox="-30,170,0,-170", bbox_crs=EPSG + "4326") == ["fiji"]


@promise("/conf/crs/bbox-crs-parameter: the same box in two systems finds the same")
def bbox_crs_same():
    for west, south, east, north in ((100, 40, 110, 60), (-75, -32, -55, -24), (8, 49, 22, 61)):
        line = subprocess.run(["gdaltransform", "-s_srs", "OGC:CRS84", "-t_srs", "EPSG:3857", "-output_xy"], input=f"{west} {south}\n{east} {north}", capture_output=True, text=True, check=True).stdout.split()
        assert ids("sites", bbox=f"{west},{south},{east},{north}") == ids("sites", bbox=",".join(line), bbox_crs=EPSG + "3857")


@promise("/conf/crs/bbox-crs-parameter-invalid: a system that is not listed is refused with 400")
def bbox_crs_invalid():
    assert get("/collections/sites/items", bbox="1,2,3,4", bbox_crs="http://www.opengis.net/def/crs/0/unknown").status == 400


@promise("/conf/crs/bbox-crs-parameter-default: without the parameter the box is in CRS84")
def bbox_crs_default():
    assert ids("sites", bbox="104.5,49.5,104.6,49.6") == ids("sites", bbox="104.5,49.5,104.6,49.6", bbox_crs=CRS84) == ["erdenet"]


@promise("/conf/crs/bbox-crs-action: crs and bbox-crs do not touch each other")
def bbox_crs_action():
    page = items("sites", bbox="49.5,104.5,49.6,104.6", bbox_crs=EPSG + "4326", crs=EPSG + "3857")
    assert [feature["id"] for feature in page["features"]] == ["erdenet"] and page["features"][0]["geometry"]["coordinates"][0][0][0] > 1e7


# ---- Part 3 and CQL2 ----

@promise("/conf/queryables: each collection says what a filter may ask, in JSON Schema")
def queryables():
    for name in COLLECTIONS:
        link = links_of(document(f"/collections/{name}"), "http://www.opengis.net/def/rel/ogc/1.0/queryables")[0]
        page = here.get(link["href"], accept="application/schema+json").json()
        assert page["$schema"] == "https://json-schema.org/draft/2020-12/schema" and page["type"] == "object" and page["additionalProperties"] is False
        assert page["properties"]["geometry"] == {"title": "Geometry", "format": "geometry-any"} and "title" in page["properties"]
    assert {"country", "opening_year", "commodities", "figures.value"} <= set(document("/collections/sites/queryables", "application/schema+json")["properties"])


@promise("/conf/queryables: every property that is named there can be asked, and no other")
def queryables_asked():
    for name in COLLECTIONS:
        for one in document(f"/collections/{name}/queryables", "application/schema+json")["properties"]:
            if one != "geometry":
                assert get(f"/collections/{name}/items", filter=f'"{one}" IS NOT NULL', limit=1).status == 200, one
    assert get("/collections/sites/items", filter="start_year = 1990").status == 400


FILTERS = {
    "country = 'ARG'": lambda one: one["body"]["country"] == "ARG", "country <> 'ARG' AND opening_year IS NULL": lambda one: one["body"]["country"] != "ARG" and "opening_year" not in one["body"],
    "country IN ('FJI','SWE')": lambda one: one["body"]["country"] in ("FJI", "SWE"), "commodities = 'copper' OR country = 'SWE'": lambda one: one["id"] in ("erdenet", "slant"),
    "name LIKE 'Grid 0%'": lambda one: one["id"].startswith("grid-0"), "CASEI(name) LIKE CASEI('GRID _0')": lambda one: one["id"] in ("grid-00", "grid-10", "grid-20"),
    "opening_year BETWEEN 1970 AND 1980": lambda one: one["id"] == "erdenet", "S_INTERSECTS(geometry, POLYGON((100 45, 105 45, 105 50, 100 50, 100 45)))": lambda one: one["id"] in ("erdenet", "ring", "point"),
    "S_WITHIN(geometry, BBOX(-70, -30, -60, -20)) AND country = 'ARG'": lambda one: one["id"].startswith("grid") and int(one["id"][5:]) % 10 < 5, "NOT country = 'ARG'": lambda one: one["body"]["country"] != "ARG",
    "id = 'fiji'": lambda one: one["id"] == "fiji", "T_AFTER(published, TIMESTAMP('2000-01-01T00:00:00Z'))": lambda one: True, "restored_from > DATE('2000-06-01')": lambda one: one["id"] == "ring",
}


@promise("/conf/filter: what a filter in text finds is what it says, with exact counts")
def filters():
    for text, holds in FILTERS.items():
        expected = [one["id"] for one in given["site"] if holds(one)]
        assert ids("sites", filter=text, limit=4) == expected and items("sites", filter=text)["numberMatched"] == len(expected), text


@promise("/conf/cql2-json: the same filter in JSON finds the same")
def filters_json():
    both = {"op": "and", "args": [{"op": "=", "args": [{"property": "country"}, "ARG"]}, {"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [-69.5, -29.5]}]}]}
    assert ids("sites", filter=json.dumps(both), filter_lang="cql2-json") == ids("sites", filter="country = 'ARG' AND S_INTERSECTS(geometry, POINT(-69.5 -29.5))") == ["grid-00"]
    assert get("/collections/sites/items", filter="{", filter_lang="cql2-json").status == 400


@promise("/conf/filter: filter-crs says in which system geometries of the filter are")
def filter_crs():
    assert ids("sites", filter="S_INTERSECTS(geometry, POINT(49.5 104.5))", filter_crs=EPSG + "4326") == ["erdenet"]
    assert ids("sites", filter="S_INTERSECTS(geometry, BBOX(499000,5430000,500000,5431000))", filter_crs=EPSG + "32648") == ["erdenet"]


@promise("/conf/features-filter: a filter, a box and a time all have to hold")
def filter_with_all():
    expected = [one["id"] for one in given["case"] if one["body"]["country"] == "PER" and ("longitude" not in one["body"] or one["body"]["longitude"] <= -72) and runs(one, 1990, 1995)]
    assert expected and ids("cases", filter="country = 'PER'", bbox="-76,-20,-72,0", datetime="1990-01-01/1995-12-31") == expected


@promise("a filter asks groups of values: any of them may fulfil it")
def filter_groups():
    assert ids("pledges", filter="targets.value >= 300 AND targets.unit = 'ha'") == ["pledge-3", "pledge-4", "pledge-5"]
    assert ids("pledges", filter="S_INTERSECTS(geometry, POINT(105 50))") == ["pledge-2"]


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
