"""Part 3 of OGC API Features, filtering (OGC 19-079r2), and CQL2 (OGC 21-065r2)."""
import json

from ogc_site import COLLECTIONS, EPSG, document, get, given, here, ids, items, links_of, runs
from promises import promise


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
