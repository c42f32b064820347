#include "rules/cover.h"

#include <string.h>

const char *const cover_ids[COVERS] = {"tree-covered", "grassland", "cropland", "wetland", "artificial", "other-land", "water-body"};

const char *const cover_meaning_ids[COVER_MEANINGS] = {[COVER_GAIN] = "cover-improved", [COVER_NEITHER] = "cover-stable", [COVER_LOSS] = "cover-degraded"};

static int place_of(const char *const *ids, int n, const json_t *id)
{
	for (int i = 0; i < n; i++)
		if (g_strcmp0(ids[i], json_string_value(id)) == 0)
			return i;
	return -1;
}

/* "land cover, 2000 to 2020": rows say the period in words, and its last year as a number. */
static int first_year(const json_t *row)
{
	const char *what = json_string_value(json_object_get(row, "what")), *comma = what ? strchr(what, ',') : NULL;
	return comma ? (int)g_ascii_strtoull(comma + 1, NULL, 10) : 0;
}

static gboolean change_read(const json_t *row, cover_change *out)
{
	int from = place_of(cover_ids, COVERS, json_object_get(row, "from")), to = place_of(cover_ids, COVERS, json_object_get(row, "to"));
	int meaning = place_of(cover_meaning_ids, COVER_MEANINGS, json_object_get(row, "quantity"));
	if (from < 0 || to < 0 || meaning < 0)
		return FALSE;
	*out = (cover_change){from, to, (cover_meaning)meaning, measured_hectares_read(row)};
	return out->area.say == SAY_VALUE;
}

cover_changes *cover_changes_read(const json_t *results)
{
	cover_change change;
	const json_t *row;
	gsize i;
	guint n = 0;
	json_array_foreach(results, i, row)
		n += change_read(row, &change);
	if (!n)
		return NULL;
	gsize rows, size;
	if (!g_size_checked_mul(&rows, n, sizeof(cover_change)) || !g_size_checked_add(&size, rows, sizeof(cover_changes)))
		return NULL;
	cover_changes *out = g_malloc0(size);
	json_array_foreach(results, i, row) {
		if (!change_read(row, &change))
			continue;
		out->rows[out->n++] = change;
		out->first = first_year(row);
		out->last = (int)json_integer_value(json_object_get(row, "year"));
	}
	return out;
}

void cover_sum_add(cover_sum *sum, const cover_changes *changes, const site_shown *site)
{
	for (guint i = 0; i < changes->n; i++) {
		const cover_change *c = &changes->rows[i];
		const measured_hectares area = site ? site_shown_less(site, c->area) : c->area;
		measured_hectares_add(&sum->area[c->from][c->to], area);
		sum->meaning[c->from][c->to] = c->meaning;
		sum->sums[c->meaning] += area.value;
	}
	sum->sites++;
	if (changes->first > 0)
		sum->first = sum->first ? MIN(sum->first, changes->first) : changes->first;
	sum->last = MAX(sum->last, changes->last);
}
