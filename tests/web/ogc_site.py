"""An instance with places (places.py), served, and how its interface for features is asked: for ogc.py and what it imports. The program is the first argument."""
import sys

from instance import Instance
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


def runs(one, first, last):
    begin, end = one["body"].get("start_year"), one["body"].get("end_year", 9999)
    return begin is None or (begin <= last and end >= first)
