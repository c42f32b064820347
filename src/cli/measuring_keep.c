#include "cli/measuring_keep.h"

#include <string.h>

#include "base/canonical.h"
#include "cli/command.h"
#include "record/content.h"

const char *const measuring_option_names[] = {
	"index", "bands", "legend", "years", "season", "quality", "scale", "offset", "observations", "cover", "percent", "loss-least", "disturbed", "restored", "seed", NULL
};

/* --- which site --- */

typedef struct looking {
	const char *said;
	record *found;
	guint count;
} looking;

static gboolean is_called(const json_t *body, const char *said)
{
	const json_t *entry;
	gsize i;
	if (g_strcmp0(json_string_value(json_object_get(body, "name")), said) == 0)
		return TRUE;
	json_array_foreach(json_object_get(body, "aliases"), i, entry)
		if (g_strcmp0(json_string_value(entry), said) == 0)
			return TRUE;
	json_array_foreach(json_object_get(body, "identifiers"), i, entry)
		if (g_strcmp0(json_string_value(json_object_get(entry, "value")), said) == 0)
			return TRUE;
	return FALSE;
}

static gboolean look(const record *r, gpointer data)
{
	looking *l = data;
	if (is_called(r->body, l->said) && l->count++ == 0)
		l->found = record_copy(r);
	return TRUE;
}

record *measuring_site(store_reader *r, const char *said, GError **error)
{
	GError *failed = NULL;
	record *by_id = id_is_valid(said) ? store_get(r, "site", said, NULL, &failed) : NULL;
	if (failed) {
		g_propagate_error(error, failed);
		return NULL;
	}
	if (by_id)
		return by_id;
	looking l = {.said = said};
	if (store_each(r, &(store_query){.kind = "site"}, look, &l, error) && l.count == 1)
		return l.found;
	if (l.found)
		record_free(l.found);
	return NULL;
}

/* --- keeping --- */

static char *today(void)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	return g_date_time_format(now, "%Y-%m-%d");
}

static gboolean same_but_for_the_day(const json_t *kept, const json_t *fresh)
{
	json_auto_t *a = json_copy((json_t *)(gsize)kept), *b = json_copy((json_t *)(gsize)fresh);
	json_object_del(a, "measured_on");
	json_object_del(b, "measured_on");
	g_autofree char *first = canonical_hash(a, NULL), *second = canonical_hash(b, NULL);
	return g_strcmp0(first, second) == 0;
}

static gboolean keep_files(store *s, const GPtrArray *files, GError **error)
{
	for (guint i = 0; i < files->len; i++) {
		const measuring_file *f = g_ptr_array_index(files, i);
		char sum[65];
		if (!store_file_put(s, f->bytes, f->media_type, sum, error))
			return FALSE;
	}
	return TRUE;
}

gboolean measuring_keep(store *s, store_reader *r, const measuring_answer *answer, const char *author, gboolean *changed, GError **error)
{
	GError *failed = NULL;
	g_autofree char *id = measuring_id(answer->body), *day = today();
	g_autoptr(record) kept = store_get(r, "measurement", id, NULL, &failed);
	if (failed) {
		g_propagate_error(error, failed);
		return FALSE;
	}
	*changed = !kept || kept->state != RECORD_PUBLISHED || !same_but_for_the_day(kept->body, answer->body);
	if (!*changed)
		return TRUE;
	if (!keep_files(s, answer->files, error))
		return FALSE;
	json_object_set_new(answer->body, "measured_on", json_string(day));
	g_autoptr(record) fresh = g_new0(record, 1);
	fresh->kind = kind_by_name("measurement");
	fresh->id = g_steal_pointer(&id);
	fresh->state = RECORD_PUBLISHED;
	fresh->author = g_strdup(author);
	fresh->reason = g_strdup_printf("Measured from %u files with %s", (guint)json_array_size(json_object_get(answer->body, "inputs")),
	    json_string_value(json_object_get(answer->body, "method_version")));
	fresh->body = json_incref(answer->body);
	return store_write(s, &(store_change){fresh, kept ? kept->revision : 0}, 1, error);
}

/* --- what ships --- */

static gboolean measure_row(store *s, store_reader *r, const char *program, const measuring_table *t, const char *called, guint *kept, GError **error)
{
	g_autoptr(record) site = store_get(r, "site", called, NULL, error);
	g_auto(measuring_answer) answer = {0};
	gboolean changed;
	if (!site)
		return error == NULL || *error == NULL;
	measuring_job job = {.program = program, .site = site, .table = t, .table_site = called};
	if (!measuring_run(&job, &answer, error) || !measuring_keep(s, r, &answer, "aftermine", &changed, error))
		return FALSE;
	*kept += changed;
	return TRUE;
}

gboolean measuring_content(store *s, store_reader *r, const char *program, guint *kept, GError **error)
{
	static const char *const tables[] = {"tables/mckinley-mine.csv"};
	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
		g_autoptr(GBytes) bytes = content_file(tables[i]);
		g_autoptr(GPtrArray) faults = faults_new();
		g_auto(measuring_table) t = {0};
		if (!bytes || !measuring_table_parse(&t, tables[i], bytes, &(series_options){.scale = 1}, faults, error))
			return FALSE;
		for (guint k = 0; k < t.series->sites->len; k++)
			if (!measure_row(s, r, program, &t, ((const site_series *)g_ptr_array_index(t.series->sites, k))->site, kept, error))
				return FALSE;
	}
	return TRUE;
}
