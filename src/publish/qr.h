/* QR codes: a text that a telephone reads from paper. Source: ISO/IEC 18004, encoded by libqrencode. */
#pragma once

#include "publish/drawing.h"

/* The code of a text (an address of at most 2,000 bytes) as a square picture with the quiet zone of four modules, dark on light in every scheme, which
 * readers need. Level M: a seventh of it may be dirty or torn. NULL with an error. Free with g_bytes_unref. */
GBytes *qr_draw(const char *text, const char *title, drawing_format format, GError **error);
