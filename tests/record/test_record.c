#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/canonical.h"
#include "record/record.h"

static const char envelope_text[] =
    "{\"kind\":\"practice\",\"id\":\"liming\",\"revision\":2,\"state\":\"published\",\"time\":\"2026-08-24T10:30:00Z\",\"author\":\"secretariat\","
    "\"reason\":\"typing error\",\"previous\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\","
    "\"body\":{\"name\":\"Liming\",\"definition\":\"Lime is spread.\"}}";

static void an_envelope_reads_back_as_itself_and_its_hash_names_its_canonical_bytes(void **state)
{
	(void)state;
	json_auto_t *envelope = json_loads(envelope_text, 0, NULL);
	g_autoptr(record) r = record_from_json(envelope, NULL);
	assert_non_null(r);
	json_auto_t *again = record_to_json(r);
	assert_true(json_equal(envelope, again));
	gsize length;
	g_autofree char *bytes = record_canonical(r, &length, NULL), *hash = sha256_hex(bytes, length);
	assert_string_equal(hash, r->hash);
	assert_string_equal(record_title(r), "Liming");
	assert_string_equal(record_summary(r), "Lime is spread.");

	g_autoptr(record) copy = record_copy(r);
	json_object_set_new(copy->body, "name", json_string("Other"));
	assert_string_equal(record_title(r), "Liming");
	g_autofree char *other = record_canonical(copy, NULL, NULL);
	assert_string_not_equal(copy->hash, r->hash);
}

static void a_broken_envelope_is_refused_with_the_name_of_its_broken_part(void **state)
{
	(void)state;
	static const struct {
		const char *member;
		const char *value;
	} broken[] = {
		{ "kind", "\"cases\"" }, { "kind", "1" }, { "id", "\"A b\"" }, { "id", "null" }, { "revision", "0" }, { "revision", "1.5" }, { "revision", "9999999999" },
		{ "state", "\"lost\"" }, { "time", "\"2026-08-24\"" }, { "time", "\"2026-02-30T10:30:00Z\"" }, { "time", "\"2026-08-24T10:30:00+08\"" },
		{ "author", "\"\"" }, { "reason", "3" }, { "previous", "\"abc\"" }, { "body", "[]" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
		json_auto_t *envelope = json_loads(envelope_text, 0, NULL);
		json_object_set_new(envelope, broken[i].member, json_loads(broken[i].value, JSON_DECODE_ANY, NULL));
		g_autoptr(GError) error = NULL;
		assert_null(record_from_json(envelope, &error));
		assert_non_null(strstr(error->message, broken[i].member));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_envelope_reads_back_as_itself_and_its_hash_names_its_canonical_bytes),
		cmocka_unit_test(a_broken_envelope_is_refused_with_the_name_of_its_broken_part),
	};
	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
