/* DEFLATE for maps of classes, whose cells mostly repeat the cell to their left or the one above: only these two are looked at, which takes a
 * small part of a general compressor's time, for files about as large. Any reader of zlib streams (RFC 1950, 1951) reads the result. */
#pragma once

#include <stddef.h>

/* Bytes of scratch for maps of so many cells, aligned as for malloc. */
size_t press_scratch(size_t cells);

/* A zlib stream of `cells` cells of `size` bytes (1, 2 or 4), `width` to a row (at most 32 KB); the same bytes for the same map. Returns their number,
 * or 0 when they do not fit in `room` or the map is better left to a general compressor: too many cells repeat nothing. */
size_t press_classes(const void *map, size_t cells, size_t width, size_t size, void *scratch, void *out, size_t room);
