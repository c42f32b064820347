#include <math.h>

#include "web/board.h"
#include "web/pages/home.h"
#include "web/pages/land.h"
#include "web/pages/shown.h"

static board *board_of(const request *r, GError **error)
{
	return board_get(request_reader(r), store_reader_generation(request_reader(r)), request_as_of(r), error);
}

gboolean home_sums(const request *r, const char *iso3, pledge_sums *sums, GError **error)
{
	g_autoptr(board) b = board_of(r, error);
	if (!b)
		return FALSE;
	const pledge_sums *known = iso3 ? board_country(b, iso3, NULL) : board_world(b);
	if (known) {
		pledge_sums_clear(sums);
		*sums = *known;
		g_array_ref(sums->rows);
	}
	return TRUE;
}

char *home_course(const request *r)
{
	const language *l = request_language(r);
	g_autoptr(board) b = board_of(r, NULL);
	const shown_land *shown = b ? &board_land_world(board_land_get(b))->shown : NULL;
	if (!shown || !shown->measured)
		return g_strdup(language_text(l, "No pledge has been measured from satellites so far."));
	for (int a = 0; a < MEASURED_AREAS; a++)
		if (shown->told[a])
			return view_count(l, "{n} site is measured; none of its hectares answers a pledge.", "{n} sites are measured; none of their hectares answers a pledge.", shown->measured);
	g_autofree char *sites = view_count(l, "{n} site is measured, without hectares.", "{n} sites are measured, without hectares.", shown->measured);
	g_autofree char *course = shown_course(r, shown);
	return course ? g_strdup_printf("%s %s", sites, course) : g_steal_pointer(&sites);
}

json_t *home_mapped(const request *r, GError **error)
{
	g_autoptr(board) b = board_of(r, error);
	return b ? land_tally_row(r, &board_land_world(board_land_get(b))->pledged) : NULL;
}

static int largest_first(gconstpointer a, gconstpointer b)
{
	double one = ((const home_tint *)a)->hectares, two = ((const home_tint *)b)->hectares;
	return one < two ? 1 : one > two ? -1 : g_strcmp0(((const home_tint *)a)->iso3, ((const home_tint *)b)->iso3);
}

GArray *home_tints(const request *r, GError **error)
{
	g_autoptr(board) b = board_of(r, error);
	if (!b)
		return NULL;
	GArray *tints = g_array_new(FALSE, FALSE, sizeof(home_tint));
	g_autofree const char **countries = board_countries(b);
	for (gsize i = 0; countries[i]; i++) {
		home_tint tint = { .iso3 = countries[i], .hectares = board_country(b, countries[i], NULL)->hectares_promised.value };
		if (tint.hectares > 0)
			g_array_append_val(tints, tint);
	}
	g_array_sort(tints, largest_first);
	for (guint i = 0; i < tints->len; i++)
		g_array_index(tints, home_tint, i).share = sqrt(g_array_index(tints, home_tint, i).hectares / g_array_index(tints, home_tint, 0).hectares);
	return tints;
}
