#include "zip.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

enum { END_SIZE = 22, CENTRAL_SIZE = 46, LOCAL_SIZE = 30, COMMENT_MOST = 65535 };

static uint32_t u16(const unsigned char *b)
{
	return (uint32_t)b[0] | (uint32_t)b[1] << 8;
}

static uint32_t u32(const unsigned char *b)
{
	return u16(b) | u16(b + 2) << 16;
}

/* The record at the end of the directory: the last place where it stands and its comment reaches the file's end. */
static const unsigned char *end_find(const unsigned char *bytes, size_t size)
{
	if (size < END_SIZE)
		return NULL;
	for (size_t at = size - END_SIZE, tried = 0; tried <= COMMENT_MOST; at--, tried++) {
		if (memcmp(bytes + at, "PK\5\6", 4) == 0 && at + END_SIZE + u16(bytes + at + 20) == size)
			return bytes + at;
		if (at == 0)
			break;
	}
	return NULL;
}

/* Names as archives made by honest programs have them: relative, going down only, printable. */
static const char *name_fault(const unsigned char *name, size_t length)
{
	if (length == 0 || length > ZIP_NAME_MOST)
		return _("a name without or with too many characters");
	for (size_t i = 0; i < length; i++)
		if (name[i] < 32 || name[i] == 127)
			return _("a name with control characters");
	if (name[0] == '/' || name[0] == '\\' || memchr(name, '\\', length) || (length > 1 && name[1] == ':'))
		return _("an absolute path, or one of another system");
	for (size_t i = 0; i + 1 < length; i++)
		if (name[i] == '.' && name[i + 1] == '.' && (i == 0 || name[i - 1] == '/') && (i + 2 == length || name[i + 2] == '/'))
			return _("a path that leaves the archive (..)");
	return NULL;
}

static bool entry_read(const char *thing, const zip *archive, const unsigned char *at, zip_entry *entry, failure *why)
{
	size_t length = u16(at + 28);
	const char *fault = name_fault(at + CENTRAL_SIZE, length);
	if (fault)
		return failure_set(why, _("%s: the archive holds %s; pack the files again, without folders"), thing, fault);
	memcpy(entry->name, at + CENTRAL_SIZE, length);
	entry->name[length] = 0;
	entry->method = (uint16_t)u16(at + 10);
	entry->crc = u32(at + 16);
	entry->packed = u32(at + 20);
	entry->unpacked = u32(at + 24);
	entry->offset = u32(at + 42);
	unsigned unix_mode = u32(at + 38) >> 16;
	if (u16(at + 8) & 1)
		return failure_set(why, _("%s: %s in the archive is encrypted; pack it without a password"), thing, entry->name);
	if ((unix_mode & 0170000) == 0120000)
		return failure_set(why, _("%s: %s in the archive is a symbolic link; pack the file itself"), thing, entry->name);
	if (entry->method != 0 && entry->method != 8)
		return failure_set(why, _("%s: %s in the archive is compressed by method %u, known are stored and deflated; pack it as a plain zip"), thing, entry->name, entry->method);
	if (entry->packed == UINT32_MAX || entry->unpacked == UINT32_MAX || entry->offset == UINT32_MAX)
		return failure_set(why, _("%s: %s in the archive is beyond 4 GiB (Zip64); give a smaller file"), thing, entry->name);
	if ((uint64_t)entry->offset + LOCAL_SIZE + entry->packed > archive->size)
		return failure_set(why, _("%s: %s in the archive lies outside the file; the archive is truncated or damaged"), thing, entry->name);
	if (entry->method == 0 && entry->packed != entry->unpacked)
		return failure_set(why, _("%s: %s in the archive has two sizes; the archive is damaged"), thing, entry->name);
	return true;
}

static int by_offset(const void *a, const void *b)
{
	const zip_entry *x = a, *y = b;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Each body belongs to one entry: else a small file could unpack to any size. */
static bool apart(const char *thing, const zip *archive, failure *why)
{
	autofree zip_entry *sorted = memory_new(archive->count, sizeof *sorted);
	memcpy(sorted, archive->entries, archive->count * sizeof *sorted);
	qsort(sorted, archive->count, sizeof *sorted, by_offset);
	for (size_t i = 1; i < archive->count; i++)
		if ((uint64_t)sorted[i - 1].offset + LOCAL_SIZE + sorted[i - 1].packed > sorted[i].offset)
			return failure_set(why, _("%s: %s and %s overlap in the archive, as in a zip bomb"), thing, sorted[i - 1].name, sorted[i].name);
	return true;
}

static bool is_folder(const unsigned char *central)
{
	size_t length = u16(central + 28);
	return length > 0 && central[CENTRAL_SIZE + length - 1] == '/';
}

static bool directory_read(const char *thing, const unsigned char *end, uint64_t most, zip *out, failure *why)
{
	size_t count = u16(end + 10), bytes = u32(end + 12), at = u32(end + 16), limit = (size_t)(end - out->bytes);
	if (u16(end + 4) || u16(end + 6) || u16(end + 8) != count)
		return failure_set(why, _("%s: the archive is one of several parts; pack it as one"), thing);
	if (count > ZIP_ENTRIES_MOST)
		return failure_set(why, _("%s: the archive holds %zu files, the most is %d; pack only those of one layer"), thing, count, ZIP_ENTRIES_MOST);
	if (at > limit || bytes > limit - at)
		return failure_set(why, _("%s: the archive's directory lies outside the file; it is truncated or damaged"), thing);
	out->entries = memory_new(count, sizeof *out->entries);
	uint64_t unpacked = 0;
	for (size_t i = 0; i < count; i++) {
		if (limit - at < CENTRAL_SIZE || memcmp(out->bytes + at, "PK\1\2", 4) != 0)
			return failure_set(why, _("%s: the archive's directory is damaged at entry %zu"), thing, i + 1);
		const unsigned char *central = out->bytes + at;
		size_t length = CENTRAL_SIZE + u16(central + 28) + u16(central + 30) + u16(central + 32);
		if (length > limit - at)
			return failure_set(why, _("%s: the archive's directory is damaged at entry %zu"), thing, i + 1);
		at += length;
		zip_entry *entry = &out->entries[out->count];
		if (!entry_read(thing, out, central, entry, why))
			return false;
		unpacked += entry->unpacked;
		if (unpacked > most)
			return failure_set(why, _("%s: the archive unpacks to more than %llu MiB; give a smaller file"), thing, (unsigned long long)(most >> 20));
		out->count += !is_folder(central);
	}
	return apart(thing, out, why);
}

bool zip_open(const char *thing, const unsigned char *bytes, size_t size, uint64_t unpacked_most, zip *out, failure *why)
{
	*out = (zip){.bytes = bytes, .size = size};
	const unsigned char *end = end_find(bytes, size);
	if (!end)
		return failure_set(why, _("%s: the archive has no directory; it is truncated or damaged"), thing);
	if (directory_read(thing, end, unpacked_most, out, why))
		return true;
	zip_close(out);
	return false;
}

void zip_close(zip *archive)
{
	free(archive->entries);
	*archive = (zip){0};
}

unsigned char *zip_unpack(const zip *archive, const zip_entry *entry, const char *thing, failure *why)
{
	const unsigned char *local = archive->bytes + entry->offset;
	size_t head = LOCAL_SIZE;
	if (memcmp(local, "PK\3\4", 4) == 0)
		head += u16(local + 26) + u16(local + 28);
	if (memcmp(local, "PK\3\4", 4) != 0 || head + entry->packed > archive->size - entry->offset) {
		failure_set(why, _("%s: %s in the archive is not where its directory says; the archive is damaged"), thing, entry->name);
		return NULL;
	}
	unsigned char *out = memory_new((size_t)entry->unpacked + 1, 1);
	bool fine = true;
	if (entry->method == 0) {
		memcpy(out, local + head, entry->unpacked);
	} else {
		struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
		fine = d && libdeflate_deflate_decompress(d, local + head, entry->packed, out, entry->unpacked, NULL) == LIBDEFLATE_SUCCESS;
		libdeflate_free_decompressor(d);
	}
	if (fine && libdeflate_crc32(0, out, entry->unpacked) == entry->crc)
		return out;
	failure_set(why, _("%s: %s in the archive cannot be unpacked to the size and checksum its directory says; the archive is damaged, or a bomb"), thing, entry->name);
	free(out);
	return NULL;
}
