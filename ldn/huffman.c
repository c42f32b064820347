#include "huffman.h"

#include <stdlib.h>
#include <string.h>

void bits_flush(bits *to)
{
	for (; to->count >= 8; to->count -= 8, to->held >>= 8)
		*to->at++ = (unsigned char)to->held;
}

typedef struct tree {
	uint32_t weight[2 * HUFFMAN_SYMBOLS];
	uint16_t parent[2 * HUFFMAN_SYMBOLS], symbol[HUFFMAN_SYMBOLS];
	size_t leaves;
} tree;

static int order(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;
	return (first > second) - (first < second);
}

/* Leaves from the rarest; `halvings` flatten the weights. */
static void leaves_sort(tree *all, const uint32_t *often, size_t symbols, unsigned halvings)
{
	uint64_t sorted[HUFFMAN_SYMBOLS];
	all->leaves = 0;
	for (size_t s = 0; s < symbols; s++)
		if (often[s])
			sorted[all->leaves++] = (uint64_t)often[s] << 16 | s;
	for (size_t s = 0; s < symbols && all->leaves < 2; s++)
		if (!often[s])
			sorted[all->leaves++] = s;
	qsort(sorted, all->leaves, sizeof *sorted, order);
	for (size_t k = 0; k < all->leaves; k++) {
		uint32_t flat = (uint32_t)(sorted[k] >> 16 >> halvings);
		all->weight[k] = flat ? flat : 1;
		all->symbol[k] = (uint16_t)(sorted[k] & 0xffff);
	}
}

/* The two lightest nodes get a parent, again and again: leaves are sorted, parents come in order of their weight. Returns the longest code. */
static unsigned tree_grow(tree *all, uint8_t *depth)
{
	size_t leaf = 0, inner = all->leaves, end = all->leaves;
	if (all->leaves < 2)
		return 0;
	for (; end + 1 < 2 * all->leaves; end++) {
		all->weight[end] = 0;
		for (int child = 0; child < 2; child++) {
			size_t take = leaf < all->leaves && (inner == end || all->weight[leaf] <= all->weight[inner]) ? leaf++ : inner++;
			all->weight[end] += all->weight[take];
			all->parent[take] = (uint16_t)end;
		}
	}
	unsigned longest = 0;
	depth[end - 1] = 0;
	for (size_t k = end - 1; k-- > 0;) {
		depth[k] = (uint8_t)(depth[all->parent[k]] + 1);
		longest = depth[k] > longest ? depth[k] : longest;
	}
	return longest;
}

/* Codes of one length follow each other by symbol. */
static void codes_assign(huffman *out, size_t symbols)
{
	unsigned count[17] = {0}, next[17] = {0};
	for (size_t s = 0; s < symbols; s++)
		count[out->length[s]]++;
	count[0] = 0;
	for (int l = 1; l <= 16; l++)
		next[l] = (next[l - 1] + count[l - 1]) << 1;
	for (size_t s = 0; s < symbols; s++) {
		unsigned code = out->length[s] ? next[out->length[s]]++ : 0;
		out->code[s] = 0;
		for (int b = 0; b < out->length[s]; b++)
			out->code[s] = (uint16_t)(out->code[s] << 1 | (code >> b & 1));
	}
}

void huffman_build(const uint32_t *often, size_t symbols, unsigned longest, huffman *out)
{
	tree all;
	uint8_t depth[2 * HUFFMAN_SYMBOLS];
	unsigned halvings = 0;
	do
		leaves_sort(&all, often, symbols, halvings++);
	while (tree_grow(&all, depth) > longest);
	memset(out, 0, sizeof *out);
	for (size_t k = 0; k < all.leaves; k++)
		out->length[all.symbol[k]] = depth[k];
	codes_assign(out, symbols);
}
