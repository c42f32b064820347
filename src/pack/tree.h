/* The tree of a pack's entries, in memory: 32 bytes an entry. */
#pragma once

#include "base/merkle.h"

typedef struct tree {
	merkle_edge edge;
	GByteArray *full[MERKLE_LEVELS]; /* the full tiles of a level, one after the other */
} tree;

tree *tree_new(void);
void tree_free(tree *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(tree, tree_free)
void tree_add(tree *t, const merkle_hash *leaf);
/* Hashes of it, for struct merkle_tiles: data is the tree. */
gboolean tree_read(gpointer data, guint level, guint64 first, guint count, merkle_hash *out, GError **error);
