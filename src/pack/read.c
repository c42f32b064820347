/* A pack that somebody has: as a source of its own making, and verified. */
#include <gio/gio.h>
#include <string.h>

#include "base/canonical.h"
#include "log/tile.h"
#include "pack/describe.h"
#include "pack/pack.h"
#include "pack/tree.h"
#include "record/message.h"

struct pack {
	char *path;
	GBytes *bytes;
	zip_reader *zip;
	char *key, *checkpoint;
	pack_source source;
	guint64 bundle;       /* number of the bundle below; G_MAXUINT64: none */
	GArray *entries;      /* of it: places */
};

typedef struct place {
	const guint8 *at;
	gsize length;
} place;

G_GNUC_PRINTF(2, 3) static gboolean is_false(GError **error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *says = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error_literal(error, PACK_ERROR, PACK_ERROR_FALSE, says);
	return FALSE;
}

/* ---- entries ---- */

static const guint8 *member_of(const pack *p, const char *name, gsize *length, GError **error)
{
	GError *why = NULL;
	const guint8 *bytes = zip_get(p->zip, name, length, &why);
	if (why)
		is_false(error, "%s", why->message);
	else if (!bytes)
		is_false(error, _("%s is missing."), name);
	g_clear_error(&why);
	return bytes;
}

static gboolean load_bundle(pack *p, guint64 number, GError **error)
{
	guint64 first = number * MERKLE_WIDTH;
	tile_name name = { TILE_ENTRIES, number, (guint)MIN(p->source.size - first, MERKLE_WIDTH) };
	g_autofree char *path = tile_name_path(&name), *member = g_strconcat("log/tile/", path, NULL);
	gsize length, at = 0;
	place one;
	const guint8 *bytes = member_of(p, member, &length, error);
	if (!bytes)
		return FALSE;
	p->bundle = G_MAXUINT64;
	g_array_set_size(p->entries, 0);
	while (bundle_next(bytes, length, &at, &one.at, &one.length))
		g_array_append_val(p->entries, one);
	if (at != length || p->entries->len != name.width)
		return is_false(error, _("%s does not hold the entries it should."), member);
	p->bundle = number;
	return TRUE;
}

static char *revision_of(gpointer data, guint64 number, gsize *length, GError **error)
{
	pack *p = data;
	if (p->bundle != number / MERKLE_WIDTH && !load_bundle(p, number / MERKLE_WIDTH, error))
		return NULL;
	const place *entry = &g_array_index(p->entries, place, number % MERKLE_WIDTH);
	if (entry->length != 71 || memcmp(entry->at, "sha256:", 7) != 0) {
		*length = entry->length;
		return g_strndup((const char *)entry->at, entry->length);
	}
	g_autofree char *hash = g_strndup((const char *)entry->at + 7, 64), *member = g_strdup_printf("log/revisions/%s.json", hash);
	const guint8 *bytes = member_of(p, member, length, error);
	return bytes ? g_strndup((const char *)bytes, *length) : NULL;
}

/* ---- files ---- */

static const char *const file_endings[] = { "png", "jpg", "webp", "tif", "pdf", "json", "geojson", "gpkg", "zip", "csv", "txt" };

static GBytes *file_of(gpointer data, const char *sha256, const char *time, const char **media_type, GError **error)
{
	pack *p = data;
	(void)time;
	for (gsize i = 0; i < G_N_ELEMENTS(file_endings); i++) {
		g_autofree char *name = g_strdup_printf("files/%s.%s", sha256, file_endings[i]);
		GError *why = NULL;
		gsize length;
		const guint8 *bytes = zip_get(p->zip, name, &length, &why);
		*media_type = describe_type(name);
		if (bytes)
			return g_bytes_new_with_free_func(bytes, length, (GDestroyNotify)g_bytes_unref, g_bytes_ref(p->bytes));
		if (why) {
			is_false(error, "%s", why->message);
			g_error_free(why);
			return NULL;
		}
	}
	return NULL;
}

gboolean pack_files(const pack *p, store_file_visit visit, gpointer to, GError **error)
{
	for (gsize i = 0; i < zip_count(p->zip); i++) {
		const char *name = zip_name(p->zip, i), *type;
		if (!g_str_has_prefix(name, "files/") || strlen(name) < 70)
			continue;
		g_autofree char *sha256 = g_strndup(name + 6, 64);
		g_autoptr(GBytes) bytes = file_of((gpointer)(gsize)p, sha256, NULL, &type, error);
		if (!bytes || !visit(to, bytes, type, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- opening ---- */

static char *text_of(const pack *p, const char *name, GError **error)
{
	gsize length;
	const guint8 *bytes = member_of(p, name, &length, error);
	if (bytes && length <= NOTE_BYTES && g_utf8_validate((const char *)bytes, (gssize)length, NULL))
		return g_strndup((const char *)bytes, length);
	if (bytes)
		is_false(error, _("%s is not text."), name);
	return NULL;
}

static gboolean read_source(pack *p, GError **error)
{
	p->key = text_of(p, "log/key", error);
	p->checkpoint = p->key ? text_of(p, "log/checkpoint", error) : NULL;
	g_autoptr(note) n = p->checkpoint ? note_parse(p->checkpoint, strlen(p->checkpoint), error) : NULL;
	g_auto(checkpoint) c = { 0 };
	if (!n || !checkpoint_parse(n->text, &c, error))
		return FALSE;
	g_strchomp(p->key);
	p->source = (pack_source) { c.size, p->key, p->checkpoint, revision_of, file_of, p };
	return TRUE;
}

pack *pack_open(const char *path, GError **error)
{
	g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, error);
	if (!file)
		return NULL;
	g_autoptr(pack) p = g_new0(pack, 1);
	g_autoptr(GError) why = NULL;
	p->path = g_strdup(path);
	p->bytes = g_mapped_file_get_bytes(file);
	p->bundle = G_MAXUINT64;
	p->entries = g_array_new(FALSE, FALSE, sizeof(place));
	p->zip = zip_open(p->bytes, &why);
	if (p->zip && read_source(p, &why))
		return g_steal_pointer(&p);
	is_false(error, "%s", why->message);
	return NULL;
}

void pack_close(pack *p)
{
	if (!p)
		return;
	zip_close(p->zip);
	g_array_unref(p->entries);
	g_bytes_unref(p->bytes);
	g_free(p->key), g_free(p->checkpoint), g_free(p->path);
	g_free(p);
}

/* A zipped shapefile is an archive too, but none with a log. */
gboolean pack_is(const char *path)
{
	g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
	static const char head[] = { 'P', 'K', 3, 4 };
	if (!file || g_mapped_file_get_length(file) < 100 || memcmp(g_mapped_file_get_contents(file), head, sizeof head) != 0)
		return FALSE;
	const char *bytes = g_mapped_file_get_contents(file);
	gsize length = g_mapped_file_get_length(file), tail = MIN(length, 4096);
	return memmem(bytes + length - tail, tail, "manifest-sha256.txt", 19) != NULL;
}

const pack_source *pack_contents(const pack *p)
{
	return &p->source;
}

gboolean pack_place(const pack *p, const char *name, guint64 *at, guint64 *size)
{
	return zip_place(p->zip, name, at, size);
}

/* ---- verifying ---- */

/* A sink that compares. */
typedef struct comparing {
	const guint8 *at;
	gsize length;
	guint64 place;
	gboolean differs;
} comparing;

static gboolean compare(gpointer data, const void *bytes, gsize length, GError **error)
{
	comparing *c = data;
	gsize left = c->length - (gsize)c->place, n = MIN(left, length);
	const guint8 *given = bytes;
	gsize i = 0;
	if (n < length || memcmp(c->at + c->place, given, n) != 0) {
		while (i < n && c->at[c->place + i] == given[i])
			i++;
		c->differs = TRUE;
		c->place += i;
		return is_false(error, " ");
	}
	c->place += length;
	return TRUE;
}

/* Only the log's own signature, so that the same log gives the same pack. */
static gboolean check_signature(const pack *p, const note_key *key, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(note_key) own = note_key_parse(p->key, &why);
	g_autoptr(note) n = note_parse(p->checkpoint, strlen(p->checkpoint), NULL);
	g_auto(checkpoint) c = { 0 };
	if (!own)
		return is_false(error, "log/key: %s", why->message);
	if (!n || n->n != 1 || !checkpoint_parse(n->text, &c, NULL) || note_verify(n, own, NULL) != NOTE_SIGNED || strcmp(c.origin, note_key_name(own)) != 0)
		return is_false(error, _("log/checkpoint is not signed with log/key, and with nothing else."));
	g_autofree char *given = key ? note_key_public(key) : NULL;
	if (given && strcmp(given, p->key) != 0)
		return is_false(error, _("The pack is signed with another key than the one given: it is not of that log."));
	return TRUE;
}

static gboolean check_members(const pack *p, GError **error)
{
	gsize length;
	for (gsize i = 0; i < zip_count(p->zip); i++)
		if (!member_of(p, zip_name(p->zip, i), &length, error))
			return FALSE;
	return TRUE;
}

gboolean pack_verify(const pack *p, const note_key *key, GError **error)
{
	comparing c = { 0 };
	GError *why = NULL;
	if (!check_members(p, error) || !check_signature(p, key, error))
		return FALSE;
	c.at = g_bytes_get_data(p->bytes, &c.length);
	if (pack_write(&p->source, compare, &c, &why) && c.place == c.length)
		return TRUE;
	if (why && !c.differs) {
		g_propagate_error(error, why);
		return FALSE;
	}
	g_clear_error(&why);
	return is_false(error, _("%s does not follow from the log's entries: it was altered, or made by another version of this program than %s (the first byte that differs is byte %" G_GUINT64_FORMAT " of the pack)."),
	    zip_member_at(p->zip, c.place), AFTERMINE_VERSION, c.place);
}

gboolean pack_root(const pack *p, guint64 size, merkle_hash *root, GError **error)
{
	g_autoptr(tree) t = tree_new();
	merkle_tiles tiles = { tree_read, t };
	for (guint64 i = 0; i < size; i++) {
		gsize length, entry_length;
		char buffer[72];
		g_autofree char *bytes = revision_of((gpointer)(gsize)p, i, &length, error);
		if (!bytes)
			return FALSE;
		const char *entry = record_entry(bytes, length, buffer, &entry_length);
		merkle_hash leaf = merkle_leaf(entry, entry_length);
		tree_add(t, &leaf);
	}
	return merkle_root(&tiles, size, root, error);
}
