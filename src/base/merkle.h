/* The Merkle tree of an append-only log, over tiles. Nothing here knows what the entries are or where the tiles lie.
 * Sources: RFC 6962 section 2.1 (hashes, proofs); RFC 9162 sections 2.1.3 and 2.1.4 (how proofs are checked); C2SP tlog-tiles (tiles of
 * height 8: the n-th tile of level l holds up to 256 hashes, the i-th of them over the entries from (n * 256 + i) * 256^l on). */
#pragma once

#include <glib.h>

#define MERKLE_BYTES 32
#define MERKLE_WIDTH 256 /* hashes of a full tile */
#define MERKLE_LEVELS 8  /* enough for 2^64 entries */
#define MERKLE_PROOF 64  /* the most hashes of an inclusion proof; a consistency proof has one more */

typedef struct merkle_hash {
	guint8 bytes[MERKLE_BYTES];
} merkle_hash;

merkle_hash merkle_leaf(const void *entry, gsize length);
merkle_hash merkle_node(const merkle_hash *left, const merkle_hash *right);
merkle_hash merkle_empty(void); /* root of the empty tree */
gboolean merkle_equal(const merkle_hash *a, const merkle_hash *b);

/* ---- growing ---- */

/* The right edge of a growing tree: at each level the tile that is not full yet. It is all that appending needs to know. */
typedef struct merkle_edge {
	guint64 size;
	merkle_hash tile[MERKLE_LEVELS][MERKLE_WIDTH]; /* of which the first (size >> 8 * level) % 256 hold something */
} merkle_edge;

/* How many hashes the tile at the edge of a level holds. */
guint merkle_edge_width(guint64 size, guint level);

/* Called for each tile that becomes full. */
typedef gboolean (*merkle_full)(gpointer data, guint level, guint64 n, const merkle_hash tile[MERKLE_WIDTH], GError **error);

/* Adds a leaf. FALSE with full's error; the edge must then be read anew. */
gboolean merkle_append(merkle_edge *edge, const merkle_hash *leaf, merkle_full full, gpointer data, GError **error);

/* ---- reading ---- */

/* Where the tiles lie: gives `count` hashes of a level from number `first` on, all of one tile. */
typedef struct merkle_tiles {
	gboolean (*read)(gpointer data, guint level, guint64 first, guint count, merkle_hash *out, GError **error);
	gpointer data;
} merkle_tiles;

/* Root of the tree of the first `size` entries. */
gboolean merkle_root(const merkle_tiles *tiles, guint64 size, merkle_hash *out, GError **error);
/* Audit path of entry `index` in the tree of the first `size`, leaf's sibling first. index < size. */
gboolean merkle_inclusion(const merkle_tiles *tiles, guint64 index, guint64 size, merkle_hash out[MERKLE_PROOF], guint *n, GError **error);
/* Proof that the tree of the first `size` entries begins with that of the first `old`. 0 < old <= size; none is needed for old == size. */
gboolean merkle_consistency(const merkle_tiles *tiles, guint64 old, guint64 size, merkle_hash out[MERKLE_PROOF + 1], guint *n, GError **error);

/* ---- checking: without any tile ---- */

gboolean merkle_inclusion_holds(const merkle_hash *leaf, guint64 index, guint64 size, const merkle_hash *proof, guint n, const merkle_hash *root);
gboolean merkle_consistency_holds(guint64 old, const merkle_hash *old_root, guint64 size, const merkle_hash *root, const merkle_hash *proof, guint n);
