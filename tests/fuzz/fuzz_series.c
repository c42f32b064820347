/* A table of values from outside: what is read has rising years and can be given to ldn. */
#include <stdint.h>
#include <string.h>

#include "record/series.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GPtrArray) faults = faults_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(series_table) t = series_table_read((const char *)data, size, &(series_options){.scale = 1}, faults, &error);
	g_assert_true(t != NULL || error != NULL);
	for (guint i = 0; t && i < t->sites->len; i++) {
		const site_series *s = g_ptr_array_index(t->sites, i);
		g_autofree char *text G_GNUC_UNUSED = site_series_csv(s);
		for (guint k = 1; k < s->years->len; k++)
			g_assert_cmpint(g_array_index(s->years, series_year, k - 1).year, <, g_array_index(s->years, series_year, k).year);
		g_assert_true(series_table_find(t, s->site) == s);
	}
	return 0;
}
