/* Huffman codes as DEFLATE wants them (RFC 1951, 3.2.2), and the bits they are written in. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { HUFFMAN_SYMBOLS = 288 };

typedef struct huffman {
	uint8_t length[HUFFMAN_SYMBOLS]; /* bits; 0: the symbol has no code */
	uint16_t code[HUFFMAN_SYMBOLS];  /* its bits, the first one lowest */
} huffman;

/* Codes of at most `longest` bits for symbols that occur so often (2 to HUFFMAN_SYMBOLS, no more than 2^longest). At least two symbols
 * get a code, as old readers want it. Among equals the smaller symbol comes first: the same counts always give the same codes. */
void huffman_build(const uint32_t *often, size_t symbols, unsigned longest, huffman *out);

/* Bits into bytes, the first one lowest; the caller sees to it that there is room, with eight bytes to spare. */
typedef struct bits {
	unsigned char *at;
	uint64_t held;
	unsigned count;
} bits;

void bits_flush(bits *to);

/* At most 56 bits. */
static inline void bits_put(bits *to, uint64_t value, unsigned count)
{
	if (to->count + count > 63)
		bits_flush(to);
	to->held |= value << to->count;
	to->count += count;
}
