/* What an import does with a table from outside: the first byte picks the kind, the rest is CSV. */
#include <stdint.h>
#include <string.h>

#include "base/canonical.h"
#include "record/table.h"
#include "record/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	const kind *k = kinds[data[0] % kinds_count];
	g_autoptr(GPtrArray) faults = faults_new(), again_faults = faults_new();
	json_auto_t *records = table_read(k, (const char *)data + 1, size - 1, faults);
	for (guint i = 0; i < faults->len; i++) {
		const fault *f = faults->pdata[i];
		g_assert_true(*f->message && *f->remedy && g_utf8_validate(f->pointer, -1, NULL));
	}
	gsize n = json_array_size(records);
	g_autofree const char **ids = g_new(const char *, n + 1);
	g_autofree json_t **bodies = g_new(json_t *, n + 1);
	for (gsize i = 0; i < n; i++) {
		ids[i] = json_string_value(json_object_get(json_array_get(records, i), "id"));
		bodies[i] = json_object_get(json_array_get(records, i), "body");
		g_autoptr(GPtrArray) found = body_validate(k, bodies[i], NULL);
		if (found->len)
			return 0; /* what is not valid need not come back */
	}
	if (n == 0)
		return 0;
	g_autoptr(GString) table = table_write(k, ids, bodies, n);
	json_auto_t *again = table_read(k, table->str, table->len, again_faults);
	g_autofree char *expected = canonical_text(records, NULL, NULL), *actual = canonical_text(again, NULL, NULL);
	g_assert_cmpuint(again_faults->len, ==, 0);
	g_assert_cmpstr(actual, ==, expected);
	return 0;
}
