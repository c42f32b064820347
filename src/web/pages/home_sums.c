#include <math.h>
#include <string.h>

#include "web/pages/home.h"

typedef struct walk {
	const request *request;
	const char *iso3, *today;
	pledge_sums *sums;
	GHashTable *hectares; /* iso3 (interned) -> double, for tints */
	GError **error;
	gboolean failed;
} walk;

static void release(gpointer data)
{
	json_decref(data);
}

/* Progress reports of a pledge, by reference. */
static GPtrArray *progress_of(const request *r, const char *id, GError **error)
{
	const char *const values[] = { id, NULL };
	store_filter of_pledge = { .path = "pledge", .values = values };
	store_query q = { .kind = "progress", .filters = &of_pledge, .n_filters = 1, .as_of = request_as_of(r), .limit = 1000, .bodies = TRUE };
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	if (!found)
		return NULL;
	GPtrArray *bodies = g_ptr_array_new_with_free_func(release);
	for (gsize i = 0; i < found->n; i++)
		g_ptr_array_add(bodies, json_incref(found->hits[i].record->body));
	return bodies;
}

static char *today_of(const request *r)
{
	if (request_as_of(r))
		return g_strdup(request_as_of(r));
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	return g_date_time_format(now, "%Y-%m-%d");
}

typedef struct pledge_copy {
	char *id;
	json_t *body;
} pledge_copy;

static void pledge_copy_clear(gpointer data)
{
	pledge_copy *copy = data;
	g_free(copy->id);
	json_decref(copy->body);
}

static gboolean collect(const record *rec, gpointer data)
{
	pledge_copy copy = { g_strdup(rec->id), json_incref(rec->body) };
	g_array_append_val((GArray *)data, copy);
	return TRUE;
}

static GArray *pledges_of(const request *r, GError **error)
{
	g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(pledge_copy));
	g_array_set_clear_func(list, pledge_copy_clear);
	store_query q = { .kind = "pledge", .as_of = request_as_of(r) };
	return store_each(request_reader(r), &q, collect, list, error) ? g_steal_pointer(&list) : NULL;
}

gboolean home_sums(const request *r, const char *iso3, pledge_sums *sums, GError **error)
{
	g_autofree char *today = today_of(r);
	g_autoptr(GArray) pledges = pledges_of(r, error);
	for (guint i = 0; pledges && i < pledges->len; i++) {
		const pledge_copy *copy = &g_array_index(pledges, pledge_copy, i);
		if (iso3 && pledge_country_share(copy->body, iso3) != COUNTRY_WHOLE)
			continue;
		g_autoptr(GPtrArray) progress = progress_of(r, copy->id, error);
		if (!progress)
			return FALSE;
		pledge_entry entry = { .id = copy->id, .facts = { .pledge = copy->body, .progress = (json_t *const *)progress->pdata,
			.n_progress = progress->len, .changed = NAN } };
		pledge_sums_add(sums, &entry, today);
	}
	if (pledges)
		pledge_sums_finish(sums);
	return pledges != NULL;
}

static int largest_first(gconstpointer a, gconstpointer b)
{
	double one = ((const home_tint *)a)->hectares, two = ((const home_tint *)b)->hectares;
	return one < two ? 1 : one > two ? -1 : 0;
}

GArray *home_tints(const request *r, GError **error)
{
	g_autoptr(GArray) pledges = pledges_of(r, error);
	if (!pledges)
		return NULL;
	g_autofree char *today = today_of(r);
	GArray *tints = g_array_new(FALSE, FALSE, sizeof(home_tint));
	for (guint i = 0; i < pledges->len; i++) {
		const pledge_copy *copy = &g_array_index(pledges, pledge_copy, i);
		const json_t *countries = json_object_get(copy->body, "countries");
		if (json_array_size(countries) != 1)
			continue;
		g_auto(pledge_sums) sums;
		pledge_sums_init(&sums);
		pledge_entry entry = { .id = copy->id, .facts = { .pledge = copy->body, .changed = NAN } };
		pledge_sums_add(&sums, &entry, today);
		pledge_sums_finish(&sums);
		if (!(sums.hectares_promised.value > 0))
			continue;
		const char *iso3 = g_intern_string(json_string_value(json_array_get(countries, 0)));
		guint at = 0;
		while (at < tints->len && g_array_index(tints, home_tint, at).iso3 != iso3)
			at++;
		if (at == tints->len)
			g_array_append_val(tints, ((home_tint){ .iso3 = iso3 }));
		g_array_index(tints, home_tint, at).hectares += sums.hectares_promised.value;
	}
	g_array_sort(tints, largest_first);
	for (guint i = 0; i < tints->len; i++)
		g_array_index(tints, home_tint, i).share = sqrt(g_array_index(tints, home_tint, i).hectares / g_array_index(tints, home_tint, 0).hectares);
	return tints;
}
