#include "web/pages/redrawn.h"

#include <math.h>

#include "base/overlay.h"
#include "publish/map.h"
#include "web/pages/pages.h"
#include "web/pages/sheet.h"

#define REDRAWN_WIDTH 480.0 /* it stands within a text */

/* The chart that shows a field of a site. */
static const struct {
	const char *field, *chart;
	gboolean place; /* without it the site may still be known as a point */
} charts[] = {{"geometry", "boundary", TRUE}, {"reference_geometry", "reference", FALSE}};

static gssize chart_of(const record *rec, const char *field_name, const char *chart)
{
	for (gsize i = 0; g_str_equal(rec->kind->name, "site") && i < G_N_ELEMENTS(charts); i++)
		if (field_name ? g_str_equal(charts[i].field, field_name) : g_str_equal(charts[i].chart, chart))
			return (gssize)i;
	return -1;
}

/* ---- one side: what was known before, or is after ---- */

static const json_t *land_of(gssize chart, const record *rec)
{
	return json_object_get(rec->body, charts[chart].field);
}

static gboolean point_of(gssize chart, const record *rec, double at[2])
{
	const json_t *longitude = json_object_get(rec->body, "longitude"), *latitude = json_object_get(rec->body, "latitude");
	at[0] = json_number_value(longitude), at[1] = json_number_value(latitude);
	return charts[chart].place && !land_of(chart, rec) && json_is_number(longitude) && json_is_number(latitude);
}

static gsize positions_of(const json_t *coordinates, int depth)
{
	gsize n = 0, i;
	const json_t *entry;
	if (json_is_number(json_array_get(coordinates, 0)))
		return 1;
	if (depth < 4)
		json_array_foreach(coordinates, i, entry)
			n += positions_of(entry, depth + 1);
	return n;
}

/* ---- how much ---- */

/* Hectares on the ellipsoid; each square centimetre is in one of these, so that before - taken + added is after. */
typedef struct difference {
	gboolean land[2];
	double before, after, added, taken;
	gboolean approximate;
} difference;

static difference difference_of(const json_t *before, const json_t *after)
{
	enum { BEFORE = 1, AFTER };
	g_autoptr(boundary) old = before ? boundary_read(before, NULL) : NULL, new = after ? boundary_read(after, NULL) : NULL;
	overlay_shape shapes[2];
	gsize n = 0;
	if (old)
		shapes[n++] = (overlay_shape){BEFORE, old};
	if (new)
		shapes[n++] = (overlay_shape){AFTER, new};
	g_autoptr(overlay_faces) faces = overlay_world(shapes, n);
	difference d = {.land = {old != NULL, new != NULL}};
	overlay_area kept = 0, added = 0, taken = 0;
	for (guint i = 0; i < faces->faces->len; i++) {
		const overlay_face *face = &g_array_index(faces->faces, overlay_face, i);
		*(face->n > 1 ? &kept : overlay_members(faces, face)[0] == AFTER ? &added : &taken) += face->area;
		d.approximate |= face->approximate;
	}
	d.before = (double)(kept + taken) / OVERLAY_HECTARE, d.after = (double)(kept + added) / OVERLAY_HECTARE;
	d.added = (double)added / OVERLAY_HECTARE, d.taken = (double)taken / OVERLAY_HECTARE;
	return d;
}

/* ---- in words ---- */

static char *hectares(const language *l, double value)
{
	g_autofree char *number = language_number(l, value, value < 1 ? 4 : value < 100 ? 2 : 0);
	return view_message(language_text(l, "{n} ha"), "n", number, NULL);
}

static char *side_words(const request *r, gssize chart, const record *rec, gboolean land, double value)
{
	double at[2];
	return land ? hectares(request_language(r), value) : g_strdup(request_text(r, point_of(chart, rec, at) ? N_("known only as a point") : N_("no boundary")));
}

/* What is said of it, all at once. */
typedef struct words {
	char *before, *after, *added, *taken, *changed, *whole;
} words;

static void words_clear(words *w)
{
	char *all[] = {w->before, w->after, w->added, w->taken, w->changed, w->whole};
	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		g_free(all[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(words, words_clear)

static void words_read(words *w, const request *r, gssize chart, const record *before, const record *after, const difference *d)
{
	const language *l = request_language(r);
	const char *label = language_text(l, kind_field(after->kind, charts[chart].field)->label);
	w->before = side_words(r, chart, before, d->land[0], d->before);
	w->after = side_words(r, chart, after, d->land[1], d->after);
	w->added = hectares(l, d->added);
	w->taken = hectares(l, d->taken);
	w->changed = view_message(d->approximate ? language_text(l, "About {added} added, about {taken} taken away.") : language_text(l, "{added} added, {taken} taken away."),
		"added", w->added, "taken", w->taken, NULL);
	w->whole = view_message(language_text(l, "Map: {label}, before {before}, after {after}. {changed}"), "label", label, "before", w->before, "after", w->after, "changed", w->changed, NULL);
}

void redrawn_put(json_t *change, const request *r, const field *f, const record *before, const record *after, guint *positions)
{
	gssize chart = chart_of(after, f->name, NULL);
	if (f->type != FIELD_GEOMETRY || chart < 0)
		return;
	const json_t *old = land_of(chart, before), *new = land_of(chart, after);
	gsize n = positions_of(json_object_get(old, "coordinates"), 0) + positions_of(json_object_get(new, "coordinates"), 0);
	g_autofree char *address = view_record_address(r, after->kind, after->id);
	g_autofree char *asked = g_strdup_printf("chart=%s&revision=%u", charts[chart].chart, after->revision);
	json_t *view = json_object();
	view_picture(view, address, asked);
	json_object_set_new(view, "lazy", json_true());
	if (n <= *positions) {
		g_auto(words) w = {0};
		difference d = difference_of(old, new);
		words_read(&w, r, chart, before, after, &d);
		*positions -= (guint)n;
		view_put(change, "before", w.before);
		view_put(change, "after", w.after);
		view_put(view, "text", w.changed);
		view_put(view, "alt", w.whole);
	} else {
		view_put(view, "text", request_text(r, N_("The map says how much was added and taken away.")));
		view_put(view, "alt", request_text(r, N_("Map of the boundary before and after")));
	}
	json_object_set_new(change, "redrawn", view);
}

/* ---- on the map ---- */

static void box_take(double box[4], const double more[4])
{
	box[0] = fmin(box[0], more[0]), box[1] = fmin(box[1], more[1]), box[2] = fmax(box[2], more[2]), box[3] = fmax(box[3], more[3]);
}

/* Both sides: their land and points in one box. */
static gsize places_read(const request *r, gssize chart, const record *const sides[2], const gboolean land[2], map_point points[2], double box[4])
{
	static const char *const labels[] = {N_("Before: a point"), N_("After: a point")};
	gsize n = 0;
	box[0] = box[1] = INFINITY, box[2] = box[3] = -INFINITY;
	for (int i = 0; i < 2; i++) {
		double more[4], at[2];
		if (land[i] && map_geometry_bounds(land_of(chart, sides[i]), more))
			box_take(box, more);
		if (!point_of(chart, sides[i], at))
			continue;
		points[n++] = (map_point){at[0], at[1], TRUST_PROMISED, i ? INK_TEXT : INK_MUTED, 6, request_text(r, labels[i])};
		box_take(box, (double[]){at[0], at[1], at[0], at[1]});
	}
	return n;
}

static GBytes *picture_of(const request *r, gssize chart, const record *before, const record *after, GError **error)
{
	const language *l = request_language(r);
	const record *const sides[] = {before, after};
	const json_t *old = land_of(chart, before), *new = land_of(chart, after);
	const difference d = difference_of(old, new);
	g_auto(words) w = {0};
	map_point points[2];
	double box[4];
	if (!d.land[0] && !d.land[1])
		return NULL;
	words_read(&w, r, chart, before, after, &d);
	gsize n = places_read(r, chart, sides, d.land, points, box);
	g_autofree char *was = view_message(language_text(l, "before: {area}"), "area", w.before, NULL), *is = view_message(language_text(l, "after: {area}"), "area", w.after, NULL),
		*added = view_message(language_text(l, "added: {area}"), "area", w.added, NULL), *taken = view_message(language_text(l, "taken away: {area}"), "area", w.taken, NULL);
	const map_redrawn redrawn = {d.land[0] ? old : NULL, d.land[1] ? new : NULL, d.land[0] ? was : NULL, d.land[1] ? is : NULL, d.added > 0 ? added : NULL, d.taken > 0 ? taken : NULL};
	const map m = {.title = record_title(after), .description = w.whole, .redrawn = &redrawn, .points = points, .n_points = n, .bounds = box, .close = TRUE};
	drawing_form form = page_drawing_form(r);
	form.width = MIN(form.width, REDRAWN_WIDTH);
	return map_draw(&m, &form, error);
}

GBytes *redrawn_picture(const request *r, const record *site, const char *chart, guint revision, GError **error)
{
	g_autoptr(GPtrArray) revisions = history_revisions(r, site, error);
	gssize which = chart_of(site, NULL, chart);
	for (guint i = 1; revisions && which >= 0 && i < revisions->len; i++) {
		const record *before = g_ptr_array_index(revisions, i - 1), *after = g_ptr_array_index(revisions, i);
		const json_t *old = land_of(which, before), *new = land_of(which, after);
		if (after->revision == revision)
			return json_equal(old, new) ? NULL : picture_of(r, which, before, after, error);
	}
	return NULL;
}
