/* The log in the database: which revision is which entry, the tiles of the tree, the checkpoints that were signed. The tree grows in the transaction
 * that publishes; log/ makes proofs of it, and the programs sign it. */
#include "record/message.h"
#include "store/inside.h"

#include <string.h>

#define LEVEL_BITS 48 /* of a tile's place: level above, number below */

static gint64 tile_place(guint level, guint64 n)
{
	return (gint64)level << LEVEL_BITS | (gint64)n;
}

static gboolean damaged(GError **error, const char *what)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, _("The log: %s. Restore the last backup; docs/operator.md says how."), what);
	return FALSE;
}

/* ---- tiles ---- */

static gboolean tile_read(database *d, guint level, guint64 n, guint first, guint count, merkle_hash *out, GError **error)
{
	sqlite3_stmt *row = database_bind(d, SQL_LOG_TILE, error, "i", tile_place(level, n));
	int code = row ? database_step(d, row, error) : SQLITE_ERROR;
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE ? damaged(error, "a tile is missing") : FALSE;
	gboolean enough = (gsize)sqlite3_column_bytes(row, 0) >= (first + count) * sizeof *out;
	if (enough)
		memcpy(out, (const guint8 *)sqlite3_column_blob(row, 0) + first * sizeof *out, count * sizeof *out);
	sqlite3_reset(row);
	return enough || damaged(error, "a tile is shorter than it was");
}

static gboolean tile_write(database *d, guint level, guint64 n, const merkle_hash *hashes, guint width, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(hashes, width * sizeof *hashes);
	return database_run(d, SQL_LOG_TILE_SET, error, "ib", tile_place(level, n), bytes);
}

/* The tree's size by its tiles. */
static gboolean log_tree_size(database *d, guint64 *size, GError **error)
{
	sqlite3_stmt *row = database_bind(d, SQL_LOG_LAST_TILE, error, "");
	int code = row ? database_step(d, row, error) : SQLITE_ERROR;
	*size = 0;
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE;
	*size = (guint64)sqlite3_column_int64(row, 0) * MERKLE_WIDTH + (guint64)sqlite3_column_bytes(row, 1) / sizeof(merkle_hash);
	sqlite3_reset(row);
	return TRUE;
}

/* ---- growing ---- */

static gboolean edge_read(database *d, merkle_edge *edge, GError **error)
{
	if (!log_tree_size(d, &edge->size, error))
		return FALSE;
	for (guint level = 0; level < MERKLE_LEVELS; level++) {
		guint width = merkle_edge_width(edge->size, level);
		if (width && !tile_read(d, level, edge->size >> (8 * (level + 1)), 0, width, edge->tile[level], error))
			return FALSE;
	}
	return TRUE;
}

static gboolean edge_write(database *d, const merkle_edge *edge, guint64 before, GError **error)
{
	for (guint level = 0; level < MERKLE_LEVELS && before >> (8 * level) != edge->size >> (8 * level); level++) {
		guint width = merkle_edge_width(edge->size, level);
		if (width && !tile_write(d, level, edge->size >> (8 * (level + 1)), edge->tile[level], width, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean keep_full(gpointer data, guint level, guint64 n, const merkle_hash tile[MERKLE_WIDTH], GError **error)
{
	return tile_write(data, level, n, tile, MERKLE_WIDTH, error);
}

static merkle_hash row_leaf(sqlite3_stmt *row)
{
	char buffer[72];
	gsize length;
	const char *envelope = column_text(row, 0), *entry = record_entry(envelope, (gsize)sqlite3_column_bytes(row, 0), buffer, &length);
	return merkle_leaf(entry, length);
}

/* Adds the leaves of all entries from the edge's size on. */
static gboolean add_leaves(database *d, merkle_edge *edge, merkle_full full, gpointer data, GError **error)
{
	sqlite3_stmt *rows = database_bind(d, SQL_LOG_ENTRIES, error, "i", (gint64)edge->size);
	int code = SQLITE_ERROR;
	gboolean ok = TRUE;
	while (ok && rows && (code = database_step(d, rows, error)) == SQLITE_ROW) {
		merkle_hash leaf = row_leaf(rows);
		ok = merkle_append(edge, &leaf, full, data, error);
	}
	if (!ok)
		sqlite3_reset(rows);
	return ok && code == SQLITE_DONE;
}

gboolean log_grow(database *d, GError **error)
{
	gint64 count;
	guint64 size;
	if (!database_number(d, &count, 0, SQL_LOG_COUNT, error, "") || !log_tree_size(d, &size, error))
		return FALSE;
	if ((guint64)count == size)
		return TRUE;
	g_autofree merkle_edge *edge = g_new0(merkle_edge, 1);
	return edge_read(d, edge, error) && add_leaves(d, edge, keep_full, d, error) && edge_write(d, edge, size, error);
}

/* ---- reading ---- */

gboolean store_log_size(store_reader *r, guint64 *size, GError **error)
{
	return log_tree_size(&r->d, size, error);
}

gboolean store_log_hashes(gpointer reader, guint level, guint64 first, guint count, merkle_hash *out, GError **error)
{
	store_reader *r = reader;
	return tile_read(&r->d, level, first / MERKLE_WIDTH, (guint)(first % MERKLE_WIDTH), count, out, error);
}

gboolean store_log_number(store_reader *r, const char *kind_name, const char *id, guint revision, guint64 *number, GError **error)
{
	gint64 n;
	if (!database_number(&r->d, &n, -1, SQL_LOG_NUMBER, error, "ssi", kind_name, id, (gint64)revision) || n < 0)
		return FALSE;
	*number = (guint64)n;
	return TRUE;
}

gboolean store_log_size_as_of(store_reader *r, const char *day, guint64 *size, GError **error)
{
	char end[21];
	gint64 seconds, n;
	if (!time_of_day_end(day, &seconds, end, error) || !database_number(&r->d, &n, 0, SQL_LOG_COUNT_AS_OF, error, "s", end))
		return FALSE;
	*size = (guint64)n;
	return TRUE;
}

char *store_log_revision(store_reader *r, guint64 number, gsize *length, GError **error)
{
	sqlite3_stmt *row = database_bind(&r->d, SQL_LOG_ENTRY, error, "i", (gint64)MIN(number, (guint64)G_MAXINT64));
	int code = row ? database_step(&r->d, row, error) : SQLITE_ERROR;
	if (code == SQLITE_DONE)
		g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, "The log has no entry %" G_GUINT64_FORMAT ". Run \"aftermine check\".", number);
	if (code != SQLITE_ROW)
		return NULL;
	*length = (gsize)sqlite3_column_bytes(row, 0);
	char *bytes = g_strndup(column_text(row, 0), *length);
	sqlite3_reset(row);
	return bytes;
}

void store_log_entry_clear(store_log_entry *e)
{
	g_free(e->bytes), g_free(e->kind), g_free(e->id);
}

gboolean store_log_entry_get(store_reader *r, guint64 number, store_log_entry *out, GError **error)
{
	*out = (store_log_entry) { 0 };
	sqlite3_stmt *row = number <= G_MAXINT64 ? database_bind(&r->d, SQL_LOG_ENTRY, error, "i", (gint64)number) : NULL;
	if (!row || database_step(&r->d, row, error) != SQLITE_ROW)
		return FALSE;
	char buffer[72];
	const char *entry = record_entry(column_text(row, 0), (gsize)sqlite3_column_bytes(row, 0), buffer, &out->length);
	out->bytes = g_strndup(entry, out->length);
	out->kind = g_strdup(column_text(row, 1));
	out->id = g_strdup(column_text(row, 2));
	out->revision = (guint)sqlite3_column_int64(row, 3);
	sqlite3_reset(row);
	return TRUE;
}

/* ---- checkpoints ---- */

typedef struct keeping {
	guint64 size;
	const char *note;
} keeping;

static gboolean keep_job(store *s, database *d, gpointer data, GError **error)
{
	(void)s;
	const keeping *k = data;
	return database_run(d, SQL_LOG_CHECKPOINT_SET, error, "is", (gint64)k->size, k->note);
}

gboolean store_log_keep(store *s, guint64 size, const char *note, GError **error)
{
	return writer_run(s->writer, keep_job, &(keeping) { size, note }, error);
}

char *store_log_checkpoint(store_reader *r, guint64 size, GError **error)
{
	sqlite3_stmt *row = database_bind(&r->d, SQL_LOG_CHECKPOINT, error, "i", (gint64)MIN(size, (guint64)G_MAXINT64));
	if (!row || database_step(&r->d, row, error) != SQLITE_ROW)
		return NULL;
	char *note = g_strdup(column_text(row, 0));
	sqlite3_reset(row);
	return note;
}

/* ---- checking ---- */

typedef struct log_checking {
	database *d;
	void (*found)(gpointer data, const char *says);
	gpointer data;
	guint faults;
} log_checking;

static void report_fault(log_checking *c, const char *says)
{
	if (c->faults++ < 20)
		c->found(c->data, says);
}

/* A tile made from the revisions must be the stored one. A broken one is a fault and no reason to stop. */
static void compare_tile(log_checking *c, guint level, guint64 n, const merkle_hash *tile, guint width)
{
	merkle_hash stored[MERKLE_WIDTH];
	if (tile_read(c->d, level, n, 0, width, stored, NULL) && memcmp(stored, tile, width * sizeof *tile) == 0)
		return;
	g_autofree char *says = g_strdup_printf("The log: tile %" G_GUINT64_FORMAT " of level %u does not follow from the revisions: it or one of them was altered. "
	                                        "Restore the last backup.", n, level);
	report_fault(c, says);
}

static gboolean compare_full(gpointer data, guint level, guint64 n, const merkle_hash tile[MERKLE_WIDTH], GError **error)
{
	(void)error;
	compare_tile(data, level, n, tile, MERKLE_WIDTH);
	return TRUE;
}

static void compare_edge(log_checking *c, const merkle_edge *edge)
{
	for (guint level = 0; level < MERKLE_LEVELS; level++) {
		guint width = merkle_edge_width(edge->size, level);
		if (width)
			compare_tile(c, level, edge->size >> (8 * (level + 1)), edge->tile[level], width);
	}
}

/* Every public revision, and nothing else, in the order of publication. */
static gboolean check_entries(log_checking *c, GError **error)
{
	gint64 wrong;
	if (!database_number(c->d, &wrong, 0, SQL_LOG_MISPLACED, error, ""))
		return FALSE;
	if (wrong) {
		g_autofree char *says = g_strdup_printf("The log: %d public revisions are not the entries they should be. Restore the last backup.", (int)wrong);
		report_fault(c, says);
	}
	return TRUE;
}

static gboolean hashes_of(gpointer data, guint level, guint64 first, guint count, merkle_hash *out, GError **error)
{
	return tile_read(data, level, first / MERKLE_WIDTH, (guint)(first % MERKLE_WIDTH), count, out, error);
}

static gboolean check_checkpoints(log_checking *c, guint64 size, GError **error)
{
	sqlite3_stmt *rows = database_bind(c->d, SQL_LOG_CHECKPOINTS, error, "");
	int code = SQLITE_ERROR;
	merkle_tiles tiles = { hashes_of, c->d };
	while (rows && (code = database_step(c->d, rows, error)) == SQLITE_ROW) {
		guint64 at = (guint64)sqlite3_column_int64(rows, 0);
		g_auto(GStrv) lines = g_strsplit(column_text(rows, 1), "\n", 4);
		merkle_hash root;
		g_autofree char *is = at <= size && merkle_root(&tiles, at, &root, NULL) ? g_base64_encode(root.bytes, sizeof root.bytes) : NULL;
		if (is && g_strv_length(lines) >= 3 && strcmp(lines[2], is) == 0)
			continue;
		g_autofree char *says = g_strdup_printf("The log: what was signed for %" G_GUINT64_FORMAT " entries is not what it holds: history was rewritten. "
		                                        "Restore the last backup.", at);
		report_fault(c, says);
	}
	return code == SQLITE_DONE;
}

gboolean log_check(database *d, void (*found)(gpointer data, const char *says), gpointer data, GError **error)
{
	log_checking c = { d, found, data, 0 };
	g_autofree merkle_edge *edge = g_new0(merkle_edge, 1);
	guint64 size;
	if (!check_entries(&c, error) || !log_tree_size(d, &size, error) || !add_leaves(d, edge, compare_full, &c, error))
		return FALSE;
	compare_edge(&c, edge);
	if (edge->size != size) {
		g_autofree char *says = g_strdup_printf("The log: its tree has %" G_GUINT64_FORMAT " entries, but %" G_GUINT64_FORMAT " revisions are public. "
		                                        "Restore the last backup.", size, edge->size);
		report_fault(&c, says);
	}
	return check_checkpoints(&c, size, error);
}
