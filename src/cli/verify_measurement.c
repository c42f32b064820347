#include "cli/verify_measurement.h"

#include <gio/gio.h>
#include <string.h>

#include "base/canonical.h"
#include "cli/command.h"

static GPtrArray *options_of(const json_t *body)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	gboolean table = g_strcmp0(json_string_value(json_object_get(body, "form")), "table") == 0;
	for (const char *const *name = measuring_option_names; *name; name++) {
		const char *value = measuring_parameter(body, *name);
		if (!value || (table && strcmp(*name, "scale") == 0))
			continue;
		g_ptr_array_add(list, g_strconcat("--", *name, NULL));
		g_ptr_array_add(list, g_strdup(value));
	}
	g_ptr_array_add(list, NULL);
	return list;
}

static GPtrArray *columns_of(const json_t *body)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	for (int role = 0; role < SERIES_COLUMNS; role++) {
		g_autofree char *name = g_strconcat("column ", series_column_names[role], NULL);
		const char *heading = measuring_parameter(body, name);
		if (heading)
			g_ptr_array_add(list, g_strdup_printf("%s=%s", series_column_names[role], heading));
	}
	g_ptr_array_add(list, NULL);
	return list;
}

/* The boundary of that hash, from whichever revision of the site had it. New reference; NULL without an error: none. */
static json_t *boundary_of(store_reader *r, const char *site, const char *member, const char *sha256, GError **error)
{
	g_autoptr(GPtrArray) revisions = sha256 ? store_revisions(r, "site", site, error) : NULL;
	for (guint i = revisions ? revisions->len : 0; i-- > 0;) {
		const record *one = g_ptr_array_index(revisions, i);
		json_t *geometry = json_object_get(one->body, member);
		g_autofree char *sum = geometry ? measuring_boundary_sha256(geometry) : NULL;
		if (g_strcmp0(sum, sha256) == 0)
			return json_incref(geometry);
	}
	return NULL;
}

/* --- the first difference --- */

static char *shown(const json_t *value)
{
	g_autofree char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	return text ? g_strdup_printf("%.80s", text) : g_strdup(_("nothing"));
}

static char *differs(const json_t *kept, const json_t *fresh, const char *at)
{
	if (kept && fresh && json_equal(kept, fresh))
		return NULL;
	if (json_is_object(kept) && json_is_object(fresh)) {
		const char *name;
		json_t *member;
		json_object_foreach((json_t *)(gsize)kept, name, member) {
			g_autofree char *inner = g_strconcat(at, "/", name, NULL);
			char *found = differs(member, json_object_get(fresh, name), inner);
			if (found)
				return found;
		}
		json_object_foreach((json_t *)(gsize)fresh, name, member)
			if (!json_object_get(kept, name)) {
				g_autofree char *inner = g_strconcat(at, "/", name, NULL);
				return differs(NULL, member, inner);
			}
		return NULL;
	}
	if (json_is_array(kept) && json_is_array(fresh)) {
		gsize most = MAX(json_array_size(kept), json_array_size(fresh));
		for (gsize i = 0; i < most; i++) {
			g_autofree char *inner = g_strdup_printf("%s/%" G_GSIZE_FORMAT, at, i);
			char *found = differs(json_array_get(kept, i), json_array_get(fresh, i), inner);
			if (found)
				return found;
		}
		return NULL;
	}
	g_autofree char *was = shown(kept), *is = shown(fresh);
	return g_strdup_printf(_("%s: the record says %s, computed again it is %s"), at, was, is);
}

static char *compare(const json_t *kept, json_t *fresh)
{
	static const char *const labels[] = {"title", "measured_on"}; /* said of the measurement, not measured */
	for (gsize i = 0; i < G_N_ELEMENTS(labels); i++) {
		if (json_object_get(kept, labels[i]))
			json_object_set(fresh, labels[i], json_object_get(kept, labels[i]));
	}
	g_autofree char *was = canonical_hash(kept, NULL), *is = canonical_hash(fresh, NULL);
	return g_strcmp0(was, is) == 0 ? NULL : differs(kept, fresh, "");
}

/* --- computing --- */

static gboolean compute(const record *kept, measuring_job *job, const recompute_inputs *from, measuring_answer *answer, GError **error)
{
	g_auto(measuring_table) table = {0};
	g_autoptr(GPtrArray) faults = faults_new(), options = options_of(kept->body), columns = columns_of(kept->body);
	g_autofree char *program = measuring_program(from->program, error);
	if (!program)
		return FALSE;
	const char *scale = measuring_parameter(kept->body, "table scale"), *called = measuring_parameter(kept->body, "site in the table");
	series_options how = {.columns = (char **)columns->pdata, .index = measuring_parameter(kept->body, "index"), .scale = scale ? g_ascii_strtod(scale, NULL) : 1};
	if (from->table && !measuring_table_read(&table, from->table, &how, faults, error))
		return FALSE;
	job->program = program;
	job->images = from->images;
	job->table = from->table ? &table : NULL;
	job->table_site = called ? called : "";
	job->options = (const char *const *)options->pdata;
	return measuring_run(job, answer, error);
}

static gboolean inputs_fit(const record *kept, const recompute_inputs *from, GError **error)
{
	gboolean table = g_strcmp0(json_string_value(json_object_get(kept->body, "form")), "table") == 0;
	if (table == (from->table != NULL) && (table || (from->images && from->images[0])))
		return TRUE;
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, table ? _("%s was measured from a table: give it with --table FILE.") : _("%s was measured from images: give them with --stack FILE..."), kept->id);
	return FALSE;
}

gboolean measurement_recompute(store_reader *r, const recompute_inputs *from, char **difference, GError **error)
{
	GError *failed = NULL;
	*difference = NULL;
	g_autoptr(record) kept = store_get(r, "measurement", from->id, NULL, &failed);
	const char *id = kept ? json_string_value(json_object_get(kept->body, "site")) : NULL;
	g_autoptr(record) site = id ? store_get(r, "site", id, NULL, &failed) : NULL;
	if (!site && !failed)
		g_set_error(&failed, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, kept ? _("the site of %s is not published.") : _("there is no published measurement %s."), from->id);
	if (failed) {
		g_propagate_error(error, failed);
		return FALSE;
	}
	if (!inputs_fit(kept, from, error))
		return FALSE;
	const char *sum = json_string_value(json_object_get(kept->body, "geometry_sha256")), *other = measuring_parameter(kept->body, "reference boundary");
	json_auto_t *geometry = boundary_of(r, id, "geometry", sum, &failed), *reference = failed ? NULL : boundary_of(r, id, "reference_geometry", other, &failed);
	if (!failed && ((sum && !geometry) || (other && !reference)))
		g_set_error(&failed, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("no revision of the site %s has the boundary that was measured (SHA-256 %s)."), id, sum && !geometry ? sum : other);
	if (failed) {
		g_propagate_error(error, failed);
		return FALSE;
	}
	/* What the site says today must not slip in: the years are in the parameters, the boundaries are those that were measured. */
	json_auto_t *body = json_copy(site->body);
	static const char *const members[] = {"geometry", "reference_geometry", "disturbed_from", "restored_from"};
	for (gsize i = 0; i < G_N_ELEMENTS(members); i++)
		json_object_del(body, members[i]);
	record then = *site;
	then.body = body;
	g_auto(measuring_answer) answer = {0};
	measuring_job job = {.site = &then, .geometry = geometry, .reference = reference};
	if (!compute(kept, &job, from, &answer, error))
		return FALSE;
	*difference = compare(kept->body, answer.body);
	return TRUE;
}
