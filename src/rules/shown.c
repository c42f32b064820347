#include "rules/shown.h"

#include <math.h>

static guint each_once(const char *const *sites, gsize n)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (gsize i = 0; i < n; i++)
		if (sites[i])
			g_hash_table_add(seen, (gpointer)sites[i]);
	return g_hash_table_size(seen);
}

shown_land land_shown(const measuring_facts *f, const char *const *sites, gsize n, cover_sum *covers)
{
	shown_land out = {.sites = each_once(sites, n), .oldest = NAN, .newest = NAN};
	for (int a = 0; a < MEASURED_AREAS; a++)
		out.areas[a] = (measured_hectares){SAY_NOTHING, NAN, NAN, NAN};
	g_autoptr(GArray) shown = sites_shown(f, sites, n, f->today);
	out.measured = shown->len;
	for (guint i = 0; i < shown->len; i++) {
		const site_shown *s = &g_array_index(shown, site_shown, i);
		const land_site *land = f->land ? land_find(f->land, s->site) : NULL;
		out.unmapped += !land || !land->shape;
		out.oldest = fmin(out.oldest, s->m->at);
		out.newest = fmax(out.newest, s->m->at);
		out.off += s->share.off;
		out.trends[s->m->trend]++;
		if (covers && s->m->covers)
			cover_sum_add(covers, s->m->covers, s);
		for (int a = 0; a < MEASURED_AREAS; a++)
			out.told[a] += measured_hectares_add(&out.areas[a], site_shown_less(s, s->m->areas[a]));
	}
	return out;
}
