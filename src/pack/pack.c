#include "pack/pack.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/canonical.h"
#include "base/progress.h"
#include "base/whole.h"
#include "log/tile.h"
#include "pack/describe.h"
#include "pack/tree.h"
#include "record/message.h"
#include "record/table.h"
#include "record/validate.h"
#include "store/export.h"

#define PIECE 262144 /* bytes that are copied at once */

GQuark pack_error_quark(void)
{
	return g_quark_from_static_string("pack-error");
}

/* The newest public revision of a record so far. */
typedef struct latest {
	const kind *kind;
	const char *id; /* in the key */
	guint64 number; /* its entry */
	guint revision;
	record_state state;
	char hash[65];
} latest;

typedef struct packing {
	const pack_source *from;
	zip_writer *zip;
	GPtrArray *members; /* pack_member: those that descriptions tell of */
	FILE *manifest;     /* a line for every member */
	guint told;         /* folders of which one is among them: a bit each */
	tree *tree;
	GByteArray *bundle;     /* of entries, not full yet */
	GHashTable *records;    /* "kind/id": latest */
	GTree *files;           /* SHA-256 that records name */
	json_t *tables;         /* schemas by member */
	char time[21];          /* of the last entry */
	char *root;             /* base64 */
	guint published;
	GError **error;
} packing;

static void member_free(gpointer data)
{
	pack_member *m = data;
	g_free(m->name), g_free(m->sha256);
	g_free(m);
}

G_GNUC_PRINTF(2, 3) static gboolean is_false(packing *p, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *says = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error_literal(p->error, PACK_ERROR, PACK_ERROR_FALSE, says);
	return FALSE;
}

static gboolean no_room(packing *p)
{
	g_set_error(p->error, STORE_ERROR, STORE_ERROR_IO, _("A temporary file cannot be written or read again: %s. Free some space in the folder of temporary files."), g_strerror(errno));
	return FALSE;
}

/* ---- members ---- */

static gboolean note_member(packing *p, const char *name, const char *sha256, guint64 size)
{
	int folder = describe_folder(name);
	if (fprintf(p->manifest, "%s  %s\n", sha256, name) < 0)
		return no_room(p);
	if (folder >= 0 && p->told & 1u << folder)
		return TRUE;
	p->told |= folder >= 0 ? 1u << folder : 0;
	pack_member *m = g_new(pack_member, 1);
	*m = (pack_member) { g_strdup(name), g_strdup(sha256), size };
	g_ptr_array_add(p->members, m);
	return TRUE;
}

static gboolean put(packing *p, const char *name, const void *bytes, gsize length)
{
	g_autofree char *sum = sha256_hex(length ? bytes : "", length);
	return note_member(p, name, sum, length) && zip_add(p->zip, name, bytes, length, p->error);
}

static gboolean put_text(packing *p, const char *name, const char *text)
{
	return put(p, name, text, strlen(text));
}

static gboolean put_json(packing *p, const char *name, json_t *value /* taken */)
{
	char *text = value ? json_dumps(value, JSON_INDENT(1) | JSON_ENSURE_ASCII) : NULL;
	json_decref(value);
	if (!text)
		return is_false(p, _("%s could not be made: not enough memory."), name);
	gboolean ok = put_text(p, name, text);
	free(text);
	return ok;
}

static gboolean put_file(packing *p, const char *name, FILE *file)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autofree guint8 *buffer = g_malloc(PIECE);
	guint64 size = 0;
	rewind(file);
	for (gsize n; (n = fread(buffer, 1, PIECE, file)) > 0; size += n)
		g_checksum_update(sum, buffer, (gssize)n);
	return note_member(p, name, g_checksum_get_string(sum), size) && zip_add_file(p->zip, name, file, p->error);
}

/* ---- the log ---- */

static gboolean put_tile(packing *p, const tile_name *name, const void *bytes, gsize length)
{
	g_autofree char *path = tile_name_path(name), *member = g_strconcat("log/tile/", path, NULL);
	return put(p, member, bytes, length);
}

/* Bundles stand before the tiles: a reader of the archive meets what was hashed first. */
static gboolean put_bundle(packing *p, guint64 end)
{
	tile_name name = { TILE_ENTRIES, (end - 1) / MERKLE_WIDTH, (guint)((end - 1) % MERKLE_WIDTH) + 1 };
	gboolean ok = put_tile(p, &name, p->bundle->data, p->bundle->len);
	g_byte_array_set_size(p->bundle, 0);
	return ok;
}

static void name_file(packing *p, const json_t *value)
{
	const char *key;
	json_t *inner;
	gsize i;
	if (json_is_array(value))
		json_array_foreach(value, i, inner) name_file(p, inner);
	if (!json_is_object(value))
		return;
	json_object_foreach((json_t *)(gsize)value, key, inner) {
		if (strcmp(key, "sha256") == 0 && json_is_string(inner) && strlen(json_string_value(inner)) == 64)
			g_tree_insert(p->files, g_strdup(json_string_value(inner)), GUINT_TO_POINTER(1));
		name_file(p, inner);
	}
}

/* Does it follow what was published of the record before? Revisions between may be drafts, which nobody sees. */
static gboolean follow(packing *p, const record *r, guint64 number)
{
	g_autofree char *name = g_strdup_printf("%s/%s", r->kind->name, r->id);
	latest *l = g_hash_table_lookup(p->records, name);
	gboolean next = l && r->revision == l->revision + 1;
	if ((l && r->revision <= l->revision) || (next && g_strcmp0(r->previous, l->hash) != 0) || (r->revision == 1 && r->previous) || (r->revision > 1 && !r->previous))
		return is_false(p, _("Entry %" G_GUINT64_FORMAT " of the log: %s %s, revision %u, does not follow the revision before it."), number, r->kind->name, r->id, r->revision);
	if (r->state < RECORD_PUBLISHED)
		return is_false(p, _("Entry %" G_GUINT64_FORMAT " of the log: %s %s, revision %u, is a draft."), number, r->kind->name, r->id, r->revision);
	if (!l) {
		l = g_new0(latest, 1);
		*l = (latest) { .kind = r->kind, .id = strchr(name, '/') + 1 };
		g_hash_table_insert(p->records, g_steal_pointer(&name), l);
	}
	l->number = number, l->revision = r->revision, l->state = r->state;
	memcpy(l->hash, r->hash, sizeof l->hash);
	return TRUE;
}

/* The revision of an entry, which must be what its bytes say and canonical. */
static record *revision_of(packing *p, guint64 number, char **bytes, gsize *length)
{
	g_autoptr(GError) why = NULL;
	*bytes = p->from->revision(p->from->data, number, length, p->error);
	if (!*bytes)
		return NULL;
	g_autoptr(record) r = record_from_canonical(*bytes, *length, &why);
	g_autofree char *canonical = r ? record_canonical(r, NULL, &why) : NULL;
	if (!canonical || strcmp(canonical, *bytes) != 0) {
		is_false(p, _("Entry %" G_GUINT64_FORMAT " of the log is no revision in canonical form: %s"), number, why ? why->message : _("its bytes are written otherwise."));
		return NULL;
	}
	return g_steal_pointer(&r);
}

static gboolean take_entry(packing *p, guint64 number)
{
	g_autofree char *bytes = NULL;
	gsize length, entry_length;
	char buffer[72];
	g_autoptr(record) r = revision_of(p, number, &bytes, &length);
	if (!r || !follow(p, r, number))
		return FALSE;
	const char *entry = record_entry(bytes, length, buffer, &entry_length);
	merkle_hash leaf = merkle_leaf(entry, entry_length);
	tree_add(p->tree, &leaf);
	bundle_add(p->bundle, entry, entry_length);
	name_file(p, r->body);
	g_strlcpy(p->time, r->time, sizeof p->time);
	if (entry == bytes)
		return TRUE;
	g_autofree char *member = g_strdup_printf("log/revisions/%s.json", r->hash);
	return put(p, member, bytes, length);
}

static gboolean take_entries(packing *p)
{
	guint64 size = p->from->size;
	for (guint64 i = 0; i < size; i++) {
		if (!take_entry(p, i) || ((i + 1 == size || (i + 1) % MERKLE_WIDTH == 0) && !put_bundle(p, i + 1)))
			return FALSE;
		progress_say(N_("Packing the log"), i + 1, size);
	}
	return TRUE;
}

typedef struct tiling {
	packing *p;
	gboolean ok;
} tiling;

static void put_hashes(const tile_name *name, gpointer data)
{
	tiling *t = data;
	merkle_hash hashes[MERKLE_WIDTH];
	if (!t->ok || name->level == TILE_ENTRIES)
		return;
	tree_read(t->p->tree, (guint)name->level, name->n * MERKLE_WIDTH, name->width, hashes, NULL);
	t->ok = put_tile(t->p, name, hashes, name->width * sizeof *hashes);
}

/* The checkpoint must be of this tree. */
static gboolean hold_against_checkpoint(packing *p)
{
	merkle_tiles tiles = { tree_read, p->tree };
	merkle_hash root;
	g_autoptr(GError) why = NULL;
	g_autoptr(note) n = note_parse(p->from->checkpoint, strlen(p->from->checkpoint), &why);
	g_auto(checkpoint) c = { 0 };
	if (!n || !checkpoint_parse(n->text, &c, &why))
		return is_false(p, "log/checkpoint: %s", why->message);
	merkle_root(&tiles, p->from->size, &root, NULL);
	p->root = log_hash_text(&root);
	if (c.size != p->from->size || !merkle_equal(&c.root, &root))
		return is_false(p, _("The log's entries do not give the root that the checkpoint names: one of them was altered."));
	return TRUE;
}

static gboolean put_log(packing *p)
{
	tiling t = { p, TRUE };
	if (!take_entries(p) || !hold_against_checkpoint(p))
		return FALSE;
	tiles_each(0, p->from->size, put_hashes, &t);
	g_autofree char *key = g_strconcat(p->from->key, "\n", NULL);
	return t.ok && put_text(p, "log/key", key) && put_text(p, "log/checkpoint", p->from->checkpoint);
}

/* ---- records ---- */

static gint compare_ids(gconstpointer a, gconstpointer b)
{
	const latest *const *x = a, *const *y = b;
	return strcmp((*x)->id, (*y)->id);
}

/* Published records of a kind, by id; borrowed. */
static GPtrArray *records_of(packing *p, const kind *k)
{
	GPtrArray *list = g_ptr_array_new();
	GHashTableIter every;
	gpointer value;
	g_hash_table_iter_init(&every, p->records);
	while (g_hash_table_iter_next(&every, NULL, &value))
		if (((latest *)value)->kind == k && ((latest *)value)->state == RECORD_PUBLISHED)
			g_ptr_array_add(list, value);
	g_ptr_array_sort(list, compare_ids);
	return list;
}

static gboolean put_proof(packing *p, const latest *l)
{
	merkle_tiles tiles = { tree_read, p->tree };
	g_auto(log_proof) proof = { .index = l->number, .note = g_strdup(p->from->checkpoint) };
	if (!merkle_inclusion(&tiles, l->number, p->from->size, proof.path, &proof.n, p->error))
		return FALSE;
	g_autofree char *text = log_proof_text(&proof), *name = g_strdup_printf("log/proof/%s/%s.tlog-proof", l->kind->name, l->id);
	return put_text(p, name, text);
}

/* The first line of a table, without its end. */
static char *header_of(FILE *table)
{
	g_autoptr(GString) line = g_string_new(NULL);
	rewind(table);
	for (int c; (c = getc(table)) != EOF && c != '\r';)
		g_string_append_c(line, (char)c);
	return g_string_free(g_steal_pointer(&line), FALSE);
}

/* One of a kind's files, while it is written. */
typedef struct table {
	export_format format;
	FILE *file;
	exporter *to;
} table;

static const export_format formats[] = { EXPORT_JSON, EXPORT_CSV, EXPORT_GEOJSON };

static void table_clear(table *t)
{
	exporter_free(t->to);
	if (t->file)
		fclose(t->file);
}

static gboolean table_open(packing *p, export_format format, table *t)
{
	*t = (table) { format, file_scratch(p->error), NULL };
	return t->file && (t->to = exporter_new(format, t->file, p->error));
}

static gboolean put_table(packing *p, const kind *k, table *t)
{
	guint count;
	g_autofree char *name = g_strdup_printf("data/%s.%s", k ? k->plural : "records", export_format_name(t->format));
	if (!exporter_finish(t->to, k, &count, p->error) || !put_file(p, name, t->file))
		return FALSE;
	if (t->format == EXPORT_CSV) {
		g_autofree char *header = header_of(t->file);
		json_object_set_new(p->tables, name, describe_table(k, header));
	}
	return TRUE;
}

/* The records go by once, to all tables. */
static gboolean fill_tables(packing *p, const GPtrArray *list, table *tables, gsize n, const table *package)
{
	for (guint i = 0; i < list->len; i++) {
		gsize length;
		g_autofree char *bytes = p->from->revision(p->from->data, ((const latest *)g_ptr_array_index(list, i))->number, &length, p->error);
		g_autoptr(record) r = bytes ? record_from_canonical(bytes, length, p->error) : NULL;
		if (!r || !exporter_put(package->to, r, p->error))
			return FALSE;
		for (gsize j = 0; j < n; j++)
			if (!exporter_put(tables[j].to, r, p->error))
				return FALSE;
		progress_say(N_("Packing records"), i + 1, list->len);
	}
	return TRUE;
}

static gboolean put_kind(packing *p, const kind *k, const table *package)
{
	g_autoptr(GPtrArray) list = records_of(p, k);
	table tables[G_N_ELEMENTS(formats)] = { 0 };
	gsize n = k->longitude || k->geometry ? 3 : 2;
	gboolean ok = TRUE;
	p->published += list->len;
	if (list->len == 0)
		return TRUE;
	for (gsize i = 0; ok && i < n; i++)
		ok = table_open(p, formats[i], &tables[i]);
	ok = ok && fill_tables(p, list, tables, n, package);
	for (gsize i = 0; ok && i < n; i++)
		ok = put_table(p, k, &tables[i]);
	for (gsize i = 0; i < n; i++)
		table_clear(&tables[i]);
	for (guint i = 0; ok && i < list->len; i++)
		ok = put_proof(p, g_ptr_array_index(list, i));
	return ok;
}

static gboolean put_records(packing *p)
{
	table package;
	gboolean ok = table_open(p, EXPORT_GPKG, &package);
	for (gsize i = 0; ok && i < kinds_count; i++)
		ok = put_kind(p, kinds[i], &package);
	ok = ok && put_table(p, NULL, &package);
	table_clear(&package);
	return ok;
}

/* ---- files, schemas, descriptions ---- */

static const struct {
	const char *type, *ending;
} endings[] = {
	{ "image/png", "png" }, { "image/jpeg", "jpg" }, { "image/webp", "webp" }, { "image/tiff", "tif" }, { "application/pdf", "pdf" }, { "application/json", "json" },
	{ "application/geo+json", "geojson" }, { "application/geopackage+sqlite3", "gpkg" }, { "application/zip", "zip" }, { "text/csv", "csv" }, { "text/plain", "txt" },
};

static gboolean put_kept(gpointer sha256, gpointer unused, gpointer data)
{
	(void)unused;
	tiling *t = data;
	packing *p = t->p;
	GError *failed = NULL;
	const char *type = NULL, *ending = NULL;
	g_autoptr(GBytes) bytes = p->from->file(p->from->data, sha256, p->time, &type, &failed);
	if (failed) {
		g_propagate_error(p->error, failed);
		t->ok = FALSE;
	}
	if (!bytes)
		return !t->ok;
	for (gsize i = 0; i < G_N_ELEMENTS(endings) && type; i++)
		if (strcmp(endings[i].type, type) == 0)
			ending = endings[i].ending;
	gsize length;
	const void *data_bytes = g_bytes_get_data(bytes, &length);
	g_autofree char *sum = sha256_hex(length ? data_bytes : "", length), *name = g_strdup_printf("files/%s.%s", (char *)sha256, ending ? ending : "");
	t->ok = ending && strcmp(sum, sha256) == 0 ? put(p, name, data_bytes, length) : is_false(p, _("File %s: its bytes do not have this hash: it was altered."), (char *)sha256);
	return !t->ok;
}

static gboolean put_files(packing *p)
{
	tiling t = { p, TRUE };
	g_tree_foreach(p->files, put_kept, &t);
	return t.ok;
}

static gboolean put_declarations(packing *p)
{
	g_autoptr(GString) dictionary = g_string_new("# Data dictionary\n\n");
	for (gsize i = 0; i < kinds_count; i++) {
		g_autofree char *name = g_strdup_printf("schema/%s.json", kinds[i]->name);
		GString *one = kind_dictionary(kinds[i]);
		g_string_append_len(dictionary, one->str, (gssize)one->len);
		g_string_free(one, TRUE);
		if (!put_json(p, name, kind_schema(kinds[i])))
			return FALSE;
	}
	return put_text(p, "dictionary.md", dictionary->str);
}

static gboolean put_descriptions(packing *p)
{
	g_autoptr(note) n = note_parse(p->from->checkpoint, strlen(p->from->checkpoint), p->error);
	g_auto(checkpoint) c = { 0 };
	if (!n || !checkpoint_parse(n->text, &c, p->error))
		return FALSE;
	pack_about about = { c.origin, p->root, p->time, p->from->size, p->published };
	g_autofree char *read_me = describe_read_me(&about), *licence = describe_licence(&about);
	return put_text(p, "README.md", read_me) && put_text(p, "LICENSE.txt", licence) && put_json(p, "datapackage.json", describe_package(&about, p->members, p->tables)) &&
	       put_json(p, "datacite.json", describe_datacite(&about)) && put_json(p, "ro-crate-metadata.json", describe_crate(&about, p->members));
}

static gboolean put_manifest(packing *p)
{
	return fflush(p->manifest) == 0 ? zip_add_file(p->zip, "manifest-sha256.txt", p->manifest, p->error) : no_room(p);
}

static int compare_names(gconstpointer a, gconstpointer b, gpointer unused)
{
	(void)unused;
	return strcmp(a, b);
}

gboolean pack_write(const pack_source *from, zip_sink sink, gpointer data, GError **error)
{
	packing p = {
		.from = from, .zip = zip_writer_new(sink, data), .members = g_ptr_array_new_with_free_func(member_free), .tree = tree_new(), .bundle = g_byte_array_new(),
		.records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free), .files = g_tree_new_full(compare_names, NULL, g_free, NULL), .tables = json_object(),
		.manifest = file_scratch(error), .time = "1970-01-01T00:00:00Z", .error = error,
	};
	gboolean ok = p.manifest && put_log(&p) && put_records(&p) && put_files(&p) && put_declarations(&p) && put_descriptions(&p) && put_manifest(&p) && zip_finish(p.zip, error);
	zip_writer_free(p.zip);
	if (p.manifest)
		fclose(p.manifest);
	g_ptr_array_unref(p.members);
	tree_free(p.tree);
	g_byte_array_unref(p.bundle);
	g_hash_table_unref(p.records);
	g_tree_unref(p.files);
	json_decref(p.tables);
	g_free(p.root);
	return ok;
}
