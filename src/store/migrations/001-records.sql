-- Every revision of every record, in the order they came; never changed, never deleted.
CREATE TABLE revision (
	seq INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	id TEXT NOT NULL,
	revision INTEGER NOT NULL CHECK (revision > 0),
	state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),
	time TEXT NOT NULL,
	hash TEXT NOT NULL CHECK (length(hash) = 64),
	envelope TEXT NOT NULL,
	UNIQUE (kind, id, revision)
) STRICT;
CREATE INDEX revision_public ON revision (kind, id, revision) WHERE state >= 3;
CREATE TRIGGER revision_is_not_changed BEFORE UPDATE ON revision BEGIN SELECT raise(ABORT, 'a revision is never changed'); END;
CREATE TRIGGER revision_is_not_deleted BEFORE DELETE ON revision BEGIN SELECT raise(ABORT, 'a revision is never deleted'); END;

-- What the store knows about itself.
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Below: projections, derived from the public revisions in order, only ever added to.

-- A document is a revision that was published or withdrawn. It holds from `since` until the document comes that names it as previous.
CREATE TABLE document (
	document INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	id TEXT NOT NULL,
	revision INTEGER NOT NULL,
	listed INTEGER NOT NULL,
	since INTEGER NOT NULL,
	previous INTEGER NOT NULL,
	title TEXT NOT NULL,
	summary TEXT NOT NULL
) STRICT;
CREATE INDEX document_record ON document (kind, id, document);

CREATE TABLE text (document INTEGER PRIMARY KEY, title TEXT NOT NULL, summary TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE words USING fts5 (title, summary, body,
	content = 'text', content_rowid = 'document', tokenize = 'folded', prefix = '2 3', columnsize = 0);

CREATE TABLE facet_value (
	number INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	path TEXT NOT NULL,
	value TEXT NOT NULL,
	UNIQUE (kind, path, value)
) STRICT;
CREATE TABLE facet (document INTEGER NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (document, value)) STRICT, WITHOUT ROWID;

CREATE TABLE sort_key (document INTEGER NOT NULL, path TEXT NOT NULL, key ANY NOT NULL, PRIMARY KEY (document, path)) STRICT, WITHOUT ROWID;
CREATE INDEX sort_key_order ON sort_key (path, key, document);

CREATE TABLE reference (
	to_kind TEXT NOT NULL,
	to_id TEXT NOT NULL,
	document INTEGER NOT NULL,
	path TEXT NOT NULL,
	PRIMARY KEY (to_kind, to_id, document, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE place (document INTEGER PRIMARY KEY, longitude REAL NOT NULL, latitude REAL NOT NULL) STRICT;
-- A place that crosses the antimeridian has two boxes: number = 2 * document, and one more.
CREATE VIRTUAL TABLE place_box USING rtree (number, west, east, south, north);
