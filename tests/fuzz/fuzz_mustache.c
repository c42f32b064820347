/* A template and its view: the input up to the first zero byte is the template, up to the next a partial, the rest the view as JSON. */
#include <stdint.h>
#include <string.h>

#include "base/mustache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const mustache *find(gpointer data, const char *name)
{
	return strcmp(name, "p") == 0 ? data : NULL;
}

static const char *translate(gpointer data, const char *message)
{
	(void)data;
	return message;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = text + size;
	const char *first = memchr(text, 0, size);
	if (!first)
		first = end;
	const char *partial = first < end ? first + 1 : end;
	const char *second = memchr(partial, 0, (size_t)(end - partial));
	if (!second)
		second = end;
	const char *json = second < end ? second + 1 : end;
	g_autoptr(mustache) m = mustache_compile(text, (gsize)(first - text), translate, NULL, NULL);
	g_autoptr(mustache) p = mustache_compile(partial, (gsize)(second - partial), NULL, NULL, NULL);
	json_t *view = json_loadb(json, (size_t)(end - json), JSON_DECODE_ANY, NULL);
	g_autoptr(GString) out = g_string_new(NULL);
	if (m)
		mustache_render(m, view, find, p, out, NULL);
	json_decref(view);
	return 0;
}
