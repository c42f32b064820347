#include "sites.h"

#include <stdlib.h>
#include <string.h>

#include "rank.h"

static const char *const site_fields[SITE_YEARS] = {"dist_start", "rest_start", "ref_start", "ref_end"};

/* --- reading --- */

/* Is there a cell centre inside? If not, the one cell it lies on stands for it. */
static bool site_size(site *one, session *run, failure *why)
{
	polygon_cursor cursor;
	bool any = false, fine = one->box.width == 0 || polygon_open(one->shape, (size_t)one->box.width, &cursor, why);
	if (one->box.width == 0) {
		session_note(run, _("polygon %s lies outside the rasters"), one->name);
		return true;
	}
	autofree unsigned char *row = memory_new((size_t)one->box.width, 1);
	for (int y = one->box.y; fine && !any && y < one->box.y + one->box.height; y++) {
		polygon_centres(&session_profile(run)->zone, &cursor, y, one->box.x, (size_t)one->box.width, row);
		any = memchr(row, 1, (size_t)one->box.width) != NULL;
	}
	polygon_close(&cursor);
	if (!fine || any)
		return fine;
	one->small = polygon_nearest(one->shape, session_grid(run), &one->small_column, &one->small_row);
	if (one->small) {
		session_note(run, _("polygon %s holds no cell centre: the one cell it lies on stands for it"), one->name);
		one->box = (window){one->small_column, one->small_row, 1, 1};
	} else {
		session_note(run, _("polygon %s lies outside the rasters"), one->name);
		one->box = (window){0};
	}
	return true;
}

bool sites_read(const char *path, const char *layer, const char *field, const int years[SITE_YEARS], session *run, sites *out, failure *why)
{
	const grid *onto = session_grid(run);
	*out = (sites){0};
	if (!path) {
		out->items = memory_new(1, sizeof *out->items);
		out->count = 1;
		out->items[0] = (site){.name = _("region"), .box = {0, 0, onto->width, onto->height}};
		memcpy(out->items[0].years, years, sizeof out->items[0].years);
		return true;
	}
	if (!polygons_read(path, layer, field, false, onto, &out->polygons, why))
		return false;
	out->count = out->polygons.count;
	out->items = memory_new(out->count, sizeof *out->items);
	autofree int *found = memory_new(out->count * SITE_YEARS, sizeof *found);
	bool fine = polygons_years(&out->polygons, path, layer, site_fields, SITE_YEARS, found, why);
	for (size_t i = 0; fine && i < out->count; i++) {
		site *one = &out->items[i];
		*one = (site){.name = out->polygons.items[i].name, .shape = &out->polygons.items[i], .box = out->polygons.items[i].box};
		for (int y = 0; y < SITE_YEARS; y++)
			one->years[y] = years[y] ? years[y] : found[i * SITE_YEARS + (size_t)y];
		fine = site_size(one, run, why);
	}
	return fine;
}

void sites_free(sites *all)
{
	polygons_free(&all->polygons);
	free(all->items);
	*all = (sites){0};
}

/* --- cells --- */

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

window site_window(const site *one, window part)
{
	window w = {most(one->box.x, part.x), most(one->box.y, part.y), 0, 0};
	w.width = least(one->box.x + one->box.width, part.x + part.width) - w.x;
	w.height = least(one->box.y + one->box.height, part.y + part.height) - w.y;
	return w.width > 0 && w.height > 0 ? w : (window){0};
}

window sites_window(const sites *all, window part)
{
	window hull = {0};
	for (size_t i = 0; i < all->count; i++) {
		window w = site_window(&all->items[i], part);
		if (w.width == 0)
			continue;
		if (hull.width == 0) {
			hull = w;
			continue;
		}
		int right = most(hull.x + hull.width, w.x + w.width), bottom = most(hull.y + hull.height, w.y + w.height);
		hull.x = least(hull.x, w.x);
		hull.y = least(hull.y, w.y);
		hull.width = right - hull.x;
		hull.height = bottom - hull.y;
	}
	return hull;
}

/* The site's own cells in its window `own`, 1 a cell. */
static bool site_mask(const site *one, session *run, window own, unsigned char *mask, failure *why)
{
	size_t wide = (size_t)own.width;
	polygon_cursor cursor;
	if (!one->shape || one->small) {
		memset(mask, 1, wide * (size_t)own.height);
		return true;
	}
	bool fine = polygon_open(one->shape, wide, &cursor, why);
	for (int y = 0; fine && y < own.height; y++) {
		ldn_status status = polygon_centres(&session_profile(run)->zone, &cursor, own.y + y, own.x, wide, mask + (size_t)y * wide);
		if (status != LDN_OK)
			fine = failure_set(why, _("polygon %s: %s"), one->name, ldn_status_text(status));
	}
	polygon_close(&cursor);
	return fine;
}

bool site_cells(const site *one, session *run, int worker, window part, size_t **cells, size_t *count, failure *why)
{
	window own = site_window(one, part);
	*cells = NULL;
	*count = 0;
	if (own.width == 0)
		return true;
	size_t n = (size_t)own.width * (size_t)own.height;
	autofree unsigned char *mask = memory_new(n, 1), *region = NULL;
	if (!site_mask(one, run, own, mask, why) || !session_inside(run, worker, own, &region, why))
		return false;
	*cells = memory_grow(NULL, n, sizeof **cells);
	for (size_t i = 0; i < n; i++) {
		size_t x = (size_t)(own.x - part.x) + i % (size_t)own.width, y = (size_t)(own.y - part.y) + i / (size_t)own.width;
		if (mask[i] && (!region || region[i]))
			(*cells)[(*count)++] = y * (size_t)part.width + x;
	}
	return true;
}

/* --- gathering --- */

void gather_begin(gathering *all, size_t lists, const session *run)
{
	*all = (gathering){.items = memory_new(lists, sizeof *all->items), .count = lists, .limit = session_memory(run) / sizeof(double)};
	pthread_mutex_init(&all->lock, NULL);
}

void gather_free(gathering *all)
{
	if (!all->items)
		return;
	for (size_t i = 0; i < all->count; i++)
		free(all->items[i].values);
	free(all->items);
	pthread_mutex_destroy(&all->lock);
	*all = (gathering){0};
}

static void gather_append(struct gathered *to, const double *values, size_t count)
{
	if (to->count + count > to->room) {
		to->room = to->count + count > 2 * to->room ? to->count + count : 2 * to->room;
		to->values = memory_grow(to->values, to->room, sizeof *to->values);
	}
	if (count)
		memcpy(to->values + to->count, values, count * sizeof *values);
	to->count += count;
}

bool gather_add(gathering *all, size_t list, const double *values, size_t count, failure *why)
{
	pthread_mutex_lock(&all->lock);
	all->total += count;
	bool fine = all->total <= all->limit;
	if (fine)
		gather_append(&all->items[list], values, count);
	pthread_mutex_unlock(&all->lock);
	return fine || failure_set(why, _("the polygons hold more cells than fit into memory; allow more with --memory, or take fewer polygons or layers"));
}

bool gather_join(gathering *all, failure *why)
{
	if (!rank_agree(why))
		return false;
	for (size_t i = 0; rank_count() > 1 && i < all->count; i++) {
		size_t *lengths;
		unsigned char **parts = rank_gather(all->items[i].values, all->items[i].count * sizeof(double), &lengths);
		for (int r = 0; parts && r < rank_count(); r++) {
			if (r > 0)
				gather_append(&all->items[i], (const double *)(const void *)parts[r], lengths[r] / sizeof(double));
			free(parts[r]);
		}
		free(parts);
		free(lengths);
	}
	return true;
}
