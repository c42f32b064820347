#include "record/feature.h"

#include <string.h>

#include "base/canonical.h"
#include "base/csv.h"
#include "base/slug.h"
#include "record/message.h"
#include "record/table.h"
#include "record/value.h"

/* Usual words for what a field is called. */
static const struct usual {
	const char *field;
	const char *attributes[8];
} usual[] = {
	{ "name", { "name", "site", "site_name", "mine", "mine_name", "title", "label", NULL } },
	{ "country", { "country", "iso3", "iso_a3", "country_code", NULL } },
	{ "admin_area", { "admin_area", "state", "province", "region", "district", NULL } },
	{ "commodities", { "commodities", "commodity", "minerals", "mineral", NULL } },
	{ "summary", { "summary", "description", NULL } },
};

static const json_t *features_of(const json_t *collection)
{
	return json_object_get(collection, "features");
}

/* ---- the mapping ---- */

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of all attributes, sorted. */
static GPtrArray *attributes_of(const json_t *collection)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *names = g_ptr_array_new();
	const json_t *feature;
	json_t *value;
	const char *name;
	gsize i;
	json_array_foreach(features_of(collection), i, feature)
		json_object_foreach(json_object_get(feature, "properties"), name, value)
			if (g_hash_table_add(seen, (gpointer)name))
				g_ptr_array_add(names, (gpointer)name);
	g_ptr_array_sort(names, by_name);
	return names;
}

/* Is it a field's path ("permits.1.number") that an attribute can fill? */
static gboolean is_path(const kind *k, const char *path)
{
	g_autoptr(GString) plain = g_string_new(NULL);
	g_auto(GStrv) steps = g_strsplit(path, ".", 16);
	for (gsize i = 0; steps[i]; i++)
		if (strspn(steps[i], "0123456789") != strlen(steps[i]) || !*steps[i])
			g_string_append_printf(plain, "%s%s", plain->len ? "." : "", steps[i]);
	const field *f = kind_field(k, plain->str);
	return f && f->type != FIELD_GROUP && f->type != FIELD_GEOMETRY;
}

static gboolean is_names(const json_t *value)
{
	const json_t *entry;
	gsize i;
	json_array_foreach(value, i, entry)
		if (!json_is_string(entry))
			return FALSE;
	return json_is_string(value) || json_array_size(value) > 0;
}

static gboolean is_rule(const json_t *rule)
{
	const char *key;
	json_t *value;
	if (!json_is_object(rule))
		return is_names(rule);
	json_object_foreach((json_t *)(gsize)rule, key, value) {
		gboolean right = strcmp(key, "from") == 0 ? is_names(value) : strcmp(key, "value") == 0 ? json_is_string(value) : strcmp(key, "terms") == 0 && json_is_object(value);
		if (!right)
			return FALSE;
	}
	return (json_object_get(rule, "from") != NULL) != (json_object_get(rule, "value") != NULL);
}

static void fields_check(const kind *k, const json_t *fields, GPtrArray *faults)
{
	const char *path;
	json_t *rule;
	json_object_foreach((json_t *)(gsize)fields, path, rule) {
		g_autofree char *at = g_strconcat("/fields/", path, NULL);
		if (!is_path(k, path))
			fault_add(faults, at, _("there is no such field that an attribute could fill"), _("\"aftermine schema KIND --csv\" prints the names."));
		else if (!is_rule(rule))
			fault_add(faults, at, _("this is no rule for a field"), _("Give the name of an attribute, a list of names, {\"value\": TEXT}, or {\"from\": NAME, \"terms\": {WORD: TERM}}."));
	}
}

static void mapping_check(const kind *k, const json_t *mapping, GPtrArray *faults)
{
	static const char *const members[] = { "id", "fields", "ignore", "sources", NULL };
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)(gsize)mapping, key, value) {
		g_autofree char *at = g_strconcat("/", key, NULL);
		if (!g_strv_contains(members, key))
			fault_add(faults, at, _("a mapping has no such member"), _("Its members are id, fields, ignore and sources."));
	}
	const json_t *id = json_object_get(mapping, "id"), *fields = json_object_get(mapping, "fields"), *ignore = json_object_get(mapping, "ignore");
	if (id && !json_is_string(id))
		fault_add(faults, "/id", _("this is not the name of an attribute"), _("Name the attribute that identifies a feature."));
	if (fields && !json_is_object(fields))
		fault_add(faults, "/fields", _("this is not an object"), _("Give an object of fields and the attributes that fill them."));
	if (ignore && !json_is_array(ignore))
		fault_add(faults, "/ignore", _("this is not a list"), _("Give a list of attributes."));
	if (json_object_get(mapping, "sources") && !json_is_array(json_object_get(mapping, "sources")))
		fault_add(faults, "/sources", _("this is not a list"), _("Give a list of sources."));
	fields_check(k, fields, faults);
}

/* Adds a rule for a field that has none, if the file has such an attribute, whatever its case. */
static void rule_offer(json_t *fields, const char *path, const char *attribute, const GPtrArray *names)
{
	if (json_object_get(fields, path))
		return;
	for (guint i = 0; i < names->len; i++)
		if (g_ascii_strcasecmp(names->pdata[i], attribute) == 0) {
			json_object_set_new(fields, path, json_string(names->pdata[i]));
			return;
		}
}

typedef struct offering {
	const kind *kind;
	json_t *fields;
	const GPtrArray *names;
} offering;

static void field_offer(const char *path, const field *f, gpointer data)
{
	offering *o = data;
	if (!strchr(path, '.') && f->type != FIELD_GROUP && f->type != FIELD_GEOMETRY && f->type != FIELD_REF)
		rule_offer(o->fields, path, path, o->names);
}

json_t *features_mapping(const kind *k, const json_t *mapping, const json_t *collection, GPtrArray *faults)
{
	guint before = faults->len;
	mapping_check(k, mapping, faults);
	if (faults->len > before)
		return NULL;
	json_t *whole = mapping ? json_deep_copy(mapping) : json_object(), *fields = json_object_get(whole, "fields");
	if (!fields) {
		fields = json_object();
		json_object_set_new(whole, "fields", fields);
	}
	g_autoptr(GPtrArray) names = attributes_of(collection);
	for (gsize i = 0; i < G_N_ELEMENTS(usual); i++)
		for (gsize n = 0; kind_field(k, usual[i].field) && usual[i].attributes[n]; n++)
			rule_offer(fields, usual[i].field, usual[i].attributes[n], names);
	offering o = { k, fields, names };
	kind_each_field(k, field_offer, &o);
	return whole;
}

static void names_use(GHashTable *used, const json_t *names)
{
	const json_t *entry;
	gsize i;
	if (json_is_object(names))
		names_use(used, json_object_get(names, "from"));
	if (json_is_string(names))
		g_hash_table_add(used, (gpointer)json_string_value(names));
	json_array_foreach(names, i, entry)
		g_hash_table_add(used, (gpointer)json_string_value(entry));
}

GPtrArray *features_unused(const json_t *mapping, const json_t *collection)
{
	g_autoptr(GHashTable) used = g_hash_table_new(g_str_hash, g_str_equal);
	const char *path;
	json_t *rule;
	names_use(used, json_object_get(mapping, "id"));
	names_use(used, json_object_get(mapping, "ignore"));
	json_object_foreach(json_object_get(mapping, "fields"), path, rule)
		names_use(used, rule);
	GPtrArray *names = attributes_of(collection);
	for (guint i = names->len; i-- > 0;)
		if (g_hash_table_contains(used, names->pdata[i]))
			g_ptr_array_remove_index(names, i);
	return names;
}

/* ---- values ---- */

/* An attribute as text, trimmed; NULL where it has no value. Numbers with the digits that read back. */
static char *attribute_text(const json_t *value)
{
	char number[32];
	if (json_is_string(value)) {
		g_autofree char *text = g_strdup(json_string_value(value));
		g_strstrip(text);
		return *text ? g_steal_pointer(&text) : NULL;
	}
	if (json_is_integer(value))
		return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	if (json_is_real(value))
		return g_strndup(number, canonical_number(json_real_value(value), number));
	if (json_is_boolean(value))
		return g_strdup(json_is_true(value) ? "true" : "false");
	return NULL;
}

/* The first of these attributes that has a value. */
static char *first_text(const json_t *names, const json_t *properties)
{
	const json_t *entry;
	gsize i;
	if (json_is_string(names))
		return attribute_text(json_object_get(properties, json_string_value(names)));
	json_array_foreach(names, i, entry) {
		char *text = attribute_text(json_object_get(properties, json_string_value(entry)));
		if (text)
			return text;
	}
	return NULL;
}

static char *rule_text(const json_t *rule, const json_t *properties)
{
	if (!json_is_object(rule))
		return first_text(rule, properties);
	if (json_object_get(rule, "value"))
		return g_strdup(json_string_value(json_object_get(rule, "value")));
	g_autofree char *text = first_text(json_object_get(rule, "from"), properties);
	const json_t *term = text ? json_object_get(json_object_get(rule, "terms"), text) : NULL;
	return json_is_string(term) ? g_strdup(json_string_value(term)) : g_steal_pointer(&text);
}

/* ---- ids ---- */

/* From the attribute that identifies a feature, or its name; made unique by its number. */
static char *id_make(const kind *k, const json_t *mapping, const json_t *properties, guint number, GHashTable *taken)
{
	const json_t *attribute = json_object_get(mapping, "id"), *title = json_object_get(json_object_get(mapping, "fields"), k->title);
	g_autofree char *text = attribute ? first_text(attribute, properties) : NULL;
	if (!text && title)
		text = rule_text(title, properties);
	g_autofree char *id = text ? slug_from_text(text) : g_strdup_printf("%s-%u", k->name, number);
	if (g_hash_table_contains(taken, id)) {
		g_autofree char *longer = g_strdup_printf("%.100s %u", id, number);
		g_free(id);
		id = slug_from_text(longer);
	}
	g_hash_table_add(taken, g_strdup(id));
	return g_steal_pointer(&id);
}

/* ---- the table ---- */

static gboolean is_point(const json_t *geometry)
{
	return g_strcmp0(json_string_value(json_object_get(geometry, "type")), "Point") == 0;
}

/* One row: what table_read takes (record/table.h), so that types, lists and words are read as everywhere. */
static void row_add(GString *table, const kind *k, const json_t *mapping, const json_t *feature, const char *id)
{
	const json_t *properties = json_object_get(feature, "properties"), *geometry = json_object_get(feature, "geometry");
	const char *path;
	json_t *rule;
	csv_cell(table, id);
	json_object_foreach(json_object_get(mapping, "fields"), path, rule) {
		g_autofree char *text = rule_text(rule, properties);
		g_string_append_c(table, ',');
		csv_cell(table, text ? text : "");
	}
	g_string_append_c(table, ',');
	if (json_is_object(geometry) && !is_point(geometry)) {
		char *text = json_dumps(geometry, JSON_COMPACT | JSON_REAL_PRECISION(17));
		csv_cell(table, text);
		free(text);
	}
	for (int i = 0; i < 2 && k->longitude; i++) {
		char number[G_ASCII_DTOSTR_BUF_SIZE];
		const json_t *at = json_array_get(json_object_get(geometry, "coordinates"), (gsize)i);
		g_string_append_c(table, ',');
		if (is_point(geometry))
			csv_cell(table, g_ascii_dtostr(number, sizeof number, json_number_value(at)));
	}
	g_string_append_c(table, '\n');
}

static GString *table_make(const kind *k, const json_t *mapping, const json_t *collection)
{
	GString *table = g_string_new("id");
	g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const json_t *feature;
	const char *path;
	json_t *rule;
	gsize i;
	json_object_foreach(json_object_get(mapping, "fields"), path, rule) {
		g_string_append_c(table, ',');
		csv_cell(table, path);
	}
	g_string_append_printf(table, ",%s", k->geometry);
	if (k->longitude)
		g_string_append_printf(table, ",%s,%s", k->longitude, k->latitude);
	g_string_append_c(table, '\n');
	json_array_foreach(features_of(collection), i, feature) {
		g_autofree char *id = id_make(k, mapping, json_object_get(feature, "properties"), (guint)i + 1, taken);
		row_add(table, k, mapping, feature, id);
	}
	return table;
}

/* Longitude and latitude come from the geometry. */
static json_t *mapping_without_place(const kind *k, const json_t *mapping)
{
	json_t *copy = json_deep_copy(mapping), *fields = json_object_get(copy, "fields");
	if (k->longitude) {
		json_object_del(fields, k->longitude);
		json_object_del(fields, k->latitude);
	}
	return copy;
}

/* Rows of the table are counted with its header: row 2 is feature 1. */
static void faults_move(const GPtrArray *from, GPtrArray *to)
{
	for (guint i = 0; i < from->len; i++) {
		const fault *f = from->pdata[i];
		char *end = NULL;
		guint64 row = *f->pointer == '/' ? g_ascii_strtoull(f->pointer + 1, &end, 10) : 0;
		g_autofree char *at = row > 1 ? g_strdup_printf("/%" G_GUINT64_FORMAT "%s", row - 1, end) : g_strdup(f->pointer);
		fault_add(to, at, f->message, f->remedy);
	}
}

static void feature_record_clear(gpointer data)
{
	json_decref(((feature_record *)data)->item);
}

GArray *features_convert(const kind *k, const json_t *mapping, const json_t *collection, GPtrArray *faults)
{
	GArray *records = g_array_new(FALSE, TRUE, sizeof(feature_record));
	g_array_set_clear_func(records, feature_record_clear);
	json_auto_t *placed = mapping_without_place(k, mapping);
	g_autoptr(GString) table = table_make(k, placed, collection);
	g_autoptr(GPtrArray) own = faults_new();
	json_auto_t *items = table_read(k, table->str, table->len, own);
	const json_t *sources = json_object_get(mapping, "sources");
	json_t *item;
	gsize i;
	faults_move(own, faults);
	if (own->len)
		return records;
	json_array_foreach(items, i, item) {
		if (json_array_size(sources))
			json_object_set_new(json_object_get(item, "body"), "sources", json_deep_copy(sources));
		feature_record r = { (guint)i + 1, json_incref(item) };
		g_array_append_val(records, r);
	}
	return records;
}
