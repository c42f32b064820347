/* Makes Cairo's SVG fit for the web: says what it shows, keeps to a strict Content-Security-Policy, weighs less. */
#pragma once

#include <glib.h>

/* The same picture with role, <title> and <desc> added, style attributes turned into presentation attributes (a policy without
 * 'unsafe-inline' blocks the former when the picture is opened on its own), and coordinates rounded to a hundredth of a pixel.
 * Free with g_bytes_unref. */
GBytes *svg_finish(const char *text, gsize length, const char *title, const char *description);
