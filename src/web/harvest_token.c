#include "web/harvest_token.h"

#include <string.h>

char *harvest_token_text(const harvest_token *t)
{
	return g_strdup_printf("%s!%s!%s!%s!%" G_GUINT64_FORMAT "!%u", t->prefix, t->from, t->until, t->set, t->first, t->cursor);
}

gboolean harvest_date(const char *text, gboolean end, char out[static 21], gboolean *day)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
	gsize length = strlen(text);
	if (length != 10 && length != 20)
		return FALSE;
	for (gsize i = 0; i < length; i++)
		if (form[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != form[i])
			return FALSE;
	*day = length == 10;
	g_snprintf(out, 21, "%s%s", text, !*day ? "" : end ? "T23:59:59Z" : "T00:00:00Z");
	g_autoptr(GDateTime) t = g_date_time_new_from_iso8601(out, NULL);
	return t != NULL;
}

static gboolean copy(char *to, gsize size, const char *from, const char *allowed)
{
	return strspn(from, allowed) == strlen(from) && g_strlcpy(to, from, size) < size;
}

static gboolean copy_time(char to[static 21], const char *from)
{
	gboolean day;
	if (*from)
		return harvest_date(from, FALSE, to, &day) && !day;
	*to = '\0';
	return TRUE;
}

gboolean harvest_token_parse(const char *text, harvest_token *out)
{
	static const char words[] = "abcdefghijklmnopqrstuvwxyz_";
	g_auto(GStrv) parts = g_strsplit(text, "!", 7);
	guint64 cursor;
	*out = (harvest_token){ 0 };
	if (g_strv_length(parts) != 6 || !*parts[0])
		return FALSE;
	if (!copy(out->prefix, sizeof out->prefix, parts[0], words) || !copy_time(out->from, parts[1]) || !copy_time(out->until, parts[2]) || !copy(out->set, sizeof out->set, parts[3], words))
		return FALSE;
	if (!g_ascii_string_to_unsigned(parts[4], 10, 0, G_MAXINT64, &out->first, NULL) || !g_ascii_string_to_unsigned(parts[5], 10, 1, G_MAXINT, &cursor, NULL))
		return FALSE;
	out->cursor = (guint)cursor;
	g_autofree char *again = harvest_token_text(out);
	return strcmp(again, text) == 0; /* +1 and 01 are not what this site writes */
}
