#include "base/zip.h"

#include <errno.h>
#include <gio/gio.h>
#include <libdeflate.h>
#include <string.h>

#include "base/language.h"

#include "base/whole.h"

#define _(message) language_said(message)

#define LOCAL_BYTES 30
#define CENTRAL_BYTES 46
#define END_BYTES 22
#define END64_BYTES 56
#define LOCATOR_BYTES 20
#define SMALL_MAX 0xFFFFFFFEu /* the largest number a field of four bytes holds; all ones: see the Zip64 extra field */
#define FLAG_UTF8 0x0800
#define DIRECTORY_PIECE (1u << 20) /* of the directory in memory, while the archive is written */
#define PIECE ((gsize)256 * 1024)        /* of a file that is copied */
#define DATE 0x0021 /* 1980-01-01 */

/* ---- numbers, little end first ---- */

static void put(GByteArray *out, guint64 number, guint bytes)
{
	for (guint i = 0; i < bytes; i++) {
		guint8 byte = (guint8)(number >> (8 * i));
		g_byte_array_append(out, &byte, 1);
	}
}

static guint64 get(const guint8 *at, guint bytes)
{
	guint64 number = 0;
	for (guint i = 0; i < bytes; i++)
		number |= (guint64)at[i] << (8 * i);
	return number;
}

/* ---- writing ---- */

struct zip_writer {
	zip_sink sink;
	gpointer data;
	guint64 at, count;
	GByteArray *directory; /* its last piece */
	FILE *before;          /* what is before that, of directory_size bytes; NULL: nothing */
	guint64 directory_size;
};

typedef struct member {
	const char *name;
	guint64 size, offset;
	guint32 sum;
} member;

zip_writer *zip_writer_new(zip_sink sink, gpointer data)
{
	zip_writer *w = g_new0(zip_writer, 1);
	w->sink = sink;
	w->data = data;
	w->directory = g_byte_array_new();
	return w;
}

void zip_writer_free(zip_writer *w)
{
	if (!w)
		return;
	g_byte_array_unref(w->directory);
	if (w->before)
		fclose(w->before);
	g_free(w);
}

static gboolean send(zip_writer *w, const void *bytes, gsize length, GError **error)
{
	w->at += length;
	return length == 0 || w->sink(w->data, bytes, length, error);
}

/* What local header and directory have in common: version needed to sizes and lengths. */
static void put_common(GByteArray *out, const member *m, gboolean large, guint extra)
{
	put(out, large ? 45 : 20, 2);
	put(out, FLAG_UTF8, 2);
	put(out, 0, 2); /* stored */
	put(out, 0, 2);
	put(out, DATE, 2);
	put(out, m->sum, 4);
	guint64 size = m->size > SMALL_MAX ? 0xFFFFFFFFu : m->size;
	put(out, size, 4);
	put(out, size, 4);
	put(out, strlen(m->name), 2);
	put(out, extra, 2);
}

static gboolean begin_member(zip_writer *w, const member *m, GError **error)
{
	g_autoptr(GByteArray) head = g_byte_array_new();
	gboolean large = m->size > SMALL_MAX;
	put(head, 0x04034b50, 4);
	put_common(head, m, large, large ? 20 : 0);
	g_byte_array_append(head, (const guint8 *)m->name, (guint)strlen(m->name));
	if (large) {
		put(head, 1, 2), put(head, 16, 2);
		put(head, m->size, 8), put(head, m->size, 8);
	}
	return send(w, head->data, head->len, error);
}

static gboolean unusable(GError **error)
{
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), _("A temporary file cannot be written or read again: %s. Free some space in the folder of temporary files."), g_strerror(errno));
	return FALSE;
}

/* An archive of a million members has a directory of a hundred megabytes. */
static gboolean put_aside(zip_writer *w, GError **error)
{
	if (!w->before && !(w->before = file_scratch(error)))
		return FALSE;
	if (fwrite(w->directory->data, 1, w->directory->len, w->before) != w->directory->len)
		return unusable(error);
	w->directory_size += w->directory->len;
	g_byte_array_set_size(w->directory, 0);
	return TRUE;
}

static gboolean list_member(zip_writer *w, const member *m, GError **error)
{
	gboolean large = m->size > SMALL_MAX, far = m->offset > SMALL_MAX;
	guint extra = (large ? 16 : 0) + (far ? 8 : 0);
	put(w->directory, 0x02014b50, 4);
	put(w->directory, 45, 2);
	put_common(w->directory, m, large || far, extra ? extra + 4 : 0);
	put(w->directory, 0, 8), put(w->directory, 0, 2); /* comment, disk, attributes */
	put(w->directory, far ? 0xFFFFFFFFu : m->offset, 4);
	g_byte_array_append(w->directory, (const guint8 *)m->name, (guint)strlen(m->name));
	if (extra)
		put(w->directory, 1, 2), put(w->directory, extra, 2);
	if (large)
		put(w->directory, m->size, 8), put(w->directory, m->size, 8);
	if (far)
		put(w->directory, m->offset, 8);
	w->count++;
	return w->directory->len < DIRECTORY_PIECE || put_aside(w, error);
}

gboolean zip_add(zip_writer *w, const char *name, const void *bytes, gsize length, GError **error)
{
	member m = { name, length, w->at, libdeflate_crc32(0, length ? bytes : "", length) };
	if (!begin_member(w, &m, error) || !send(w, bytes, length, error))
		return FALSE;
	return list_member(w, &m, error);
}

/* `size` bytes of a file from its beginning. */
static gboolean send_file(zip_writer *w, FILE *file, guint64 size, GError **error)
{
	g_autofree guint8 *buffer = g_malloc(PIECE);
	gsize n;
	rewind(file);
	for (guint64 left = size; left > 0; left -= n) {
		n = fread(buffer, 1, (gsize)MIN(PIECE, left), file);
		if (n == 0)
			return unusable(error);
		if (!send(w, buffer, n, error))
			return FALSE;
	}
	return TRUE;
}

gboolean zip_add_file(zip_writer *w, const char *name, FILE *file, GError **error)
{
	g_autofree guint8 *buffer = g_malloc(PIECE);
	member m = { name, 0, w->at, 0 };
	rewind(file);
	for (gsize n; (n = fread(buffer, 1, PIECE, file)) > 0; m.size += n)
		m.sum = libdeflate_crc32(m.sum, buffer, n);
	if (ferror(file))
		return unusable(error);
	return begin_member(w, &m, error) && send_file(w, file, m.size, error) && list_member(w, &m, error);
}

gboolean zip_finish(zip_writer *w, GError **error)
{
	g_autoptr(GByteArray) end = g_byte_array_new();
	guint64 at = w->at, size = w->directory_size + w->directory->len;
	gboolean large = w->count >= 0xFFFF || at > SMALL_MAX || size > SMALL_MAX;
	if (large) {
		put(end, 0x06064b50, 4), put(end, END64_BYTES - 12, 8);
		put(end, 45, 2), put(end, 45, 2), put(end, 0, 4), put(end, 0, 4);
		put(end, w->count, 8), put(end, w->count, 8), put(end, size, 8), put(end, at, 8);
		put(end, 0x07064b50, 4), put(end, 0, 4), put(end, at + size, 8), put(end, 1, 4);
	}
	put(end, 0x06054b50, 4), put(end, 0, 4);
	put(end, large ? 0xFFFF : w->count, 2), put(end, large ? 0xFFFF : w->count, 2);
	put(end, large ? 0xFFFFFFFFu : size, 4), put(end, large ? 0xFFFFFFFFu : at, 4), put(end, 0, 2);
	if (w->before && !send_file(w, w->before, w->directory_size, error))
		return FALSE;
	return send(w, w->directory->data, w->directory->len, error) && send(w, end->data, end->len, error);
}

/* ---- reading ---- */

typedef struct entry {
	char *name;
	guint64 header, place, size; /* place: of its bytes */
	guint32 sum;
} entry;

struct zip_reader {
	GBytes *bytes;
	const guint8 *at;
	guint64 length, directory;
	GArray *entries;   /* entry */
	GHashTable *names; /* name: number + 1 */
};

static void entry_clear(gpointer data)
{
	g_free(((entry *)data)->name);
}

static gboolean refuse(GError **error, const char *why)
{
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("This is not an archive as this program writes it: %s."), why);
	return FALSE;
}

static gboolean inside(const zip_reader *r, guint64 place, guint64 length)
{
	return place <= r->length && length <= r->length - place;
}

/* A path that stays where it is put. */
static gboolean name_is_good(const char *name)
{
	g_auto(GStrv) parts = g_strsplit(name, "/", -1);
	for (char **part = parts; *part; part++)
		if (!**part || strcmp(*part, ".") == 0 || strcmp(*part, "..") == 0 || strchr(*part, '\\'))
			return FALSE;
	return *name != '\0';
}

static gboolean find_directory(const zip_reader *r, guint64 *place, guint64 *size, guint64 *count, GError **error)
{
	const guint8 *end = r->length < END_BYTES ? NULL : r->at + r->length - END_BYTES;
	if (!end || get(end, 4) != 0x06054b50 || get(end + 20, 2) != 0)
		return refuse(error, _("it does not end with a directory"));
	*count = get(end + 10, 2), *size = get(end + 12, 4), *place = get(end + 16, 4);
	if (*count != 0xFFFF)
		return TRUE;
	if (r->length < END_BYTES + LOCATOR_BYTES + END64_BYTES)
		return refuse(error, _("its directory is cut"));
	const guint8 *end64 = end - LOCATOR_BYTES - END64_BYTES;
	if (get(end64, 4) != 0x06064b50)
		return refuse(error, _("its directory is cut"));
	*count = get(end64 + 32, 8), *size = get(end64 + 40, 8), *place = get(end64 + 48, 8);
	return TRUE;
}

/* The numbers that stand in the Zip64 extra field, in their order, for those that are all ones. */
static gboolean read_large(const guint8 *extra, gsize length, guint64 *size, guint64 *header)
{
	gsize at = 4;
	gboolean large = *size == 0xFFFFFFFFu, far = *header == 0xFFFFFFFFu;
	if (!large && !far)
		return TRUE;
	if (length < 4 || get(extra, 2) != 1 || length < 4u + (large ? 16u : 0u) + (far ? 8u : 0u))
		return FALSE;
	if (large)
		*size = get(extra + at, 8), at += 16;
	if (far)
		*header = get(extra + at, 8);
	return TRUE;
}

/* A line of the directory at place, which moves on. */
static gboolean read_entry(zip_reader *r, guint64 *place, guint64 end, GError **error)
{
	const guint8 *at = r->at + *place;
	if (end - *place < CENTRAL_BYTES || get(at, 4) != 0x02014b50)
		return refuse(error, _("its directory is cut"));
	gsize name_length = get(at + 28, 2), extra = get(at + 30, 2), comment = get(at + 32, 2);
	if (end - *place - CENTRAL_BYTES < name_length + extra + comment)
		return refuse(error, _("its directory is cut"));
	entry e = { g_strndup((const char *)at + CENTRAL_BYTES, name_length), get(at + 42, 4), 0, get(at + 24, 4), (guint32)get(at + 16, 4) };
	gboolean good = strlen(e.name) == name_length && g_utf8_validate(e.name, -1, NULL) && name_is_good(e.name) && !g_hash_table_contains(r->names, e.name) &&
	                get(at + 8, 2) == FLAG_UTF8 && get(at + 10, 2) == 0 && read_large(at + CENTRAL_BYTES + name_length, extra, &e.size, &e.header) &&
	                inside(r, e.header, LOCAL_BYTES) && get(r->at + e.header, 4) == 0x04034b50;
	if (good) {
		const guint8 *local = r->at + e.header;
		e.place = e.header + LOCAL_BYTES + get(local + 26, 2) + get(local + 28, 2);
		good = inside(r, e.place, e.size) && get(local + 26, 2) == name_length && memcmp(local + LOCAL_BYTES, e.name, name_length) == 0;
	}
	if (!good) {
		g_free(e.name);
		return refuse(error, _("a member is compressed, has a strange name, or is not where the directory says"));
	}
	g_array_append_val(r->entries, e);
	g_hash_table_insert(r->names, e.name, GUINT_TO_POINTER(r->entries->len));
	*place += CENTRAL_BYTES + name_length + extra + comment;
	return TRUE;
}

zip_reader *zip_open(GBytes *bytes, GError **error)
{
	g_autoptr(zip_reader) r = g_new0(zip_reader, 1);
	gsize length;
	guint64 size, count;
	r->at = g_bytes_get_data(bytes, &length);
	r->length = length;
	r->bytes = g_bytes_ref(bytes);
	r->entries = g_array_new(FALSE, FALSE, sizeof(entry));
	r->names = g_hash_table_new(g_str_hash, g_str_equal);
	g_array_set_clear_func(r->entries, entry_clear);
	if (!find_directory(r, &r->directory, &size, &count, error))
		return NULL;
	if (!inside(r, r->directory, size)) {
		refuse(error, _("its directory is cut"));
		return NULL;
	}
	for (guint64 place = r->directory; place < r->directory + size;)
		if (!read_entry(r, &place, r->directory + size, error))
			return NULL;
	if (r->entries->len != count) {
		refuse(error, _("its directory is cut"));
		return NULL;
	}
	return g_steal_pointer(&r);
}

void zip_close(zip_reader *r)
{
	if (!r)
		return;
	g_hash_table_unref(r->names);
	g_array_unref(r->entries);
	g_bytes_unref(r->bytes);
	g_free(r);
}

gsize zip_count(const zip_reader *r)
{
	return r->entries->len;
}

const char *zip_name(const zip_reader *r, gsize number)
{
	return g_array_index(r->entries, entry, number).name;
}

const guint8 *zip_get(const zip_reader *r, const char *name, gsize *length, GError **error)
{
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(r->names, name));
	if (number == 0)
		return NULL;
	const entry *e = &g_array_index(r->entries, entry, number - 1);
	*length = (gsize)e->size;
	if (libdeflate_crc32(0, r->at + e->place, (gsize)e->size) == e->sum)
		return r->at + e->place;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("%s: its bytes are not what its checksum says: it was altered or damaged."), name);
	return NULL;
}

gboolean zip_place(const zip_reader *r, const char *name, guint64 *place, guint64 *size)
{
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(r->names, name));
	if (number == 0)
		return FALSE;
	*place = g_array_index(r->entries, entry, number - 1).place;
	*size = g_array_index(r->entries, entry, number - 1).size;
	return TRUE;
}

const char *zip_member_at(const zip_reader *r, guint64 place)
{
	for (gsize i = 0; i < r->entries->len; i++) {
		const entry *e = &g_array_index(r->entries, entry, i);
		if (place >= e->header && place < e->place + e->size)
			return e->name;
	}
	return _("the directory of the archive");
}
