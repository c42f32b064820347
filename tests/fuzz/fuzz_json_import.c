/* What an import does with JSON from outside: the first byte picks the kind, the rest is a record in our own or the collected form. */
#include <stdint.h>
#include <string.h>

#include "base/canonical.h"
#include "record/collected.h"
#include "record/diff.h"
#include "record/table.h"
#include "record/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A clean body stays as it is, differs from itself in nothing and comes back from a table. */
static void body_keeps_its_promises(const kind *k, const json_t *body)
{
	json_auto_t *clean = body_normalise(k, body);
	json_auto_t *again = body_normalise(k, clean);
	g_assert_true(json_equal(clean, again));
	g_autoptr(GPtrArray) faults = body_validate(k, clean, NULL), raw_faults = body_validate(k, body, NULL);
	for (guint i = 0; i < faults->len; i++) {
		const fault *f = faults->pdata[i];
		g_assert_true(*f->message && *f->remedy && g_utf8_validate(f->message, -1, NULL));
	}
	g_autoptr(GPtrArray) same = body_diff(k, clean, again), changes = body_diff(k, body, clean);
	g_assert_cmpuint(same->len, ==, 0);
	g_assert_true(changes && raw_faults);
	if (faults->len)
		return;
	const char *id = "x";
	g_autoptr(GString) table = table_write(k, &id, &clean, 1);
	g_autoptr(GPtrArray) table_faults = faults_new();
	json_auto_t *records = table_read(k, table->str, table->len, table_faults);
	g_autofree char *expected = canonical_text(clean, NULL, NULL), *actual = canonical_text(json_object_get(json_array_get(records, 0), "body"), NULL, NULL);
	g_assert_cmpuint(table_faults->len, ==, 0);
	g_assert_cmpstr(actual, ==, expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	const kind *k = kinds[data[0] % kinds_count];
	json_auto_t *value = json_loadb((const char *)data + 1, size - 1, JSON_REJECT_DUPLICATES, NULL);
	if (!value)
		return 0;
	if (json_is_object(value))
		body_keeps_its_promises(k, value);
	g_autoptr(GPtrArray) faults = faults_new();
	json_auto_t *records = collected_convert(k->name, value, faults);
	json_t *entry;
	gsize i;
	json_array_foreach(records, i, entry)
	    if (!json_object_get(entry, "if_absent")) body_keeps_its_promises(kind_by_name(json_string_value(json_object_get(entry, "kind"))), json_object_get(entry, "body"));
	return 0;
}
