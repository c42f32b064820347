#include "png.h"

#include <stdlib.h>
#include <string.h>

#include "failure.h"

enum { CHANNELS = 3, COPY_LEAST = 3, COPY_MOST = 258, WINDOW = 32768 };

typedef struct stream {
	uint8_t *bytes;
	size_t size, room;
	uint32_t bits;
	int waiting;
} stream;

static void byte_add(stream *to, unsigned value)
{
	if (to->size == to->room)
		to->bytes = memory_grow(to->bytes, to->room = to->room ? 2 * to->room : 4096, 1);
	to->bytes[to->size++] = (uint8_t)value;
}

static void word_add(stream *to, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		byte_add(to, value >> shift & 0xFF);
}

/* Bits from the lowest on, as deflate wants them. */
static void bits_add(stream *to, unsigned value, int count)
{
	to->bits |= (uint32_t)value << to->waiting;
	to->waiting += count;
	while (to->waiting >= 8) {
		byte_add(to, to->bits & 0xFF);
		to->bits >>= 8;
		to->waiting -= 8;
	}
}

/* A code, highest bit first. */
static void code_add(stream *to, unsigned code, int length)
{
	for (int bit = length - 1; bit >= 0; bit--)
		bits_add(to, code >> bit & 1, 1);
}

/* RFC 1951, 3.2.6. */
static void symbol_add(stream *to, unsigned symbol)
{
	if (symbol < 144)
		code_add(to, 0x30 + symbol, 8);
	else if (symbol < 256)
		code_add(to, 0x190 + symbol - 144, 9);
	else if (symbol < 280)
		code_add(to, symbol - 256, 7);
	else
		code_add(to, 0xC0 + symbol - 280, 8);
}

/* RFC 1951, 3.2.5: lengths and distances in groups that double every `step` codes. */
static void copy_add(stream *to, unsigned length, unsigned distance)
{
	if (length == COPY_MOST) {
		symbol_add(to, 285);
	} else {
		unsigned code = 257, base = 3, extra = 0;
		while (length >= base + (1u << extra)) {
			base += 1u << extra;
			code++;
			extra = code < 265 ? 0 : (code - 261) / 4;
		}
		symbol_add(to, code);
		bits_add(to, length - base, (int)extra);
	}
	unsigned code = 0, base = 1, extra = 0;
	while (distance >= base + (1u << extra)) {
		base += 1u << extra;
		code++;
		extra = code < 4 ? 0 : code / 2 - 1;
	}
	code_add(to, code, 5);
	bits_add(to, distance - base, (int)extra);
}

static size_t repeats(const uint8_t *data, size_t at, size_t size, size_t distance)
{
	size_t length = 0;
	if (distance > at || distance > WINDOW)
		return 0;
	while (length < COPY_MOST && at + length < size && data[at + length] == data[at + length - distance])
		length++;
	return length;
}

static uint32_t adler32(const uint8_t *data, size_t size)
{
	uint32_t a = 1, b = 0;
	for (size_t i = 0; i < size; i++) {
		a = (a + data[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

/* RFC 1950 around RFC 1951. */
static void squeeze(stream *to, const uint8_t *data, size_t size, size_t row)
{
	byte_add(to, 0x78);
	byte_add(to, 0x01);
	bits_add(to, 1, 1); /* the last block */
	bits_add(to, 1, 2); /* fixed codes */
	for (size_t i = 0; i < size;) {
		size_t above = repeats(data, i, size, row), before = repeats(data, i, size, CHANNELS), length = above >= before ? above : before;
		if (length >= COPY_LEAST) {
			copy_add(to, (unsigned)length, (unsigned)(above >= before ? row : CHANNELS));
			i += length;
		} else {
			symbol_add(to, data[i++]);
		}
	}
	symbol_add(to, 256);
	bits_add(to, 0, to->waiting ? 8 - to->waiting : 0);
	word_add(to, adler32(data, size));
}

static uint32_t crc32_of(const uint8_t *data, size_t size)
{
	uint32_t crc = 0xFFFFFFFF;
	for (size_t i = 0; i < size; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
	}
	return ~crc;
}

static void chunk_add(stream *to, const char *name, const uint8_t *data, size_t size)
{
	word_add(to, (uint32_t)size);
	size_t from = to->size;
	for (int i = 0; i < 4; i++)
		byte_add(to, (uint8_t)name[i]);
	for (size_t i = 0; i < size; i++)
		byte_add(to, data[i]);
	word_add(to, crc32_of(to->bytes + from, to->size - from));
}

uint8_t *png_make(int width, int height, const uint8_t *pixels, size_t *size)
{
	static const uint8_t signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
	size_t row = (size_t)width * CHANNELS;
	autofree uint8_t *lines = memory_new((size_t)height, row + 1); /* each begins with its filter: 0, none */
	for (size_t y = 0; y < (size_t)height; y++)
		memcpy(lines + y * (row + 1) + 1, pixels + y * row, row);
	stream packed = {0}, head = {0}, file = {0};
	squeeze(&packed, lines, (size_t)height * (row + 1), row + 1);
	word_add(&head, (uint32_t)width);
	word_add(&head, (uint32_t)height);
	static const uint8_t depth_and_kind[] = {8, 2, 0, 0, 0}; /* 8 bits, colour, deflate, filters, not interlaced */
	for (size_t i = 0; i < sizeof depth_and_kind; i++)
		byte_add(&head, depth_and_kind[i]);
	for (size_t i = 0; i < sizeof signature; i++)
		byte_add(&file, signature[i]);
	chunk_add(&file, "IHDR", head.bytes, head.size);
	chunk_add(&file, "IDAT", packed.bytes, packed.size);
	chunk_add(&file, "IEND", NULL, 0);
	free(packed.bytes);
	free(head.bytes);
	*size = file.size;
	return file.bytes;
}
