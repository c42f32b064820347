#include "example.h"

#include <math.h>
#include <string.h>

#include "store/land.h"

static guint64 seed;

static int draw(int below)
{
	seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
	return (int)((seed >> 16) % (guint64)below);
}

/* ---- sites: rectangles on a grid of a thousandth of a degree east of 100 E, 45 N, so that many share edges ---- */

static void write_site(example *e, const char *id, record_state state, const char *time, int x, int y, int wide, int high)
{
	g_autofree char *body = g_strdup_printf("{'name':'S','country':'MNG','geometry':{'type':'Polygon','coordinates':"
		"[[[100.%03d,45.%03d],[100.%03d,45.%03d],[100.%03d,45.%03d],[100.%03d,45.%03d],[100.%03d,45.%03d]]]}}",
		x, y, x + wide, y, x + wide, y + high, x, y + high, x, y);
	put(e, record_of("site", id, state, time, body));
}

static void random_site(example *e, guint number, const char *time)
{
	g_autofree char *id = g_strdup_printf("site-%u", number);
	int wide = 1 + draw(30), high = 1 + draw(30), x = draw(300), y = draw(300);
	write_site(e, id, RECORD_PUBLISHED, time, x, y, wide, high);
}

static store_land *land_of(example *e, const char *as_of)
{
	g_autoptr(GError) error = NULL;
	store_land *land = store_land_get(e->r, as_of, &error);
	if (!land)
		fail_msg("%s", error->message);
	return land;
}

static int text_compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Faces by the ids of sites, so that numbers given in another order make no difference: a line for each, "cell area id id". */
static char *described(const store_land *land)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < land->faces->faces->len; i++) {
		const overlay_face *face = &g_array_index(land->faces->faces, overlay_face, i);
		GString *line = g_string_new(NULL);
		g_string_append_printf(line, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, face->cell, face->area);
		for (guint s = 0; s < land->sites->len; s++)
			for (guint32 k = 0; k < face->n; k++)
				if (overlay_members(land->faces, face)[k] == g_array_index(land->sites, store_site, s).shape)
					g_string_append_printf(line, " %s", g_array_index(land->sites, store_site, s).id);
		g_ptr_array_add(lines, g_string_free(line, FALSE));
	}
	g_ptr_array_sort(lines, text_compare);
	g_ptr_array_add(lines, NULL);
	return g_strjoinv("\n", (char **)lines->pdata);
}

static char *described_of(example *e, const char *as_of)
{
	g_autoptr(store_land) land = land_of(e, as_of);
	return described(land);
}

static double net_of(example *e, const char *as_of)
{
	g_autoptr(store_land) land = land_of(e, as_of);
	overlay_area sum = 0;
	for (guint i = 0; i < land->faces->faces->len; i++)
		sum += g_array_index(land->faces->faces, overlay_face, i).area;
	return (double)sum / OVERLAY_HECTARE;
}

static void boundary_release(gpointer b)
{
	boundary_free(b);
}

/* The same sites' boundaries, read from their records and laid over each other without the store. */
static char *described_from_records(example *e)
{
	g_autoptr(store_land) land = land_of(e, NULL);
	g_autoptr(GPtrArray) boundaries = g_ptr_array_new_with_free_func(boundary_release);
	g_autoptr(GArray) shapes = g_array_new(FALSE, FALSE, sizeof(overlay_shape));
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < land->sites->len; i++) {
		const store_site *site = &g_array_index(land->sites, store_site, i);
		g_autoptr(record) r = store_get(e->r, "site", site->id, NULL, NULL);
		boundary *b = boundary_read(json_object_get(r->body, "geometry"), NULL);
		g_ptr_array_add(boundaries, b);
		const overlay_shape shape = { site->shape, b };
		if (site->shape && g_hash_table_add(seen, GUINT_TO_POINTER(site->shape)))
			g_array_append_val(shapes, shape);
	}
	overlay_faces_free(land->faces);
	land->faces = overlay_world((const overlay_shape *)(gpointer)shapes->data, shapes->len);
	return described(land);
}

/* What is kept must be what all boundaries make from scratch, and what a rebuild makes. */
static void assert_as_from_scratch(example *e)
{
	g_autofree char *scratch = described_from_records(e);
	g_autofree char *kept = described_of(e, NULL), *before = store_projection_hash(e->s, NULL);
	assert_true(store_rebuild(e->s, NULL));
	g_autofree char *rebuilt = described_of(e, NULL), *after = store_projection_hash(e->s, NULL);
	assert_string_equal(kept, scratch);
	assert_string_equal(kept, rebuilt);
	assert_string_equal(before, after);
}

static void changes_one_by_one_leave_what_a_rebuild_makes(void **state)
{
	example *e = *state;
	seed = 20260824;
	for (guint i = 0; i < 260; i++) {
		guint number = 1 + (guint)draw(120);
		g_autofree char *id = g_strdup_printf("site-%u", number);
		if (i % 5 == 4)
			write_site(e, id, RECORD_WITHDRAWN, NULL, 0, 0, 1, 1);
		else
			random_site(e, number, NULL);
		if (i % 65 == 64)
			assert_as_from_scratch(e);
	}
	g_autoptr(store_land) land = land_of(e, NULL);
	gsize deep = 0;
	for (guint i = 0; i < land->faces->faces->len; i++)
		deep += g_array_index(land->faces->faces, overlay_face, i).cell != OVERLAY_WORLD;
	assert_true(deep == land->faces->faces->len); /* enough of them for the world to be cut into cells */
}

static void many_in_one_transaction_are_as_many_one_by_one(void **state)
{
	example *e = *state;
	void *other_state = NULL;
	example_begin(&other_state);
	example *other = other_state;
	seed = 5;
	for (guint i = 1; i <= 80; i++)
		random_site(e, i, "2026-01-01T00:00:00Z");
	seed = 5;
	GPtrArray *records = g_ptr_array_new();
	store_change changes[80];
	for (guint i = 0; i < 80; i++) {
		g_autofree char *id = g_strdup_printf("site-%u", i + 1);
		g_autoptr(record) written = store_revision(e->r, "site", id, 0, NULL);
		record *copy = record_of("site", id, RECORD_PUBLISHED, "2026-01-01T00:00:00Z", "{}");
		json_decref(copy->body);
		copy->body = json_incref(written->body);
		g_ptr_array_add(records, copy);
	}
	/* The other way round: the order of submission changes no face. */
	for (guint i = 0; i < 80; i++)
		changes[i] = (store_change) { records->pdata[79 - i], 0 };
	g_autoptr(GError) error = NULL;
	assert_true(store_write(other->s, changes, 80, &error));
	g_autofree char *one = described_of(e, NULL), *many = described_of(other, NULL);
	assert_string_equal(one, many);
	for (guint i = 0; i < 80; i++)
		record_free(records->pdata[i]);
	g_ptr_array_unref(records);
	example_end(&other_state);
}

static void what_is_withdrawn_or_redrawn_leaves_nothing_behind(void **state)
{
	example *e = *state;
	seed = 77;
	for (guint i = 1; i <= 50; i++)
		random_site(e, i, NULL);
	g_autofree char *before = described_of(e, NULL);
	write_site(e, "visitor", RECORD_PUBLISHED, NULL, 20, 20, 200, 200);
	g_autofree char *with = described_of(e, NULL);
	assert_string_not_equal(before, with);
	write_site(e, "visitor", RECORD_PUBLISHED, NULL, 120, 120, 60, 200);
	write_site(e, "visitor", RECORD_WITHDRAWN, NULL, 120, 120, 60, 200);
	g_autofree char *after = described_of(e, NULL);
	assert_string_equal(before, after);
}

static void a_day_in_the_past_has_the_land_of_that_day(void **state)
{
	example *e = *state;
	write_site(e, "a", RECORD_PUBLISHED, "2025-01-01T00:00:00Z", 0, 0, 10, 10);
	write_site(e, "b", RECORD_PUBLISHED, "2025-03-01T00:00:00Z", 5, 0, 10, 10);
	write_site(e, "a", RECORD_PUBLISHED, "2025-05-01T00:00:00Z", 0, 0, 2, 10);
	write_site(e, "b", RECORD_WITHDRAWN, "2025-07-01T00:00:00Z", 5, 0, 10, 10);
	double tenth = net_of(e, "2025-02-01") / 10;
	assert_true(net_of(e, "2024-12-31") == 0);
	assert_true(fabs(net_of(e, "2025-04-01") - 15 * tenth) < 1e-6);
	assert_true(fabs(net_of(e, "2025-06-01") - 12 * tenth) < 1e-6);
	assert_true(fabs(net_of(e, "2025-08-01") - 2 * tenth) < 1e-6);
	assert_true(net_of(e, "2025-08-01") == net_of(e, NULL));
	assert_null(store_land_get(e->r, "yesterday", NULL));
	g_autoptr(store_land) june = land_of(e, "2025-06-01");
	assert_int_equal(june->sites->len, 2);
	assert_string_equal(g_array_index(june->sites, store_site, 0).id, "a");
	assert_int_equal(g_array_index(june->sites, store_site, 0).since, 1746057600); /* 2025-05-01 */
}

static void a_revision_that_does_not_redraw_keeps_shape_and_since(void **state)
{
	example *e = *state;
	write_site(e, "a", RECORD_PUBLISHED, "2025-01-01T00:00:00Z", 0, 0, 10, 10);
	write_site(e, "twin", RECORD_PUBLISHED, "2025-02-01T00:00:00Z", 0, 0, 10, 10);
	write_site(e, "a", RECORD_PUBLISHED, "2025-03-01T00:00:00Z", 0, 0, 10, 10);
	g_autoptr(store_land) land = land_of(e, NULL);
	const store_site *a = &g_array_index(land->sites, store_site, 0), *twin = &g_array_index(land->sites, store_site, 1);
	assert_int_equal(a->since, 1735689600); /* 2025-01-01 */
	assert_int_equal(a->shape, twin->shape);
	assert_int_equal(land->faces->faces->len, 1);
	write_site(e, "a", RECORD_WITHDRAWN, NULL, 0, 0, 10, 10); /* the other still stands there */
	assert_true(net_of(e, NULL) > 0);
	write_site(e, "twin", RECORD_WITHDRAWN, NULL, 0, 0, 10, 10);
	assert_true(net_of(e, NULL) == 0);
}

static void drafts_points_and_what_is_no_boundary_have_no_land(void **state)
{
	example *e = *state;
	write_site(e, "draft", RECORD_DRAFT, NULL, 0, 0, 10, 10);
	put(e, record_of("site", "point", RECORD_PUBLISHED, NULL, "{'name':'P','country':'MNG','longitude':100,'latitude':45}"));
	put(e, record_of("site", "bowtie", RECORD_PUBLISHED, NULL,
	           "{'name':'B','country':'MNG','geometry':{'type':'Polygon','coordinates':[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}}"));
	g_autoptr(store_land) land = land_of(e, NULL);
	assert_int_equal(land->sites->len, 2); /* known, not mapped */
	for (guint i = 0; i < 2; i++)
		assert_int_equal(g_array_index(land->sites, store_site, i).shape, 0);
	assert_int_equal(land->faces->faces->len, 0);
	const store_site *point = &g_array_index(land->sites, store_site, 1);
	assert_string_equal(point->title, "P");
	gboolean mongolia = FALSE;
	for (gsize i = 0; i < point->n_values; i++)
		mongolia |= strcmp(point->values[i].path, "country") == 0 && strcmp(point->values[i].value, "MNG") == 0;
	assert_true(mongolia);
}

/* A refused change must not leave its land. */
static void a_change_that_is_refused_leaves_no_land(void **state)
{
	example *e = *state;
	write_site(e, "a", RECORD_PUBLISHED, NULL, 0, 0, 10, 10);
	record *fresh = record_of("site", "b", RECORD_PUBLISHED, NULL,
	    "{'name':'B','country':'MNG','geometry':{'type':'Polygon','coordinates':[[[10,0],[12,0],[12,2],[10,0]]]}}");
	record *conflicting = record_of("site", "a", RECORD_PUBLISHED, NULL, "{'name':'A'}");
	store_change both[] = {{ fresh, 0 }, { conflicting, 7 }};
	g_autoptr(GError) error = NULL;
	assert_false(store_write(e->s, both, 2, &error));
	record_free(fresh);
	record_free(conflicting);
	g_autoptr(store_land) land = land_of(e, NULL);
	assert_int_equal(land->sites->len, 1);
	assert_int_equal(land->faces->faces->len, 1);
	assert_as_from_scratch(e);
}

static json_t *comb(int teeth, gboolean turned)
{
	json_t *ring = json_array();
	for (int i = 0; i <= 2 * teeth + 2; i++) {
		double along = i <= 2 * teeth ? 0.1 * i / (2 * teeth) : i == 2 * teeth + 1 ? 0.1 : 0, across = i > 2 * teeth ? -0.01 : i % 2 ? 0.1 : 0;
		json_array_append_new(ring, json_pack("[f,f]", 100 + (turned ? across : along), 45 + (turned ? along : across)));
	}
	json_array_append(ring, json_array_get(ring, 0));
	return ring;
}

/* Two combs across each other cross more often than is followed: the store keeps that the faces are approximate. */
static void faces_of_a_tangle_are_kept_as_approximate(void **state)
{
	example *e = *state;
	write_site(e, "square", RECORD_PUBLISHED, NULL, 500, 500, 10, 10);
	for (int turned = 0; turned < 2; turned++) {
		json_auto_t *body = json_pack("{s:s, s:s, s:{s:s, s:[o]}}", "name", "Comb", "country", "MNG", "geometry", "type", "Polygon", "coordinates", comb(6000, turned));
		g_autofree char *text = json_dumps(body, JSON_COMPACT);
		put(e, record_of("site", turned ? "turned" : "straight", RECORD_PUBLISHED, NULL, text));
	}
	g_autoptr(store_land) land = land_of(e, NULL);
	guint approximate = 0, exact = 0;
	for (guint i = 0; i < land->faces->faces->len; i++) {
		gboolean is = g_array_index(land->faces->faces, overlay_face, i).approximate;
		approximate += is, exact += !is;
	}
	assert_true(approximate >= 1 && approximate <= 3); /* each alone, and both */
	assert_true(exact >= 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, example_begin, example_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(changes_one_by_one_leave_what_a_rebuild_makes),
		TEST(many_in_one_transaction_are_as_many_one_by_one),
		TEST(what_is_withdrawn_or_redrawn_leaves_nothing_behind),
		TEST(a_day_in_the_past_has_the_land_of_that_day),
		TEST(a_revision_that_does_not_redraw_keeps_shape_and_since),
		TEST(drafts_points_and_what_is_no_boundary_have_no_land),
		TEST(a_change_that_is_refused_leaves_no_land),
		TEST(faces_of_a_tangle_are_kept_as_approximate),
	};
	return cmocka_run_group_tests_name("land", tests, NULL, NULL);
}
