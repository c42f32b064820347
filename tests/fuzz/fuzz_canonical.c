/* Readers of canonical JSON: both know the same texts, and say the same of them. */
#include <stdint.h>

#include "../base/leaves_match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *bytes = g_strndup((const char *)data, size);
	gsize length = strlen(bytes), written;
	pool *p = pool_new();
	const canonical_leaf *leaves;
	json_t *value = canonical_read(bytes, length);
	gboolean known = canonical_leaves(bytes, length, p, &leaves);
	g_assert(known == json_is_object(value));
	g_autofree char *text = known ? canonical_text(value, &written, NULL) : NULL;
	if (text && written == length && memcmp(text, bytes, length) == 0) /* no name stands twice */
		g_assert(leaves_match(&leaves, NULL, value) && !leaves);
	json_decref(value);
	pool_free(p);
	return 0;
}
