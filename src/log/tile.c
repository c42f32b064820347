#include "log/tile.h"

#include <string.h>

#include "base/merkle.h"
#include "log/checkpoint.h"

#define NUMBER_PARTS 7 /* 1000^7 > 2^63 */

/* ---- names ---- */

/* "x001/x234/067" */
static gboolean parse_number(char **parts, guint n, guint64 *out)
{
	if (n == 0 || n > NUMBER_PARTS)
		return FALSE;
	*out = 0;
	for (guint i = 0; i < n; i++) {
		const char *digits = parts[i];
		if (i + 1 < n && *digits++ != 'x')
			return FALSE;
		if (strlen(digits) != 3 || strspn(digits, "0123456789") != 3)
			return FALSE;
		guint64 part = g_ascii_strtoull(digits, NULL, 10);
		if (*out > (G_MAXINT64 - part) / 1000 || (i == 0 && n > 1 && part == 0))
			return FALSE;
		*out = *out * 1000 + part;
	}
	return TRUE;
}

static gboolean parse_level(const char *text, int *out)
{
	guint64 level;
	if (strcmp(text, "entries") == 0) {
		*out = TILE_ENTRIES;
		return TRUE;
	}
	if (!log_number_parse(text, &level) || level > 63)
		return FALSE;
	*out = (int)level;
	return TRUE;
}

gboolean tile_name_parse(const char *path, tile_name *out)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", NUMBER_PARTS + 3);
	guint n = g_strv_length(parts);
	out->width = MERKLE_WIDTH;
	if (n < 2 || !parse_level(parts[0], &out->level))
		return FALSE;
	if (n >= 3 && g_str_has_suffix(parts[n - 2], ".p")) {
		guint64 width;
		if (!log_number_parse(parts[n - 1], &width) || width == 0 || width >= MERKLE_WIDTH)
			return FALSE;
		out->width = (guint)width;
		parts[n - 2][strlen(parts[n - 2]) - 2] = '\0';
		n--;
	}
	return parse_number(parts + 1, n - 1, &out->n);
}

char *tile_name_path(const tile_name *name)
{
	g_autoptr(GString) number = g_string_new(NULL);
	g_string_printf(number, "%03u", (guint)(name->n % 1000));
	for (guint64 rest = name->n / 1000; rest > 0; rest /= 1000) {
		char part[8];
		g_snprintf(part, sizeof part, "x%03u/", (guint)(rest % 1000));
		g_string_prepend(number, part);
	}
	if (name->width < MERKLE_WIDTH)
		g_string_append_printf(number, ".p/%u", name->width);
	return name->level == TILE_ENTRIES ? g_strdup_printf("entries/%s", number->str) : g_strdup_printf("%d/%s", name->level, number->str);
}

static guint64 hashes_at(guint64 size, int level)
{
	return level >= MERKLE_LEVELS ? 0 : size >> (8 * MAX(level, 0));
}

gboolean tile_exists(const tile_name *name, guint64 size)
{
	guint64 hashes = hashes_at(size, name->level), full = hashes / MERKLE_WIDTH;
	return name->width == MERKLE_WIDTH ? name->n < full : name->n < full || (name->n == full && name->width <= hashes % MERKLE_WIDTH);
}

void tiles_each(guint64 old, guint64 size, void (*visit)(const tile_name *name, gpointer data), gpointer data)
{
	for (int level = TILE_ENTRIES; hashes_at(size, level) > 0; level++) {
		guint64 had = hashes_at(old, level), has = hashes_at(size, level);
		for (guint64 n = had / MERKLE_WIDTH; had < has && n * MERKLE_WIDTH < has; n++) {
			tile_name name = { level, n, (guint)MIN(has - n * MERKLE_WIDTH, MERKLE_WIDTH) };
			visit(&name, data);
		}
	}
}

/* ---- bundles ---- */

void bundle_add(GByteArray *bundle, const void *entry, gsize length)
{
	g_return_if_fail(length <= TILE_ENTRY_BYTES);
	guint8 head[2] = { (guint8)(length >> 8), (guint8)length };
	g_byte_array_append(bundle, head, sizeof head);
	g_byte_array_append(bundle, entry, (guint)length);
}

gboolean bundle_next(const guint8 *bundle, gsize length, gsize *at, const guint8 **entry, gsize *entry_length)
{
	if (length - *at < 2)
		return FALSE;
	gsize n = (gsize)bundle[*at] << 8 | bundle[*at + 1];
	if (length - *at - 2 < n)
		return FALSE;
	*entry = bundle + *at + 2;
	*entry_length = n;
	*at += 2 + n;
	return TRUE;
}
