"""Part 2 of OGC API Features, coordinate reference systems: every abstract test (OGC 18-058r1 Annex A), as the official suite puts it into assertions, named after it."""
import re
import subprocess

from ogc_site import COLLECTIONS, CRS84, EPSG, GEOJSON, document, get, ids, items, positions
from promises import promise


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
