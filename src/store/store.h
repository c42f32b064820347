/* The one door to the database. Records with all their revisions, and what is derived from them: search, facets, places, references.
 *
 * Threads: a writer thread inside the store applies changes in groups (one transaction, one fsync for many callers); every reading
 * thread opens a store_reader of its own. A reader sees whole transactions only. All derived tables can be rebuilt from the revisions.
 */
#pragma once

#include "base/canonical.h"
#include "base/merkle.h"
#include "record/record.h"
#include "record/validate.h"

typedef struct store store;
typedef struct store_reader store_reader;

typedef enum store_mode { STORE_OPEN, STORE_CREATE } store_mode;

/* Opens (or makes) the database file, migrating an older one. NULL with an error that says what to do. */
store *store_open(const char *path, store_mode mode, GError **error);
void store_close(store *s); /* waits for accepted changes; all readers must be closed before */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(store, store_close)

store_reader *store_reader_open(store *s, GError **error);
void store_reader_close(store_reader *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(store_reader, store_reader_close)

/* Rises with every committed change; what was made from generation g is still true while it is g. Cheap, any thread. */
guint64 store_generation(store *s);

/* How many bytes of memory may hold what searches show of records (512 MiB from the start). 0: none. */
void store_keep_rows(store *s, gsize bytes);

/* ---- writing ---- */

/* A new revision of a record: kind, id, state, time (NULL: now), author, reason, body are read from it; revision, previous and hash are
 * set by the store. expected is the revision it was made from (0: a new record); another answer is a conflict (STORE_ERROR_CONFLICT). */
typedef struct store_change {
	record *record;
	guint expected;
} store_change;

#define STORE_EXPECT_ANY G_MAXUINT
#define STORE_RECORD_BYTES (8 * 1024 * 1024) /* the largest canonical envelope */

typedef enum store_error {
	STORE_ERROR_IO,       /* the disk, the file, a lock */
	STORE_ERROR_CONFLICT, /* the record has another revision than expected */
	STORE_ERROR_FULL,     /* no space */
	STORE_ERROR_DAMAGED,
	STORE_ERROR_NEWER,    /* written by a newer version of the program */
	STORE_ERROR_INVALID   /* the caller's: an id, a time, an as-of day that cannot be */
} store_error;
#define STORE_ERROR (store_error_quark())
GQuark store_error_quark(void);

/* All or nothing; returns when they are durable. The records then carry their revision and hash. Any thread. */
gboolean store_write(store *s, store_change *changes, gsize n, GError **error);

/* ---- reading: each call is one consistent view ---- */

/* From here on all that is read is of one moment, until it is let go: what an answer is put together from belongs together, and costs one
 * transaction. What is written meanwhile is not seen. */
gboolean store_hold(store_reader *r, GError **error);
void store_let_go(store_reader *r);
/* The generation of what the reader sees: of the moment that is held, else the newest. */
guint64 store_reader_generation(const store_reader *r);

/* The published record (withdrawn ones too: nothing vanishes) at present, or as of a day ("2026-12-31", NULL: now). NULL without an error:
 * there is none. */
record *store_get(store_reader *r, const char *kind, const char *id, const char *as_of, GError **error);
/* The title alone of what store_get gives, without reading the record; free with g_free. */
char *store_title(store_reader *r, const char *kind, const char *id, const char *as_of, GError **error);
/* One revision whatever its state (0: the newest one, drafts too); all of them, oldest first (array of record *). */
record *store_revision(store_reader *r, const char *kind, const char *id, guint revision, GError **error);
GPtrArray *store_revisions(store_reader *r, const char *kind, const char *id, GError **error);
/* For body_validate: a record exists when it has any revision, drafts too. Good as long as the reader. */
record_lookup store_lookup(store_reader *r);

/* A question to lists and search. Zeroed: everything published, newest first. */
typedef struct store_filter {
	const char *path;          /* facet path as declared ("themes", "results.indicator"), or "kind" */
	const char *const *values; /* NULL-terminated: any of them; years as "1978", yes and no as "yes" and "no" */
} store_filter;

typedef struct store_query {
	const char *kind; /* NULL: every kind */
	const char *text; /* words (all must occur), "a phrase", prefix*; NULL: none. Any text is allowed; it is never an error. */
	const store_filter *filters;
	gsize n_filters;
	const double *bbox; /* west, south, east, north in degrees; west > east crosses the antimeridian; NULL: none. What has a box that meets
	                     * it is found: a polygon may still lie beside it */
	gboolean unplaced;  /* with a bbox: records that have no place are found too */
	const char *sort;   /* "relevance" (default with text), "title", "newest", or a FIELD_SORT path, "-" before it for descending;
	                     * records without a value come last either way; a path no record has: newest first. "number": as they were published,
	                     * oldest first: what is published while somebody turns pages comes behind the last one */
	guint after;        /* with sort "number": only hits behind this number, in place of an offset */
	gboolean (*test)(const record *, gpointer); /* a condition on top of all others, tried on each record that fulfils them; NULL: none. It may read
	                     * from the same reader with store_get and store_place_of */
	gpointer test_data;
	gboolean test_border; /* with a bbox: test only what the spatial index cannot tell, whose own box lies partly outside */
	const char *const *test_members; /* the members of the body that test looks at, as members below, with id, revision and time; NULL: all of the record. Quick
	                     * where they are FIELD_BRIEF, title or summary: no revision is read then */
	const char *as_of;  /* day, "2026-12-31": what was published at its end (UTC); NULL: now */
	guint offset, limit; /* limit 0: 20; at most 1000 */
	gboolean facets;     /* count values of every facet of the kind; a facet's own filter does not narrow its own counts. Without a
	                     * kind there is one facet, "kind" */
	const char *const *facet_paths; /* count these only, NULL-terminated; NULL: all */
	guint facet_limit;  /* the most values of a facet to give; 0: all */
	const char *facet_whole; /* the path of one facet that facet_limit does not cut; NULL: none */
	gboolean bodies;     /* give each hit's record */
	gboolean canonical;  /* give each hit's canonical envelope and its hash, neither parsed nor made anew, in place of title, summary, time and snippet */
	gboolean briefs;     /* give what lists show of each hit's body (record/brief.h): quickest of all */
	const char *const *members; /* with bodies, and in store_each: only these members of each body ("results.value" within a group), NULL-terminated (quicker); NULL: all */
} store_query;

/* A value of a record's facet. */
typedef struct store_value {
	const char *path, *value;
} store_value;

/* Its texts, and its brief, are the result's. */
typedef struct store_hit {
	const kind *kind;
	const char *id, *title, *summary;
	guint revision, number; /* number: its place in the order of publication, from 1 */
	const char *time;    /* when this revision was published, RFC 3339 */
	const char *snippet; /* plain text; matches between U+E000 and U+E001 (private use); NULL without text */
	record *record;      /* if asked */
	const canonical_leaf *brief;       /* if asked */
	const struct text_row *row;        /* holds texts of it; the store's own */
	const char *canonical, *hash;      /* if asked */
} store_hit;

typedef struct store_facet_value {
	const char *value; /* lives as long as the program */
	guint count;
} store_facet_value;

typedef struct store_facet {
	const char *path;
	store_facet_value *values; /* those that occur, most frequent first, then by value; filtered-for ones always */
	gsize n;
	guint distinct; /* how many values occur, given or not */
	guint answered; /* records in the result that have any value here: "212 of 300 report it" */
} store_facet;

typedef struct store_result {
	store_hit *hits;
	gsize n;
	guint total, behind; /* behind: with sort "number", how many come after the last hit */
	store_facet *facets;
	gsize n_facets;
	pool *texts; /* where those of the hits lie; NULL: in none */
} store_result;

/* A query whose test must be tried on more records than this is answered one at a time: while one is, the next fails with G_IO_ERROR_BUSY, so that such questions never
 * take every reader at once. */
#define STORE_TRIED_AT_ONCE 2000

store_result *store_search(store_reader *r, const store_query *q, GError **error);
void store_result_free(store_result *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(store_result, store_result_free)

/* What was published, changed and withdrawn: public revisions in the order of the log. */
typedef struct store_range {
	guint64 first;          /* number of the log's entry to begin at */
	const char *from, *until; /* times of publication, RFC 3339, both included; NULL: no bound */
	gboolean newest;        /* of each record only the newest (as of the query's day) */
	gboolean rising;        /* oldest first, else newest first */
} store_range;

typedef struct store_changed {
	guint64 number;         /* of the log's entry */
	record *record, *before; /* before: the public revision it replaced; NULL: the record is new */
} store_changed;

/* The changes of a query's records, from its offset on, at most its limit: a revision belongs to them that the query finds, and one by which a record
 * left what the query finds; its order and facets are of no account. Array of store_changed *; *total: how many there are. */
GPtrArray *store_changes(store_reader *r, const store_query *q, const store_range *range, guint *total, GError **error);

/* Calls visit for every record the query finds (offset and limit ignored), in its order; stops when visit gives FALSE. For exports. */
gboolean store_each(store_reader *r, const store_query *q, gboolean (*visit)(const record *, gpointer), gpointer data, GError **error);

/* Records of from_kind (NULL: any) that refer to this one, or did as of a day (NULL: now), and by which path. Array of store_reference *. */
typedef struct store_reference {
	const kind *kind;
	char *id, *title, *path;
} store_reference;
GPtrArray *store_referrers(store_reader *r, const char *kind, const char *id, const char *from_kind, const char *as_of, GError **error);

/* Places of a query's records for a map. Array of store_place *. */
typedef struct store_place {
	const kind *kind;
	char *id, *title;
	double longitude, latitude;
} store_place;
GPtrArray *store_places(store_reader *r, const store_query *q, GError **error);
/* Where one published record lies, at present or as of a day. FALSE without an error: nowhere. */
gboolean store_place_of(store_reader *r, const char *kind, const char *id, const char *as_of, double *longitude, double *latitude, GError **error);
/* West, south, east and north of all that a query finds, from the spatial index (a little wider than the places themselves, by rounding). FALSE without an
 * error: nothing found has a place. */
gboolean store_extent(store_reader *r, const store_query *q, double box[4], GError **error);

/* How many published records of a kind there are. */
guint store_count(store_reader *r, const char *kind, GError **error);

/* ---- the log: every public revision is an entry, numbered from 0 in the order of publication ---- */

/* How many entries there are. */
gboolean store_log_size(store_reader *r, guint64 *size, GError **error);
/* Hashes of the log's tree, for struct merkle_tiles (base/merkle.h): data is a store_reader. */
gboolean store_log_hashes(gpointer reader, guint level, guint64 first, guint count, merkle_hash *out, GError **error);
/* Number of a revision's entry; FALSE without an error: it was never public. */
gboolean store_log_number(store_reader *r, const char *kind, const char *id, guint revision, guint64 *number, GError **error);

/* How many there were at the end of a day ("2026-12-31"). */
gboolean store_log_size_as_of(store_reader *r, const char *day, guint64 *size, GError **error);
/* Canonical bytes of an entry's revision, NUL-terminated; free with g_free. NULL with an error, also where there is no such entry. */
char *store_log_revision(store_reader *r, guint64 number, gsize *length, GError **error);

/* The log of another store, and its files. revision gives canonical bytes as store_log_revision does; files calls visit for each file. */
typedef gboolean (*store_file_visit)(gpointer to, GBytes *bytes, const char *media_type, GError **error);
typedef struct store_log_source {
	guint64 size;
	char *(*revision)(gpointer data, guint64 number, gsize *length, GError **error);
	gboolean (*files)(gpointer data, store_file_visit visit, gpointer to, GError **error);
	gpointer data;
} store_log_source;
/* Fills an empty store with it: the same revisions in the same order, with their times, authors and numbers, so that the log is the same, entry by
 * entry. All or nothing. What the other had between them (drafts) is not there. */
gboolean store_log_restore(store *s, const store_log_source *from, GError **error);

/* An entry: what was hashed (record_entry of record/record.h), and which revision it is. */
typedef struct store_log_entry {
	char *bytes;
	gsize length;
	char *kind, *id;
	guint revision;
} store_log_entry;
void store_log_entry_clear(store_log_entry *e);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(store_log_entry, store_log_entry_clear)
/* FALSE without an error: there is no such entry. */
gboolean store_log_entry_get(store_reader *r, guint64 number, store_log_entry *out, GError **error);

/* Keeps a checkpoint that was signed (and cosigned) for a size; the newest kept one of at most a size (NULL without an error: none). Free with
 * g_free. The store does not check signatures. */
gboolean store_log_keep(store *s, guint64 size, const char *note, GError **error);
char *store_log_checkpoint(store_reader *r, guint64 size, GError **error);

/* ---- files: pictures, maps, evidence, each under the SHA-256 of its bytes ---- */

#define STORE_FILE_BYTES (64 * 1024 * 1024) /* the largest file */

/* Keeps the bytes and gives their SHA-256 in 64 lower-case hexadecimal digits, durable when it returns; bytes that are already there stay as they
 * are. media_type, such as "image/png", is what they are offered as: only the types of store_media_types; another is STORE_ERROR_INVALID, as are
 * too many bytes. Any thread. */
gboolean store_file_put(store *s, GBytes *bytes, const char *media_type, char sha256[static 65], GError **error);
/* The bytes of that name and (interned) their type; NULL without an error: there is no such file. Free with g_bytes_unref. */
GBytes *store_file_get(store_reader *r, const char *sha256, const char **media_type, GError **error);
/* The same, if it was kept at that time (RFC 3339); else NULL. */
GBytes *store_file_kept(store_reader *r, const char *sha256, const char *time, const char **media_type, GError **error);
/* Types a browser shows or saves without running anything; NULL-terminated. */
extern const char *const store_media_types[];

/* ---- files beside the database ---- */

/* Remembers a checksum under a name, such as that of the settings the program last ran with; gives it back (NULL without an error: there is none; free with
 * g_free). Remembering what is remembered already writes nothing. */
gboolean store_seal(store *s, const char *name, const char *sha256, GError **error);
char *store_sealed(store_reader *r, const char *name, GError **error);

/* ---- upkeep ---- */

/* Before the database is opened: is every byte of its file as this program wrote it, used or not? Appends a sentence (char *) for each page that is not, at most
 * 20; TRUE if it could look. Disturbs nobody who has the database open. What changed it may have made the sums right as well: that is for the checks below. */
gboolean store_file_check(const char *path, GPtrArray *faults, GError **error);
/* Copies the database as it is at this moment to a file, which must not be there yet, while others read and write on. FALSE with an error. */
gboolean store_copy(store_reader *r, const char *path, GError **error);
/* Is the database whole: pages, every revision's hash, chain of previous, projections equal to what the revisions give. Appends a sentence
 * (char *) for each fault; TRUE if it could look. */
gboolean store_check(store *s, GPtrArray *faults, GError **error);
/* Of that only the log: its entries, tree and kept checkpoints against the revisions. Memory does not grow with the log. */
gboolean store_log_check(store *s, GPtrArray *faults, GError **error);
/* Makes every projection anew from the revisions, in one transaction. */
gboolean store_rebuild(store *s, GError **error);
/* After many changes at once: brings what search reads into one piece, so that it is read quicker. Waits for its turn to write. */
gboolean store_tidy(store *s, GError **error);
/* SHA-256 over all projection rows in a fixed order: the same before and after a rebuild. Free with g_free. */
char *store_projection_hash(store *s, GError **error);
