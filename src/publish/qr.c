#include "publish/qr.h"

#include <gio/gio.h>
#include <qrencode.h>
#include <string.h>

#define MODULE 4 /* pixels */
#define QUIET 4  /* modules of nothing on each side */
#define LONGEST 2000

/* Dark modules that stand side by side are one rectangle, so that no seams show between them. */
static double paint(drawing *d, gconstpointer data)
{
	const QRcode *code = data;
	int n = code->width;
	for (int row = 0; row < n; row++)
		for (int from = 0, to; from < n; from = to + 1) {
			for (to = from; to < n && (code->data[row * n + to] & 1); to++)
				;
			if (to > from)
				drawing_fill(d, INK_TEXT, 1, (from + QUIET) * MODULE, (row + QUIET) * MODULE, (to - from) * MODULE, MODULE);
		}
	return (n + 2 * QUIET) * MODULE;
}

GBytes *qr_draw(const char *text, const char *title, drawing_format format, GError **error)
{
	QRcode *code = strlen(text) <= LONGEST ? QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) : NULL;
	if (!code) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "The address is too long for a QR code.");
		return NULL;
	}
	drawing_form form = { .format = format, .scheme = SCHEME_LIGHT, .width = (code->width + 2 * QUIET) * MODULE };
	GBytes *picture = drawing_make(&form, title, text, paint, code, error);
	QRcode_free(code);
	return picture;
}
