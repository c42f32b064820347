#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/merkle.h"

/* A tree in memory, filled through its edge, read through tiles. */
typedef struct forest {
	merkle_edge edge;
	GHashTable *full; /* "level/n" -> merkle_hash[256] */
	GArray *leaves;
} forest;

static gboolean keep(gpointer data, guint level, guint64 n, const merkle_hash tile[MERKLE_WIDTH], GError **error)
{
	(void)error;
	g_hash_table_insert(data, g_strdup_printf("%u/%" G_GUINT64_FORMAT, level, n), g_memdup2(tile, MERKLE_WIDTH * sizeof *tile));
	return TRUE;
}

static gboolean give(gpointer data, guint level, guint64 first, guint count, merkle_hash *out, GError **error)
{
	const forest *f = data;
	(void)error;
	guint64 n = first / MERKLE_WIDTH;
	guint at = (guint)(first % MERKLE_WIDTH);
	assert_true(count >= 1 && at + count <= MERKLE_WIDTH);
	g_autofree char *name = g_strdup_printf("%u/%" G_GUINT64_FORMAT, level, n);
	const merkle_hash *tile = g_hash_table_lookup(f->full, name);
	if (!tile) {
		assert_true(n == f->edge.size >> (8 * level) >> 8);
		assert_true(at + count <= merkle_edge_width(f->edge.size, level));
		tile = f->edge.tile[level];
	}
	memcpy(out, tile + at, count * sizeof *out);
	return TRUE;
}

static void forest_init(forest *f)
{
	memset(f, 0, sizeof *f);
	f->full = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	f->leaves = g_array_new(FALSE, FALSE, sizeof(merkle_hash));
}

static void forest_add(forest *f, const void *entry, gsize length)
{
	merkle_hash leaf = merkle_leaf(entry, length);
	g_array_append_val(f->leaves, leaf);
	assert_true(merkle_append(&f->edge, &leaf, keep, f->full, NULL));
}

static void forest_clear(forest *f)
{
	g_hash_table_unref(f->full);
	g_array_unref(f->leaves);
}

static merkle_hash from_hex(const char *hex)
{
	merkle_hash h;
	assert_int_equal(sodium_hex2bin(h.bytes, sizeof h.bytes, hex, strlen(hex), NULL, NULL, NULL), 0);
	return h;
}

static void assert_hash(const merkle_hash *h, const char *hex)
{
	char text[2 * MERKLE_BYTES + 1];
	sodium_bin2hex(text, sizeof text, h->bytes, MERKLE_BYTES);
	assert_string_equal(text, hex);
}

/* MTH of RFC 6962, section 2.1, word for word: the second way. */
static merkle_hash by_definition(const merkle_hash *leaves, guint64 n)
{
	if (n == 0)
		return merkle_empty();
	if (n == 1)
		return leaves[0];
	guint64 k = 1;
	while (2 * k < n)
		k *= 2;
	merkle_hash left = by_definition(leaves, k), right = by_definition(leaves + k, n - k);
	return merkle_node(&left, &right);
}

/* The eight entries and roots that implementations of Certificate Transparency test themselves with. */
static const char *const known_entries[] = { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" };
static const char *const known_roots[] = {
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void known_entries_have_the_known_roots(void **state)
{
	(void)state;
	forest f;
	forest_init(&f);
	merkle_tiles tiles = { give, &f };
	for (guint i = 0; i <= G_N_ELEMENTS(known_entries); i++) {
		merkle_hash root;
		assert_true(merkle_root(&tiles, i, &root, NULL));
		assert_hash(&root, known_roots[i]);
		if (i < G_N_ELEMENTS(known_entries)) {
			guint8 entry[16];
			gsize length;
			assert_int_equal(sodium_hex2bin(entry, sizeof entry, known_entries[i], strlen(known_entries[i]), NULL, &length, NULL), 0);
			forest_add(&f, entry, length);
		}
	}
	forest_clear(&f);
}

/* RFC 6962, section 2.1.3, by hand: the proof of d6 in the tree of seven is the three hashes beside its way. */
static void a_proof_is_what_lies_beside_the_way_to_the_root(void **state)
{
	(void)state;
	forest f;
	forest_init(&f);
	merkle_tiles tiles = { give, &f };
	for (guint i = 0; i < 7; i++)
		forest_add(&f, &i, 1);
	const merkle_hash *d = (const merkle_hash *)(gpointer)f.leaves->data;
	merkle_hash proof[MERKLE_PROOF + 1], g = merkle_node(&d[0], &d[1]), h = merkle_node(&d[2], &d[3]), i = merkle_node(&d[4], &d[5]), k = merkle_node(&g, &h);
	merkle_hash l = merkle_node(&i, &d[6]);
	guint n;
	assert_true(merkle_inclusion(&tiles, 6, 7, proof, &n, NULL));
	assert_int_equal(n, 2);
	assert_true(merkle_equal(&proof[0], &i) && merkle_equal(&proof[1], &k));
	assert_true(merkle_inclusion(&tiles, 0, 7, proof, &n, NULL));
	assert_int_equal(n, 3);
	assert_true(merkle_equal(&proof[0], &d[1]) && merkle_equal(&proof[1], &h) && merkle_equal(&proof[2], &l));
	/* PROOF(3, D[7]) = [c, d, g, l]; PROOF(4, D[7]) = [l]; PROOF(6, D[7]) = [i, j, k] */
	assert_true(merkle_consistency(&tiles, 3, 7, proof, &n, NULL));
	assert_int_equal(n, 4);
	assert_true(merkle_equal(&proof[0], &d[2]) && merkle_equal(&proof[1], &d[3]) && merkle_equal(&proof[2], &g) && merkle_equal(&proof[3], &l));
	assert_true(merkle_consistency(&tiles, 4, 7, proof, &n, NULL));
	assert_int_equal(n, 1);
	assert_true(merkle_equal(&proof[0], &l));
	assert_true(merkle_consistency(&tiles, 6, 7, proof, &n, NULL));
	assert_int_equal(n, 3);
	assert_true(merkle_equal(&proof[0], &i) && merkle_equal(&proof[1], &d[6]) && merkle_equal(&proof[2], &k));
	forest_clear(&f);
}

static void every_proof_of_small_trees_holds_and_no_changed_one_does(void **state)
{
	(void)state;
	forest f;
	forest_init(&f);
	merkle_tiles tiles = { give, &f };
	for (guint i = 0; i < 40; i++)
		forest_add(&f, &i, sizeof i);
	const merkle_hash *leaves = (const merkle_hash *)(gpointer)f.leaves->data;
	for (guint64 size = 1; size <= 40; size++) {
		merkle_hash root, proof[MERKLE_PROOF + 1];
		guint n;
		assert_true(merkle_root(&tiles, size, &root, NULL));
		merkle_hash expected = by_definition(leaves, size);
		assert_true(merkle_equal(&root, &expected));
		for (guint64 index = 0; index < size; index++) {
			assert_true(merkle_inclusion(&tiles, index, size, proof, &n, NULL));
			assert_true(merkle_inclusion_holds(&leaves[index], index, size, proof, n, &root));
			assert_false(merkle_inclusion_holds(&leaves[(index + 1) % 40], index, size, proof, n, &root));
			assert_false(merkle_inclusion_holds(&leaves[index], size, size, proof, n, &root));
			if (size > 1) {
				assert_false(merkle_inclusion_holds(&leaves[index], index, size, proof, n - 1, &root));
				assert_false(merkle_inclusion_holds(&leaves[index], (index + 1) % size, size, proof, n, &root));
			}
			proof[n] = root;
			assert_false(merkle_inclusion_holds(&leaves[index], index, size, proof, n + 1, &root));
			for (guint i = 0; i < n; i++) {
				proof[i].bytes[i % 32] ^= 0x10;
				assert_false(merkle_inclusion_holds(&leaves[index], index, size, proof, n, &root));
				proof[i].bytes[i % 32] ^= 0x10;
			}
		}
		for (guint64 old = 1; old <= size; old++) {
			merkle_hash old_root = by_definition(leaves, old), wrong = old_root;
			wrong.bytes[5] ^= 1;
			assert_true(merkle_consistency(&tiles, old, size, proof, &n, NULL));
			assert_true(merkle_consistency_holds(old, &old_root, size, &root, proof, n));
			assert_false(merkle_consistency_holds(old, &wrong, size, &root, proof, n));
			assert_false(merkle_consistency_holds(old, &old_root, size, &wrong, proof, n));
			assert_false(merkle_consistency_holds(size + 1, &root, old, &old_root, proof, n));
			if (n)
				assert_false(merkle_consistency_holds(old, &old_root, size, &root, proof, n - 1));
			for (guint i = 0; i < n; i++) {
				proof[i].bytes[31 - i % 32] ^= 0x80;
				assert_false(merkle_consistency_holds(old, &old_root, size, &root, proof, n));
				proof[i].bytes[31 - i % 32] ^= 0x80;
			}
		}
	}
	forest_clear(&f);
}

static void tiles_of_large_trees_give_the_same_roots_and_proofs_that_hold(void **state)
{
	(void)state;
	static const guint64 sizes[] = { 255, 256, 257, 511, 512, 65535, 65536, 65537, 70000 };
	forest f;
	forest_init(&f);
	merkle_tiles tiles = { give, &f };
	for (guint i = 0; i < 70000; i++)
		forest_add(&f, &i, sizeof i);
	const merkle_hash *leaves = (const merkle_hash *)(gpointer)f.leaves->data;
	g_autoptr(GRand) random = g_rand_new_with_seed(5);
	for (gsize s = 0; s < G_N_ELEMENTS(sizes); s++) {
		merkle_hash root, expected = by_definition(leaves, sizes[s]), proof[MERKLE_PROOF + 1];
		guint n;
		assert_true(merkle_root(&tiles, sizes[s], &root, NULL));
		assert_true(merkle_equal(&root, &expected));
		for (int i = 0; i < 4; i++) {
			guint64 index = (guint64)g_rand_int_range(random, 0, (gint32)sizes[s]), old = index + 1;
			assert_true(merkle_inclusion(&tiles, index, sizes[s], proof, &n, NULL));
			assert_true(merkle_inclusion_holds(&leaves[index], index, sizes[s], proof, n, &root));
			merkle_hash old_root = by_definition(leaves, old);
			assert_true(merkle_consistency(&tiles, old, sizes[s], proof, &n, NULL));
			assert_true(merkle_consistency_holds(old, &old_root, sizes[s], &root, proof, n));
		}
	}
	/* C2SP tlog-tiles: a tree of 70,000 has 273 full tiles and one of 112 at level 0, one and one of 17 at level 1, one of 1 at level 2. */
	assert_int_equal(g_hash_table_size(f.full), 274);
	assert_int_equal(merkle_edge_width(f.edge.size, 0), 112);
	assert_int_equal(merkle_edge_width(f.edge.size, 1), 17);
	assert_int_equal(merkle_edge_width(f.edge.size, 2), 1);
	forest_clear(&f);
}

static void the_empty_tree_has_a_root_and_is_the_beginning_of_every_other(void **state)
{
	(void)state;
	merkle_hash empty = merkle_empty(), root = from_hex(known_roots[3]);
	assert_hash(&empty, known_roots[0]);
	assert_true(merkle_consistency_holds(0, &empty, 3, &root, NULL, 0));
	assert_false(merkle_consistency_holds(0, &root, 3, &root, NULL, 0));
	assert_false(merkle_inclusion_holds(&root, 0, 0, NULL, 0, &empty));
	assert_false(merkle_consistency_holds(2, &root, 3, &root, NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_entries_have_the_known_roots),
		cmocka_unit_test(a_proof_is_what_lies_beside_the_way_to_the_root),
		cmocka_unit_test(every_proof_of_small_trees_holds_and_no_changed_one_does),
		cmocka_unit_test(tiles_of_large_trees_give_the_same_roots_and_proofs_that_hold),
		cmocka_unit_test(the_empty_tree_has_a_root_and_is_the_beginning_of_every_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
