/* The names under which a log gives its tiles, and the form of its entries. Source: C2SP tlog-tiles. */
#pragma once

#include <glib.h>

#define TILE_ENTRIES (-1)      /* the "level" of entry bundles */
#define TILE_ENTRY_BYTES 65535 /* the longest entry a bundle can hold */

/* A tile, or a bundle of entries: 1 to 256 of them. */
typedef struct tile_name {
	int level; /* 0 to 63, or TILE_ENTRIES */
	guint64 n;
	guint width; /* 256: full */
} tile_name;

/* From what follows "tile/": "0/x001/067.p/12", "entries/000". FALSE for what is no such name. */
gboolean tile_name_parse(const char *path, tile_name *out);
char *tile_name_path(const tile_name *name); /* free with g_free */

/* Is it a tile of a tree of this size? (A full tile, or the partial one at its edge.) */
gboolean tile_exists(const tile_name *name, guint64 size);
/* The tiles that a tree of `size` has beyond one of `old`: called in order of level and number. */
void tiles_each(guint64 old, guint64 size, void (*visit)(const tile_name *name, gpointer data), gpointer data);

/* Appends an entry to a bundle. length <= TILE_ENTRY_BYTES. */
void bundle_add(GByteArray *bundle, const void *entry, gsize length);
/* The next entry of a bundle; FALSE at its end, or where it is broken (*at is then not at its end). */
gboolean bundle_next(const guint8 *bundle, gsize length, gsize *at, const guint8 **entry, gsize *entry_length);
