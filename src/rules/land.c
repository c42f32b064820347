#include "rules/land.h"

#include <string.h>

struct land_register {
	GArray *sites; /* land_site */
	overlay_faces *faces;
	GHashTable *by_id;
	guint32 shapes;          /* numbers go from 1 to shapes */
	guint32 *face_first, *face_list; /* of each shape: its faces, rising */
	guint32 *site_first, *site_list; /* of each shape: its sites */
	guint8 *contested;       /* of each face */
};

const char *const land_class_ids[LAND_CLASSES] = {"operational", "legacy", "beyond-footprint", "all", "unknown"};

land_class land_class_of(const char *id)
{
	for (int i = 0; i < LAND_UNSTATED; i++)
		if (g_strcmp0(id, land_class_ids[i]) == 0)
			return i;
	return LAND_UNSTATED;
}

/* ---- lists by shape ---- */

static guint32 largest_shape(const land_register *l)
{
	guint32 most = 0;
	for (guint i = 0; i < l->sites->len; i++)
		most = MAX(most, g_array_index(l->sites, land_site, i).shape);
	for (guint i = 0; i < l->faces->members->len; i++)
		most = MAX(most, g_array_index(l->faces->members, guint32, i));
	return most;
}

/* Calls visit for every (shape, item) in the order of items. */
typedef void (*pair_visit)(guint32 shape, guint32 item, gpointer data);

static void each_face(const land_register *l, pair_visit visit, gpointer data)
{
	for (guint i = 0; i < l->faces->faces->len; i++) {
		const overlay_face *face = &g_array_index(l->faces->faces, overlay_face, i);
		for (guint32 k = 0; k < face->n; k++)
			visit(overlay_members(l->faces, face)[k], i, data);
	}
}

static void each_site(const land_register *l, pair_visit visit, gpointer data)
{
	for (guint i = 0; i < l->sites->len; i++)
		if (g_array_index(l->sites, land_site, i).shape)
			visit(g_array_index(l->sites, land_site, i).shape, i, data);
}

typedef struct lists {
	guint32 *first, *list, *next;
} lists;

static void count_pair(guint32 shape, guint32 item, gpointer data)
{
	(void)item;
	((lists *)data)->first[shape + 1]++;
}

static void place_pair(guint32 shape, guint32 item, gpointer data)
{
	lists *x = data;
	x->list[x->next[shape]++] = item;
}

/* first[s] to before first[s + 1] in list: the items of shape s. */
static void lists_make(const land_register *l, void (*each)(const land_register *, pair_visit, gpointer), guint32 **first, guint32 **list)
{
	lists x = {.first = g_new0(guint32, (gsize)l->shapes + 2)};
	each(l, count_pair, &x);
	for (guint32 s = 0; s <= l->shapes; s++)
		x.first[s + 1] += x.first[s];
	x.list = g_new(guint32, (gsize)x.first[l->shapes + 1] + 1);
	x.next = g_memdup2(x.first, ((gsize)l->shapes + 2) * sizeof *x.first);
	each(l, place_pair, &x);
	g_free(x.next);
	*first = x.first;
	*list = x.list;
}

/* ---- sites on a face ---- */

/* Are two sites of different organisations? Only where both are known to have any, and none in common. */
static gboolean land_site_disputes(const land_site *a, const land_site *b)
{
	for (gsize i = 0; a->organisations[i]; i++)
		for (gsize k = 0; b->organisations[k]; k++)
			if (strcmp(a->organisations[i], b->organisations[k]) == 0)
				return FALSE;
	return a->organisations[0] && b->organisations[0];
}

/* The sites that cover a face. */
static void sites_on(const land_register *l, const overlay_face *face, GPtrArray *sites)
{
	g_ptr_array_set_size(sites, 0);
	for (guint32 k = 0; k < face->n; k++) {
		guint32 shape = overlay_members(l->faces, face)[k];
		for (guint32 i = l->site_first[shape]; i < l->site_first[shape + 1]; i++)
			g_ptr_array_add(sites, &g_array_index(l->sites, land_site, l->site_list[i]));
	}
}

static gboolean is_contested(const GPtrArray *sites)
{
	for (guint i = 0; i < sites->len; i++)
		for (guint k = i + 1; k < sites->len; k++)
			if (land_site_disputes(sites->pdata[i], sites->pdata[k]))
				return TRUE;
	return FALSE;
}

/* ---- life ---- */

land_register *land_register_new(GArray *sites, overlay_faces *faces)
{
	land_register *l = g_new0(land_register, 1);
	l->sites = sites;
	l->faces = faces;
	l->shapes = largest_shape(l);
	l->by_id = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < sites->len; i++)
		g_hash_table_insert(l->by_id, (gpointer)g_array_index(sites, land_site, i).id, &g_array_index(sites, land_site, i));
	lists_make(l, each_face, &l->face_first, &l->face_list);
	lists_make(l, each_site, &l->site_first, &l->site_list);
	l->contested = g_malloc0((gsize)faces->faces->len + 1);
	g_autoptr(GPtrArray) here = g_ptr_array_new();
	for (guint i = 0; i < faces->faces->len; i++) {
		sites_on(l, &g_array_index(faces->faces, overlay_face, i), here);
		l->contested[i] = is_contested(here);
	}
	return l;
}

void land_register_free(land_register *l)
{
	if (!l)
		return;
	g_array_unref(l->sites);
	overlay_faces_free(l->faces);
	g_hash_table_unref(l->by_id);
	guint32 *const kept[] = {l->face_first, l->face_list, l->site_first, l->site_list};
	for (gsize i = 0; i < G_N_ELEMENTS(kept); i++)
		g_free(kept[i]);
	g_free(l->contested);
	g_free(l);
}

const land_site *land_sites(const land_register *l, gsize *n)
{
	*n = l->sites->len;
	return (const land_site *)(gpointer)l->sites->data;
}

const land_site *land_find(const land_register *l, const char *id)
{
	return g_hash_table_lookup(l->by_id, id);
}

/* ---- totals ---- */

/* A sum of areas that stays whole beyond the largest number of square centimetres: hectares, and what is left over. */
typedef struct area_sum {
	gint64 hectares, rest;
} area_sum;

static void area_add(area_sum *s, overlay_area area)
{
	s->hectares += area / (overlay_area)OVERLAY_HECTARE;
	s->rest += area % (overlay_area)OVERLAY_HECTARE;
}

static double area_value(const area_sum *s)
{
	gint64 whole = s->hectares + s->rest / (gint64)OVERLAY_HECTARE, rest = s->rest % (gint64)OVERLAY_HECTARE;
	return (double)whole + (double)rest / OVERLAY_HECTARE;
}

static int number_compare(gconstpointer a, gconstpointer b)
{
	guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
	return x < y ? -1 : x > y;
}

land_totals land_total(const land_register *l, const land_site *const *sites, gsize n)
{
	land_totals out = {0};
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	area_sum gross = {0}, net = {0}, contested = {0};
	g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(guint32));
	for (gsize i = 0; i < n; i++) {
		guint32 shape = sites[i] ? sites[i]->shape : 0;
		gboolean first = !sites[i] || g_hash_table_add(seen, (gpointer)sites[i]);
		out.sites += first;
		out.mapped += first && shape;
		if (shape)
			g_array_append_vals(list, l->face_list + l->face_first[shape], l->face_first[shape + 1] - l->face_first[shape]);
	}
	g_array_sort(list, number_compare);
	for (guint i = 0; i < list->len; i++) {
		guint32 number = g_array_index(list, guint32, i);
		const overlay_face *face = &g_array_index(l->faces->faces, overlay_face, number);
		overlay_area area = face->area;
		out.approximate |= face->approximate;
		area_add(&gross, area);
		if (i > 0 && number == g_array_index(list, guint32, i - 1))
			continue;
		area_add(&net, area);
		if (l->contested[number])
			area_add(&contested, area);
	}
	out.gross = area_value(&gross);
	out.net = area_value(&net);
	out.contested = area_value(&contested);
	return out;
}

void land_shares(const land_register *l, const land_site *const *sites, gsize n, land_share *share)
{
	g_autoptr(GHashTable) taken = g_hash_table_new(NULL, NULL);
	for (gsize i = 0; i < n; i++) {
		guint32 shape = sites[i] ? sites[i]->shape : 0;
		area_sum left = {0}, off = {0};
		gboolean approximate = FALSE;
		for (guint32 k = shape ? l->face_first[shape] : 0; shape && k < l->face_first[shape + 1]; k++) {
			guint32 number = l->face_list[k];
			gboolean first = g_hash_table_add(taken, GUINT_TO_POINTER(number + 1));
			const overlay_face *face = &g_array_index(l->faces->faces, overlay_face, number);
			approximate |= face->approximate;
			area_add(first ? &left : &off, face->area);
		}
		share[i] = (land_share){.left = area_value(&left), .off = area_value(&off)};
		share[i].approximate = approximate && share[i].off > 0;
		double whole = share[i].left + share[i].off;
		share[i].kept = whole > 0 ? share[i].left / whole : 1;
	}
}

/* ---- overlaps ---- */

typedef struct pair {
	guint32 a, b; /* places in sites; a before b by id */
	area_sum area;
	gboolean approximate;
} pair;

static guint pair_hash(gconstpointer key)
{
	const pair *p = key;
	return p->a * 2654435761u ^ p->b;
}

static gboolean pair_equal(gconstpointer x, gconstpointer y)
{
	const pair *p = x, *q = y;
	return p->a == q->a && p->b == q->b;
}

static gboolean pair_add(GHashTable *pairs, const land_register *l, const land_site *one, const land_site *two, const overlay_face *face)
{
	const land_site *all = (const land_site *)(gpointer)l->sites->data, *a = strcmp(one->id, two->id) < 0 ? one : two, *b = a == one ? two : one;
	pair key = {.a = (guint32)(a - all), .b = (guint32)(b - all)}, *found = g_hash_table_lookup(pairs, &key);
	if (!found) {
		if (g_hash_table_size(pairs) >= LAND_OVERLAPS_MAX)
			return FALSE;
		found = g_memdup2(&key, sizeof key);
		g_hash_table_add(pairs, found);
	}
	area_add(&found->area, face->area);
	found->approximate |= face->approximate;
	return TRUE;
}

static int largest_first(gconstpointer x, gconstpointer y)
{
	const land_overlap *p = x, *q = y;
	if (p->hectares != q->hectares)
		return p->hectares < q->hectares ? 1 : -1;
	int order = strcmp(p->a->id, q->a->id);
	return order ? order : strcmp(p->b->id, q->b->id);
}

GArray *land_overlaps(const land_register *l, gboolean *whole)
{
	g_autoptr(GHashTable) pairs = g_hash_table_new_full(pair_hash, pair_equal, g_free, NULL);
	g_autoptr(GPtrArray) here = g_ptr_array_new();
	*whole = TRUE;
	for (guint f = 0; f < l->faces->faces->len; f++) {
		const overlay_face *face = &g_array_index(l->faces->faces, overlay_face, f);
		sites_on(l, face, here);
		for (guint i = 0; i < here->len; i++)
			for (guint k = i + 1; k < here->len; k++)
				*whole = pair_add(pairs, l, here->pdata[i], here->pdata[k], face) && *whole;
	}
	GArray *out = g_array_new(FALSE, FALSE, sizeof(land_overlap));
	GHashTableIter iter;
	gpointer key;
	g_hash_table_iter_init(&iter, pairs);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		const pair *p = key;
		const land_site *a = &g_array_index(l->sites, land_site, p->a), *b = &g_array_index(l->sites, land_site, p->b);
		const land_overlap overlap = {a, b, area_value(&p->area), MAX(a->since, b->since), land_site_disputes(a, b), p->approximate};
		if (overlap.hectares >= LAND_OVERLAP_LEAST)
			g_array_append_val(out, overlap);
	}
	g_array_sort(out, largest_first);
	return out;
}
