-- What a search shows of a document stands beside the text its snippet is cut from, so that a hit costs one row.
CREATE TABLE text_and_hit (
	document INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	revision INTEGER NOT NULL,
	shown_title TEXT NOT NULL,
	shown_summary TEXT NOT NULL,
	brief TEXT NOT NULL,
	title TEXT NOT NULL,
	summary TEXT NOT NULL,
	body TEXT NOT NULL
) STRICT;
INSERT INTO text_and_hit
	SELECT t.document, d.id, d.revision, d.title, d.summary, d.brief, t.title, t.summary, t.body
	FROM text t JOIN document d ON d.document = t.document ORDER BY t.document;
DROP TABLE text;
ALTER TABLE text_and_hit RENAME TO text;
