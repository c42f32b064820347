#include "tiff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t value_size(uint16_t type)
{
	switch (type) {
	case TIFF_SHORT:
		return 2;
	case TIFF_LONG:
		return 4;
	case TIFF_DOUBLE:
	case TIFF_LONG8:
		return 8;
	default:
		return 1;
	}
}

void tiff_add(tiff_directory *directory, uint16_t tag, uint16_t type, uint64_t count, const void *values)
{
	directory->entries[directory->count++] = (tiff_entry){tag, type, count, values};
}

static int entry_order(const void *a, const void *b)
{
	return (int)((const tiff_entry *)a)->tag - (int)((const tiff_entry *)b)->tag;
}

static void put(unsigned char *at, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		at[i] = (unsigned char)(value >> 8 * i);
}

/* Numbers of `size` bytes in the file's order (little-endian). */
static void put_values(unsigned char *at, const void *values, uint64_t count, size_t size)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(at, values, count * size);
#else
	for (uint64_t i = 0; i < count; i++)
		for (size_t b = 0; b < size; b++)
			at[i * size + b] = ((const unsigned char *)values)[i * size + size - 1 - b];
#endif
}

static size_t even(size_t size)
{
	return (size + 15) & ~(size_t)15;
}

unsigned char *tiff_header(tiff_directory *directories, size_t count, bool big, const char *ghost, size_t *size)
{
	const size_t word = big ? 8 : 4, head = big ? 16 : 8, row = big ? 20 : 12;
	size_t total = even(head + strlen(ghost));
	for (size_t d = 0; d < count; d++) {
		total += even((big ? 8 : 2) + directories[d].count * row + word);
		for (size_t i = 0; i < directories[d].count; i++) {
			size_t bytes = directories[d].entries[i].count * value_size(directories[d].entries[i].type);
			total += bytes > word ? even(bytes) : 0;
		}
	}
	unsigned char *out = memory_new(total, 1);
	memcpy(out, "II", 2);
	put(out + 2, big ? 43 : 42, 2);
	if (big)
		put(out + 4, 8, 2);
	size_t at = even(head + strlen(ghost));
	memcpy(out + head, ghost, strlen(ghost));
	put(out + (big ? 8 : 4), at, (int)word);
	for (size_t d = 0; d < count; d++) {
		tiff_directory *one = &directories[d];
		qsort(one->entries, one->count, sizeof *one->entries, entry_order);
		unsigned char *next = out + at;
		put(next, one->count, big ? 8 : 2);
		next += big ? 8 : 2;
		size_t values = at + even((big ? 8 : 2) + one->count * row + word);
		for (size_t i = 0; i < one->count; i++, next += row) {
			const tiff_entry *entry = &one->entries[i];
			size_t bytes = entry->count * value_size(entry->type);
			put(next, entry->tag, 2);
			put(next + 2, entry->type, 2);
			put(next + 4, entry->count, (int)word);
			unsigned char *where = next + 4 + word;
			if (bytes > word) {
				put(where, values, (int)word);
				where = out + values;
				values += even(bytes);
			}
			put_values(where, entry->values, entry->count, value_size(entry->type));
		}
		put(next, d + 1 < count ? values : 0, (int)word);
		at = values;
	}
	*size = total;
	return out;
}

/* Escaped twice, for GDAL reads it so. */
static void put_escaped(FILE *out, const char *text)
{
	static const struct {
		char plain;
		const char *escaped;
	} specials[] = {{'&', "&amp;amp;"}, {'<', "&amp;lt;"}, {'>', "&amp;gt;"}, {'"', "&amp;quot;"}};
	for (; *text; text++) {
		size_t i = 0;
		while (i < sizeof specials / sizeof *specials && specials[i].plain != *text)
			i++;
		if (i < sizeof specials / sizeof *specials)
			fputs(specials[i].escaped, out);
		else
			fputc(*text, out);
	}
}

char *tiff_notes(const tiff_note *notes, size_t count)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	fputs("<GDALMetadata>\n", out);
	for (size_t i = 0; i < count; i++) {
		fputs("  <Item name=\"", out);
		put_escaped(out, notes[i].name);
		if (notes[i].band >= 0)
			fprintf(out, "\" sample=\"%d", notes[i].band);
		if (strcmp(notes[i].name, "DESCRIPTION") == 0)
			fputs("\" role=\"description", out);
		fputs("\">", out);
		put_escaped(out, notes[i].text);
		fputs("</Item>\n", out);
	}
	fputs("</GDALMetadata>\n", out);
	fclose(out);
	return text;
}

static uint64_t get(const unsigned char *at, int bytes)
{
	uint64_t value = 0;
	for (int i = 0; i < bytes; i++)
		value |= (uint64_t)at[i] << 8 * i;
	return value;
}

bool tiff_borrow(const unsigned char *bytes, size_t size, tiff_directory *into, void **kept)
{
	static const uint16_t wanted[] = {305, 33550, 33922, 34264, 34735, 34736, 34737, 42113};
	*kept = NULL;
	if (size < 8 || memcmp(bytes, "II\x2a\0", 4) != 0)
		return false;
	uint64_t at = get(bytes + 4, 4);
	if (at + 2 > size)
		return false;
	uint64_t count = get(bytes + at, 2);
	if (at + 2 + count * 12 > size)
		return false;
	unsigned char *copy = memory_new(size, 1);
	memcpy(copy, bytes, size);
	*kept = copy;
	for (uint64_t i = 0; i < count; i++) {
		unsigned char *row = copy + at + 2 + 12 * i;
		uint16_t tag = (uint16_t)get(row, 2), type = (uint16_t)get(row + 2, 2);
		uint64_t values = get(row + 4, 4), length = values * value_size(type);
		for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++) {
			if (wanted[w] != tag)
				continue;
			uint64_t offset = length > 4 ? get(row + 8, 4) : at + 2 + 12 * i + 8;
			if (offset + length > size || into->count >= 32)
				return false;
			tiff_add(into, tag, type, values, copy + offset);
		}
	}
	return true;
}
