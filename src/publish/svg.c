#include "publish/svg.h"

#include <math.h>
#include <string.h>

/* A number at p with more than two decimals is written with two; anything else is copied. Gives how much of the input was used. */
static gsize copy_number(GString *out, const char *p, const char *end)
{
	const char *q = p;
	while (q < end && g_ascii_isdigit(*q))
		q++;
	if (q == end || *q != '.') {
		g_string_append_len(out, p, q - p);
		return (gsize)(q - p);
	}
	const char *decimals = ++q;
	while (q < end && g_ascii_isdigit(*q))
		q++;
	if (q - decimals <= 2 || q - p > 30) {
		g_string_append_len(out, p, q - p);
		return (gsize)(q - p);
	}
	char number[32], rounded[G_ASCII_DTOSTR_BUF_SIZE];
	memcpy(number, p, (gsize)(q - p));
	number[q - p] = '\0';
	g_ascii_formatd(rounded, sizeof rounded, "%.2f", g_ascii_strtod(number, NULL));
	gsize n = strlen(rounded);
	while (rounded[n - 1] == '0')
		n--;
	if (rounded[n - 1] == '.')
		n--;
	g_string_append_len(out, rounded, (gssize)n);
	return (gsize)(q - p);
}

static void copy_rounded(GString *out, const char *p, const char *end)
{
	char before = ' ';
	while (p < end) {
		/* Digits inside a name (glyph0-1, #FF00) are not coordinates. */
		if (g_ascii_isdigit(*p) && !g_ascii_isalnum(before) && before != '#' && before != '.')
			p += copy_number(out, p, end);
		else
			g_string_append_c(out, *p++);
		before = p[-1];
	}
}

/* What SVG assumes anyway. */
static gboolean is_default(const char *p, gsize length)
{
	static const char *const defaults[] = {"fill-opacity:1", "stroke-opacity:1", "stroke-miterlimit:10", "stroke-linecap:butt", "stroke-linejoin:miter",
		"fill-rule:nonzero", "stroke:none"};
	for (gsize i = 0; i < G_N_ELEMENTS(defaults); i++)
		if (strlen(defaults[i]) == length && memcmp(p, defaults[i], length) == 0)
			return TRUE;
	return FALSE;
}

/* "rgb(12.1%,43.5%,36%)" as "#1f6f5c"; FALSE if it is something else. */
static gboolean copy_colour(GString *out, const char *p, const char *end)
{
	if (end - p < 8 || memcmp(p, "rgb(", 4) != 0)
		return FALSE;
	guint parts[3];
	p += 4;
	for (int i = 0; i < 3; i++) {
		char *stop;
		double percent = g_ascii_strtod(p, &stop);
		if (stop >= end || *stop != '%' || percent < 0 || percent > 100)
			return FALSE;
		parts[i] = (guint)lround(percent * 2.55);
		p = stop + 2;
	}
	g_string_append_printf(out, "#%02x%02x%02x", parts[0], parts[1], parts[2]);
	return TRUE;
}

/* style="a:b;c:d;" becomes a="b" c="d". */
static void copy_style(GString *out, const char *p, const char *end)
{
	while (p < end) {
		const char *stop = memchr(p, ';', (gsize)(end - p));
		stop = stop ? stop : end;
		while (p < stop && *p == ' ')
			p++;
		const char *colon = memchr(p, ':', (gsize)(stop - p));
		if (colon && !is_default(p, (gsize)(stop - p))) {
			if (out->str[out->len - 1] != ' ')
				g_string_append_c(out, ' ');
			g_string_append_len(out, p, colon - p);
			g_string_append(out, "=\"");
			if (!copy_colour(out, colon + 1, stop))
				copy_rounded(out, colon + 1, stop);
			g_string_append_c(out, '"');
		}
		p = stop + 1;
	}
}

/* One tag, from '<' to '>', attributes rounded. */
static void copy_tag(GString *out, const char *p, const char *end)
{
	while (p < end) {
		const char *quote = memchr(p, '"', (gsize)(end - p));
		const char *close = quote ? memchr(quote + 1, '"', (gsize)(end - quote - 1)) : NULL;
		if (!close) {
			g_string_append_len(out, p, end - p);
			return;
		}
		gboolean style = quote - p >= 6 && memcmp(quote - 6, "style=", 6) == 0;
		gboolean id = (quote - p >= 3 && memcmp(quote - 3, "id=", 3) == 0) || (quote - p >= 5 && memcmp(quote - 5, "href=", 5) == 0);
		if (quote - p >= 4 && memcmp(quote - 4, " id=", 4) == 0 && memcmp(quote + 1, "surface", 7) == 0) {
			/* Cairo counts its surfaces over the whole process: the same picture would never be the same bytes. */
			g_string_append_len(out, p, quote - p - 4);
			p = close + 1;
			continue;
		}
		g_string_append_len(out, p, quote - p - (style ? 6 : -1));
		if (style)
			copy_style(out, quote + 1, close);
		else if (id)
			g_string_append_len(out, quote + 1, close - quote);
		else {
			copy_rounded(out, quote + 1, close);
			g_string_append_c(out, '"');
		}
		p = close + 1;
	}
}

static void append_element(GString *out, const char *name, const char *text)
{
	g_autofree char *escaped = g_markup_escape_text(text ? text : "", -1);
	g_string_append_printf(out, "<%s>%s</%s>\n", name, escaped, name);
}

GBytes *svg_finish(const char *text, gsize length, const char *title, const char *description)
{
	GString *out = g_string_sized_new(length);
	const char *p = text, *end = text + length;
	gboolean opened = FALSE;
	while (p < end) {
		const char *open = memchr(p, '<', (gsize)(end - p));
		const char *close = open ? memchr(open, '>', (gsize)(end - open)) : NULL;
		if (!close) {
			g_string_append_len(out, p, end - p);
			break;
		}
		g_string_append_len(out, p, open - p);
		gboolean root = !opened && g_str_has_prefix(open, "<svg ");
		copy_tag(out, open, root ? close : close + 1);
		if (root) {
			opened = TRUE;
			g_string_append(out, " role=\"img\">\n");
			append_element(out, "title", title);
			append_element(out, "desc", description);
		}
		p = close + 1;
	}
	return g_string_free_to_bytes(out);
}
