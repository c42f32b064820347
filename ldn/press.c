#include "press.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <libdeflate.h>

#include "huffman.h"

/* A token is a cell as it is, or so many bytes that repeat what stands one cell (LEFT) or a row (ABOVE) before. */
enum { LEFT, ABOVE, FROM };
enum { MATCH_BYTES = 258, MATCH_LEAST = 3, END = 256, LENGTHS = 286, DISTANCES = 30 };
static const uint32_t is_match = 1u << 31;

/* Where more than one cell in so many repeats neither neighbour, a general compressor is hardly slower and finds much smaller files. Measured with
 * libdeflate's level 1, tiles of 512 x 512: patches of 23 x 19 cells take it 9 times as long for 4 times the bytes; one cell in 50 strewn at random, 6
 * times as long for 0.8 of the bytes; one in 10, twice for 0.75. */
enum { PLAIN_CELLS = 8 };

/* --- what repeats: bit i % 64 of word i / 64 says that cell i equals the one `back` cells before --- */

static size_t mask_words(size_t cells)
{
	return cells / 64 + 2; /* a zero behind the last cell ends every run */
}

size_t press_scratch(size_t cells)
{
	return FROM * mask_words(cells) * sizeof(uint64_t) + cells * sizeof(uint32_t);
}

#if defined(__SSE2__)

static inline uint64_t same_16(const unsigned char *a, const unsigned char *b, size_t size)
{
	__m128i same[4];
	for (size_t k = 0; k < size; k++) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(a + 16 * k)), y = _mm_loadu_si128((const __m128i *)(const void *)(b + 16 * k));
		same[k] = size == 1 ? _mm_cmpeq_epi8(x, y) : size == 2 ? _mm_cmpeq_epi16(x, y) : _mm_cmpeq_epi32(x, y);
	}
	if (size == 4)
		same[0] = _mm_packs_epi16(_mm_packs_epi32(same[0], same[1]), _mm_packs_epi32(same[2], same[3]));
	else if (size == 2)
		same[0] = _mm_packs_epi16(same[0], same[1]);
	return (uint64_t)(unsigned)_mm_movemask_epi8(same[0]);
}

#else

static inline uint64_t same_16(const unsigned char *a, const unsigned char *b, size_t size)
{
	uint64_t same = 0;
	for (size_t k = 0; k < 16; k++)
		same |= (uint64_t)(memcmp(a + k * size, b + k * size, size) == 0) << k;
	return same;
}

#endif

/* Inlined with a constant size, so that the compiler makes a loop for each. */
static inline __attribute__((always_inline)) void mask_fill_of(const unsigned char *map, size_t cells, size_t size, size_t back, uint64_t *mask)
{
	for (size_t word = 0; word < mask_words(cells); word++) {
		const unsigned char *at = map + 64 * word * size, *before = at - back * size;
		uint64_t same = 0;
		if (64 * word >= back && 64 * word + 64 <= cells)
			for (size_t k = 0; k < 64; k += 16)
				same |= same_16(at + k * size, before + k * size, size) << k;
		else
			for (size_t k = 0; k < 64; k++)
				if (64 * word + k >= back && 64 * word + k < cells)
					same |= (uint64_t)(memcmp(at + k * size, before + k * size, size) == 0) << k;
		mask[word] = same;
	}
}

static void mask_fill(const unsigned char *map, size_t cells, size_t size, size_t back, uint64_t *mask)
{
	if (size == 1)
		mask_fill_of(map, cells, 1, back, mask);
	else if (size == 2)
		mask_fill_of(map, cells, 2, back, mask);
	else
		mask_fill_of(map, cells, 4, back, mask);
}

/* Cells that equal one neighbour or the other. */
static size_t repeats(const uint64_t *left, const uint64_t *above, size_t cells)
{
	size_t count = 0;
	for (size_t word = 0; word < mask_words(cells); word++)
		count += (size_t)__builtin_popcountll(left[word] | above[word]);
	return count;
}

/* Bits set one after the other from i on; counted no further than beyond `limit`. */
static inline size_t run_of(const uint64_t *mask, size_t i, size_t limit)
{
	uint64_t ends = ~mask[i / 64] >> i % 64;
	size_t run = ends ? (size_t)__builtin_ctzll(ends) : 64 - i % 64;
	for (size_t word = i / 64 + 1; !ends && run < limit; word++) {
		ends = ~mask[word];
		run += ends ? (size_t)__builtin_ctzll(ends) : 64;
	}
	return run;
}

/* --- tokens --- */

typedef struct tokens {
	uint32_t *list; /* which cell, or is_match | from << 16 | bytes */
	size_t count;
	uint32_t bytes[256], matches[FROM][MATCH_BYTES + 1]; /* how often */
} tokens;

/* The longer of the two repeats, the nearer among equals. */
static inline __attribute__((always_inline)) void tokens_find_of(tokens *all, const unsigned char *map, size_t cells, size_t size,
	const uint64_t *left, const uint64_t *above)
{
	const size_t most = MATCH_BYTES / size, least = (MATCH_LEAST + size - 1) / size;
	for (size_t i = 0; i < cells;) {
		size_t near = run_of(left, i, most), far = run_of(above, i, most);
		size_t from = far > near ? ABOVE : LEFT, run = far > near ? far : near;
		if (run < least) {
			for (size_t b = 0; b < size; b++)
				all->bytes[map[i * size + b]]++;
			all->list[all->count++] = (uint32_t)i++;
			continue;
		}
		run = run < most ? run : most;
		all->matches[from][run * size]++;
		all->list[all->count++] = is_match | (uint32_t)from << 16 | (uint32_t)(run * size);
		i += run;
	}
}

static void tokens_find(tokens *all, const unsigned char *map, size_t cells, size_t size, const uint64_t *left, const uint64_t *above)
{
	if (size == 1)
		tokens_find_of(all, map, cells, 1, left, above);
	else if (size == 2)
		tokens_find_of(all, map, cells, 2, left, above);
	else
		tokens_find_of(all, map, cells, 4, left, above);
}

/* --- symbols: RFC 1951, 3.2.5 and 3.2.7 --- */

static const uint16_t length_base[] = {3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint16_t distance_base[] = {1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
	8193, 12289, 16385, 24577};
enum { BASES_OF_LENGTHS = sizeof length_base / sizeof *length_base };
_Static_assert(sizeof distance_base / sizeof *distance_base == DISTANCES, "a base for each distance");

/* The last base that is not above the value; what is above it follows in extra bits. */
static size_t base_of(const uint16_t *bases, size_t count, size_t value)
{
	size_t k = count - 1;
	while (bases[k] > value)
		k--;
	return k;
}

static unsigned extra_of_length(size_t base)
{
	return base < 8 || base + 1 == BASES_OF_LENGTHS ? 0 : (unsigned)base / 4 - 1;
}

static unsigned extra_of_distance(size_t base)
{
	return base < 4 ? 0 : (unsigned)base / 2 - 1;
}

typedef struct codes {
	huffman lengths, distances; /* lengths: bytes, the end, and lengths of matches */
	size_t bases[FROM], back[FROM]; /* of the two distances */
} codes;

static void codes_build(codes *out, const tokens *all, size_t size, size_t width)
{
	uint32_t lengths[LENGTHS] = {[END] = 1}, distances[DISTANCES] = {0};
	out->back[LEFT] = size;
	out->back[ABOVE] = width * size;
	memcpy(lengths, all->bytes, sizeof all->bytes);
	for (int from = 0; from < FROM; from++) {
		out->bases[from] = base_of(distance_base, DISTANCES, out->back[from]);
		for (size_t run = MATCH_LEAST; run <= MATCH_BYTES; run++) {
			lengths[END + 1 + base_of(length_base, BASES_OF_LENGTHS, run)] += all->matches[from][run];
			distances[out->bases[from]] += all->matches[from][run];
		}
	}
	huffman_build(lengths, LENGTHS, 15, &out->lengths);
	huffman_build(distances, DISTANCES, 15, &out->distances);
}

/* The bits of a token. */
typedef struct word {
	uint64_t value;
	unsigned count;
} word;

static void word_add(word *to, uint64_t value, unsigned count)
{
	to->value |= value << to->count;
	to->count += count;
}

static word match_word(const codes *with, int from, size_t run)
{
	word out = {0};
	size_t base = base_of(length_base, BASES_OF_LENGTHS, run), symbol = END + 1 + base, far = with->bases[from];
	word_add(&out, with->lengths.code[symbol], with->lengths.length[symbol]);
	word_add(&out, run - length_base[base], extra_of_length(base));
	word_add(&out, with->distances.code[far], with->distances.length[far]);
	word_add(&out, with->back[from] - distance_base[far], extra_of_distance(far));
	return out;
}

/* --- the stream --- */

/* The code lengths of both codes, which themselves go through a code. Runs of zeros, most of what there is, are counted. */
typedef struct head {
	uint8_t symbol[LENGTHS + DISTANCES], extra[LENGTHS + DISTANCES];
	size_t count, lengths, distances;
	huffman code;
} head;

static size_t used(const huffman *code, size_t symbols, size_t least)
{
	while (symbols > least && code->length[symbols - 1] == 0)
		symbols--;
	return symbols;
}

static void head_build(head *out, const codes *with)
{
	uint8_t all[LENGTHS + DISTANCES];
	uint32_t often[19] = {0};
	out->lengths = used(&with->lengths, LENGTHS, END + 1);
	out->distances = used(&with->distances, DISTANCES, 1);
	memcpy(all, with->lengths.length, out->lengths);
	memcpy(all + out->lengths, with->distances.length, out->distances);
	out->count = 0;
	for (size_t i = 0, end = out->lengths + out->distances; i < end;) {
		size_t zeros = 0;
		while (i + zeros < end && zeros < 138 && all[i + zeros] == 0)
			zeros++;
		unsigned symbol = zeros >= 11 ? 18 : zeros >= 3 ? 17 : all[i];
		out->symbol[out->count] = (uint8_t)symbol;
		out->extra[out->count++] = (uint8_t)(zeros >= 11 ? zeros - 11 : zeros >= 3 ? zeros - 3 : 0);
		often[symbol]++;
		i += zeros >= 3 ? zeros : 1;
	}
	huffman_build(often, 19, 7, &out->code);
}

static void head_put(const head *from, bits *to)
{
	static const uint8_t order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
	bits_put(to, 1 | 2 << 1, 3); /* the last block, with codes of its own */
	bits_put(to, from->lengths - 257, 5);
	bits_put(to, from->distances - 1, 5);
	bits_put(to, 19 - 4, 4);
	for (size_t i = 0; i < 19; i++)
		bits_put(to, from->code.length[order[i]], 3);
	for (size_t i = 0; i < from->count; i++) {
		bits_put(to, from->code.code[from->symbol[i]], from->code.length[from->symbol[i]]);
		bits_put(to, from->extra[i], from->symbol[i] == 18 ? 7 : from->symbol[i] == 17 ? 3 : 0);
	}
}

enum { HEAD_BYTES = 2 + (3 + 5 + 5 + 4 + 19 * 3 + (LENGTHS + DISTANCES) * 14) / 8 + 1, TAIL_BYTES = 4 + 2 * 8 };

static void tokens_put(const tokens *all, const unsigned char *map, size_t size, const codes *with, const word (*matches)[MATCH_BYTES + 1], bits *to)
{
	for (size_t t = 0; t < all->count; t++) {
		uint32_t token = all->list[t];
		if (token & is_match) {
			const word *w = &matches[token >> 16 & 1][token & 0xffff];
			bits_put(to, w->value, w->count);
			continue;
		}
		for (size_t b = 0; b < size; b++) {
			unsigned byte = map[(size_t)token * size + b];
			bits_put(to, with->lengths.code[byte], with->lengths.length[byte]);
		}
	}
	bits_put(to, with->lengths.code[END], with->lengths.length[END]);
}

size_t press_classes(const void *map, size_t cells, size_t width, size_t size, void *scratch, void *out, size_t room)
{
	uint64_t *left = scratch, *above = left + mask_words(cells);
	tokens all = {.list = (uint32_t *)(above + mask_words(cells))};
	codes with;
	head first;
	word matches[FROM][MATCH_BYTES + 1];
	mask_fill(map, cells, size, 1, left);
	mask_fill(map, cells, size, width, above);
	if (repeats(left, above, cells) < cells - cells / PLAIN_CELLS)
		return 0;
	tokens_find(&all, map, cells, size, left, above);
	codes_build(&with, &all, size, width);
	head_build(&first, &with);

	uint64_t count = 0;
	for (size_t byte = 0; byte < 256; byte++)
		count += (uint64_t)all.bytes[byte] * with.lengths.length[byte];
	for (int from = 0; from < FROM; from++)
		for (size_t run = MATCH_LEAST; run <= MATCH_BYTES; run++)
			if (all.matches[from][run]) {
				matches[from][run] = match_word(&with, from, run);
				count += (uint64_t)all.matches[from][run] * matches[from][run].count;
			}
	if (HEAD_BYTES + count / 8 + TAIL_BYTES > room)
		return 0;

	bits to = {.at = out};
	bits_put(&to, 0x0178, 16); /* zlib: a window of 32 KB, fastest */
	head_put(&first, &to);
	tokens_put(&all, map, size, &with, (const word(*)[MATCH_BYTES + 1])matches, &to);
	bits_put(&to, 0, -to.count % 8);
	bits_flush(&to);
	uint32_t sum = libdeflate_adler32(1, map, cells * size);
	for (int b = 3; b >= 0; b--)
		*to.at++ = (unsigned char)(sum >> 8 * b);
	return (size_t)(to.at - (unsigned char *)out);
}
