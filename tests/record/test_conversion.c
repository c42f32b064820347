/* The compilation that ships is exactly what the converter makes of the collected files, with what was written for it, and nothing of them is lost. Skipped where the
   collected files are not beside the test data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/canonical.h"
#include "record/collected.h"
#include "record/content.h"
#include "record/validate.h"
#include "record/vocabulary.h"
#include "shipped.h"

/* Folder of the collected files, beside the test data; NULL if it is not there. */
static char *collected_folder(void)
{
	const char *data = g_getenv("AFTERMINE_TESTDATA"), *source = g_getenv("AFTERMINE_SOURCE");
	g_autofree char *folder = data ? g_build_filename(data, "..", "content", NULL) : g_build_filename(source ? source : ".", "..", "shared", "content", NULL);
	return g_file_test(folder, G_FILE_TEST_IS_DIR) ? g_steal_pointer(&folder) : NULL;
}

static void the_shipped_files_are_what_the_converter_makes_of_the_collected_ones_with_those_written_here(void **state)
{
	(void)state;
	const char *source = g_getenv("AFTERMINE_SOURCE");
	g_autofree char *folder = collected_folder(), *written = g_build_filename(source ? source : ".", "content", "written", NULL), *why = NULL;
	json_auto_t *shipped = shipped_records(folder, written, &why);
	assert_non_null(shipped);
	for (gsize i = 0; shipped_plurals[i]; i++) {
		json_auto_t *records = content_records(kind_by_plural(shipped_plurals[i]));
		g_autofree char *expected = canonical_text(json_object_get(shipped, shipped_plurals[i]), NULL, NULL), *actual = canonical_text(records, NULL, NULL);
		assert_string_equal(actual, expected);
	}
}

/* Every text and number of a record, as canonical JSON; a term also by its label, so that its raw word counts as kept. */
static void leaves_add(const json_t *value, GHashTable *leaves)
{
	const char *name;
	json_t *member;
	gsize i;
	if (json_is_object(value))
		json_object_foreach((json_t *)value, name, member) leaves_add(member, leaves);
	else if (json_is_array(value))
		json_array_foreach(value, i, member) leaves_add(member, leaves);
	else
		g_hash_table_add(leaves, canonical_text(value, NULL, NULL));
}

/* Does some vocabulary turn the raw word into an id that the records hold? */
static gboolean kept_as_term(const char *raw, GHashTable *leaves)
{
	static const char *const lists[] = { "themes", "mine-types", "stages", "ldn-responses", "target-responses", "evidence-grades", "source-kinds", "organisation-kinds", "organisation-roles",
		"location-precisions", "commodities", "practice-categories", "pledge-metrics", "land-classes", "policy-kinds", "finance-kinds", "units" };
	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
		const term *t = vocabulary_match(vocabulary_get(lists[i]), raw);
		g_autofree char *id = t ? g_strdup_printf("\"%s\"", t->id) : NULL;
		if (id && g_hash_table_contains(leaves, id))
			return TRUE;
	}
	return FALSE;
}

static guint leaves_lost(const json_t *value, GHashTable *leaves, const char *id, const char *path)
{
	const char *name;
	json_t *member;
	gsize i;
	guint lost = 0;
	if (json_is_object(value)) {
		json_object_foreach((json_t *)value, name, member) {
			g_autofree char *inner = g_strconcat(path, "/", name, NULL);
			lost += strcmp(inner, "/mentions") == 0 || strcmp(inner, "/id") == 0 ? 0 : leaves_lost(member, leaves, id, inner);
		}
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, member) lost += leaves_lost(member, leaves, id, path);
	} else if (!json_is_null(value) && !(json_is_string(value) && !*json_string_value(value))) {
		g_autofree char *leaf = canonical_text(value, NULL, NULL);
		gboolean worldwide = strcmp(path, "/geography") == 0 && strcmp(leaf, "\"global\"") == 0 && g_hash_table_contains(leaves, "true");
		if (!worldwide && !g_hash_table_contains(leaves, leaf) && !(json_is_string(value) && kept_as_term(json_string_value(value), leaves))) {
			print_message("%s%s: %s is lost\n", id, path, leaf);
			lost++;
		}
	}
	return lost;
}

static void no_fact_figure_or_source_of_the_collected_records_is_lost(void **state)
{
	(void)state;
	static const char *const names[] = { "organisation", "practice", "case", "pledge", "target", "policy", "finance", "forum" };
	g_autofree char *folder = collected_folder();
	guint lost = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		json_auto_t *items = collected_items(folder, names[i]);
		json_t *item, *entry;
		gsize j, n;
		json_array_foreach(items, j, item) {
			g_autoptr(GPtrArray) faults = faults_new();
			g_autoptr(GHashTable) leaves = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
			json_auto_t *records = collected_convert(names[i], item, faults);
			json_array_foreach(records, n, entry) if (!json_object_get(entry, "if_absent")) leaves_add(json_object_get(entry, "body"), leaves);
			lost += leaves_lost(item, leaves, json_string_value(json_object_get(item, "id")), "");
		}
	}
	assert_int_equal(lost, 0);
}

/* Leaves of every object inside a record, each set by itself; a reported figure has the year of its report. */
static void entries_add(const json_t *value, const json_t *year, GPtrArray *entries)
{
	const char *name;
	json_t *member;
	gsize i;
	if (json_is_array(value))
		json_array_foreach(value, i, member) entries_add(member, year, entries);
	if (!json_is_object(value))
		return;
	GHashTable *leaves = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	json_object_foreach((json_t *)value, name, member) {
		if (!json_is_object(member) && !json_is_object(json_array_get(member, 0)))
			leaves_add(member, leaves);
		else
			entries_add(member, year, entries);
	}
	if (year)
		leaves_add(year, leaves);
	g_ptr_array_add(entries, leaves);
}

static gboolean entry_is_kept(const json_t *entry, GPtrArray *entries)
{
	for (guint i = 0; i < entries->len; i++) {
		gboolean whole = TRUE;
		const char *name;
		json_t *member;
		json_object_foreach((json_t *)entry, name, member) {
			g_autofree char *leaf = canonical_text(member, NULL, NULL);
			gboolean same = json_is_null(member) || g_hash_table_contains(entries->pdata[i], leaf) || (json_is_string(member) && kept_as_term(json_string_value(member), entries->pdata[i]));
			whole = whole && same;
		}
		if (whole)
			return TRUE;
	}
	return FALSE;
}

static void every_collected_entry_stays_together_value_with_unit_year_and_source(void **state)
{
	(void)state;
	static const char *const names[] = { "practice", "case", "pledge", "target", "policy", "finance" };
	g_autofree char *folder = collected_folder();
	guint checked = 0, lost = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		json_auto_t *items = collected_items(folder, names[i]);
		json_t *item, *made, *member, *entry;
		const char *name;
		gsize j, n;
		json_array_foreach(items, j, item) {
			g_autoptr(GPtrArray) faults = faults_new(), entries = g_ptr_array_new_with_free_func((GDestroyNotify)g_hash_table_unref);
			json_auto_t *records = collected_convert(names[i], item, faults);
			json_array_foreach(records, n, made) {
				const json_t *body = json_object_get(made, "body");
				gboolean report = strcmp(json_string_value(json_object_get(made, "kind")), "progress") == 0;
				if (!json_object_get(made, "if_absent"))
					entries_add(body, report ? json_object_get(body, "year") : NULL, entries);
			}
			json_object_foreach(item, name, member) json_array_foreach(member, n, entry) if (json_is_object(entry) && ++checked && !entry_is_kept(entry, entries)) {
				print_message("%s/%s/%zu is not whole\n", json_string_value(json_object_get(item, "id")), name, n);
				lost++;
			}
		}
	}
	assert_true(checked > 2000);
	assert_int_equal(lost, 0);
}

/* The mentions of a collected organisation say nothing that the references to it do not. */
static void every_mention_of_an_organisation_is_a_reference_to_it(void **state)
{
	(void)state;
	static const struct {
		const char *mentions, *kind, *path;
	} sides[] = { { "cases", "case", "organisations.organisation" }, { "pledges", "pledge", "organisations" }, { "finance", "finance", "providers" } };
	g_autofree char *folder = collected_folder();
	json_auto_t *organisations = collected_items(folder, "organisation");
	for (gsize s = 0; s < G_N_ELEMENTS(sides); s++) {
		g_autoptr(GHashTable) references = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		json_auto_t *records = content_records(kind_by_name(sides[s].kind));
		json_t *item, *mention;
		gsize i, j;
		json_array_foreach(records, i, item) {
			g_autoptr(GPtrArray) values = body_values(json_object_get(item, "body"), sides[s].path);
			for (guint n = 0; n < values->len; n++)
				g_hash_table_add(references, g_strdup_printf("%s %s", json_string_value(values->pdata[n]), json_string_value(json_object_get(item, "id"))));
		}
		json_array_foreach(organisations, i, item) json_array_foreach(json_object_get(json_object_get(item, "mentions"), sides[s].mentions), j, mention) {
			g_autofree char *reference = g_strdup_printf("%s %s", json_string_value(json_object_get(item, "id")), json_string_value(mention));
			assert_true(g_hash_table_contains(references, reference));
		}
	}
}

int main(void)
{
	g_autofree char *folder = collected_folder();
	if (!folder) {
		printf("1..0 # SKIP the collected files are not beside the test data\n");
		return 0;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_files_are_what_the_converter_makes_of_the_collected_ones_with_those_written_here),
		cmocka_unit_test(no_fact_figure_or_source_of_the_collected_records_is_lost),
		cmocka_unit_test(every_collected_entry_stays_together_value_with_unit_year_and_source),
		cmocka_unit_test(every_mention_of_an_organisation_is_a_reference_to_it),
	};
	return cmocka_run_group_tests_name("conversion", tests, NULL, NULL);
}
