#include "base/csv.h"

#include <string.h>

#include "base/language.h"

#define _(message) language_said(message)

typedef struct reader {
	const char *at, *end;
	guint row;
	GString *text;  /* cells of the row, each with its zero byte */
	GArray *starts; /* gsize: where they begin */
	GPtrArray *cells;
} reader;

static gboolean broken(const reader *r, GError **error, const char *what, const char *remedy)
{
	g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_ILLEGAL_SEQUENCE, _("Row %u: %s. %s"), r->row, what, remedy);
	return FALSE;
}

/* From after the opening quote to after the closing one. */
static gboolean quoted_read(reader *r, GError **error)
{
	for (;;) {
		const char *quote = memchr(r->at, '"', (gsize)(r->end - r->at));
		if (!quote)
			return broken(r, error, _("a quoted cell is not closed"), _("Close it with \"; a quote inside a cell is written twice"));
		g_string_append_len(r->text, r->at, quote - r->at);
		r->at = quote + 1;
		if (r->at == r->end || *r->at != '"')
			break;
		g_string_append_c(r->text, '"');
		r->at++;
	}
	if (r->at < r->end && !strchr(",\r\n", *r->at))
		return broken(r, error, _("text follows a closing quote"), _("Put the whole cell into quotes; a quote inside a cell is written twice"));
	return TRUE;
}

static gboolean cell_read(reader *r, GError **error)
{
	g_array_append_val(r->starts, r->text->len);
	if (r->at < r->end && *r->at == '"') {
		r->at++;
		if (!quoted_read(r, error))
			return FALSE;
	} else {
		const char *from = r->at;
		while (r->at < r->end && !strchr(",\r\n", *r->at)) {
			if (*r->at == '"')
				return broken(r, error, _("a quote stands in a cell that is not quoted"), _("Put the whole cell into quotes and write the quote twice"));
			r->at++;
		}
		g_string_append_len(r->text, from, r->at - from);
	}
	g_string_append_c(r->text, '\0');
	return TRUE;
}

static gboolean row_read(reader *r, GError **error)
{
	g_string_truncate(r->text, 0);
	g_array_set_size(r->starts, 0);
	for (;;) {
		if (!cell_read(r, error))
			return FALSE;
		if (r->at == r->end || *r->at != ',')
			break;
		r->at++;
	}
	if (r->at < r->end && *r->at == '\r')
		r->at++;
	if (r->at < r->end && *r->at == '\n')
		r->at++;
	g_ptr_array_set_size(r->cells, 0);
	for (guint i = 0; i < r->starts->len; i++)
		g_ptr_array_add(r->cells, r->text->str + g_array_index(r->starts, gsize, i));
	return TRUE;
}

gboolean csv_read(const char *text, gsize length, csv_row each, gpointer data, GError **error)
{
	g_autoptr(GString) cells_text = g_string_new(NULL);
	g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(gsize));
	g_autoptr(GPtrArray) cells = g_ptr_array_new();
	reader r = { .at = text, .end = text + length, .row = 1, .text = cells_text, .starts = starts, .cells = cells };
	const char *end;
	if (!g_utf8_validate_len(text, length, &end)) {
		for (const char *c = text; c < end; c++)
			r.row += *c == '\n';
		return broken(&r, error, _("the text is not UTF-8 or holds a zero byte"), _("Save the table as \"CSV UTF-8\""));
	}
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		r.at += 3;
	for (; r.at < r.end; r.row++) {
		if (*r.at == '\r' || *r.at == '\n') {
			r.at += *r.at == '\r' && r.at + 1 < r.end && r.at[1] == '\n' ? 2 : 1;
			continue;
		}
		if (!row_read(&r, error))
			return FALSE;
		if (!each(data, r.row, (const char *const *)cells->pdata, cells->len))
			return TRUE;
	}
	return TRUE;
}

void csv_cell(GString *out, const char *text)
{
	if (!strpbrk(text, ",\"\r\n") && *text != ' ' && (!*text || text[strlen(text) - 1] != ' ')) {
		g_string_append(out, text);
		return;
	}
	g_string_append_c(out, '"');
	for (const char *c = text; *c; c++) {
		if (*c == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *c);
	}
	g_string_append_c(out, '"');
}
