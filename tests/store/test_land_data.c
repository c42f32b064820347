/* Real boundaries in a store: artisanal gold mines of Peru, Brazil and Ghana, coal permits of Appalachia, mines of the tropics.
 * Data: AFTERMINE_TESTDATA (gold-mines-amazon, coal-permits-appalachia, mine-polygons-tropics); skipped when it is not there. */
#include "example.h"

#include <math.h>
#include <stdio.h>

#include "store/land.h"
#include "tests/base/by_geos.h"

static const struct {
	const char *file;
	guint features, invalid; /* as GEOS 3.11 finds; 48 of the gold mines, as their README says */
} sources[] = {
	{"gold-mines-amazon/madre-de-dios-peru-2018-2023.geojson", 2050, 0}, {"gold-mines-amazon/tapajos-brazil-2018-2023.geojson", 2432, 0},
	{"gold-mines-amazon/ghana-2024.geojson", 685, 0}, {"coal-permits-appalachia/permits.geojson", 109, 0}, {"mine-polygons-tropics/polygons.geojson", 69, 0},
};

static char *folder(void)
{
	const char *data = g_getenv("AFTERMINE_TESTDATA"), *source = g_getenv("AFTERMINE_SOURCE");
	return data ? g_strdup(data) : g_build_filename(source ? source : ".", "..", "shared", "data", NULL);
}

static json_t *features_of(const char *file)
{
	g_autofree char *data = folder(), *path = g_build_filename(data, file, NULL);
	json_auto_t *all = json_load_file(path, 0, NULL);
	if (!all)
		fail_msg("%s cannot be read", path);
	return json_incref(json_object_get(all, "features"));
}

typedef struct loading {
	GPtrArray *boundaries, *records;
} loading;

static void boundary_release(gpointer b)
{
	boundary_free(b);
}

static void record_release(gpointer r)
{
	record_free(r);
}

static void load(const char *file, guint expected, guint *invalid, loading *out)
{
	json_auto_t *features = features_of(file);
	const json_t *feature;
	gsize i;
	*invalid = 0;
	assert_int_equal(json_array_size(features), expected);
	json_array_foreach(features, i, feature) {
		json_t *geometry = json_object_get(feature, "geometry");
		boundary *b = boundary_read(geometry, NULL);
		if (!b) {
			(*invalid)++;
			continue;
		}
		g_autofree char *id = g_strdup_printf("site-%u", out->records->len);
		record *r = record_of("site", id, RECORD_PUBLISHED, "2026-01-01T00:00:00Z", "{'name':'S','country':'PER'}");
		json_object_set(r->body, "geometry", geometry);
		g_ptr_array_add(out->records, r);
		g_ptr_array_add(out->boundaries, b);
	}
}

static void load_all(loading *out)
{
	*out = (loading){g_ptr_array_new_with_free_func(boundary_release), g_ptr_array_new_with_free_func(record_release)};
	for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
		guint invalid;
		load(sources[i].file, sources[i].features, &invalid, out);
	}
}

static void unload(loading *l)
{
	g_ptr_array_unref(l->boundaries);
	g_ptr_array_unref(l->records);
}

/* ---- tests ---- */

static void invalid_boundaries_are_found(void **state)
{
	(void)state;
	guint gold = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
		loading l = {g_ptr_array_new_with_free_func(boundary_release), g_ptr_array_new_with_free_func(record_release)};
		guint invalid;
		load(sources[i].file, sources[i].features, &invalid, &l);
		print_message("# %s: %u of %u invalid\n", sources[i].file, invalid, sources[i].features);
		gold += i < 3 ? invalid : 0;
		unload(&l);
	}
	assert_int_equal(gold, 48);
}

static void the_land_of_a_store_is_the_union_geos_finds(void **state)
{
	example *e = *state;
	loading l;
	load_all(&l);
	for (guint i = 0; i < l.records->len;) { /* in groups, every third record of the rest first: cells fill up, divide and fill again */
		store_change changes[300];
		gsize n = 0;
		for (; n < G_N_ELEMENTS(changes) && i < l.records->len; i++, n++)
			changes[n] = (store_change) { l.records->pdata[(i * 7919u) % l.records->len], 0 };
		g_autoptr(GError) error = NULL;
		if (!store_write(e->s, changes, n, &error))
			fail_msg("%s", error->message);
	}
	g_autoptr(store_land) land = store_land_get(e->r, NULL, NULL);
	overlay_area net = 0;
	for (guint i = 0; i < land->faces->faces->len; i++)
		net += g_array_index(land->faces->faces, overlay_face, i).area;
	double theirs = union_by_geos(l.boundaries), gross = 0;
	for (guint i = 0; i < land->sites->len; i++)
		gross += (double)g_array_index(land->sites, store_site, i).area / 1e4;
	print_message("# %u sites, gross %.4f ha, net %.4f ha, by GEOS %.4f ha, %u faces\n", land->sites->len, gross / 1e4, (double)net / 1e8, theirs / 1e4, land->faces->faces->len);
	assert_int_equal(land->sites->len, l.records->len);
	assert_true(fabs((double)net / 1e4 - theirs) <= 1e-8 * theirs);
	g_autofree char *before = store_projection_hash(e->s, NULL);
	assert_true(store_rebuild(e->s, NULL));
	g_autofree char *after = store_projection_hash(e->s, NULL);
	assert_string_equal(before, after);
	unload(&l);
}

int main(void)
{
	g_autofree char *data = folder();
	for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
		g_autofree char *path = g_build_filename(data, sources[i].file, NULL);
		if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
			printf("1..0 # SKIP %s is not there (AFTERMINE_TESTDATA)\n", sources[i].file);
			return 0;
		}
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(invalid_boundaries_are_found),
		cmocka_unit_test_setup_teardown(the_land_of_a_store_is_the_union_geos_finds, example_begin, example_end),
	};
	return cmocka_run_group_tests_name("land of real sites", tests, NULL, NULL);
}
