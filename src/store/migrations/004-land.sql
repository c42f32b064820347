-- The land of records: projections, like those of 001.

-- A shape is a boundary in canonical form, found by the SHA-256 of its bytes; records with the same boundary share it. area: square centimetres.
CREATE TABLE shape (
	shape INTEGER PRIMARY KEY,
	sha256 TEXT NOT NULL UNIQUE,
	area INTEGER NOT NULL,
	west REAL NOT NULL,
	south REAL NOT NULL,
	east REAL NOT NULL,
	north REAL NOT NULL,
	boundary BLOB NOT NULL
) STRICT;

-- The shape of a document, and since when its record has had it without a break.
CREATE TABLE land (document INTEGER PRIMARY KEY, shape INTEGER NOT NULL, since INTEGER NOT NULL) STRICT;
CREATE INDEX land_shape ON land (shape, document);

-- The shapes that listed records have now, by their boxes.
CREATE VIRTUAL TABLE shape_box USING rtree (shape, west, east, south, north);

-- The faces they make, laid over each other: which shapes cover it ("3 17"), square centimetres. Cells as in base/overlay.h.
CREATE TABLE face (cell INTEGER NOT NULL, shapes TEXT NOT NULL, area INTEGER NOT NULL, PRIMARY KEY (cell, shapes)) STRICT, WITHOUT ROWID;

-- Where faces have to be made anew before the transaction ends.
CREATE TABLE face_stale (west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL, north REAL NOT NULL) STRICT;
