"""Makes files that want to do harm, or that nobody can read: bombs, loops, giant counts, wrong endings, tricks with names, damage.

usage: hostile_files.py FOLDER     writes them there
"""
import io
import pathlib
import sqlite3
import struct
import sys
import tempfile
import zipfile
import zlib

made = {}  # name -> bytes


def make(name, content):
    assert name not in made, name
    made[name] = content.encode() if isinstance(content, str) else content


# ---- harmless beginnings ----

RING = [(28.1, -25.7), (28.2, -25.7), (28.2, -25.6), (28.1, -25.6), (28.1, -25.7)]
TEXT = ",".join(f"[{x},{y}]" for x, y in RING)
GEOJSON = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"a"},"geometry":{"type":"Polygon","coordinates":[[' + TEXT + "]]}}]}"
COORDINATES = " ".join(f"{x},{y}" for x, y in RING)


def kml(body=None, head='<?xml version="1.0" encoding="UTF-8"?>', root='<kml xmlns="http://www.opengis.net/kml/2.2">'):
    polygon = f"<Placemark><name>a</name><Polygon><outerBoundaryIs><LinearRing><coordinates>{COORDINATES}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
    return f"{head}{root}<Document>{polygon if body is None else body}</Document></kml>"


WKT = "POLYGON((" + ",".join(f"{x} {y}" for x, y in RING) + "))"
CSV = f'name,wkt\na,"{WKT}"\n'


def wkb(rings=(RING,), head=b"\x01", kind=3, counts=None):
    out = head + struct.pack("<II", kind, len(rings) if counts is None else counts)
    for ring in rings:
        out += struct.pack("<I", len(ring)) + b"".join(struct.pack("<dd", *p) for p in ring)
    return out


def gpkg(extra=(), geometry=None, contents=True, columns=True, encoding="UTF-8", page=4096, writable=()):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "x.gpkg")
        db = sqlite3.connect(path)
        db.execute(f"PRAGMA page_size={page}")
        db.execute(f'PRAGMA encoding="{encoding}"')
        db.execute("PRAGMA application_id=1196444487")
        db.execute("PRAGMA user_version=10200")
        db.execute("CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT, description TEXT)")
        db.execute("INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433],AUTHORITY[\"EPSG\",\"4326\"]]', '')")
        if contents:
            db.execute("CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT, last_change DATETIME, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER)")
            db.execute("INSERT INTO gpkg_contents VALUES ('sites', 'features', 'sites', '', '2026-01-01T00:00:00Z', 28, -26, 29, -25, 4326)")
        if columns:
            db.execute("CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z TINYINT, m TINYINT)")
            db.execute("INSERT INTO gpkg_geometry_columns VALUES ('sites', 'geom', 'POLYGON', 4326, 0, 0)")
        db.execute("CREATE TABLE sites (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT)")
        blob = b"GP\0\x01" + struct.pack("<i", 4326) + (wkb() if geometry is None else geometry)
        db.execute("INSERT INTO sites VALUES (1, ?, 'a')", (blob,))
        for statement in extra:
            db.execute(statement)
        db.commit()
        if writable:
            db.execute("PRAGMA writable_schema=ON")
            for statement in writable:
                db.execute(statement)
            db.commit()
        db.close()
        return path.read_bytes()


def shape(content=None, kind=5, length=None, record_length=None, parts=1, points=None, part=0, ring=RING):
    n = len(ring) if points is None else points
    if content is None:
        content = struct.pack("<i4d2i", kind, 28, -26, 29, -25, parts, n) + struct.pack("<i", part) + b"".join(struct.pack("<2d", *p) for p in reversed(ring))
    record = struct.pack(">2i", 1, len(content) // 2 if record_length is None else record_length) + content
    head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(record)) // 2 if length is None else length) + struct.pack("<2i8d", 1000, kind, 28, -26, 29, -25, 0, 0, 0, 0)
    return head + record


def dbf(count=1, header=65, record=11, rows=b" a         "):
    return struct.pack("<4BIHH20x", 3, 126, 1, 1, count, header, record) + b"name\0\0\0\0\0\0\0C" + b"\0" * 4 + bytes([10, 0]) + b"\0" * 14 + b"\r" + rows + b"\x1a"


PRJ = 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'


def packed(*files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def shapes(shp=None, **others):
    files = {"shp": shape() if shp is None else shp, "dbf": dbf(), "prj": PRJ, **others}
    return packed(*((f"sites.{ending}", content) for ending, content in files.items() if content is not None))


class RawZip:
    """A zip written by hand, so that it can lie."""

    def __init__(self):
        self.body, self.central, self.count = b"", b"", 0

    def add(self, name, content, method=8, flags=0, size=None, packed_size=None, crc=None, mode=0, offset=None, local=b"PK\3\4", store=True):
        name = name if isinstance(name, bytes) else name.encode()
        raw = zlib.compressobj(9, zlib.DEFLATED, -15)
        data = raw.compress(content) + raw.flush() if method == 8 else content
        size, packed_size = len(content) if size is None else size, len(data) if packed_size is None else packed_size
        crc = zlib.crc32(content) if crc is None else crc
        at = len(self.body) if offset is None else offset
        if store:
            self.body += local + struct.pack("<HHHHHIIIHH", 20, flags, method, 0, 0, crc, packed_size, size, len(name), 0) + name + data
        self.central += b"PK\1\2" + struct.pack("<BBHHHHHIIIHHHHHII", 20, 3, 20, flags, method, 0, 0, crc, packed_size, size, len(name), 0, 0, 0, 0, mode << 16, at) + name
        self.count += 1
        return self

    def done(self, count=None, at=None, size=None, disk=0, comment=b""):
        n = self.count if count is None else count
        return self.body + self.central + b"PK\5\6" + struct.pack("<HHHHIIH", disk, disk, n & 65535, n & 65535, len(self.central) if size is None else size, len(self.body) if at is None else at, len(comment)) + comment


# ---- archives ----

def archives():
    good = GEOJSON.encode()
    make("zip-claims-600-megabytes.zip", RawZip().add("a.geojson", good, size=600 << 20).done())
    make("zip-claims-60-times-10-megabytes.zip", (lambda z: [z.add(f"{i}.geojson", good, size=10 << 20) for i in range(60)] and z.done())(RawZip()))
    make("zip-unpacks-to-more-than-it-says.zip", RawZip().add("a.geojson", b" " * (50 << 20), size=100).done())
    make("zip-unpacks-to-less-than-it-says.zip", RawZip().add("a.geojson", good, size=5000).done())
    overlapping = RawZip().add("a.geojson", good)
    for i in range(200):
        overlapping.add(f"b{i}.geojson", good, offset=0, store=False)
    make("zip-entries-share-one-body.zip", overlapping.done())
    make("zip-1001-entries.zip", (lambda z: [z.add(f"{i}.txt", b"") for i in range(1001)] and z.done())(RawZip()))
    make("zip-says-65535-entries.zip", RawZip().add("a.geojson", good).done(count=65535))
    make("zip-says-no-entries.zip", RawZip().add("a.geojson", good).done(count=0))
    make("zip-in-zip.zip", packed(("inner.zip", shapes())))
    nest = shapes()
    for _ in range(12):
        nest = packed(("inner.zip", nest))
    make("zip-twelve-deep.zip", nest)
    make("zip-in-zip-called-shp.zip", packed(("inner.shp", shapes())))
    make("zip-in-zip-called-geojson.zip", packed(("inner.geojson", shapes())))
    make("zip-encrypted.zip", RawZip().add("a.geojson", good, flags=1).done())
    for method in (1, 6, 9, 12, 14, 93, 99):
        make(f"zip-method-{method}.zip", RawZip().add("a.geojson", good, method=method).done())
    make("zip-symlink.zip", RawZip().add("a.geojson", b"/etc/passwd", method=0, mode=0o120777).done())
    for i, name in enumerate(("../../../tmp/x.geojson", "a/../../x.geojson", "/etc/x.geojson", "C:\\x.geojson", "a\\..\\x.geojson", "x/..", "..", "a\0.geojson", "a\x1b[31m.geojson", "x" * 300 + ".geojson", "")):
        make(f"zip-name-{i}.zip", RawZip().add(name, good).done())
    make("zip-zip64.zip", RawZip().add("a.geojson", good, size=0xFFFFFFFF).done())
    make("zip-offset-outside.zip", RawZip().add("a.geojson", good, offset=1 << 30).done())
    make("zip-directory-outside.zip", RawZip().add("a.geojson", good).done(at=1 << 30))
    make("zip-directory-too-long.zip", RawZip().add("a.geojson", good).done(size=1 << 30))
    make("zip-directory-is-body.zip", RawZip().add("a.geojson", good).done(at=0))
    make("zip-two-disks.zip", RawZip().add("a.geojson", good).done(disk=1))
    make("zip-bad-checksum.zip", RawZip().add("a.geojson", good, crc=1).done())
    make("zip-no-local-header.zip", RawZip().add("a.geojson", good, local=b"XXXX").done())
    make("zip-stored-two-sizes.zip", RawZip().add("a.geojson", good, method=0, size=5).done())
    make("zip-empty.zip", RawZip().done())
    make("zip-only-folders.zip", RawZip().add("a/", b"", method=0).add("a/b/", b"", method=0).done())
    make("zip-only-text.zip", packed(("read.me", "hello")))
    make("zip-two-shapefiles.zip", packed(("a.shp", shape()), ("b.shp", shape())))
    make("zip-vrt.zip", packed(("a.vrt", '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/vsicurl/http://127.0.0.1:1/x.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>')))
    make("zip-hidden.zip", packed(("__MACOSX/a.shp", shape()), (".b.geojson", GEOJSON)))
    make("zip-comment-with-end.zip", RawZip().add("a.txt", b"").done(comment=b"PK\5\6" + b"\0" * 18))
    make("kmz-without-kml.kmz", packed(("a.png", b"\x89PNG")))
    make("kmz-xxe.kmz", packed(("doc.kml", kml(head='<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>', body="<Placemark><name>&x;</name></Placemark>"))))
    make("kmz-bomb.kmz", RawZip().add("doc.kml", kml().encode(), size=700 << 20).done())


# ---- names and contents that disagree ----

def endings():
    contents = {"geojson": GEOJSON.encode(), "kml": kml().encode(), "gpkg": gpkg(), "shp": shape(), "zip": shapes()}
    allowed = {("geojson", "json"), ("geojson", "geojson"), ("kml", "kml"), ("gpkg", "gpkg"), ("shp", "shp"), ("zip", "zip")}
    for form, content in contents.items():
        for ending in ("geojson", "kml", "gpkg", "shp", "csv", "kmz"):
            if (form, ending) not in allowed and not (form == "zip" and ending == "kmz"):
                make(f"{form}-called.{ending}", content)
    noise = bytes((i * 7919 + i * i * 31) % 251 + 1 for i in range(4096))
    for ending in ("geojson", "kml", "kmz", "gpkg", "shp", "zip", "csv", "dat", "json"):
        make(f"noise.{ending}", noise)
        make(f"empty.{ending}", b"")
    make("program.zip", b"\x7fELF" + b"\0" * 200)
    make("picture.geojson", b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    make("paper.kml", b"%PDF-1.7\n" + b"x" * 100)
    make("page.kml", "<!doctype html><html><body>hello</body></html>")
    make("drawing.kml", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    make("track.kml", '<gpx version="1.1"><wpt lat="1" lon="2"/></gpx>')


# ---- XML ----

def xml():
    for i, head in enumerate(('<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '<!DOCTYPE kml [<!ENTITY x SYSTEM "http://127.0.0.1:1/x">]>', '<!DOCTYPE kml SYSTEM "http://127.0.0.1:1/x.dtd">',
                              '<!DOCTYPE kml [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>', '<!doctype kml [<!entity x "y">]>')):
        make(f"xml-entity-{i}.kml", kml(head='<?xml version="1.0"?>' + head, body="<Placemark><name>&x;</name></Placemark>"))
    laughs = "".join(f'<!ENTITY l{i} "{("&l%d;" % (i - 1)) * 10 if i else "ha"}">' for i in range(12))
    make("xml-billion-laughs.kml", kml(head=f"<!DOCTYPE kml [{laughs}]>", body="<Placemark><name>&l11;</name></Placemark>"))
    make("xml-utf-16.kml", kml(head='<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>').encode("utf-16"))
    make("xml-utf-16-no-mark.kml", kml(head='<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16-le"))
    make("xml-deep.kml", "<kml>" + "<Folder>" * 100000 + "</Folder>" * 100000 + "</kml>")
    make("xml-deep-open.kml", "<kml>" + "<a>" * 1000000)
    make("xml-comment-open.kml", "<kml><!-- " + "x" * 1000)
    make("xml-cdata-open.kml", "<kml><name><![CDATA[ " + "x" * 1000)
    make("xml-tag-open.kml", "<kml><Placemark")
    make("xml-undefined-entity.kml", kml(body="<Placemark><name>&x;</name></Placemark>"))
    make("xml-link-only.kml", kml(body="<NetworkLink><Link><href>http://127.0.0.1:1/x.kml</href></Link></NetworkLink>"))
    make("xml-overlay-only.kml", kml(body="<GroundOverlay><Icon><href>/vsicurl/http://127.0.0.1:1/x.png</href></Icon></GroundOverlay>"))
    make("xml-nothing.kml", kml(body=""))
    make("xml-vrt.kml", '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/vsicurl/http://127.0.0.1:1/x</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>')
    make("xml-coordinates.kml", kml(body="<Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>a,b c,d e,f</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"))
    make("xml-nan.kml", kml(body="<Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>nan,nan inf,inf 1e999,1 nan,nan</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"))
    make("xml-mismatched.kml", "<kml><Document><Placemark></Document></Placemark></kml>")


# ---- JSON ----

def feature(geometry, properties="{}"):
    return '{"type":"FeatureCollection","features":[{"type":"Feature","properties":' + properties + ',"geometry":' + geometry + "}]}"


def json_files():
    make("json-deep-lists.geojson", "[" * 1000000)
    make("json-deep-objects.geojson", '{"a":' * 200000 + "1" + "}" * 200000)
    make("json-deep-properties.geojson", feature('{"type":"Point","coordinates":[1,2]}', '{"a":' + "[" * 5000 + "]" * 5000 + "}"))
    make("json-deep-coordinates.geojson", feature('{"type":"Polygon","coordinates":' + "[" * 5000 + "]" * 5000 + "}"))
    deep = '{"type":"Point","coordinates":[1,2]}'
    for _ in range(100):
        deep = '{"type":"GeometryCollection","geometries":[' + deep + "]}"
    make("json-nested-collections.geojson", feature(deep))
    for i, number in enumerate(("NaN", "Infinity", "-Infinity", "1e999", "nan", '"a"', "null", "{}", "[]", "true", "0x10", "1e400000000", "--1", "1,2")):
        make(f"json-coordinate-{i}.geojson", feature('{"type":"Polygon","coordinates":[[' + f"[{number},{number}]," * 4 + f"[{number},{number}]" + "]]}"))
    make("json-two-documents.geojson", GEOJSON + GEOJSON)
    make("json-rubbish-behind.geojson", GEOJSON + "rubbish")
    make("json-zero-bytes.geojson", GEOJSON.replace('"a"', '"a\0b"'))
    make("json-utf-16.geojson", GEOJSON.encode("utf-16"))
    make("json-open-string.geojson", '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":"' + "x" * 100000)
    make("json-no-features.geojson", '{"type":"FeatureCollection","features":[]}')
    make("json-features-object.geojson", '{"type":"FeatureCollection","features":{"a":1}}')
    make("json-features-numbers.geojson", '{"type":"FeatureCollection","features":[1,2,3]}')
    make("json-no-type.geojson", '{"a":1}')
    make("json-unknown-geometry.geojson", feature('{"type":"Sphere","coordinates":[1,2]}'))
    make("json-null-geometry.geojson", feature("null"))
    make("json-topology.geojson", '{"type":"Topology","objects":{"a":{"type":"Polygon","arcs":[[0]]}},"arcs":[[[0,0],[1,0],[1,1],[0,0]]]}')
    make("json-esri.geojson", '{"geometryType":"esriGeometryPolygon","features":[{"attributes":{},"geometry":{"rings":[[[0,0],[1,0],[1,1],[0,0]]]}}]}')
    make("json-link.geojson", '{"type":"FeatureCollection","features":[],"links":[{"rel":"next","href":"http://127.0.0.1:1/x"}]}')
    make("json-crs-link.geojson", '{"type":"FeatureCollection","crs":{"type":"link","properties":{"href":"http://127.0.0.1:1/x","type":"proj4"}},"features":[]}')
    make("json-crs-unknown.geojson", '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:99999999"}},"features":[' + '{"type":"Feature","properties":{},"geometry":null}]}')
    make("json-150000-features.geojson", '{"type":"FeatureCollection","features":[' + ",".join(['{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}'] * 150000) + "]}")
    make("json-10-million-points.geojson", feature('{"type":"Polygon","coordinates":[[' + "[0,0]," * 10500000 + "[0,0]]]}"))
    make("json-25000-parts.geojson", feature('{"type":"MultiPolygon","coordinates":[' + ",".join(["[[[0,0],[1,0],[1,1],[0,0]]]"] * 25000) + "]}"))
    make("json-600-attributes.geojson", feature('{"type":"Point","coordinates":[1,2]}', "{" + ",".join(f'"a{i}":1' for i in range(600)) + "}"))
    make("json-null-island.geojson", feature('{"type":"Polygon","coordinates":[[[0,0],[0,0],[0,0],[0,0]]]}'))
    make("json-metres.geojson", feature('{"type":"Polygon","coordinates":[[[500000,7000000],[501000,7000000],[501000,7001000],[500000,7000000]]]}'))
    make("json-line.geojson", feature('{"type":"LineString","coordinates":[[1,2],[3,4]]}'))
    make("json-round-the-earth.geojson", feature('{"type":"Polygon","coordinates":[[[0,80],[120,80],[-120,80],[0,80]]]}'))


# ---- SQLite ----

def page_set(data, number, offset, value):
    at = (number - 1) * 4096 + offset
    return data[:at] + value + data[at + len(value):]


def databases():
    make("sqlite-trigger.gpkg", gpkg(["CREATE TRIGGER evil AFTER INSERT ON sites BEGIN DELETE FROM sites; END"]))
    make("sqlite-view.gpkg", gpkg(["CREATE VIEW v AS SELECT load_extension('/tmp/x.so')"]))
    make("sqlite-view-loop.gpkg", gpkg(["CREATE VIEW v AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT * FROM t"]))
    make("sqlite-contents-is-a-view.gpkg", gpkg(["CREATE VIEW gpkg_contents AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT * FROM t"], contents=False))
    make("sqlite-virtual-table.gpkg", gpkg(["CREATE VIRTUAL TABLE evil USING fts5(a)"]))
    make("sqlite-no-contents.gpkg", gpkg(contents=False))
    make("sqlite-no-columns.gpkg", gpkg(columns=False))
    make("sqlite-utf-16.gpkg", gpkg(encoding="UTF-16le"))
    make("sqlite-table-missing.gpkg", gpkg(["DROP TABLE sites"]))
    make("sqlite-no-rows.gpkg", gpkg(["DELETE FROM sites"]))
    make("sqlite-type-unknown.gpkg", gpkg(writable=["UPDATE sqlite_master SET type='sorcery' WHERE name='sites'"]))
    make("sqlite-view-in-disguise.gpkg", gpkg(writable=["UPDATE sqlite_master SET sql='CREATE VIEW sites AS SELECT load_extension(''x'')', type='view' WHERE name='sites'"]))
    make("sqlite-virtual-in-disguise.gpkg", gpkg(writable=["UPDATE sqlite_master SET sql='create   virtual  table sites using zipfile(''/etc/passwd'')' WHERE name='sites'"]))
    make("sqlite-root-page-far.gpkg", gpkg(writable=["UPDATE sqlite_master SET rootpage=999999 WHERE name='sites'"]))
    make("sqlite-root-page-schema.gpkg", gpkg(writable=["UPDATE sqlite_master SET rootpage=1 WHERE name='gpkg_contents'"]))
    whole = gpkg()
    make("sqlite-page-size-0.gpkg", whole[:16] + b"\0\0" + whole[18:])
    make("sqlite-page-size-odd.gpkg", whole[:16] + b"\x03\xe7" + whole[18:])
    make("sqlite-page-kind.gpkg", page_set(whole, 1, 100, b"\x07"))
    make("sqlite-page-cells.gpkg", page_set(whole, 1, 103, b"\xff\xff"))
    make("sqlite-page-inner.gpkg", page_set(page_set(whole, 1, 100, b"\x05"), 1, 108, struct.pack(">I", 1)))
    make("sqlite-cell-far.gpkg", page_set(whole, 1, 108, b"\xff\xfe"))
    make("sqlite-reserved.gpkg", whole[:20] + b"\xff" + whole[21:])
    make("sqlite-head-only.gpkg", whole[:100])
    make("sqlite-noise-behind-head.gpkg", whole[:100] + bytes(i * 37 % 256 for i in range(len(whole) - 100)))
    for i, geometry in enumerate((b"", b"\x01", b"\x01\x03\0\0\0\xff\xff\xff\xff", wkb(counts=1 << 31), wkb(kind=99), wkb([[(float("nan"), float("nan"))] * 4]), wkb([[(float("inf"), 1.0)] * 4]), wkb([[]]), wkb([RING[:2]]),
                                  b"\x01" + struct.pack("<II", 7, 1) + (b"\x01" + struct.pack("<II", 7, 1)) * 500, b"\x02" + wkb()[1:], wkb()[:-8])):
        make(f"sqlite-geometry-{i}.gpkg", gpkg(geometry=geometry))


# ---- shapefiles ----

def shapefiles():
    make("shape-record-too-long.zip", shapes(shape(record_length=1 << 28)))
    make("shape-record-length-0.zip", shapes(shape(record_length=0)))
    make("shape-record-negative.zip", shapes(shape(record_length=-5)))
    make("shape-file-too-long.zip", shapes(shape(length=1 << 28)))
    make("shape-file-length-0.zip", shapes(shape(length=0)))
    make("shape-parts-2-billion.zip", shapes(shape(parts=0x7FFFFFFF)))
    make("shape-parts-negative.zip", shapes(shape(parts=-1)))
    make("shape-points-2-billion.zip", shapes(shape(points=0x7FFFFFFF)))
    make("shape-points-50-million.zip", shapes(shape(points=50000000)))
    make("shape-part-far.zip", shapes(shape(part=1 << 30)))
    make("shape-multipatch.zip", shapes(shape(kind=31)))
    make("shape-kind-unknown.zip", shapes(shape(kind=77)))
    make("shape-nan.zip", shapes(shape(ring=[(float("nan"), float("nan"))] * 5)))
    make("shape-short.zip", shapes(shape()[:60]))
    make("shape-head-only.zip", shapes(shape()[:100]))
    make("shape-dbf-alone.zip", packed(("sites.dbf", dbf())))
    make("shape-prj-unknown.zip", shapes(prj='PROJCS["x",GEOGCS["y",DATUM["z",SPHEROID["s",0,0]]],PROJECTION["None_Such"],UNIT["metre",0]]'))


# ---- tables ----

def tables():
    make("csv-no-geometry.csv", "a,b\n1,2\n")
    make("csv-head-only.csv", "name,wkt\n")
    make("csv-deep-wkt.csv", 'name,wkt\na,"' + "GEOMETRYCOLLECTION(" * 20000 + ")" * 20000 + '"\n')
    make("csv-deep-parentheses.csv", 'name,wkt\na,"POLYGON' + "(" * 100000 + '"\n')
    make("csv-open-wkt.csv", 'name,wkt\na,"POLYGON((1 2,3 4"\n')
    make("csv-open-quote.csv", 'name,wkt\na,"POLYGON((1 2,3 4,5 6,1 2))\n')
    make("csv-3000-columns.csv", ",".join(f"c{i}" for i in range(3000)) + "\n")
    make("csv-zero-bytes.csv", "name,wkt\na\0b,1\n")
    make("csv-vsicurl.csv", "/vsicurl/http://127.0.0.1:1/x.geojson\n")
    make("csv-latitude-beyond.csv", "longitude,latitude\n1000,2000\n")
    make("csv-infinite.csv", 'name,wkt\na,"POLYGON((inf nan,nan inf,1e999 1,inf nan))"\n')
    make("csv-words.csv", "longitude,latitude\nhere,there\n")


# ---- the ends of good files missing ----

def truncated():
    for name, content in {"cut.geojson": GEOJSON.encode(), "cut.kml": kml().encode(), "cut.kmz": packed(("doc.kml", kml())), "cut.gpkg": gpkg(), "cut.zip": shapes(), "cut.csv": CSV.encode()}.items():
        stem, ending = name.split(".")
        for eighth in range(1, 8):
            make(f"{stem}-{eighth}-of-8.{ending}", content[:len(content) * eighth // 8])


for group in (archives, endings, xml, json_files, databases, shapefiles, tables, truncated):
    group()

if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for file_name, file_bytes in made.items():
        (folder / file_name).write_bytes(file_bytes)
    print(f"{len(made)} files")
