#include "web/board_land.h"

#include <string.h>

#include "store/land.h"

/* What an area is summed up from: places of sites. */
typedef struct gathered {
	GPtrArray *all, *pledged; /* const land_site *, one more time for each pledge */
	board_area area;
} gathered;

struct board_land {
	GStringChunk *texts;
	GPtrArray *lists;   /* of organisations: freed with the land */
	GArray *sites;      /* land_site; until it is laid */
	GHashTable *places; /* id -> place in sites + 1 */
	GHashTable *claimed; /* id of a site that names no organisation -> GPtrArray, until it is laid */
	overlay_faces *faces; /* until it is laid */
	land_register *land;
	json_t *bodies[DUTY_CLASSES + 1]; /* {"duty": ...}; the last one says nothing */
	gathered world;
	GHashTable *countries, *organisations; /* gathered */
	GArray *overlaps;
	gboolean whole;
};

static void gathered_clear(gathered *g)
{
	g_ptr_array_unref(g->all);
	g_ptr_array_unref(g->pledged);
	g_free(g->area.covers);
}

static void gathered_free(gpointer data)
{
	gathered_clear(data);
	g_free(data);
}

static gathered gathered_new(void)
{
	return (gathered){.all = g_ptr_array_new(), .pledged = g_ptr_array_new()};
}

static gathered *gathered_of(GHashTable *table, const char *id)
{
	gathered *g = g_hash_table_lookup(table, id);
	if (!g) {
		g = g_new(gathered, 1);
		*g = gathered_new();
		g_hash_table_insert(table, (gpointer)g_intern_string(id), g);
	}
	return g;
}

void board_land_free(board_land *l)
{
	if (!l)
		return;
	land_register_free(l->land);
	g_clear_pointer(&l->sites, g_array_unref);
	overlay_faces_free(l->faces);
	g_hash_table_unref(l->places);
	g_hash_table_unref(l->claimed);
	g_hash_table_unref(l->countries);
	g_hash_table_unref(l->organisations);
	gathered_clear(&l->world);
	g_clear_pointer(&l->overlaps, g_array_unref);
	for (gsize i = 0; i < G_N_ELEMENTS(l->bodies); i++)
		json_decref(l->bodies[i]);
	g_ptr_array_unref(l->lists);
	g_string_chunk_free(l->texts);
	g_free(l);
}

/* ---- reading ---- */

static void add_once(GPtrArray *list, const char *id)
{
	if (id && !g_ptr_array_find(list, g_intern_string(id), NULL))
		g_ptr_array_add(list, (gpointer)g_intern_string(id));
}

static int text_compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Puts the list in order, ends it and keeps it. */
static const char *const *keep_list(board_land *l, GPtrArray *list)
{
	g_ptr_array_sort(list, text_compare);
	g_ptr_array_add(list, NULL);
	gpointer *ids = g_ptr_array_free(list, FALSE);
	g_ptr_array_add(l->lists, ids);
	return (const char *const *)ids;
}

/* What the store says of a site; the values of facets live as long as the program. */
static void read_site(board_land *l, const store_site *from)
{
	land_site site = {.id = g_string_chunk_insert(l->texts, from->id), .title = g_string_chunk_insert(l->texts, from->title), .shape = from->shape,
		.since = from->since, .area = from->area};
	const struct { const char *path, **value; } single[] = {{"country", &site.country}, {"duty", &site.duty}, {"land", &site.land}};
	GPtrArray *organisations = g_ptr_array_new();
	for (gsize i = 0; i < from->n_values; i++) {
		const store_value *v = &from->values[i];
		for (gsize k = 0; k < G_N_ELEMENTS(single); k++)
			if (strcmp(v->path, single[k].path) == 0)
				*single[k].value = v->value;
		if (strcmp(v->path, "operator") == 0 || strcmp(v->path, "organisations.organisation") == 0)
			add_once(organisations, v->value);
	}
	site.organisations = keep_list(l, organisations);
	g_array_append_val(l->sites, site);
	g_hash_table_insert(l->places, (gpointer)site.id, GUINT_TO_POINTER(l->sites->len));
}

static land_site *site_of(const board_land *l, const char *id)
{
	guint place = id ? GPOINTER_TO_UINT(g_hash_table_lookup(l->places, id)) : 0;
	return !place ? NULL : l->land ? (land_site *)land_find(l->land, id) : &g_array_index(l->sites, land_site, place - 1);
}

board_land *board_land_read(store_reader *reader, const char *as_of, GError **error)
{
	g_autoptr(store_land) stored = store_land_get(reader, as_of, error);
	if (!stored)
		return NULL;
	board_land *l = g_new0(board_land, 1);
	l->texts = g_string_chunk_new(4096);
	l->lists = g_ptr_array_new_with_free_func(g_free);
	l->sites = g_array_new(FALSE, FALSE, sizeof(land_site));
	l->places = g_hash_table_new(g_str_hash, g_str_equal);
	l->claimed = g_hash_table_new(g_str_hash, g_str_equal);
	l->countries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, gathered_free);
	l->organisations = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, gathered_free);
	l->world = gathered_new();
	for (int d = 0; d < DUTY_CLASSES; d++)
		l->bodies[d] = json_pack("{s:s}", "duty", duty_class_ids[d]);
	l->bodies[DUTY_CLASSES] = json_object();
	for (guint i = 0; i < stored->sites->len; i++)
		read_site(l, &g_array_index(stored->sites, store_site, i));
	l->faces = g_steal_pointer(&stored->faces);
	return l;
}

void board_land_claim(board_land *l, const json_t *sites, const json_t *organisations)
{
	const json_t *id, *organisation;
	gsize i, k;
	json_array_foreach(sites, i, id) {
		const land_site *site = site_of(l, json_string_value(id));
		if (!site || site->organisations[0])
			continue;
		GPtrArray *list = g_hash_table_lookup(l->claimed, site->id);
		if (!list)
			g_hash_table_insert(l->claimed, (gpointer)site->id, list = g_ptr_array_new());
		json_array_foreach(organisations, k, organisation)
			add_once(list, json_string_value(organisation));
	}
}

void board_land_lay(board_land *l)
{
	GHashTableIter iter;
	gpointer id, list;
	g_hash_table_iter_init(&iter, l->claimed);
	while (g_hash_table_iter_next(&iter, &id, &list))
		site_of(l, id)->organisations = keep_list(l, list);
	g_hash_table_remove_all(l->claimed);
	l->land = land_register_new(g_steal_pointer(&l->sites), g_steal_pointer(&l->faces));
	l->overlaps = land_overlaps(l->land, &l->whole);
}

const land_register *board_land_register(const board_land *l)
{
	return l->land;
}

/* ---- totals ---- */

/* What a pledge names: NULL for a site that is not known. */
static GPtrArray *named(const board_land *l, const json_t *sites)
{
	GPtrArray *list = g_ptr_array_new();
	const json_t *id;
	gsize i;
	json_array_foreach(sites, i, id)
		g_ptr_array_add(list, (gpointer)site_of(l, json_string_value(id)));
	return list;
}

static land_totals total_of(const board_land *l, const GPtrArray *sites)
{
	return land_total(l->land, (const land_site *const *)(gpointer)sites->pdata, sites->len);
}

land_totals board_land_of(const board_land *l, const json_t *sites)
{
	g_autoptr(GPtrArray) list = named(l, sites);
	return total_of(l, list);
}

static duty_class duty_of(const land_site *site)
{
	for (int d = 0; d < DUTY_CLASSES; d++)
		if (g_strcmp0(site->duty, duty_class_ids[d]) == 0)
			return d;
	return DUTY_UNKNOWN;
}

json_t *board_land_site_body(const board_land *l, const char *id)
{
	const land_site *site = site_of(l, id);
	return !site ? NULL : l->bodies[site->duty ? duty_of(site) : DUTY_CLASSES];
}

void board_land_pledge(board_land *l, const json_t *sites, const char *const *organisations)
{
	g_autoptr(GPtrArray) list = named(l, sites);
	for (guint i = 0; i < list->len; i++) {
		const land_site *site = list->pdata[i];
		g_ptr_array_add(l->world.pledged, (gpointer)site);
		if (site && site->country)
			g_ptr_array_add(gathered_of(l->countries, site->country)->pledged, (gpointer)site);
		for (gsize k = 0; organisations[k]; k++)
			g_ptr_array_add(gathered_of(l->organisations, organisations[k])->pledged, (gpointer)site);
	}
}

static int duty_number(const land_site *site)
{
	return duty_of(site);
}

static int class_number(const land_site *site)
{
	return land_class_of(site->land);
}

/* Each class by itself. */
static void by_class(const board_land *l, const GPtrArray *sites, int (*class)(const land_site *), int n, land_totals *out)
{
	for (int c = 0; c < n; c++) {
		g_autoptr(GPtrArray) list = g_ptr_array_new();
		for (guint i = 0; i < sites->len; i++)
			if (class(sites->pdata[i]) == c)
				g_ptr_array_add(list, sites->pdata[i]);
		out[c] = total_of(l, list);
	}
}

static void sum_up(const board_land *l, gathered *g, const measuring_facts *measured)
{
	g_autofree const char **ids = g_new0(const char *, g->all->len + 1);
	g->area.all = total_of(l, g->all);
	g->area.pledged = total_of(l, g->pledged);
	by_class(l, g->all, duty_number, DUTY_CLASSES, g->area.by_duty);
	by_class(l, g->all, class_number, LAND_CLASSES, g->area.by_class);
	for (guint i = 0; i < g->all->len; i++)
		ids[i] = ((const land_site *)g->all->pdata[i])->id;
	cover_sum covers = {0};
	g->area.shown = land_shown(measured, ids, g->all->len, &covers);
	g->area.covers = covers.sites ? g_memdup2(&covers, sizeof covers) : NULL;
}

void board_land_total(board_land *l, const measuring_facts *measured)
{
	gsize n;
	const land_site *sites = land_sites(l->land, &n);
	for (gsize i = 0; i < n; i++) {
		g_ptr_array_add(l->world.all, (gpointer)&sites[i]);
		if (sites[i].country)
			g_ptr_array_add(gathered_of(l->countries, sites[i].country)->all, (gpointer)&sites[i]);
		for (gsize k = 0; sites[i].organisations[k]; k++)
			g_ptr_array_add(gathered_of(l->organisations, sites[i].organisations[k])->all, (gpointer)&sites[i]);
	}
	sum_up(l, &l->world, measured);
	GHashTable *const tables[] = {l->countries, l->organisations};
	for (gsize t = 0; t < G_N_ELEMENTS(tables); t++) {
		GHashTableIter iter;
		gpointer g;
		g_hash_table_iter_init(&iter, tables[t]);
		while (g_hash_table_iter_next(&iter, NULL, &g))
			sum_up(l, g, measured);
	}
}

const board_area *board_land_world(const board_land *l)
{
	return &l->world.area;
}

static const board_area *area_of(GHashTable *table, const char *id)
{
	const gathered *g = g_hash_table_lookup(table, id);
	return g ? &g->area : NULL;
}

const board_area *board_land_country(const board_land *l, const char *iso3)
{
	return area_of(l->countries, iso3);
}

const board_area *board_land_organisation(const board_land *l, const char *id)
{
	return area_of(l->organisations, id);
}

const GArray *board_land_overlaps(const board_land *l, gboolean *whole)
{
	*whole = l->whole;
	return l->overlaps;
}
