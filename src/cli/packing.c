#include "cli/packing.h"

#include <errno.h>
#include <gio/gio.h>
#include <stdio.h>

#include "base/whole.h"
#include "cli/command.h"
#include "cli/instance.h"
#include "pack/pack.h"
#include "web/notary.h"

/* ---- out ---- */

static gboolean to_stream(gpointer stream, const void *bytes, gsize length, GError **error)
{
	if (fwrite(bytes, 1, length, stream) == length)
		return TRUE;
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), _("The pack could not be written: %s. Free some space, or choose another place."), g_strerror(errno));
	return FALSE;
}

static gboolean fill(FILE *out, gpointer source, GError **error)
{
	return pack_write(source, to_stream, out, error);
}

gboolean packing_export(const char *dir, const char *out, const char *as_of, guint64 *entries, GError **error)
{
	g_autoptr(note_key) key = NULL;
	g_autoptr(store) s = instance_open(dir, error);
	g_autoptr(store_reader) r = s ? store_reader_open(s, error) : NULL;
	if (!r || !(key = instance_key(dir, error)) || !(as_of ? store_log_size_as_of(r, as_of, entries, error) : store_log_size(r, entries, error)))
		return FALSE;
	g_autofree char *signed_text = notary_past(s, r, key, *entries, error), *public = note_key_public(key);
	pack_source from = { .key = public, .checkpoint = signed_text };
	pack_source_store(&from, r, *entries);
	if (!signed_text)
		return FALSE;
	return g_strcmp0(out, "-") == 0 ? fill(stdout, &from, error) : file_write_whole(out, 0644, fill, &from, error);
}

/* ---- in ---- */

static gboolean files_of(gpointer p, store_file_visit visit, gpointer to, GError **error)
{
	return pack_files(p, visit, to, error);
}

gboolean packing_import(const char *dir, const char *file, gboolean dry_run, guint64 *entries, GError **error)
{
	g_autoptr(pack) p = pack_open(file, error);
	if (!p || !pack_verify(p, NULL, error)) {
		g_prefix_error(error, "%s: ", file);
		return FALSE;
	}
	const pack_source *from = pack_contents(p);
	*entries = from->size;
	g_autoptr(store) s = instance_open(dir, error);
	if (!s || dry_run)
		return s != NULL;
	return store_log_restore(s, &(store_log_source){ from->size, from->revision, files_of, p }, error);
}
