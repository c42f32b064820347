#include "store/sql.h"

#include <stddef.h>

const char *const sql_text[SQL_COUNT] = {
	[SQL_BEGIN] = "BEGIN",
	[SQL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_SAVEPOINT] = "SAVEPOINT change",
	[SQL_SAVEPOINT_UNDO] = "ROLLBACK TO change",
	[SQL_SAVEPOINT_RELEASE] = "RELEASE change",

	[SQL_GENERATION] = "SELECT coalesce(max(seq), 0) FROM revision",
	[SQL_LATEST] = "SELECT revision, hash, time FROM revision WHERE kind = ?1 AND id = ?2 ORDER BY revision DESC LIMIT 1",
	[SQL_TIME_NEWEST] = "SELECT time FROM revision ORDER BY seq DESC LIMIT 1",
	[SQL_REVISION_INSERT] = "INSERT INTO revision (kind, id, revision, state, time, hash, envelope) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[SQL_REVISION_NEWEST] = "SELECT envelope FROM revision WHERE kind = ?1 AND id = ?2 ORDER BY revision DESC LIMIT 1",
	[SQL_REVISION_PUBLIC] = "SELECT envelope FROM revision WHERE kind = ?1 AND id = ?2 AND state >= 3 ORDER BY revision DESC LIMIT 1",
	[SQL_REVISION_AS_OF] =
	    "SELECT envelope FROM revision WHERE kind = ?1 AND id = ?2 AND state >= 3 AND time <= ?3 ORDER BY revision DESC LIMIT 1",
	[SQL_REVISION_NUMBERED] = "SELECT envelope FROM revision WHERE kind = ?1 AND id = ?2 AND revision = ?3",
	[SQL_REVISION_ALL] = "SELECT envelope FROM revision WHERE kind = ?1 AND id = ?2 ORDER BY revision",
	[SQL_REVISIONS_PUBLIC] = "SELECT envelope FROM revision WHERE state >= 3 ORDER BY seq",
	[SQL_REVISIONS_EVERY] = "SELECT kind, id, revision, state, time, hash, envelope, seq FROM revision ORDER BY kind, id, revision",
	[SQL_ABOUT_GET] = "SELECT value FROM about WHERE name = ?1",
	[SQL_ABOUT_SET] = "INSERT INTO about (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",

	[SQL_DOCUMENT_LAST] = "SELECT document FROM document WHERE kind = ?1 AND id = ?2 ORDER BY document DESC LIMIT 1",
	[SQL_DOCUMENT_INSERT] = "INSERT INTO document (kind, id, revision, listed, since, previous, title, summary, brief) "
	                        "VALUES (?1, ?2, ?3, ?4, unixepoch(?5), ?6, ?7, ?8, ?9) RETURNING document",
	[SQL_TEXT_INSERT] = "INSERT INTO text (document, id, revision, shown_title, shown_summary, brief, title, summary, body) "
	                    "SELECT document, id, revision, title, summary, brief, ?2, ?3, ?4 FROM document WHERE document = ?1",
	[SQL_WORDS_INSERT] = "INSERT INTO words (rowid, title, summary, body) VALUES (?1, ?2, ?3, ?4)",
	[SQL_WORDS_TIDY] = "INSERT INTO words (words) VALUES ('optimize')",
	[SQL_TEXTS_BETWEEN] = "SELECT document, title, summary, body FROM text WHERE document BETWEEN ?1 AND ?2 ORDER BY document",
	[SQL_BLOCK_SET] = "INSERT OR REPLACE INTO word_block (word, block, bytes) VALUES (?1, ?2, ?3)",
	[SQL_VALUE_FIND] = "SELECT number FROM facet_value WHERE kind = ?1 AND path = ?2 AND value = ?3",
	[SQL_VALUE_INSERT] = "INSERT INTO facet_value (kind, path, value) VALUES (?1, ?2, ?3) RETURNING number",
	[SQL_FACET_INSERT] = "INSERT OR IGNORE INTO facet (document, value) VALUES (?1, ?2)",
	[SQL_SORT_INSERT] = "INSERT OR IGNORE INTO sort_key (document, path, key) VALUES (?1, ?2, ?3)",
	[SQL_REFERENCE_INSERT] = "INSERT OR IGNORE INTO reference (to_kind, to_id, document, path) VALUES (?1, ?2, ?3, ?4)",
	[SQL_PLACE_INSERT] = "INSERT INTO place (document, longitude, latitude) VALUES (?1, ?2, ?3)",
	[SQL_BOX_INSERT] = "INSERT INTO place_box (number, west, east, south, north) VALUES (?1, ?2, ?3, ?4, ?5)",

	[SQL_DOCUMENT_COUNT] = "SELECT coalesce(max(document), 0) FROM document",
	[SQL_DOCUMENTS_AFTER] = "SELECT d.document, d.kind, d.listed, d.since, d.previous, e.seq FROM document d "
	                        "LEFT JOIN log_entry e ON e.number = d.document - 1 WHERE d.document > ?1 ORDER BY d.document",
	[SQL_VALUE_COUNT] = "SELECT coalesce(max(number), 0) FROM facet_value",
	[SQL_VALUES_AFTER] = "SELECT number, kind, path, value FROM facet_value WHERE number > ?1 ORDER BY number",
	[SQL_FACETS_AFTER] = "SELECT document, value FROM facet WHERE document > ?1 ORDER BY document, value",
	[SQL_ORDER] = "SELECT document FROM sort_key WHERE path = ?1 ORDER BY key, document",
	[SQL_SORT_HAS] = "SELECT 1 FROM sort_key WHERE document = ?1 AND path = ?2",
	[SQL_SORT_NEXT] = "SELECT n.document FROM sort_key k CROSS JOIN sort_key n ON n.path = k.path AND (n.key, n.document) > (k.key, k.document) "
	                  "WHERE k.document = ?1 AND k.path = ?2 AND n.document <= ?3 ORDER BY n.key, n.document LIMIT 1",
	[SQL_SORT_BEFORE] = "SELECT 1 FROM sort_key a CROSS JOIN sort_key b ON b.path = a.path AND (b.key, b.document) > (a.key, a.document) "
	                    "WHERE a.document = ?1 AND b.document = ?2 AND a.path = ?3",

	[SQL_MATCH] = "SELECT rowid, weight(words) FROM words WHERE words MATCH ?1 AND rowid > ?2 ORDER BY rowid",
	[SQL_BLOCKS_UPTO] = "SELECT CAST(value AS INTEGER) FROM about WHERE name = 'blocks'",
	[SQL_BLOCKS_OF] = "SELECT block, bytes FROM word_block WHERE word = ?1 ORDER BY block",
	[SQL_BLOCKS_BETWEEN] = "SELECT block, bytes FROM word_block WHERE word >= ?1 AND word < ?2",
	[SQL_REVISION_AT] = "SELECT envelope, hash, id, revision FROM revision WHERE seq = ?1",
	[SQL_HIT] = "SELECT id, title, summary, revision FROM document WHERE document = ?1",
	[SQL_HIT_BRIEF] = "SELECT id, title, summary, revision, brief FROM document WHERE document = ?1",
	[SQL_HIT_TEXT] = "SELECT id, shown_title, shown_summary, revision, brief, summary, body FROM text WHERE document = ?1",
	[SQL_TITLE] = "SELECT title FROM document WHERE kind = ?1 AND id = ?2 AND since <= ?3 ORDER BY document DESC LIMIT 1",
	[SQL_BOX] = "SELECT number / 2, west >= ?1 AND east <= ?2 AND south >= ?3 AND north <= ?4 FROM place_box WHERE west <= ?2 AND east >= ?1 AND south <= ?4 AND north >= ?3",
	[SQL_BOX_OF] = "SELECT west, south, east, north FROM place_box WHERE number BETWEEN 2 * ?1 AND 2 * ?1 + 1",
	[SQL_PLACED] = "SELECT document FROM place",
	[SQL_PLACE] = "SELECT d.id, d.title, p.longitude, p.latitude FROM place p JOIN document d ON d.document = p.document "
	              "WHERE p.document = ?1",
	[SQL_PLACE_AS_OF] = "SELECT p.longitude, p.latitude FROM document d LEFT JOIN place p ON p.document = d.document "
	                    "WHERE d.kind = ?1 AND d.id = ?2 AND d.since <= ?3 ORDER BY d.document DESC LIMIT 1",
	[SQL_REFERRERS] = "SELECT d.document, d.kind, d.id, d.title, r.path FROM reference r JOIN document d ON d.document = r.document "
	                  "WHERE r.to_kind = ?1 AND r.to_id = ?2 ORDER BY d.kind, d.title, d.id, r.path",
	[SQL_EXISTS] = "SELECT 1 FROM revision WHERE kind = ?1 AND id = ?2 LIMIT 1",
	[SQL_LOG_ENTRY_INSERT] = "INSERT INTO log_entry (number, seq) VALUES ((SELECT coalesce(max(number), -1) + 1 FROM log_entry), ?1)",
	[SQL_LOG_ENTRIES] = "SELECT r.envelope FROM log_entry e JOIN revision r ON r.seq = e.seq WHERE e.number >= ?1 ORDER BY e.number",
	[SQL_LOG_ENTRY] = "SELECT r.envelope, r.kind, r.id, r.revision FROM log_entry e JOIN revision r ON r.seq = e.seq WHERE e.number = ?1",
	[SQL_LOG_NUMBER] = "SELECT e.number FROM revision r JOIN log_entry e ON e.seq = r.seq WHERE r.kind = ?1 AND r.id = ?2 AND r.revision = ?3",
	[SQL_LOG_COUNT] = "SELECT coalesce(max(number), -1) + 1 FROM log_entry",
	[SQL_LOG_COUNT_AS_OF] = "SELECT coalesce((SELECT min(e.number) FROM log_entry e JOIN revision r ON r.seq = e.seq WHERE r.time > ?1), "
	                        "(SELECT coalesce(max(number), -1) + 1 FROM log_entry))",
	[SQL_LOG_MISPLACED] = "SELECT count(*) FROM (SELECT row_number() OVER (ORDER BY seq) - 1 AS should, seq FROM revision WHERE state >= 3) r "
	                      "FULL JOIN log_entry e ON e.seq = r.seq WHERE e.number IS NOT r.should",
	[SQL_LOG_LAST_TILE] = "SELECT place, hashes FROM log_tile WHERE place < 281474976710656 ORDER BY place DESC LIMIT 1",
	[SQL_LOG_TILE] = "SELECT hashes FROM log_tile WHERE place = ?1",
	[SQL_LOG_TILE_SET] = "INSERT OR REPLACE INTO log_tile (place, hashes) VALUES (?1, ?2)",
	[SQL_LOG_CHECKPOINT] = "SELECT note FROM log_checkpoint WHERE size <= ?1 ORDER BY size DESC LIMIT 1",
	[SQL_LOG_CHECKPOINTS] = "SELECT size, note FROM log_checkpoint ORDER BY size",
	[SQL_LOG_CHECKPOINT_SET] = "INSERT INTO log_checkpoint (size, note) VALUES (?1, ?2) ON CONFLICT (size) DO UPDATE SET note = excluded.note",
	[SQL_SHAPE_FIND] = "SELECT shape FROM shape WHERE sha256 = ?1",
	[SQL_SHAPE_INSERT] = "INSERT INTO shape (sha256, area, west, south, east, north, boundary) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING shape",
	[SQL_SHAPE_BOX_OF] = "SELECT west, south, east, north FROM shape WHERE shape = ?1",
	[SQL_SHAPE_LISTED] = "SELECT 1 FROM land l JOIN document d ON d.document = l.document WHERE l.shape = ?1 AND NOT EXISTS "
	                     "(SELECT 1 FROM document n WHERE n.kind = d.kind AND n.id = d.id AND n.document > d.document) LIMIT 1",
	[SQL_SHAPE_SHOW] = "INSERT OR REPLACE INTO shape_box (shape, west, east, south, north) SELECT shape, west, east, south, north FROM shape WHERE shape = ?1",
	[SQL_SHAPE_HIDE] = "DELETE FROM shape_box WHERE shape = ?1",
	/* The R*Tree keeps 32-bit numbers, rounded outwards: what it finds is held against the exact box. */
	[SQL_SHAPES_CROWD] = "SELECT count(*) FROM (SELECT 1 FROM shape_box b CROSS JOIN shape s ON s.shape = b.shape "
	                     "WHERE b.west <= ?3 AND b.east >= ?1 AND b.south <= ?4 AND b.north >= ?2 "
	                     "AND s.west <= ?3 AND s.east >= ?1 AND s.south <= ?4 AND s.north >= ?2 LIMIT ?5)",
	[SQL_SHAPES_IN] = "SELECT s.shape, s.boundary FROM shape_box b CROSS JOIN shape s ON s.shape = b.shape "
	                  "WHERE b.west <= ?3 AND b.east >= ?1 AND b.south <= ?4 AND b.north >= ?2 "
	                  "AND s.west <= ?3 AND s.east >= ?1 AND s.south <= ?4 AND s.north >= ?2 ORDER BY s.shape",
	[SQL_SHAPES_LISTED] = "SELECT shape FROM shape_box ORDER BY shape",
	[SQL_SHAPE_READ] = "SELECT boundary FROM shape WHERE shape = ?1",
	[SQL_LAND_OF] = "SELECT shape, since FROM land WHERE document = ?1",
	[SQL_LAND_INSERT] = "INSERT INTO land (document, shape, since) VALUES (?1, ?2, ?3)",
	[SQL_LAND_EVERY] = "SELECT d.document, l.shape, l.since, s.area, d.id, d.title FROM document d LEFT JOIN land l ON l.document = d.document "
	                   "LEFT JOIN shape s ON s.shape = l.shape WHERE d.kind = ?1 AND d.listed ORDER BY d.id, d.document",
	[SQL_STALE_ADD] = "INSERT INTO face_stale (west, south, east, north) SELECT west, south, east, north FROM shape WHERE shape = ?1",
	[SQL_STALE_ALL] = "SELECT west, south, east, north FROM face_stale",
	[SQL_STALE_EMPTY] = "DELETE FROM face_stale",
	[SQL_FACES_DROP] = "DELETE FROM face WHERE cell BETWEEN ?1 AND ?2",
	[SQL_FACE_INSERT] = "INSERT INTO face (cell, shapes, area, approximate) VALUES (?1, ?2, ?3, ?4)",
	[SQL_FACES] = "SELECT cell, shapes, area, approximate FROM face",
	[SQL_FILE_INSERT] = "INSERT OR IGNORE INTO file (sha256, media_type, bytes, since) VALUES (?1, ?2, ?3, iif(?4, unixepoch(), 0))",
	[SQL_FILE_GET] = "SELECT media_type, bytes FROM file WHERE sha256 = ?1",
	[SQL_FILE_KEPT] = "SELECT media_type, bytes FROM file WHERE sha256 = ?1 AND since <= unixepoch(?2)",
	[SQL_FILES_EVERY] = "SELECT sha256, bytes FROM file ORDER BY sha256",
};

const char *const sql_empty[] = {
	"DELETE FROM document",
	"INSERT INTO words (words) VALUES ('delete-all')",
	"DELETE FROM text",
	"DELETE FROM word_block",
	"DELETE FROM about WHERE name = 'blocks'",
	"DELETE FROM facet_value",
	"DELETE FROM facet",
	"DELETE FROM sort_key",
	"DELETE FROM reference",
	"DELETE FROM place",
	"DELETE FROM place_box",
	"DELETE FROM shape",
	"DELETE FROM land",
	"DELETE FROM shape_box",
	"DELETE FROM face",
	"DELETE FROM face_stale",
	NULL,
};

const char *const sql_hashed[] = {
	"SELECT * FROM document ORDER BY document",
	"SELECT * FROM text ORDER BY document",
	"SELECT term, doc, col, offset FROM temp.vocabulary",
	/* full blocks; what tidying adds depends on when it came */
	"SELECT word, block, hex(bytes) FROM word_block WHERE block < (SELECT (coalesce(max(document), 0) + 1) / 4096 FROM document) ORDER BY word, block",
	"SELECT * FROM facet_value ORDER BY number",
	"SELECT * FROM facet ORDER BY document, value",
	"SELECT * FROM sort_key ORDER BY document, path",
	"SELECT * FROM reference ORDER BY to_kind, to_id, document, path",
	"SELECT * FROM place ORDER BY document",
	"SELECT * FROM place_box ORDER BY number",
	"SELECT shape, sha256, area, west, south, east, north, hex(boundary) FROM shape ORDER BY shape",
	"SELECT * FROM land ORDER BY document",
	"SELECT * FROM shape_box ORDER BY shape",
	"SELECT * FROM face ORDER BY cell, shapes",
	"SELECT * FROM face_stale",
	NULL,
};
