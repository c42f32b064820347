/* The front door's looks at text: JSON, XML, CSV. One pass each, no recursion. */
#include "door.h"

#include <string.h>
#include <strings.h>

enum { CSV_LINE_MOST = 64 << 20, CSV_COLUMNS_MOST = 2000 };

static size_t line_of(const unsigned char *bytes, size_t at)
{
	size_t line = 1;
	for (size_t i = 0; i < at; i++)
		line += bytes[i] == '\n';
	return line;
}

static bool zero_free(const char *name, const unsigned char *bytes, size_t size, failure *why)
{
	return !memchr(bytes, 0, size) || failure_set(why, _("%s: holds zero bytes, so it is not text in UTF-8; save it as UTF-8"), name);
}

bool door_json(const char *name, const unsigned char *bytes, size_t size, failure *why)
{
	if (!zero_free(name, bytes, size, why))
		return false;
	size_t depth = 0;
	bool quoted = false, ended = false;
	for (size_t i = 0; i < size; i++) {
		if (quoted) {
			if (bytes[i] == '\\')
				i++;
			else
				quoted = bytes[i] != '"';
			continue;
		}
		if (ended && !strchr(" \t\r\n", bytes[i]))
			return failure_set(why, _("%s, line %zu: something follows the end of the JSON document; give one FeatureCollection"), name, line_of(bytes, i));
		quoted = bytes[i] == '"';
		if (bytes[i] == '{' || bytes[i] == '[')
			depth++;
		else if ((bytes[i] == '}' || bytes[i] == ']') && depth)
			ended = --depth == 0;
		if (depth > DOOR_DEPTH_MOST)
			return failure_set(why, _("%s, line %zu: lists and objects are nested deeper than %d; that is no GeoJSON"), name, line_of(bytes, i), DOOR_DEPTH_MOST);
	}
	if (!ended)
		return failure_set(why, _("%s: the JSON ends in the middle; the file is truncated"), name);
	return true;
}

static const unsigned char *find(const unsigned char *bytes, size_t size, const char *text)
{
	return memmem(bytes, size, text, strlen(text));
}

static bool starts(const unsigned char *bytes, size_t size, const char *text)
{
	return size >= strlen(text) && strncasecmp((const char *)bytes, text, strlen(text)) == 0;
}

/* Passes over a comment, CDATA section, instruction or declaration that begins at bytes[0] == '<'; 0: it is a tag; size: it never ends. */
static size_t xml_aside(const unsigned char *bytes, size_t size)
{
	static const struct { const char *open, *close; } asides[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!", ">"}};
	for (size_t i = 0; i < sizeof asides / sizeof *asides; i++)
		if (starts(bytes, size, asides[i].open)) {
			const unsigned char *end = find(bytes, size, asides[i].close);
			return end ? (size_t)(end - bytes) + strlen(asides[i].close) : size;
		}
	return 0;
}

/* The root element's name, without its prefix. */
static bool root_is_kml(const unsigned char *tag, size_t size)
{
	size_t end = 1, from = 1;
	for (; end < size && !strchr(" \t\r\n/>", tag[end]); end++)
		from = tag[end] == ':' ? end + 1 : from;
	return end - from == 3 && strncasecmp((const char *)tag + from, "kml", 3) == 0;
}

bool door_kml(const char *name, const unsigned char *bytes, size_t size, failure *why)
{
	if (!zero_free(name, bytes, size, why))
		return false;
	size_t depth = 0;
	bool root = false;
	for (size_t i = 0; i < size;) {
		const unsigned char *open = memchr(bytes + i, '<', size - i);
		if (!open)
			break;
		i = (size_t)(open - bytes);
		if (starts(open, size - i, "<!DOCTYPE") || starts(open, size - i, "<!ENTITY"))
			return failure_set(why, _("%s, line %zu: has a document type or entities, which KML does not need and which can fetch or multiply things; take that out"), name,
				line_of(bytes, i));
		size_t aside = xml_aside(open, size - i);
		if (aside) {
			i += aside;
			continue;
		}
		const unsigned char *close = memchr(open, '>', size - i);
		if (!close)
			return failure_set(why, _("%s: the XML ends in the middle of a tag; the file is truncated"), name);
		if (!root && !root_is_kml(open, size - i))
			return failure_set(why, _("%s: is XML but not KML; export it as KML or GeoJSON"), name);
		root = true;
		if (open[1] == '/')
			depth -= depth > 0;
		else if (close[-1] != '/')
			depth++;
		if (depth > DOOR_DEPTH_MOST)
			return failure_set(why, _("%s, line %zu: elements are nested deeper than %d; that is no KML of a boundary"), name, line_of(bytes, i), DOOR_DEPTH_MOST);
		i = (size_t)(close - bytes) + 1;
	}
	if (!root)
		return failure_set(why, _("%s: is XML but not KML; export it as KML or GeoJSON"), name);
	return depth == 0 || failure_set(why, _("%s: the XML ends before its elements do; the file is truncated"), name);
}

bool door_csv(const char *name, const unsigned char *bytes, size_t size, failure *why)
{
	if (!zero_free(name, bytes, size, why))
		return false;
	bool quoted = false;
	size_t columns = 1, length = 0;
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '"')
			quoted = !quoted;
		if (!quoted && bytes[i] == '\n') {
			columns = 1;
			length = 0;
			continue;
		}
		columns += !quoted && (bytes[i] == ',' || bytes[i] == ';' || bytes[i] == '\t');
		if (++length > CSV_LINE_MOST || columns > CSV_COLUMNS_MOST)
			return failure_set(why, _("%s, line %zu: has more than %d columns, or more than %d MiB; that is no table of boundaries"), name, line_of(bytes, i), CSV_COLUMNS_MOST,
				CSV_LINE_MOST >> 20);
	}
	return !quoted || failure_set(why, _("%s: ends inside a quoted text; the file is truncated"), name);
}

static uint32_t big(const unsigned char *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* ESRI Shapefile Technical Description (1998): a header of 100 bytes; its length counts words of 16 bits. */
bool door_shape(const char *name, const unsigned char *bytes, size_t size, failure *why)
{
	if (size < 100)
		return failure_set(why, _("%s: is too short for a shapefile; it is truncated"), name);
	if ((uint64_t)big(bytes + 24) * 2 > size)
		return failure_set(why, _("%s: is shorter than its header says; the shapefile is truncated"), name);
	uint32_t type = bytes[32] | (uint32_t)bytes[33] << 8;
	if (type == 31)
		return failure_set(why, _("%s: holds surfaces in space (MultiPatch), not boundaries; export polygons"), name);
	/* Records: each header says its number and length; they must stay inside. */
	size_t at = 100, end = (size_t)big(bytes + 24) * 2;
	while (at < end) {
		if (end - at < 8 || (uint64_t)big(bytes + at + 4) * 2 > end - at - 8 || big(bytes + at + 4) < 2)
			return failure_set(why, _("%s: the record at byte %zu reaches beyond the file; the shapefile is damaged"), name, at);
		at += 8 + (size_t)big(bytes + at + 4) * 2;
	}
	return true;
}
