#include "base/merkle.h"

#include <sodium.h>
#include <string.h>

#define HEIGHT 8 /* of a tile */

/* ---- hashes ---- */

merkle_hash merkle_leaf(const void *entry, gsize length)
{
	merkle_hash h;
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const guint8 *)"\0", 1);
	crypto_hash_sha256_update(&state, entry, length);
	crypto_hash_sha256_final(&state, h.bytes);
	return h;
}

merkle_hash merkle_node(const merkle_hash *left, const merkle_hash *right)
{
	guint8 bytes[1 + 2 * MERKLE_BYTES] = { 1 };
	memcpy(bytes + 1, left->bytes, MERKLE_BYTES);
	memcpy(bytes + 1 + MERKLE_BYTES, right->bytes, MERKLE_BYTES);
	merkle_hash h;
	crypto_hash_sha256(h.bytes, bytes, sizeof bytes);
	return h;
}

merkle_hash merkle_empty(void)
{
	merkle_hash h;
	crypto_hash_sha256(h.bytes, (const guint8 *)"", 0);
	return h;
}

gboolean merkle_equal(const merkle_hash *a, const merkle_hash *b)
{
	return memcmp(a->bytes, b->bytes, MERKLE_BYTES) == 0;
}

/* Root of 2^height hashes, which are overwritten. */
static merkle_hash fold(merkle_hash *hashes, guint height)
{
	for (guint n = 1u << height; n > 1; n /= 2)
		for (guint i = 0; i < n / 2; i++)
			hashes[i] = merkle_node(&hashes[2 * i], &hashes[2 * i + 1]);
	return hashes[0];
}

/* ---- growing ---- */

guint merkle_edge_width(guint64 size, guint level)
{
	return (guint)(size >> (HEIGHT * level)) % MERKLE_WIDTH;
}

gboolean merkle_append(merkle_edge *edge, const merkle_hash *leaf, merkle_full full, gpointer data, GError **error)
{
	merkle_hash h = *leaf;
	for (guint level = 0; level < MERKLE_LEVELS; level++) {
		guint64 number = edge->size >> (HEIGHT * level);
		edge->tile[level][number % MERKLE_WIDTH] = h;
		if (number % MERKLE_WIDTH != MERKLE_WIDTH - 1)
			break;
		if (!full(data, level, number / MERKLE_WIDTH, edge->tile[level], error))
			return FALSE;
		h = fold(edge->tile[level], HEIGHT);
	}
	edge->size++;
	return TRUE;
}

/* ---- reading ---- */

/* Hash over the 2^height entries from `number` * 2^height on, all of which exist. */
static gboolean read_node(const merkle_tiles *tiles, guint height, guint64 number, merkle_hash *out, GError **error)
{
	merkle_hash hashes[MERKLE_WIDTH];
	guint within = height % HEIGHT;
	if (!tiles->read(tiles->data, height / HEIGHT, number << within, 1u << within, hashes, error))
		return FALSE;
	*out = fold(hashes, within);
	return TRUE;
}

static guint highest_bit(guint64 n)
{
	return 63 - (guint)__builtin_clzll(n);
}

/* The height of the left subtree of n > 1 entries: the largest power of two that is smaller than n. */
static guint split_height(guint64 n)
{
	return highest_bit(n - 1);
}

/* MTH(D[first : first + n]) of RFC 6962, for a range that a tree contains as a subtree: its complete parts from the right are joined. */
static gboolean read_range(const merkle_tiles *tiles, guint64 first, guint64 n, merkle_hash *out, GError **error)
{
	gboolean any = FALSE;
	for (guint64 end = first + n; n > 0;) {
		guint height = (guint)__builtin_ctzll(n);
		guint64 size = G_GUINT64_CONSTANT(1) << height;
		merkle_hash part;
		end -= size, n -= size;
		if (!read_node(tiles, height, end >> height, &part, error))
			return FALSE;
		*out = any ? merkle_node(&part, out) : part;
		any = TRUE;
	}
	return TRUE;
}

gboolean merkle_root(const merkle_tiles *tiles, guint64 size, merkle_hash *out, GError **error)
{
	*out = merkle_empty();
	return size == 0 || read_range(tiles, 0, size, out, error);
}

static void reverse(merkle_hash *proof, guint n)
{
	for (guint i = 0; i < n / 2; i++) {
		merkle_hash h = proof[i];
		proof[i] = proof[n - 1 - i];
		proof[n - 1 - i] = h;
	}
}

gboolean merkle_inclusion(const merkle_tiles *tiles, guint64 index, guint64 size, merkle_hash out[MERKLE_PROOF], guint *n, GError **error)
{
	g_return_val_if_fail(index < size, FALSE);
	guint64 first = 0;
	*n = 0;
	/* From the root down: what lies beside the way is the proof. */
	while (size > 1) {
		guint64 left = G_GUINT64_CONSTANT(1) << split_height(size);
		gboolean goes_left = index - first < left;
		if (!(goes_left ? read_range(tiles, first + left, size - left, &out[*n], error) : read_range(tiles, first, left, &out[*n], error)))
			return FALSE;
		++*n;
		if (!goes_left)
			first += left;
		size = goes_left ? left : size - left;
	}
	reverse(out, *n);
	return TRUE;
}

gboolean merkle_consistency(const merkle_tiles *tiles, guint64 old, guint64 size, merkle_hash out[MERKLE_PROOF + 1], guint *n, GError **error)
{
	g_return_val_if_fail(old > 0 && old <= size, FALSE);
	guint64 first = 0;
	gboolean whole = TRUE; /* what is left of the old tree is the old tree itself: its root is known to who asks */
	*n = 0;
	while (old != size) {
		guint64 left = G_GUINT64_CONSTANT(1) << split_height(size);
		gboolean goes_left = old <= left;
		if (!(goes_left ? read_range(tiles, first + left, size - left, &out[*n], error) : read_range(tiles, first, left, &out[*n], error)))
			return FALSE;
		++*n;
		if (!goes_left) {
			first += left;
			old -= left;
			whole = FALSE;
		}
		size = goes_left ? left : size - left;
	}
	if (!whole && !read_range(tiles, first, size, &out[(*n)++], error))
		return FALSE;
	reverse(out, *n);
	return TRUE;
}

/* ---- checking ---- */

gboolean merkle_inclusion_holds(const merkle_hash *leaf, guint64 index, guint64 size, const merkle_hash *proof, guint n, const merkle_hash *root)
{
	if (index >= size)
		return FALSE;
	merkle_hash h = *leaf;
	guint64 at = index, last = size - 1;
	for (guint i = 0; i < n; i++) {
		if (last == 0)
			return FALSE;
		if (at % 2 == 1 || at == last) {
			h = merkle_node(&proof[i], &h);
			while (at % 2 == 0 && at != 0)
				at >>= 1, last >>= 1;
		} else {
			h = merkle_node(&h, &proof[i]);
		}
		at >>= 1, last >>= 1;
	}
	return last == 0 && merkle_equal(&h, root);
}

gboolean merkle_consistency_holds(guint64 old, const merkle_hash *old_root, guint64 size, const merkle_hash *root, const merkle_hash *proof, guint n)
{
	if (old > size)
		return FALSE;
	if (old == size)
		return n == 0 && merkle_equal(old_root, root);
	if (old == 0) {
		merkle_hash empty = merkle_empty();
		return n == 0 && merkle_equal(old_root, &empty);
	}
	guint64 at = old - 1, last = size - 1;
	guint used = 0;
	while (at % 2 == 1)
		at >>= 1, last >>= 1;
	/* An old tree that is a complete subtree of the new one is its own first hash. */
	if (at != 0 && n == 0)
		return FALSE;
	merkle_hash h = at == 0 ? *old_root : proof[used++], old_h = h;
	for (; used < n; used++) {
		if (last == 0)
			return FALSE;
		if (at % 2 == 1 || at == last) {
			old_h = merkle_node(&proof[used], &old_h);
			h = merkle_node(&proof[used], &h);
			while (at % 2 == 0 && at != 0)
				at >>= 1, last >>= 1;
		} else {
			h = merkle_node(&h, &proof[used]);
		}
		at >>= 1, last >>= 1;
	}
	return last == 0 && merkle_equal(&old_h, old_root) && merkle_equal(&h, root);
}
