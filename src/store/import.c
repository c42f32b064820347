#include "store/import.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/canonical.h"
#include "base/progress.h"
#include "record/collected.h"
#include "record/content.h"
#include "record/message.h"
#include "record/table.h"

#define TIDY_FROM 500 /* changes after which the store is worth tidying */

typedef struct incoming {
	const kind *kind;
	char *id, *file;
	json_t *body;
	gboolean only_named; /* another record names it; one of its own in the import takes its place */
} incoming;

struct import {
	store *s;
	store_reader *r;
	char *author;
	GPtrArray *records; /* incoming *, in order */
	GHashTable *known;  /* "kind id" of records, to their incoming */
	GPtrArray *faults;
	GArray *changes; /* store_change, after the check */
};

/* ---- life ---- */

static void fault_free(gpointer data)
{
	import_fault *f = data;
	g_free(f->file), g_free(f->record), g_free(f->pointer), g_free(f->message), g_free(f->remedy);
	g_free(f);
}

static void incoming_free(gpointer data)
{
	incoming *i = data;
	g_free(i->id), g_free(i->file);
	json_decref(i->body);
	g_free(i);
}

import *import_new(store *s, store_reader *r, const char *author)
{
	import *m = g_new0(import, 1);
	m->s = s;
	m->r = r;
	m->author = g_strdup(author);
	m->records = g_ptr_array_new_with_free_func(incoming_free);
	m->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	m->faults = g_ptr_array_new_with_free_func(fault_free);
	m->changes = g_array_new(FALSE, FALSE, sizeof(store_change));
	return m;
}

static void forget_changes(import *m)
{
	for (guint i = 0; i < m->changes->len; i++)
		record_free(g_array_index(m->changes, store_change, i).record);
	g_array_set_size(m->changes, 0);
}

void import_free(import *m)
{
	if (!m)
		return;
	forget_changes(m);
	g_array_unref(m->changes);
	g_ptr_array_unref(m->records);
	g_ptr_array_unref(m->faults);
	g_hash_table_unref(m->known);
	g_free(m->author);
	g_free(m);
}

const GPtrArray *import_faults(const import *m)
{
	return m->faults;
}

/* ---- faults ---- */

static void found(import *m, const char *file, const char *which, const char *pointer, const char *message, const char *remedy)
{
	import_fault *f = g_new0(import_fault, 1);
	f->file = g_strdup(file);
	f->record = g_strdup(which);
	f->pointer = g_strdup(pointer ? pointer : "");
	f->message = g_strdup(message);
	f->remedy = g_strdup(remedy);
	g_ptr_array_add(m->faults, f);
}

static void found_all(import *m, const char *file, const char *which, const GPtrArray *faults)
{
	for (guint i = 0; i < faults->len; i++) {
		const fault *f = g_ptr_array_index(faults, i);
		found(m, file, which, f->pointer, f->message, f->remedy);
	}
}

/* ---- records ---- */

static char *key_of(const char *kind_name, const char *id)
{
	return g_strconcat(kind_name, " ", id, NULL);
}

static void add_record(import *m, const char *file, const char *which, const kind *k, const json_t *item)
{
	const char *id = json_string_value(json_object_get(item, "id"));
	const json_t *body = json_object_get(item, "body");
	if (!id || !id_is_valid(id)) {
		found(m, file, which, "/id", id ? _("this is not an id") : _("the record has no id"),
		    _("Give it one of lower-case letters, digits and single hyphens, such as giant-mine."));
		return;
	}
	if (!json_is_object(body)) {
		found(m, file, id, "/body", _("the record has no body"), _("Put its fields into an object called body."));
		return;
	}
	g_autofree char *key = key_of(k->name, id);
	gboolean only_named = json_is_true(json_object_get(item, "if_absent"));
	incoming *before = g_hash_table_lookup(m->known, key);
	gboolean stored = only_named && store_lookup(m->r).exists(m->r, k->name, id);
	if (before && !only_named && before->only_named) {
		json_decref(before->body);
		before->body = body_normalise(k, body);
		before->only_named = FALSE;
		g_free(before->file);
		before->file = g_strdup(file);
		return;
	}
	if (before && !only_named)
		found(m, file, id, "", _("this record stands in the import twice"), _("Leave one of the two out."));
	if (before || stored)
		return;
	incoming *i = g_new0(incoming, 1);
	i->kind = k;
	i->id = g_strdup(id);
	i->file = g_strdup(file);
	i->body = body_normalise(k, body);
	i->only_named = only_named;
	g_ptr_array_add(m->records, i);
	g_hash_table_insert(m->known, g_steal_pointer(&key), i);
}

/* The kind an enveloped record says it is of, as it says it; NULL: it does not. */
static const char *named_kind(const json_t *item)
{
	return json_is_object(json_object_get(item, "body")) ? json_string_value(json_object_get(item, "kind")) : NULL;
}

static void add_items(import *m, const char *file, const json_t *items, const kind *k)
{
	for (gsize i = 0; i < json_array_size(items); i++) {
		const json_t *item = json_array_get(items, i);
		const char *name = named_kind(item);
		const kind *is = name ? kind_by_name(name) : k;
		g_autofree char *which = g_strdup_printf(_("record %u"), (guint)i + 1);
		g_autofree char *unknown = name && !is ? g_strdup_printf(_("\"%s\" is not a kind of record"), name) : NULL;
		if (unknown)
			found(m, file, which, "/kind", unknown, _("\"aftermine schema\" lists the kinds."));
		else if (!is)
			found(m, file, which, "/kind", _("it is not said what kind of record this is"), _("Name the kind with --as, or call the file after it (cases.json)."));
		else
			add_record(m, file, which, is, item);
	}
}

/* Collected items are converted together, so that what several of them name becomes one record. */
static void add_collected(import *m, const char *file, const json_t *items, const kind *k)
{
	g_autoptr(GPtrArray) faults = faults_new();
	json_t *converted = collected_convert(k->name, items, faults);
	found_all(m, file, NULL, faults);
	add_items(m, file, converted, k);
	json_decref(converted);
}

static void add_json(import *m, const char *file, const char *text, gsize length, const kind *k)
{
	json_error_t at;
	json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &at);
	if (!json) {
		g_autofree char *message = g_strdup_printf("line %d, column %d: %s", at.line, at.column, at.text);
		found(m, file, NULL, "", message, _("Give a JSON file in UTF-8: an array of records."));
		return;
	}
	if (json_is_object(json)) {
		json_t *list = json_array();
		json_array_append_new(list, json);
		json = list;
	}
	const json_t *first = json_array_get(json, 0);
	if (!json_is_array(json))
		found(m, file, NULL, "", _("this is neither a record nor an array of records"), _("Give an array of records."));
	else if (k && first && collected_is(k->name, first))
		add_collected(m, file, json, k);
	else
		add_items(m, file, json, k);
	json_decref(json);
}

static void add_table(import *m, const char *file, const char *text, gsize length, const kind *k)
{
	if (!k) {
		found(m, file, NULL, "", _("it is not said what kind of records the table holds"), _("Name the kind with --as, or call the file after it (cases.csv)."));
		return;
	}
	g_autoptr(GPtrArray) faults = faults_new();
	json_t *items = table_read(k, text, length, faults);
	found_all(m, file, NULL, faults);
	add_items(m, file, items, k);
	json_decref(items);
}

/* "cases.json" and "case.csv" say what they hold. */
static const kind *kind_of_file(const char *name)
{
	g_autofree char *base = g_path_get_basename(name);
	char *dot = strchr(base, '.');
	if (dot)
		*dot = '\0';
	const kind *k = kind_by_plural(base);
	return k ? k : kind_by_name(base);
}

void import_text(import *m, const char *name, const char *text, gsize length, gboolean table, const char *kind_name)
{
	const kind *k = kind_name ? kind_by_name(kind_name) : kind_of_file(name);
	gsize skip = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	(table ? add_table : add_json)(m, name, text + skip, length - skip, k);
}

void import_item(import *m, const char *where, const kind *k, const json_t *item)
{
	add_record(m, where, NULL, k, item);
}

void import_found(import *m, const char *file, const char *which, const char *pointer, const char *message, const char *remedy)
{
	found(m, file, which, pointer, message, remedy);
}

void import_content(import *m)
{
	for (gsize i = 0; i < kinds_count; i++) {
		json_t *records = content_records(kinds[i]);
		g_autofree char *file = g_strdup_printf("content/%s.json", kinds[i]->plural);
		add_items(m, file, records, kinds[i]);
		json_decref(records);
	}
}

/* ---- files ---- */

static gboolean cannot_read(const char *path, const char *why, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, "%s: %s", path, why);
	return FALSE;
}

/* A whole file of at most IMPORT_FILE_BYTES; pipes too. */
static GString *read_whole(const char *path, GError **error)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat is;
	if (file < 0 || fstat(file, &is) != 0 || S_ISDIR(is.st_mode)) {
		g_autofree char *why = g_strdup_printf(_("cannot be read (%s). See that the file is there and readable."), file < 0 ? g_strerror(errno) : _("a folder"));
		cannot_read(path, why, error);
		if (file >= 0)
			close(file);
		return NULL;
	}
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *block = g_malloc(65536);
	gssize n;
	while ((n = read(file, block, 65536)) > 0 && text->len <= IMPORT_FILE_BYTES)
		g_string_append_len(text, block, n);
	int problem = n < 0 ? errno : 0;
	close(file);
	if (problem)
		cannot_read(path, g_strerror(problem), error);
	else if (text->len > IMPORT_FILE_BYTES)
		cannot_read(path, _("is larger than 64 MiB. Split it into smaller files and name them all: they are imported together."), error);
	else
		return g_steal_pointer(&text);
	return NULL;
}

gboolean import_file(import *m, const char *path, const char *kind_name, GError **error)
{
	if (kind_name && !kind_by_name(kind_name)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, _("\"%s\" is not a kind of record. \"aftermine schema\" lists them."), kind_name);
		return FALSE;
	}
	g_autofree char *lower = g_ascii_strdown(path, -1);
	gboolean table = g_str_has_suffix(lower, ".csv");
	if (!table && !g_str_has_suffix(lower, ".json"))
		return cannot_read(path, _("is no file of records (.json, .csv) and no map file (.geojson, .kml, .kmz, .gpkg, .shp, .zip, .tsv). Give one of these."), error);
	g_autoptr(GString) text = read_whole(path, error);
	if (!text)
		return FALSE;
	import_text(m, path, text->str, text->len, table, kind_name);
	return TRUE;
}

/* ---- checking and writing ---- */

static gboolean exists_anywhere(gpointer data, const char *kind_name, const char *id)
{
	import *m = data;
	g_autofree char *key = key_of(kind_name, id);
	return g_hash_table_contains(m->known, key) || store_lookup(m->r).exists(m->r, kind_name, id);
}

static gboolean same_body(const json_t *a, const json_t *b)
{
	g_autofree char *x = canonical_text(a, NULL, NULL), *y = canonical_text(b, NULL, NULL);
	return x && y && strcmp(x, y) == 0;
}

static void plan_change(import *m, const incoming *i, record_state state, guint expected)
{
	record *r = g_new0(record, 1);
	r->kind = i->kind;
	r->id = g_strdup(i->id);
	r->state = state;
	r->author = g_strdup(m->author);
	r->body = json_incref(i->body);
	store_change c = { r, expected };
	g_array_append_val(m->changes, c);
}

/* What importing a record does: nothing where its newest revision says the same and is as public as wanted. */
static gboolean plan(import *m, const incoming *i, gboolean publish, import_counts *counts, GError **error)
{
	GError *failed = NULL;
	g_autoptr(record) newest = store_revision(m->r, i->kind->name, i->id, 0, &failed);
	if (failed) {
		g_propagate_error(error, failed);
		return FALSE;
	}
	if (newest && same_body(newest->body, i->body) && (!publish || newest->state == RECORD_PUBLISHED)) {
		counts->unchanged++;
		return TRUE;
	}
	newest ? counts->changed++ : counts->added++;
	plan_change(m, i, publish ? RECORD_PUBLISHED : RECORD_DRAFT, newest ? newest->revision : 0);
	return TRUE;
}

gboolean import_check(import *m, gboolean publish, import_counts *counts, GError **error)
{
	record_lookup lookup = { exists_anywhere, m };
	*counts = (import_counts) { 0 };
	forget_changes(m);
	gboolean ok = TRUE;
	for (guint n = 0; ok && n < m->records->len; n++) {
		const incoming *i = g_ptr_array_index(m->records, n);
		g_autoptr(GPtrArray) faults = body_validate(i->kind, i->body, &lookup);
		found_all(m, i->file, i->id, faults);
		progress_say(N_("Checking records"), n + 1, m->records->len);
		ok = plan(m, i, publish, counts, error);
	}
	return ok;
}

gboolean import_write(import *m, GError **error)
{
	if (m->faults->len > 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, _("The import has faults; nothing was written."));
		return FALSE;
	}
	if (m->changes->len == 0)
		return TRUE;
	if (!store_write(m->s, (store_change *)(gpointer)m->changes->data, m->changes->len, error))
		return FALSE;
	if (m->changes->len >= TIDY_FROM)
		store_tidy(m->s, NULL); /* the records are safe whether or not this works */
	return TRUE;
}
