-- Pictures, maps and evidence, each under the SHA-256 of its bytes; never changed.
CREATE TABLE file (
	sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
	media_type TEXT NOT NULL,
	bytes BLOB NOT NULL
) STRICT;
CREATE TRIGGER file_is_not_changed BEFORE UPDATE ON file BEGIN SELECT raise(ABORT, 'a file is never changed'); END;
