/* A filter from outside, as text or as JSON: it is refused with a reason, or it can be compiled for every kind that can be asked and tried on a record. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "record/cql.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static shape *nowhere(const record *r, gpointer data)
{
	(void)r, (void)data;
	return shape_box((double[]) { 104, 49, 105, 50 });
}

static void try_kind(const json_t *expression, const char *kind_name, const crs *places)
{
	static const char body[] = "{\"title\":\"Copper\",\"name\":\"Pit\",\"country\":\"MNG\",\"themes\":[\"a\",\"b\"],\"start_year\":1990,\"made_on\":\"2020-06\",\"targets\":[{\"value\":5}]}";
	g_autoptr(GError) error = NULL;
	g_autoptr(cql) c = cql_compile(expression, kind_by_name(kind_name), places, &error);
	if (!c != (error != NULL))
		abort();
	if (!c)
		return;
	record r = { .kind = kind_by_name(kind_name), .id = (char *)"pit", .revision = 1, .state = RECORD_PUBLISHED, .time = (char *)"2026-01-01T00:00:00Z", .body = json_loads(body, 0, NULL) };
	cql_matches(c, &r, nowhere, NULL);
	json_decref(r.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *bytes = g_strndup(size ? (const char *)data : "", size), *text = g_utf8_make_valid(bytes, -1);
	g_autoptr(GError) error = NULL;
	json_t *expression = *text == '{' ? json_loads(text, 0, NULL) : cql_parse(text, &error);
	if (*text != '{' && !expression != (error != NULL))
		abort();
	if (expression) {
		try_kind(expression, "case", crs_numbered(0));
		try_kind(expression, "pledge", crs_numbered(1));
		json_decref(expression);
	}
	return 0;
}
