#include "pack/tree.h"

#include <string.h>

tree *tree_new(void)
{
	tree *t = g_new0(tree, 1);
	for (guint level = 0; level < MERKLE_LEVELS; level++)
		t->full[level] = g_byte_array_new();
	return t;
}

void tree_free(tree *t)
{
	if (!t)
		return;
	for (guint level = 0; level < MERKLE_LEVELS; level++)
		g_byte_array_unref(t->full[level]);
	g_free(t);
}

static gboolean keep(gpointer data, guint level, guint64 n, const merkle_hash tile[MERKLE_WIDTH], GError **error)
{
	(void)n, (void)error;
	g_byte_array_append(((tree *)data)->full[level], (const guint8 *)tile, MERKLE_WIDTH * sizeof *tile);
	return TRUE;
}

void tree_add(tree *t, const merkle_hash *leaf)
{
	merkle_append(&t->edge, leaf, keep, t, NULL);
}

gboolean tree_read(gpointer data, guint level, guint64 first, guint count, merkle_hash *out, GError **error)
{
	const tree *t = data;
	guint64 full = t->full[level]->len / sizeof *out;
	(void)error;
	const void *from = first < full ? (const void *)(t->full[level]->data + first * sizeof *out) : (const void *)&t->edge.tile[level][first % MERKLE_WIDTH];
	memcpy(out, from, count * sizeof *out);
	return TRUE;
}
