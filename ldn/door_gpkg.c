/* The front door's look at an SQLite file: its schema, read from the pages themselves, so that no trigger, view or virtual table of a stranger
 * ever reaches SQLite. Format: https://www.sqlite.org/fileformat2.html, sections 1.3 (header), 1.6 (b-tree pages), 2.1 (record format). */
#include "door.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { PAGES_MOST = 5000, DEPTH_MOST = 12, ROWS_MOST = 20000 };

typedef struct schema {
	const char *name;
	const unsigned char *bytes;
	size_t size, page, usable;
	unsigned pages, rows;
	bool contents; /* the table gpkg_contents is there */
} schema;

static uint32_t big16(const unsigned char *b)
{
	return (uint32_t)b[0] << 8 | b[1];
}

static uint32_t big32(const unsigned char *b)
{
	return big16(b) << 16 | big16(b + 2);
}

/* A variable-length integer of at most 9 bytes; its length, or 0 beyond the end. */
static size_t varint(const unsigned char *at, size_t left, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < 9 && i < left; i++) {
		*value = i == 8 ? *value << 8 | at[i] : *value << 7 | (at[i] & 0x7f);
		if (i == 8 || !(at[i] & 0x80))
			return i + 1;
	}
	return 0;
}

static size_t serial_size(uint64_t type)
{
	static const size_t sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
	return type < 12 ? sizes[type] : type > (1u << 30) ? SIZE_MAX / 4 : (size_t)(type - 12) / 2;
}

typedef struct words {
	char type[16], name[128], sql[512]; /* heads of the texts */
} words;

static void word_take(char *out, size_t room, const unsigned char *from, size_t length)
{
	size_t n = length < room - 1 ? length : room - 1;
	memcpy(out, from, n);
	out[n] = 0;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)out[i] < 32 || out[i] == 127)
			out[i] = ' ';
}

/* type, name, tbl_name, rootpage, sql of a row of sqlite_schema, as far as they stand on this page. */
static bool record_read(const unsigned char *at, size_t left, words *out)
{
	uint64_t head, type[5];
	size_t n = varint(at, left, &head), done = n;
	if (!n || head > left)
		return false;
	for (int i = 0; i < 5; i++, done += n)
		if (!(n = done < head ? varint(at + done, (size_t)head - done, &type[i]) : 0))
			return false;
	*out = (words){0};
	size_t place = (size_t)head;
	for (int i = 0; i < 5; i++) {
		size_t size = serial_size(type[i]), here = place < left ? left - place : 0;
		bool text = type[i] >= 13 && type[i] % 2 == 1;
		if (text && i == 0)
			word_take(out->type, sizeof out->type, at + (here ? place : 0), size < here ? size : here);
		if (text && i == 1)
			word_take(out->name, sizeof out->name, at + (here ? place : 0), size < here ? size : here);
		if (text && i == 4)
			word_take(out->sql, sizeof out->sql, at + (here ? place : 0), size < here ? size : here);
		if (size > SIZE_MAX / 2 - place)
			return false;
		place += size;
	}
	return true;
}

static bool begins(const char *text, const char *with)
{
	return strncasecmp(text, with, strlen(with)) == 0;
}

/* "CREATE VIRTUAL TABLE name USING rtree(...)", whatever the white space. */
static bool uses_rtree(const char *sql)
{
	const char *using = strcasestr(sql, "using");
	if (!using)
		return false;
	using += strlen("using");
	return *using && begins(using + strspn(using, " "), "rtree");
}

static bool row_check(schema *s, const words *w, failure *why)
{
	static const char *const standard[] = {"rtree_", "gpkg_", "trigger_insert_feature_count_", "trigger_delete_feature_count_"};
	bool known = false;
	for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
		known = known || begins(w->name, standard[i]);
	bool virtual_table = strcasestr(w->sql, "virtual") && begins(w->sql, "create") && begins(w->sql + 6 + strspn(w->sql + 6, " "), "virtual");
	const char *fault = strcasecmp(w->type, "view") == 0 ? _("a view")
		: strcasecmp(w->type, "trigger") == 0 && !known ? _("a trigger")
		: virtual_table && !uses_rtree(w->sql) ? _("a virtual table")
		: strcasecmp(w->type, "table") != 0 && strcasecmp(w->type, "index") != 0 && strcasecmp(w->type, "trigger") != 0 ? _("something unknown") : NULL;
	if (fault)
		return failure_set(why, _("%s: the GeoPackage holds %s (%s) that is no part of the standard and could run things; export the layer into a new file"), s->name, fault, w->name);
	if (strcasecmp(w->type, "table") == 0 && strcasecmp(w->name, "gpkg_contents") == 0)
		s->contents = true;
	return true;
}

static bool damaged(const schema *s, failure *why)
{
	return failure_set(why, _("%s: the schema of the GeoPackage is damaged; export the layer into a new file"), s->name);
}

static bool leaf_cell(schema *s, const unsigned char *page, size_t at, failure *why)
{
	uint64_t payload, row;
	words w;
	size_t n = varint(page + at, s->usable - at, &payload), m = n ? varint(page + at + n, s->usable - at - n, &row) : 0;
	if (!n || !m || ++s->rows > ROWS_MOST)
		return damaged(s, why);
	size_t from = at + n + m, here = s->usable - from;
	if (payload < here)
		here = (size_t)payload;
	/* What does not fit the page goes on elsewhere; the head that is here is enough, but for four bytes that point there. */
	return record_read(page + from, here, &w) ? row_check(s, &w, why) : damaged(s, why);
}

static bool page_walk(schema *s, uint32_t number, unsigned depth, failure *why)
{
	if (number < 1 || number > s->size / s->page || depth > DEPTH_MOST || ++s->pages > PAGES_MOST)
		return damaged(s, why);
	const unsigned char *page = s->bytes + (size_t)(number - 1) * s->page;
	size_t head = number == 1 ? 100 : 0;
	unsigned kind = page[head];
	size_t cells = big16(page + head + 3), pointers = head + (kind == 5 ? 12 : 8);
	if ((kind != 5 && kind != 13) || pointers + 2 * cells > s->usable)
		return damaged(s, why);
	for (size_t i = 0; i < cells; i++) {
		size_t at = big16(page + pointers + 2 * i);
		if (at < pointers || at + 4 > s->usable)
			return damaged(s, why);
		if (kind == 5 ? !page_walk(s, big32(page + at), depth + 1, why) : !leaf_cell(s, page, at, why))
			return false;
	}
	return kind == 13 || page_walk(s, big32(page + head + 8), depth + 1, why);
}

bool door_gpkg(const char *name, unsigned char *bytes, size_t size, failure *why)
{
	schema s = {.name = name, .bytes = bytes, .size = size};
	if (size < 512)
		return failure_set(why, _("%s: is too short for a GeoPackage; it is truncated"), name);
	s.page = big16(bytes + 16) == 1 ? 65536 : big16(bytes + 16);
	if (s.page < 512 || (s.page & (s.page - 1)) || bytes[20] > 32 || size < s.page)
		return damaged(&s, why);
	s.usable = s.page - bytes[20];
	if (big32(bytes + 28) && (uint64_t)big32(bytes + 28) * s.page > size && big32(bytes + 24) == big32(bytes + 92))
		return failure_set(why, _("%s: is shorter than its header says; the GeoPackage is truncated"), name);
	if (big32(bytes + 56) > 1)
		return failure_set(why, _("%s: its texts are not in UTF-8; export the layer into a new GeoPackage"), name);
	if (!page_walk(&s, 1, 0, why))
		return false;
	if (!s.contents)
		return failure_set(why, _("%s: is an SQLite database but no GeoPackage: it has no table gpkg_contents; export it as GeoPackage or GeoJSON"), name);
	/* Written with a write-ahead log: without the log beside it, the file itself is what there is. */
	bytes[18] = bytes[19] = 1;
	return true;
}
