#include "cli/import_vector.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "cli/command.h"
#include "publish/basemap.h"
#include "record/feature.h"

enum { SECONDS_MOST = 180, MAPPING_BYTES = 1 << 20, HEAD_BYTES = 4096 };
#define ANSWER_BYTES ((gsize)768 << 20)

/* ---- which files ---- */

static gboolean json_is_features(const char *path)
{
	char head[HEAD_BYTES + 1];
	FILE *file = fopen(path, "re");
	gsize n = file ? fread(head, 1, HEAD_BYTES, file) : 0;
	if (file)
		fclose(file);
	head[n] = '\0';
	return strstr(head, "\"FeatureCollection\"") != NULL;
}

gboolean vector_is(const char *path, const vector_options *o)
{
	static const char *const endings[] = { ".geojson", ".kml", ".kmz", ".gpkg", ".zip", ".shp", ".tsv" };
	g_autofree char *lower = g_ascii_strdown(path, -1);
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(lower, endings[i]))
			return TRUE;
	if (g_str_has_suffix(lower, ".json"))
		return json_is_features(path);
	return g_str_has_suffix(lower, ".csv") && (o->map || o->set || o->source);
}

/* ---- the mapping ---- */

static gboolean mapping_file(const char *path, json_t **mapping, GError **error)
{
	json_error_t at;
	g_autofree char *text = NULL;
	gsize length;
	if (!g_file_get_contents(path, &text, &length, error)) {
		g_prefix_error(error, "--map: ");
		return FALSE;
	}
	json_t *json = length <= MAPPING_BYTES ? json_loadb(text, length, JSON_REJECT_DUPLICATES, &at) : NULL;
	if (json_is_object(json)) {
		json_decref(*mapping);
		*mapping = json;
		return TRUE;
	}
	json_decref(json);
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("--map %s: this is no mapping (a JSON object). docs/user.md shows one."), path);
	return FALSE;
}

static json_t *member_object(json_t *json, const char *name)
{
	json_t *member = json_object_get(json, name);
	if (!member) {
		member = json_object();
		json_object_set_new(json, name, member);
	}
	return member;
}

/* "FIELD=..." into the mapping's fields. */
static gboolean pair_put(json_t *mapping, const char *pair, gboolean constant, GError **error)
{
	const char *equals = strchr(pair, '=');
	if (!equals || equals == pair || !equals[1] || !g_utf8_validate(pair, -1, NULL)) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, constant ? _("--set %s: expected FIELD=TEXT.") : _("--map %s: expected FIELD=ATTRIBUTE, or a file that ends in .json."), pair);
		return FALSE;
	}
	g_autofree char *path = g_strndup(pair, (gsize)(equals - pair));
	json_object_set_new(member_object(mapping, "fields"), path, constant ? json_pack("{s:s}", "value", equals + 1) : json_string(equals + 1));
	return TRUE;
}

static json_t *source_make(const vector_options *o)
{
	json_t *source = json_pack("{s:i,s:s,s:s}", "n", 1, "title", o->source, "kind", o->source_kind);
	if (o->source_url)
		json_object_set_new(source, "url", json_string(o->source_url));
	return json_pack("[o]", source);
}

static json_t *mapping_read(const vector_options *o, GError **error)
{
	json_t *mapping = json_object();
	gboolean fine = TRUE;
	for (char **pair = o->map; fine && pair && *pair; pair++)
		if (g_str_has_suffix(*pair, ".json"))
			fine = mapping_file(*pair, &mapping, error);
	for (char **pair = o->map; fine && pair && *pair; pair++)
		if (!g_str_has_suffix(*pair, ".json"))
			fine = pair_put(mapping, *pair, FALSE, error);
	for (char **pair = o->set; fine && pair && *pair; pair++)
		fine = pair_put(mapping, *pair, TRUE, error);
	if (fine && o->id)
		json_object_set_new(mapping, "id", json_string(o->id));
	if (fine && o->source && !o->source_kind) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("--source needs --source-kind: who stands behind it (government, company, peer-reviewed, ngo, media or measured)."));
		fine = FALSE;
	}
	if (fine && o->source)
		json_object_set_new(mapping, "sources", source_make(o));
	if (fine && !json_array_size(json_object_get(mapping, "sources"))) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("it is not said where the boundaries come from: give --source TITLE --source-kind KIND, and --source-url if there is one; a figure has a source or it is not published."));
		fine = FALSE;
	}
	if (!fine)
		g_clear_pointer(&mapping, json_decref);
	return mapping;
}

/* ---- the child ---- */

/* The countries' outlines as a file for the child; NULL if it cannot be written. Free with g_free, after unlinking. */
static char *outlines_write(GError **error)
{
	char *path = NULL;
	int file = g_file_open_tmp("aftermine-outlines-XXXXXX", &path, error);
	if (file < 0)
		return NULL;
	close(file);
	g_autoptr(GBytes) outlines = basemap_geojson(BASEMAP_FINE);
	if (g_file_set_contents_full(path, g_bytes_get_data(outlines, NULL), (gssize)g_bytes_get_size(outlines), G_FILE_SET_CONTENTS_NONE, 0600, error))
		return path;
	g_unlink(path);
	g_free(path);
	return NULL;
}

/* How the country is said: by an attribute of every feature, or one for all. */
static void country_arguments(GPtrArray *argv, const json_t *mapping)
{
	const json_t *rule = json_object_get(json_object_get(mapping, "fields"), "country");
	const char *one = json_string_value(json_object_get(rule, "value")), *attribute = json_string_value(rule);
	if (one && strlen(one) == 3 && strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3) {
		g_ptr_array_add(argv, (gpointer)"--country");
		g_ptr_array_add(argv, (gpointer)one);
	} else {
		g_ptr_array_add(argv, (gpointer)"--country-field");
		g_ptr_array_add(argv, (gpointer)(attribute ? attribute : "country,Country,COUNTRY,iso3,ISO3,iso_a3,ISO_A3,country_code"));
	}
}

static json_t *answer_read(const char *path, const child_answer *answer, GError **error)
{
	json_t *collection = answer->status <= 1 ? json_loadb(answer->output->str, answer->output->len, 0, NULL) : NULL;
	if (json_is_array(json_object_get(collection, "features")) && json_is_object(json_object_get(collection, "summary")))
		return collection;
	json_decref(collection);
	const char *said = g_str_has_prefix(answer->complaint, "ldn vector: ") ? answer->complaint + strlen("ldn vector: ") : answer->complaint;
	if (*said && g_strrstr(said, path))
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s.", said);
	else
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("%s: ldn vector could not read it: %s"), path, *said ? said : _("it gives no reason"));
	return NULL;
}

static json_t *collection_read(const char *path, const json_t *mapping, const vector_options *o, GError **error)
{
	g_autofree char *program = o->program ? g_strdup(o->program) : child_program("ldn");
	if (!program) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("the program ldn, which reads vector files, is neither beside aftermine nor on PATH. Install it, or name it with --ldn."));
		return NULL;
	}
	g_autofree char *outlines = outlines_write(error);
	if (!outlines)
		return NULL;
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	const char *const head[] = { program, "vector", "--json", "--outlines", outlines };
	for (gsize i = 0; i < G_N_ELEMENTS(head); i++)
		g_ptr_array_add(argv, (gpointer)head[i]);
	country_arguments(argv, mapping);
	const struct { const char *name; char *value; } more[] = { { "--layer", o->layer }, { "--crs", o->crs } };
	for (gsize i = 0; i < G_N_ELEMENTS(more); i++)
		if (more[i].value) {
			g_ptr_array_add(argv, (gpointer)more[i].name);
			g_ptr_array_add(argv, more[i].value);
		}
	g_ptr_array_add(argv, (gpointer)"--");
	g_ptr_array_add(argv, (gpointer)path);
	g_ptr_array_add(argv, NULL);
	g_auto(child_answer) answer = { 0 };
	const child_limits limits = { SECONDS_MOST, ANSWER_BYTES };
	json_t *collection = child_run((const char *const *)argv->pdata, &limits, &answer, error) ? answer_read(path, &answer, error) : NULL;
	g_unlink(outlines);
	return collection;
}

/* ---- features ---- */

static char *feature_name(const json_t *feature)
{
	const char *label = json_string_value(json_object_get(feature, "label"));
	long long number = (long long)json_integer_value(json_object_get(feature, "number"));
	return label ? g_strdup_printf(_("feature %lld (%s)"), number, label) : g_strdup_printf(_("feature %lld"), number);
}

static gboolean is_accepted(const vector_options *o, const char *ailment)
{
	return o->accept && g_strv_contains((const char *const *)o->accept, ailment);
}

/* "the boundary crosses itself: first after vertex 3 of ring 1 (28.1, -25.7)" */
static char *finding_message(const json_t *finding)
{
	GString *text = g_string_new(json_string_value(json_object_get(finding, "says")));
	const char *detail = json_string_value(json_object_get(finding, "detail"));
	const json_t *at = json_object_get(json_array_get(json_object_get(finding, "places"), 0), "at");
	if (detail)
		g_string_append_printf(text, ": %s", detail);
	if (at)
		g_string_append_printf(text, " (%.6f, %.6f)", json_number_value(json_array_get(at, 0)), json_number_value(json_array_get(at, 1)));
	return g_string_free(text, FALSE);
}

/* Faults for what stands in the way of a feature; FALSE if there are. */
static gboolean feature_judge(import *m, const char *path, const json_t *feature, const vector_options *o)
{
	g_autofree char *name = feature_name(feature);
	const json_t *finding;
	gboolean good = TRUE;
	gsize i;
	json_array_foreach(json_object_get(feature, "findings"), i, finding) {
		const char *ailment = json_string_value(json_object_get(finding, "ailment")), *severity = json_string_value(json_object_get(finding, "severity"));
		if (g_strcmp0(severity, "error") != 0 || json_is_true(json_object_get(finding, "mended")) || (ailment && is_accepted(o, ailment)))
			continue;
		g_autofree char *message = finding_message(finding);
		g_autofree char *remedy = g_strdup_printf("%s [%s]", json_string_value(json_object_get(finding, "remedy")), ailment);
		import_found(m, path, name, "", message, remedy);
		good = FALSE;
	}
	return good;
}

static void faults_pass(import *m, const char *path, const GPtrArray *faults)
{
	for (guint i = 0; i < faults->len; i++) {
		const fault *f = faults->pdata[i];
		guint number = *f->pointer == '/' ? (guint)g_ascii_strtoull(f->pointer + 1, NULL, 10) : 0;
		const char *rest = number ? strchr(f->pointer + 1, '/') : f->pointer;
		g_autofree char *name = number ? g_strdup_printf(_("feature %u"), number) : g_strdup(_("mapping"));
		import_found(m, path, name, rest ? rest : "", f->message, f->remedy);
	}
}

static json_t *unused_json(const json_t *mapping, const json_t *collection)
{
	g_autoptr(GPtrArray) names = features_unused(mapping, collection);
	json_t *list = json_array();
	for (guint i = 0; i < names->len; i++)
		json_array_append_new(list, json_string(names->pdata[i]));
	return list;
}

static void features_add(import *m, const char *path, const kind *k, const json_t *mapping, const json_t *collection, const vector_options *o)
{
	g_autoptr(GPtrArray) faults = faults_new();
	g_autoptr(GArray) records = features_convert(k, mapping, collection, faults);
	faults_pass(m, path, faults);
	const json_t *feature;
	gsize n;
	json_array_foreach(json_object_get(collection, "features"), n, feature) {
		gboolean good = feature_judge(m, path, feature, o);
		if (!good || n >= records->len)
			continue;
		const feature_record *r = &g_array_index(records, feature_record, n);
		g_autofree char *where = g_strdup_printf(_("%s, feature %u"), path, r->feature);
		import_item(m, where, k, r->item);
	}
}

gboolean vector_import(import *m, const char *path, const kind *k, const vector_options *o, json_t *told, GError **error)
{
	if (!k || !k->geometry) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s: it is not said what its features are. Name a kind that has a boundary: --as site."), path);
		return FALSE;
	}
	json_auto_t *given = mapping_read(o, error);
	if (!given)
		return FALSE;
	json_auto_t *collection = collection_read(path, given, o, error);
	if (!collection)
		return FALSE;
	g_autoptr(GPtrArray) faults = faults_new();
	json_auto_t *mapping = features_mapping(k, given, collection, faults);
	faults_pass(m, path, faults);
	json_t *entry = json_pack("{s:s,s:O}", "file", path, "summary", json_object_get(collection, "summary"));
	if (mapping) {
		json_object_set_new(entry, "unused", unused_json(mapping, collection));
		features_add(m, path, k, mapping, collection, o);
	}
	json_array_append_new(told, entry);
	return TRUE;
}

/* ---- for people ---- */

static void finding_tell(const json_t *finding)
{
	long long features = (long long)json_integer_value(json_object_get(finding, "features")), mended = (long long)json_integer_value(json_object_get(finding, "mended"));
	const char *severity = json_string_value(json_object_get(finding, "severity"));
	printf("  %s: %s", severity, json_string_value(json_object_get(finding, "says")));
	if (features)
		printf(features == 1 ? _(" (%s, %lld feature)") : _(" (%s, %lld features)"), json_string_value(json_object_get(finding, "ailment")), features);
	if (mended)
		printf(mended == features ? _("; %s") : _("; for some: %s"), json_string_value(json_object_get(finding, "remedy")));
	putchar('\n');
}

static void entry_tell(const json_t *entry)
{
	const json_t *summary = json_object_get(entry, "summary"), *finding, *name;
	gsize i;
	printf(_("%s: %s, %lld features, %.4f ha as given, %.4f ha now"), json_string_value(json_object_get(entry, "file")), json_string_value(json_object_get(summary, "form")),
	    (long long)json_integer_value(json_object_get(summary, "features")), json_number_value(json_object_get(summary, "area_given_m2")) / 1e4,
	    json_number_value(json_object_get(summary, "area_m2")) / 1e4);
	putchar('\n');
	json_array_foreach(json_object_get(summary, "findings"), i, finding)
		finding_tell(finding);
	if (json_array_size(json_object_get(entry, "unused"))) {
		fputs(_("  attributes not used:"), stdout);
		json_array_foreach(json_object_get(entry, "unused"), i, name)
			printf(i ? ", %s" : " %s", json_string_value(name));
		putchar('\n');
	}
}

void vector_tell(const json_t *told)
{
	const json_t *entry;
	gsize i;
	json_array_foreach(told, i, entry)
		entry_tell(entry);
}
