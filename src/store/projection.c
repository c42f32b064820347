#include "store/projection.h"

#include <math.h>
#include <sodium.h>
#include <string.h>

#include "base/canonical.h"
#include "base/progress.h"
#include "record/brief.h"
#include "record/message.h"
#include "record/vocabulary.h"
#include "store/block.h"
#include "store/land_faces.h"
#include "store/words.h"

#define SORT_KEY_BYTES 120

/* What the walk over a body gathers, written row by row as it is found: only the text has to be whole first. */
typedef struct gathering {
	database *d;
	const record *r;
	gint64 document, previous; /* previous: of the same record, or 0 */
	GString *path;
	GString *text[3]; /* body, summary, title */
	GError **error;
} gathering;

static gboolean add_facet(gathering *g, const char *path, const char *value)
{
	gint64 number;
	if (!database_number(g->d, &number, 0, SQL_VALUE_FIND, g->error, "sss", g->r->kind->name, path, value))
		return FALSE;
	if (number == 0 && !database_number(g->d, &number, 0, SQL_VALUE_INSERT, g->error, "sss", g->r->kind->name, path, value))
		return FALSE;
	return database_run(g->d, SQL_FACET_INSERT, g->error, "ii", g->document, number);
}

static gboolean add_sort_text(gathering *g, const char *path, const char *text)
{
	g_autofree char *key = words_fold(text, SORT_KEY_BYTES);
	return *key == '\0' || database_run(g->d, SQL_SORT_INSERT, g->error, "iss", g->document, path, key);
}

static const char *term_label(const field *f, const char *id)
{
	const term *t = vocabulary_find(vocabulary_get(f->of), id);
	return t ? t->label : NULL;
}

static gboolean add_sort(gathering *g, const field *f, const json_t *value)
{
	if (json_is_number(value))
		return database_run(g->d, SQL_SORT_INSERT, g->error, "isd", g->document, g->path->str, json_number_value(value));
	if (json_is_boolean(value))
		return database_run(g->d, SQL_SORT_INSERT, g->error, "isd", g->document, g->path->str, json_is_true(value) ? 1.0 : 0.0);
	const char *text = json_string_value(value);
	if (!text)
		return TRUE;
	const char *label = f->type == FIELD_TERM ? term_label(f, text) : NULL;
	return add_sort_text(g, g->path->str, label ? label : text);
}

/* What readers filter by they also type: terms by their label, references by the words of their id. */
static search_weight weight_of(const field *f)
{
	gboolean named = f->type == FIELD_TERM || f->type == FIELD_REF;
	return f->search == SEARCH_NONE && named && f->flags & FIELD_FACET ? SEARCH_BODY : f->search;
}

static void add_text(gathering *g, const field *f, const json_t *value)
{
	GString *out = g->text[weight_of(f) - SEARCH_BODY];
	const char *text = json_string_value(value);
	const char *label = text && f->type == FIELD_TERM ? term_label(f, text) : NULL;
	/* The words of a slug are those of its label; a code (MNG, A) is a word of its own. Snippets show what stands here. */
	if (label)
		g_string_append(out, label);
	if (text && (!label || (g_ascii_isupper(*text) && strcmp(label, text) != 0)))
		g_string_append_printf(out, "%s%s", label ? " " : "", text);
	else if (json_is_integer(value))
		g_string_append_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	g_string_append_c(out, '\n');
}

static const char *facet_name(const json_t *value, char buffer[static 32])
{
	if (json_is_boolean(value))
		return json_is_true(value) ? "yes" : "no";
	if (json_is_integer(value)) {
		g_snprintf(buffer, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return buffer;
	}
	return json_string_value(value);
}

static gboolean gather_fields(gathering *g, const field *fields, const json_t *object);

static gboolean gather_value(gathering *g, const field *f, const json_t *value)
{
	if (f->type == FIELD_GROUP) {
		gsize length = g->path->len;
		g_string_append_c(g->path, '.');
		gboolean ok = gather_fields(g, f->fields, value);
		g_string_truncate(g->path, length);
		return ok;
	}
	if (weight_of(f) != SEARCH_NONE)
		add_text(g, f, value);
	char buffer[32];
	const char *name = f->flags & FIELD_FACET ? facet_name(value, buffer) : NULL;
	if (name && !add_facet(g, g->path->str, name))
		return FALSE;
	if (f->flags & FIELD_SORT && !add_sort(g, f, value))
		return FALSE;
	return f->type != FIELD_REF || !json_is_string(value) ||
	       database_run(g->d, SQL_REFERENCE_INSERT, g->error, "ssis", f->of, json_string_value(value), g->document, g->path->str);
}

static gboolean gather_fields(gathering *g, const field *fields, const json_t *object)
{
	gsize length = g->path->len;
	gboolean ok = TRUE;
	for (const field *f = fields; f->name && ok; f++) {
		const json_t *value = json_object_get(object, f->name);
		if (!value || json_is_null(value))
			continue;
		g_string_append(g->path, f->name);
		if (json_is_array(value))
			for (gsize i = 0; ok && i < json_array_size(value); i++)
				ok = gather_value(g, f, json_array_get(value, i));
		else
			ok = gather_value(g, f, value);
		g_string_truncate(g->path, length);
	}
	return ok;
}

/* Bounds of a geometry, with longitudes as they are and once more with the western half moved east by 360 degrees: the narrower is right
 * for what crosses the antimeridian. */
typedef struct bounds {
	double west, east, moved_west, moved_east, south, north;
} bounds;

static void bounds_point(bounds *b, double longitude, double latitude)
{
	double moved = longitude < 0 ? longitude + 360 : longitude;
	b->west = fmin(b->west, longitude), b->east = fmax(b->east, longitude);
	b->moved_west = fmin(b->moved_west, moved), b->moved_east = fmax(b->moved_east, moved);
	b->south = fmin(b->south, latitude), b->north = fmax(b->north, latitude);
}

static void bounds_coordinates(bounds *b, const json_t *list, int depth)
{
	if (!json_is_array(list) || depth > 6)
		return;
	const json_t *x = json_array_get(list, 0), *y = json_array_get(list, 1);
	if (json_is_number(x) && json_is_number(y))
		bounds_point(b, json_number_value(x), json_number_value(y));
	else
		for (gsize i = 0; i < json_array_size(list); i++)
			bounds_coordinates(b, json_array_get(list, i), depth + 1);
}

static void bounds_geometry(bounds *b, const json_t *geometry, int depth)
{
	bounds_coordinates(b, json_object_get(geometry, "coordinates"), 0);
	const json_t *members = json_object_get(geometry, "geometries");
	for (gsize i = 0; depth < 6 && i < json_array_size(members); i++)
		bounds_geometry(b, json_array_get(members, i), depth + 1);
}

static const json_t *first_value(const record *r, const char *path)
{
	if (!path)
		return NULL;
	g_autoptr(GPtrArray) values = body_values(r->body, path);
	return values && values->len ? g_ptr_array_index(values, 0) : NULL;
}

static gboolean add_box(gathering *g, gint64 half, double west, double east, double south, double north)
{
	return database_run(g->d, SQL_BOX_INSERT, g->error, "idddd", 2 * g->document + half, west, east, south, north);
}

static gboolean add_place(gathering *g)
{
	const kind *k = g->r->kind;
	bounds b = { INFINITY, -INFINITY, INFINITY, -INFINITY, INFINITY, -INFINITY };
	bounds_geometry(&b, first_value(g->r, k->geometry), 0);
	const json_t *x = first_value(g->r, k->longitude), *y = first_value(g->r, k->latitude);
	gboolean point = json_is_number(x) && json_is_number(y);
	if (point)
		bounds_point(&b, json_number_value(x), json_number_value(y));
	if (!isfinite(b.west + b.east + b.south + b.north))
		return TRUE;
	/* Moved east as a whole it is as wide as before, but for rounding: only what lies on both sides of the antimeridian crosses it. */
	gboolean crosses = b.moved_east - b.moved_west < b.east - b.west && b.moved_west < 180 && b.moved_east > 180;
	double west = crosses ? b.moved_west : b.west, east = crosses ? b.moved_east : b.east;
	double longitude = point ? json_number_value(x) : (west + east) / 2;
	double latitude = point ? json_number_value(y) : (b.south + b.north) / 2;
	if (longitude > 180)
		longitude -= 360;
	if (!database_run(g->d, SQL_PLACE_INSERT, g->error, "idd", g->document, longitude, latitude))
		return FALSE;
	if (!crosses)
		return add_box(g, 0, west, east, b.south, b.north);
	return add_box(g, 0, west, 180, b.south, b.north) && add_box(g, 1, -180, east - 360, b.south, b.north);
}

static gboolean add_document(gathering *g)
{
	const record *r = g->r;
	json_t *shown = r->state == RECORD_PUBLISHED ? record_brief(r) : json_object();
	g_autofree char *brief = canonical_text(shown, NULL, g->error);
	json_decref(shown);
	return brief && database_number(g->d, &g->previous, 0, SQL_DOCUMENT_LAST, g->error, "ss", r->kind->name, r->id) &&
	       database_number(g->d, &g->document, 0, SQL_DOCUMENT_INSERT, g->error, "ssiisisss", r->kind->name, r->id, (gint64)r->revision,
	           (gint64)(r->state == RECORD_PUBLISHED), r->time, g->previous, record_title(r), record_summary(r), brief);
}

static gboolean add_contents(gathering *g)
{
	if (!gather_fields(g, g->r->kind->fields, g->r->body) || !add_sort_text(g, "title", record_title(g->r)) || !add_place(g))
		return FALSE;
	const char *title = g->text[2]->str, *summary = g->text[1]->str, *body = g->text[0]->str;
	return database_run(g->d, SQL_TEXT_INSERT, g->error, "isss", g->document, title, summary, body) &&
	       database_run(g->d, SQL_WORDS_INSERT, g->error, "isss", g->document, title, summary, body);
}

static gboolean add_land(gathering *g)
{
	const record *r = g->r;
	if (!r->kind->geometry)
		return TRUE;
	const json_t *geometry = r->state == RECORD_PUBLISHED ? first_value(r, r->kind->geometry) : NULL;
	return land_add(g->d, g->document, g->previous, geometry, r->time, g->error);
}

gboolean projection_add(database *d, const record *r, GError **error)
{
	gathering g = { .d = d, .r = r, .error = error, .path = g_string_new(NULL) };
	for (int i = 0; i < 3; i++)
		g.text[i] = g_string_new(NULL);
	gboolean ok = add_document(&g) && (r->state != RECORD_PUBLISHED || add_contents(&g)) && add_land(&g) &&
	              ((g.document + 1) % BLOCK_DOCUMENTS != 0 || blocks_fill(d, FALSE, error));
	for (int i = 0; i < 3; i++)
		g_string_free(g.text[i], TRUE);
	g_string_free(g.path, TRUE);
	return ok;
}

static gboolean project_revision(database *to, const char *envelope, GError **error)
{
	json_error_t at;
	json_t *json = json_loads(envelope, 0, &at);
	if (!json) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, _("A revision is not readable as JSON (%s). Restore the last backup."), at.text);
		return FALSE;
	}
	g_autoptr(record) r = record_from_json(json, error);
	json_decref(json);
	return r && projection_add(to, r, error);
}

gboolean projection_rebuild(database *to, database *from, GError **error)
{
	for (gsize i = 0; sql_empty[i]; i++)
		if (!database_execute(to, sql_empty[i], error))
			return FALSE;
	gint64 all = 0;
	if (!database_number(from, &all, 0, SQL_GENERATION, error, ""))
		return FALSE;
	sqlite3_stmt *revisions = database_bind(from, SQL_REVISIONS_PUBLIC, error, "");
	int code = SQLITE_ERROR;
	for (guint64 n = 1; revisions && (code = database_step(from, revisions, error)) == SQLITE_ROW; n++) {
		progress_say(N_("Making search and facets"), n, (guint64)all);
		if (!project_revision(to, column_text(revisions, 0), error)) {
			sqlite3_reset(revisions);
			return FALSE;
		}
	}
	g_autofree char *fingerprint = projection_fingerprint();
	return code == SQLITE_DONE && land_settle(to, error) && database_run(to, SQL_ABOUT_SET, error, "ss", "projection", fingerprint);
}

static void name_field(const char *path, const field *f, gpointer data)
{
	g_string_append_printf(data, "%s %d %u %d %s\n", path, (int)f->type, f->flags, (int)f->search, f->of ? f->of : "");
}

char *projection_fingerprint(void)
{
	g_autoptr(GString) all = g_string_new(PROJECTION_VERSION " " AFTERMINE_VERSION "\n");
	for (gsize i = 0; i < kinds_count; i++) {
		const kind *k = kinds[i];
		g_string_append_printf(all, "%s %s %s %s %s %s\n", k->name, k->title, k->summary ? k->summary : "", k->longitude ? k->longitude : "",
		    k->latitude ? k->latitude : "", k->geometry ? k->geometry : "");
		kind_each_field(k, name_field, all);
	}
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, all->str, (gssize)all->len);
}

static gboolean hash_rows(database *d, const char *select, crypto_hash_sha256_state *hash, GError **error)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(d->handle, select, -1, &statement, NULL) != SQLITE_OK)
		return database_fail(d, error);
	int code;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(statement); i++) {
			char type = (char)sqlite3_column_type(statement, i); /* before column_text converts it */
			const char *text = column_text(statement, i);
			crypto_hash_sha256_update(hash, (const guchar *)&type, 1);
			crypto_hash_sha256_update(hash, (const guchar *)text, strlen(text) + 1);
		}
		crypto_hash_sha256_update(hash, (const guchar *)"\n", 1);
	}
	if (code != SQLITE_DONE)
		database_fail(d, error);
	sqlite3_finalize(statement);
	return code == SQLITE_DONE;
}

char *projection_hash(database *d, GError **error)
{
	crypto_hash_sha256_state hash;
	crypto_hash_sha256_init(&hash);
	gboolean ok = database_execute(d, "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab (main, words, instance)", error);
	for (gsize i = 0; ok && sql_hashed[i]; i++)
		ok = hash_rows(d, sql_hashed[i], &hash, error);
	if (!ok)
		return NULL;
	guchar sum[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_final(&hash, sum);
	char *hex = g_malloc(2 * sizeof sum + 1);
	return sodium_bin2hex(hex, 2 * sizeof sum + 1, sum, sizeof sum);
}
