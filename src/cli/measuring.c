#include "cli/measuring.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "base/boundary.h"
#include "base/canonical.h"
#include "base/child.h"
#include "base/whole.h"
#include "cli/command.h"
#include "record/validate.h"
#include "store/store.h"

#define SECONDS_MOST 7200
#define ANSWER_MOST (64 << 20)

/* --- tables --- */

gboolean measuring_table_parse(measuring_table *t, const char *name, GBytes *bytes, const series_options *options, GPtrArray *faults, GError **error)
{
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);
	*t = (measuring_table){.series = series_table_read(text ? text : "", length, options, faults, error), .scale = options->scale};
	if (!t->series) {
		g_prefix_error(error, "%s: ", name);
		return FALSE;
	}
	t->bytes = g_bytes_ref(bytes);
	t->name = g_path_get_basename(name);
	t->sha256 = sha256_hex(text, length);
	return TRUE;
}

gboolean measuring_table_read(measuring_table *t, const char *path, const series_options *options, GPtrArray *faults, GError **error)
{
	g_autofree char *text = NULL;
	gsize length;
	*t = (measuring_table){0};
	if (!g_file_get_contents(path, &text, &length, error))
		return FALSE;
	g_autoptr(GBytes) bytes = g_bytes_new_take(g_steal_pointer(&text), length);
	return measuring_table_parse(t, path, bytes, options, faults, error);
}

void measuring_table_clear(measuring_table *t)
{
	series_table_free(t->series);
	g_clear_pointer(&t->bytes, g_bytes_unref);
	g_free(t->name);
	g_free(t->sha256);
	*t = (measuring_table){0};
}

/* --- a folder for what passes between the programs --- */

static char *folder_make(GError **error)
{
	return g_dir_make_tmp("aftermine-measure-XXXXXX", error);
}

/* Land is measured in its canonical form, so that the same land gives the same bytes from whichever point it was drawn. */
static gboolean geometry_save(const char *path, const json_t *geometry, GError **error)
{
	g_autoptr(boundary) land = boundary_read(geometry, error);
	if (!land)
		return FALSE;
	json_auto_t *feature = json_pack("{s:s,s:{},s:o}", "type", "Feature", "properties", "geometry", boundary_geojson(land));
	g_autofree char *text = json_dumps(feature, JSON_COMPACT);
	return g_file_set_contents(path, text, -1, error);
}

/* --- the child --- */

static void add_option(GPtrArray *argv, const char *name, const char *value)
{
	g_ptr_array_add(argv, g_strdup(name));
	g_ptr_array_add(argv, g_strdup(value));
}

/* The years of the site that the options do not say. */
static void add_years(GPtrArray *argv, const measuring_job *job)
{
	json_int_t disturbed = json_integer_value(json_object_get(job->site->body, "disturbed_from")), restored = json_integer_value(json_object_get(job->site->body, "restored_from"));
	g_autofree char *first = g_strdup_printf("%" JSON_INTEGER_FORMAT, disturbed), *second = g_strdup_printf("%" JSON_INTEGER_FORMAT, restored);
	if (disturbed && !(job->options && g_strv_contains(job->options, "--disturbed")) && (!restored || disturbed < restored))
		add_option(argv, "--disturbed", first);
	if (restored && !(job->options && g_strv_contains(job->options, "--restored")))
		add_option(argv, "--restored", second);
}

static gboolean add_images(GPtrArray *argv, const measuring_job *job, const char *folder, const json_t *geometry, const json_t *reference, GError **error)
{
	g_autofree char *site = g_build_filename(folder, "site.geojson", NULL), *other = g_build_filename(folder, "reference.geojson", NULL);
	if (!geometry_save(site, geometry, error) || (reference && !geometry_save(other, reference, error)))
		return FALSE;
	add_option(argv, "--site", site);
	if (reference)
		add_option(argv, "--reference", other);
	add_option(argv, "--pictures", folder);
	g_ptr_array_add(argv, g_strdup("--"));
	for (char **image = job->images; image && *image; image++)
		g_ptr_array_add(argv, g_strdup(*image));
	return TRUE;
}

static gboolean add_series(GPtrArray *argv, const measuring_job *job, const char *folder, GError **error)
{
	const site_series *series = series_table_find(job->table->series, job->table_site);
	if (!series) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("%s has no rows of %s."), job->table->name, job->table_site);
		return FALSE;
	}
	g_autofree char *text = site_series_csv(series), *path = g_build_filename(folder, "series.csv", NULL);
	add_option(argv, "--series", path);
	return g_file_set_contents(path, text, -1, error);
}

static json_t *ask(GPtrArray *argv, GError **error)
{
	g_auto(child_answer) answer = {0};
	g_ptr_array_add(argv, NULL);
	if (!child_run((const char *const *)argv->pdata, &(child_limits){SECONDS_MOST, ANSWER_MOST}, &answer, error))
		return NULL;
	if (answer.status != 0) {
		const char *said = g_str_has_prefix(answer.complaint, "ldn site: ") ? answer.complaint + strlen("ldn site: ") : answer.complaint;
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", *said ? said : _("ldn site failed and gives no reason"));
		return NULL;
	}
	json_t *told = json_loadb(answer.output->str, answer.output->len, 0, NULL);
	if (!told)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("ldn site did not answer in JSON. Are aftermine and ldn of the same version?"));
	return told;
}

/* --- the body --- */

static void file_free(gpointer data)
{
	measuring_file *f = data;
	g_bytes_unref(f->bytes);
	g_free(f->media_type);
	g_free(f);
}

void measuring_answer_clear(measuring_answer *a)
{
	json_decref(a->body);
	g_clear_pointer(&a->files, g_ptr_array_unref);
	a->body = NULL;
}

static void add_file(GPtrArray *files, GBytes *bytes, const char *media_type)
{
	measuring_file *file = g_new0(measuring_file, 1);
	file->bytes = bytes;
	file->media_type = g_strdup(media_type);
	g_ptr_array_add(files, file);
}

/* Each picture's file is read and takes its hash as its name. */
static gboolean take_pictures(json_t *body, const char *folder, GPtrArray *files, GError **error)
{
	json_t *picture;
	gsize i;
	json_array_foreach(json_object_get(body, "pictures"), i, picture) {
		g_autofree char *name = g_path_get_basename(json_string_value(json_object_get(picture, "file"))), *path = g_build_filename(folder, name, NULL), *bytes = NULL;
		gsize length;
		if (!g_file_get_contents(path, &bytes, &length, error))
			return FALSE;
		g_autofree char *sum = sha256_hex(bytes, length);
		json_object_del(picture, "file");
		json_object_set_new(picture, "sha256", json_string(sum));
		add_file(files, g_bytes_new_take(g_steal_pointer(&bytes), length), json_string_value(json_object_get(picture, "media_type")));
	}
	return TRUE;
}

static void add_parameter(json_t *body, const char *name, const char *value)
{
	json_array_append_new(json_object_get(body, "parameters"), json_pack("{s:s,s:s}", "name", name, "value", value));
}

/* What went in is the table, not the file that was made of it for ldn. */
static void take_table(json_t *body, const measuring_table *t, const char *site)
{
	char scale[G_ASCII_DTOSTR_BUF_SIZE];
	json_object_set_new(body, "inputs", json_pack("[{s:s,s:s}]", "name", t->name, "sha256", t->sha256));
	for (int role = 0; role < SERIES_COLUMNS; role++)
		if (t->series->headings[role]) {
			g_autofree char *name = g_strconcat("column ", series_column_names[role], NULL);
			add_parameter(body, name, t->series->headings[role]);
		}
	add_parameter(body, "table scale", g_ascii_dtostr(scale, sizeof scale, t->scale));
	if (*site)
		add_parameter(body, "site in the table", site);
}

static void set_title(json_t *body, const measuring_job *job)
{
	json_int_t from = json_integer_value(json_object_get(body, "period_from")), until = json_integer_value(json_object_get(body, "period_until"));
	json_object_set_new(body, "title", json_sprintf("%s, %" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT, record_title(job->site), from, until));
	json_object_set_new(body, "site", json_string(job->site->id));
}

/* Numbers may be whole or not in JSON; canonical form does not care, but lists of lists do not stay empty. */
static gboolean body_finish(measuring_answer *a, json_t *told, GError **error)
{
	a->body = body_normalise(kind_by_name("measurement"), told);
	g_autoptr(GPtrArray) faults = body_validate(kind_by_name("measurement"), a->body, NULL);
	if (faults->len == 0)
		return TRUE;
	const fault *first = g_ptr_array_index(faults, 0);
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("what ldn site answered is no measurement (%s: %s). Are aftermine and ldn of the same version?"), first->pointer, first->message);
	return FALSE;
}

char *measuring_boundary_sha256(const json_t *geometry)
{
	g_autoptr(boundary) land = boundary_read(geometry, NULL);
	return land ? boundary_sha256(land) : NULL;
}

static gboolean measure_into(const measuring_job *job, const char *folder, measuring_answer *answer, GError **error)
{
	const json_t *geometry = job->geometry ? job->geometry : json_object_get(job->site->body, "geometry");
	const json_t *reference = job->reference ? job->reference : json_object_get(job->site->body, "reference_geometry");
	if (!job->table && !geometry) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("%s has no boundary, so nothing can be measured on images. Give it one (aftermine import DIR FILE.geojson --as site), or measure it from a table (--table)."), job->site->id);
		return FALSE;
	}
	g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(argv, g_strdup(job->program));
	g_ptr_array_add(argv, g_strdup("site"));
	for (const char *const *option = job->options; option && *option; option++)
		g_ptr_array_add(argv, g_strdup(*option));
	if (job->table && !(job->options && g_strv_contains(job->options, "--index")))
		add_option(argv, "--index", job->table->series->index);
	add_years(argv, job);
	if (!(job->table ? add_series(argv, job, folder, error) : add_images(argv, job, folder, geometry, reference, error)))
		return FALSE;
	json_auto_t *told = ask(argv, error);
	if (!told || !take_pictures(told, folder, answer->files, error))
		return FALSE;
	set_title(told, job);
	if (job->table) {
		take_table(told, job->table, job->table_site);
		add_file(answer->files, g_bytes_ref(job->table->bytes), "text/csv"); /* small, and all that is needed to recompute */
	} else {
		g_autofree char *sum = measuring_boundary_sha256(geometry), *other = reference ? measuring_boundary_sha256(reference) : NULL;
		json_object_set_new(told, "geometry_sha256", json_string(sum));
		if (other)
			add_parameter(told, "reference boundary", other);
	}
	return body_finish(answer, told, error);
}

gboolean measuring_run(const measuring_job *job, measuring_answer *answer, GError **error)
{
	*answer = (measuring_answer){.files = g_ptr_array_new_with_free_func(file_free)};
	g_autofree char *folder = folder_make(error);
	gboolean done = folder && measure_into(job, folder, answer, error);
	if (folder)
		folder_remove(folder);
	if (!done)
		measuring_answer_clear(answer);
	return done;
}

char *measuring_program(const char *named, GError **error)
{
	char *program = named ? g_strdup(named) : child_program("ldn");
	if (!program)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("the program ldn, which measures, is neither beside aftermine nor on PATH. Install it, or name it with --ldn."));
	return program;
}

/* --- words --- */

const char *measuring_parameter(const json_t *body, const char *name)
{
	const json_t *row;
	gsize i;
	json_array_foreach(json_object_get(body, "parameters"), i, row)
		if (g_strcmp0(json_string_value(json_object_get(row, "name")), name) == 0)
			return json_string_value(json_object_get(row, "value"));
	return NULL;
}

char *measuring_id(const json_t *body)
{
	gboolean table = g_strcmp0(json_string_value(json_object_get(body, "form")), "table") == 0;
	const char *index = measuring_parameter(body, "index");
	g_autofree char *end = g_strdup_printf("-%s-%" JSON_INTEGER_FORMAT "%s", index ? index : "", json_integer_value(json_object_get(body, "period_until")), table ? "-table" : "");
	g_autofree char *tail = g_ascii_strdown(end, -1), *text = g_strdup_printf("%.*s%s", (int)(120 - strlen(tail)), json_string_value(json_object_get(body, "site")), tail);
	return id_from_text(text);
}

/* The first row of a quantity whose detail holds these words. */
static const json_t *result_of(const json_t *body, const char *quantity, const char *words)
{
	const json_t *row;
	gsize i;
	json_array_foreach(json_object_get(body, "results"), i, row)
		if (g_strcmp0(json_string_value(json_object_get(row, "quantity")), quantity) == 0 && (!words || strstr(json_string_value(json_object_get(row, "what")), words)))
			return row;
	return NULL;
}

static void say(GString *out, const json_t *row, const char *called, const char *unit)
{
	const json_t *value = json_object_get(row, "value"), *low = json_object_get(row, "low"), *high = json_object_get(row, "high");
	const char *note = json_string_value(json_object_get(row, "note"));
	if (!row)
		return;
	g_string_append_printf(out, "  %s: ", called);
	if (value)
		g_string_append_printf(out, "%.4g%s", json_number_value(value), unit);
	if (low && high)
		g_string_append_printf(out, " (%.4g … %.4g)", json_number_value(low), json_number_value(high));
	g_string_append_printf(out, "%s%s\n", value && note ? ", " : "", note ? note : "");
}

char *measuring_summary(const json_t *body)
{
	GString *out = g_string_new(json_string_value(json_object_get(body, "title")));
	g_string_append_c(out, '\n');
	say(out, result_of(body, "area-measured", NULL), _("measured"), " ha");
	say(out, result_of(body, "area-improved", NULL), _("improved"), " ha");
	say(out, result_of(body, "area-degraded", NULL), _("degraded"), " ha");
	say(out, result_of(body, "area-recovering", NULL), _("recovering"), " ha");
	say(out, result_of(body, "area-recovered", NULL), _("recovered"), " ha");
	say(out, result_of(body, "trend", NULL), _("trend a year"), "");
	say(out, result_of(body, "trend", "less reference"), _("less that of the reference"), "");
	say(out, result_of(body, "trend", "rain's share"), _("with the rain's share taken out"), "");
	say(out, result_of(body, "effect", NULL), _("effect"), "");
	return g_string_free(out, FALSE);
}
