/* The compilation that ships: valid, normal and whole. */
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

static GHashTable *shipped_ids(void)
{
	GHashTable *ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (gsize i = 0; i < kinds_count; i++) {
		json_auto_t *records = content_records(kinds[i]);
		json_t *item;
		gsize j;
		json_array_foreach(records, j, item)
		    assert_true(g_hash_table_add(ids, g_strconcat(kinds[i]->name, "/", json_string_value(json_object_get(item, "id")), NULL)));
	}
	return ids;
}

static gboolean id_exists(gpointer data, const char *kind_name, const char *id)
{
	g_autofree char *key = g_strconcat(kind_name, "/", id, NULL);
	return g_hash_table_contains(data, key);
}

static void every_shipped_record_is_valid_and_refers_only_to_shipped_records(void **state)
{
	(void)state;
	g_autoptr(GHashTable) ids = shipped_ids();
	record_lookup lookup = { id_exists, ids };
	guint broken = 0;
	for (gsize i = 0; i < kinds_count; i++) {
		json_auto_t *records = content_records(kinds[i]);
		json_t *item;
		gsize j;
		json_array_foreach(records, j, item) {
			g_autoptr(GPtrArray) faults = body_validate(kinds[i], json_object_get(item, "body"), &lookup);
			assert_true(id_is_valid(json_string_value(json_object_get(item, "id"))));
			for (guint n = 0; n < faults->len; n++) {
				const fault *f = faults->pdata[n];
				print_message("%s/%s%s: %s. %s\n", kinds[i]->plural, json_string_value(json_object_get(item, "id")), f->pointer, f->message, f->remedy);
				broken++;
			}
		}
	}
	assert_int_equal(broken, 0);
}

static void shipped_records_are_normal_already(void **state)
{
	(void)state;
	for (gsize i = 0; i < kinds_count; i++) {
		json_auto_t *records = content_records(kinds[i]);
		json_t *item;
		gsize j;
		json_array_foreach(records, j, item) {
			json_auto_t *again = body_normalise(kinds[i], json_object_get(item, "body"));
			assert_true(json_equal(again, json_object_get(item, "body")));
		}
	}
}

static void the_compilation_ships_whole(void **state)
{
	(void)state;
	static const struct {
		const char *kind;
		gsize n;
	} counts[] = { { "organisation", 472 }, { "case", 141 }, { "practice", 89 }, { "pledge", 36 }, { "progress", 44 }, { "target", 53 }, { "policy", 41 }, { "finance", 29 }, { "forum", 1 } };
	for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
		json_auto_t *records = content_records(kind_by_name(counts[i].kind));
		assert_int_equal(json_array_size(records), counts[i].n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shipped_record_is_valid_and_refers_only_to_shipped_records),
		cmocka_unit_test(shipped_records_are_normal_already),
		cmocka_unit_test(the_compilation_ships_whole),
	};
	return cmocka_run_group_tests_name("content", tests, NULL, NULL);
}
