#include "base/slug.h"

#include <string.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "base/canonical.h"

gboolean slug_is_valid(const char *text)
{
	gsize length = strlen(text);
	if (length == 0 || length > SLUG_MAX || text[0] == '-' || text[length - 1] == '-')
		return FALSE;
	for (const char *c = text; *c; c++)
		if (!g_ascii_islower(*c) && !g_ascii_isdigit(*c) && (*c != '-' || c[1] == '-'))
			return FALSE;
	return TRUE;
}

/* Cloned for every use: a transliterator belongs to one thread at a time. */
static UTransliterator *transliterator_open(void)
{
	static gsize once;
	static UTransliterator *original;
	static const UChar id[] = u"Any-Latin; Latin-ASCII; Lower";
	UErrorCode status = U_ZERO_ERROR;
	if (g_once_init_enter(&once)) {
		original = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
		g_once_init_leave(&once, 1);
	}
	status = U_ZERO_ERROR;
	return original ? utrans_clone(original, &status) : NULL;
}

/* NULL if the text is not UTF-8. */
static char *text_to_ascii(const char *text)
{
	g_autofree gunichar2 *wide = NULL;
	glong length;
	char *ascii = NULL;
	UTransliterator *latin = transliterator_open();
	g_autofree char *head = g_strndup(text, MIN(strlen(text), (gsize)8 * SLUG_MAX));
	g_autofree char *valid = g_utf8_make_valid(head, -1);

	wide = g_utf8_to_utf16(valid, -1, NULL, &length, NULL);
	if (wide && latin) {
		/* One letter becomes a few at most; what does not fit is past the end of a slug anyway. */
		int32_t capacity = (int32_t)length * 8 + 64, used = (int32_t)length, limit = (int32_t)length;
		UErrorCode status = U_ZERO_ERROR;
		UChar *buffer = g_new0(UChar, capacity);
		memcpy(buffer, wide, (gsize)length * sizeof *buffer);
		utrans_transUChars(latin, buffer, &used, capacity, 0, &limit, &status);
		if (U_SUCCESS(status))
			ascii = g_utf16_to_utf8((gunichar2 *)buffer, used, NULL, NULL, NULL);
		g_free(buffer);
	}
	if (latin)
		utrans_close(latin);
	return ascii ? ascii : g_str_to_ascii(valid, "C");
}

char *slug_from_text(const char *text)
{
	g_autofree char *ascii = text_to_ascii(text);
	g_autoptr(GString) slug = g_string_new(NULL);
	gboolean gap = FALSE;
	for (const char *c = ascii; *c; c++) {
		if (*c == '\'')
			continue; /* Côte d'Ivoire is three words, not four */
		if (!g_ascii_isalnum(*c)) {
			gap = TRUE;
			continue;
		}
		if (gap && slug->len)
			g_string_append_c(slug, '-');
		gap = FALSE;
		g_string_append_c(slug, g_ascii_tolower(*c));
	}
	if (slug->len > SLUG_MAX) {
		g_string_truncate(slug, SLUG_MAX + 1);
		char *last = strrchr(slug->str, '-');
		g_string_truncate(slug, last && last > slug->str ? (gsize)(last - slug->str) : SLUG_MAX);
	}
	if (slug->len == 0) {
		g_autofree char *hash = sha256_hex(text, strlen(text));
		g_string_printf(slug, "x%.12s", hash);
	}
	return g_string_free(g_steal_pointer(&slug), FALSE);
}
