/* A picture as a PNG file (ISO/IEC 15948) whose bytes depend on the picture alone, not on a library's version: pictures are named by their hash.
 *
 * The deflate stream (RFC 1951) has fixed codes and copies only from the pixel before and from the row above, which is what enlarged cells need. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* pixels: 3 bytes (red, green, blue) each, row by row. Gives the file's bytes; free them. width and height at least 1, at most 16384. */
uint8_t *png_make(int width, int height, const uint8_t *pixels, size_t *size);
