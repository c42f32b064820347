#include <string.h>

#include "base/csv.h"
#include "base/slug.h"
#include "record/bounds.h"
#include "record/message.h"
#include "record/table.h"
#include "record/validate.h"

#define COLUMNS_MAX 50000
#define DEPTH_MAX 8
#define FAULTS_MAX 1000

/* One step on the way from a body to a cell's value: a member, and the entry of its list. */
typedef struct step {
	const field *field;
	gsize index; /* from the header, counted from 1; then its rank among those the header names, from 0. Of a repeated field only. */
	char *list;  /* name of the list ("results"), to find the ranks; NULL if not numbered */
} step;

typedef struct column {
	step steps[DEPTH_MAX];
	guint depth; /* 0: not a field */
} column;

typedef struct reading {
	const kind *kind;
	GPtrArray *faults;
	GArray *columns;     /* column, without the first */
	GPtrArray *names;    /* of the columns */
	GHashTable *indexes; /* list name -> GArray of gsize, sorted: the entries that the header names */
	GHashTable *ids;
	json_t *records;
	gboolean headed;
} reading;

static void fault_at(reading *r, guint row, const char *name, const char *message, const char *remedy)
{
	if (r->faults->len >= FAULTS_MAX)
		return;
	g_autofree char *head = g_strndup(name, 100);
	g_autofree char *valid = g_utf8_make_valid(head, -1);
	g_autofree char *pointer = g_strdup_printf("/%u/%s", row, valid);
	fault_add(r->faults, pointer, message, remedy);
}

static gboolean is_numbered(const field *f)
{
	gboolean joined = f->type == FIELD_TERM || f->type == FIELD_REF || f->type == FIELD_YEAR || f->type == FIELD_SOURCE || f->type == FIELD_COUNT || f->type == FIELD_YESNO;
	return (f->flags & FIELD_REPEATED) && !joined;
}

static const field *field_named(const field *fields, const char *name, gsize length)
{
	for (const field *f = fields; f && f->name; f++)
		if (strlen(f->name) == length && memcmp(f->name, name, length) == 0)
			return f;
	return NULL;
}

static gboolean index_read(const char **name, gsize *index)
{
	gsize digits = strspn(*name, "0123456789");
	if (digits == 0 || digits > 6 || **name == '0' || ((*name)[digits] && (*name)[digits] != '.'))
		return FALSE;
	*index = (gsize)g_ascii_strtoull(*name, NULL, 10);
	*name += digits + ((*name)[digits] == '.');
	return *index <= LIMIT_LIST;
}

/* "results.1.value" -> its steps. FALSE if no field has that name. */
static gboolean column_read(column *c, const kind *k, const char *name)
{
	const field *fields = k->fields;
	const char *at = name;
	while (*at) {
		gsize length = strcspn(at, ".");
		const field *f = field_named(fields, at, length);
		if (!f || c->depth == DEPTH_MAX)
			return FALSE;
		step *s = &c->steps[c->depth++];
		*s = (step) { .field = f };
		at += length;
		if (*at == '.')
			at++;
		if (is_numbered(f)) {
			s->list = g_strndup(name, (gsize)(at - name));
			if (!index_read(&at, &s->index))
				return FALSE;
		}
		fields = f->fields;
		if (!fields && *at)
			return FALSE;
	}
	return c->depth > 0 && c->steps[c->depth - 1].field->type != FIELD_GROUP;
}

static void column_clear(gpointer data)
{
	column *c = data;
	for (guint i = 0; i < c->depth; i++)
		g_free(c->steps[i].list);
}

static int by_index(gconstpointer a, gconstpointer b)
{
	gsize x = *(const gsize *)a, y = *(const gsize *)b;
	return (x > y) - (x < y);
}

/* Entry 900 of a list whose header names 1, 2 and 900 is its third: nothing is filled up. */
static void columns_rank(reading *r)
{
	for (guint i = 0; i < r->columns->len; i++) {
		column *c = &g_array_index(r->columns, column, i);
		for (guint d = 0; d < c->depth; d++)
			if (c->steps[d].list) {
				GArray *list = g_hash_table_lookup(r->indexes, c->steps[d].list);
				if (!list)
					g_hash_table_insert(r->indexes, c->steps[d].list, list = g_array_new(FALSE, FALSE, sizeof(gsize)));
				g_array_append_val(list, c->steps[d].index);
			}
	}
	GHashTableIter iter;
	gpointer key, value;
	g_hash_table_iter_init(&iter, r->indexes);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		GArray *list = value;
		guint kept = 0;
		g_array_sort(list, by_index);
		for (guint i = 0; i < list->len; i++)
			if (i == 0 || g_array_index(list, gsize, i) != g_array_index(list, gsize, i - 1))
				g_array_index(list, gsize, kept++) = g_array_index(list, gsize, i);
		g_array_set_size(list, kept);
	}
	for (guint i = 0; i < r->columns->len; i++) {
		column *c = &g_array_index(r->columns, column, i);
		for (guint d = 0; d < c->depth; d++)
			if (c->steps[d].list) {
				guint rank = 0;
				g_array_binary_search(g_hash_table_lookup(r->indexes, c->steps[d].list), &c->steps[d].index, by_index, &rank);
				c->steps[d].index = rank;
			}
	}
}

static gboolean header_read(reading *r, const char *const *cells, gsize n)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	if (strcmp(cells[0], "id") != 0) {
		fault_at(r, 1, cells[0], _("the first column is not \"id\""), _("Begin the table with a column \"id\"; \"aftermine schema KIND --csv\" prints a header."));
		return FALSE;
	}
	if (n > COLUMNS_MAX) {
		fault_at(r, 1, "id", _("the table has more than 50000 columns"), _("Split the table."));
		return FALSE;
	}
	for (gsize i = 1; i < n; i++) {
		column c = { .depth = 0 };
		char *name = g_strdup(cells[i]);
		g_ptr_array_add(r->names, name);
		if (!column_read(&c, r->kind, name)) {
			fault_at(r, 1, name, _("there is no such column"), _("Correct or remove it; \"aftermine schema KIND --csv\" prints the columns."));
			column_clear(&c);
			c.depth = 0;
		} else if (!g_hash_table_add(seen, name)) {
			fault_at(r, 1, name, _("the column stands twice"), _("Keep one of them."));
			column_clear(&c);
			c.depth = 0;
		}
		g_array_append_val(r->columns, c);
	}
	columns_rank(r);
	return TRUE;
}

/* The text of a cell as JSON: what needs more than text is told apart when the body is normalised. */
static json_t *cell_value(const field *f, const char *text)
{
	if (*text == '\'' && text[1] && strchr("=+-@'", text[1]))
		text++;
	if (f->type == FIELD_GEOMETRY) {
		json_t *geometry = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
		return geometry ? geometry : json_string(text);
	}
	if (!(f->flags & FIELD_REPEATED) || is_numbered(f))
		return json_string(text);
	g_auto(GStrv) parts = g_strsplit(text, ";", LIMIT_LIST + 1);
	json_t *list = json_array();
	for (gsize i = 0; parts[i]; i++)
		json_array_append_new(list, json_string(parts[i]));
	return list;
}

/* The entry of a list at a rank, empty ones before it as needed: normalising takes those away again. */
static json_t *entry_at(json_t *object, const step *s)
{
	json_t *list = json_object_get(object, s->field->name);
	if (!list) {
		list = json_array();
		json_object_set_new(object, s->field->name, list);
	}
	while (json_array_size(list) <= s->index)
		json_array_append_new(list, s->field->type == FIELD_GROUP ? json_object() : json_null());
	return json_array_get(list, s->index);
}

static void cell_put(json_t *body, const column *c, const char *text)
{
	json_t *object = body;
	for (guint i = 0; i < c->depth; i++) {
		const step *s = &c->steps[i];
		if (i + 1 == c->depth) {
			json_t *value = cell_value(s->field, text);
			if (s->list) {
				entry_at(object, s);
				json_array_set_new(json_object_get(object, s->field->name), s->index, value);
			} else
				json_object_set_new(object, s->field->name, value);
		} else if (s->list)
			object = entry_at(object, s);
		else {
			json_t *group = json_object_get(object, s->field->name);
			if (!group) {
				group = json_object();
				json_object_set_new(object, s->field->name, group);
			}
			object = group;
		}
	}
}

static gboolean row_read(gpointer data, guint row, const char *const *cells, gsize n)
{
	reading *r = data;
	if (!r->headed) {
		r->headed = TRUE;
		return header_read(r, cells, n);
	}
	if (n > (gsize)r->columns->len + 1) {
		fault_at(r, row, "id", _("the row has more cells than the header has columns"), _("Put cells with commas into quotes, or complete the header."));
		return r->faults->len < FAULTS_MAX;
	}
	if (!slug_is_valid(cells[0])) {
		fault_at(r, row, "id", *cells[0] ? _("the id is not a slug") : _("the id is missing"), _("Give an id of lower-case letters, digits and single hyphens."));
		return r->faults->len < FAULTS_MAX;
	}
	if (!g_hash_table_add(r->ids, g_strdup(cells[0]))) {
		fault_at(r, row, "id", _("the id stands in the table twice"), _("Give every record an id of its own."));
		return r->faults->len < FAULTS_MAX;
	}
	json_auto_t *body = json_object();
	for (gsize i = 1; i < n; i++) {
		const column *c = &g_array_index(r->columns, column, i - 1);
		if (*cells[i] && c->depth)
			cell_put(body, c, cells[i]);
	}
	json_array_append_new(r->records, json_pack("{s:s, s:o}", "id", cells[0], "body", body_normalise(r->kind, body)));
	return TRUE;
}

json_t *table_read(const kind *k, const char *text, gsize length, GPtrArray *faults)
{
	g_autoptr(GArray) columns = g_array_new(FALSE, TRUE, sizeof(column));
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) indexes = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
	g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GError) error = NULL;
	reading r = { .kind = k, .faults = faults, .columns = columns, .names = names, .indexes = indexes, .ids = ids, .records = json_array() };
	g_array_set_clear_func(columns, column_clear);
	if (!csv_read(text, length, row_read, &r, &error))
		fault_add(faults, "", error->message, _("Nothing after that place was read."));
	else if (!r.headed)
		fault_add(faults, "", _("the table is empty"), _("\"aftermine schema KIND --csv\" prints a header to fill in."));
	return r.records;
}
