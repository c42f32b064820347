#include "web/notary.h"

#include <string.h>
#include "record/message.h"

static gboolean is_of(const char *text, const note_key *key, guint64 size)
{
	g_autoptr(note) n = note_parse(text, strlen(text), NULL);
	g_auto(checkpoint) c = { 0 };
	return n && checkpoint_parse(n->text, &c, NULL) && c.size == size && note_verify(n, key, NULL) == NOTE_SIGNED;
}

char *notary_checkpoint(store *s, store_reader *r, const note_key *key, guint64 *size, GError **error)
{
	g_autoptr(GError) failed = NULL;
	guint64 entries;
	if (!store_log_size(r, &entries, error))
		return NULL;
	if (size)
		*size = entries;
	g_autofree char *kept = store_log_checkpoint(r, G_MAXUINT64, &failed);
	if (failed) {
		g_propagate_error(error, g_steal_pointer(&failed));
		return NULL;
	}
	if (kept && is_of(kept, key, entries))
		return g_steal_pointer(&kept);
	merkle_tiles tiles = { store_log_hashes, r };
	g_autofree char *made = checkpoint_sign(&tiles, entries, key, kept, error);
	return made && store_log_keep(s, entries, made, error) ? g_steal_pointer(&made) : NULL;
}

char *notary_past(store *s, store_reader *r, const note_key *key, guint64 size, GError **error)
{
	merkle_tiles tiles = { store_log_hashes, r };
	guint64 entries;
	g_autofree char *newest = notary_checkpoint(s, r, key, &entries, error); /* the tree continues all that was signed */
	if (!newest)
		return NULL;
	if (size <= entries)
		return checkpoint_sign(&tiles, size, key, NULL, error);
	g_set_error(error, LOG_ERROR, LOG_ERROR_FALSE, "the log has %" G_GUINT64_FORMAT " entries, not %" G_GUINT64_FORMAT ".", entries, size);
	return NULL;
}

/* The lines of the witness among those it sent, which must hold on this text. */
static char *lines_of(const char *text, const char *lines, const note_key *witness, GError **error)
{
	g_autofree char *whole = g_strconcat(text, "\n", lines, NULL);
	g_autoptr(note) n = note_parse(whole, strlen(whole), error);
	g_autoptr(GString) own = g_string_new(NULL);
	if (!n)
		return NULL;
	if (note_verify(n, witness, NULL) != NOTE_SIGNED) {
		g_set_error(error, LOG_ERROR, LOG_ERROR_FALSE, _("the answer holds no signature of %s on this checkpoint."), note_key_name(witness));
		return NULL;
	}
	for (gsize i = 0; i < n->n; i++)
		if (strcmp(n->signatures[i].name, note_key_name(witness)) == 0)
			g_string_append_printf(own, "%s\n", n->signatures[i].line);
	return g_string_free(g_steal_pointer(&own), FALSE);
}

gboolean notary_add(store *s, store_reader *r, guint64 size, const char *lines, const note_key *witness, GError **error)
{
	g_autofree char *kept = store_log_checkpoint(r, size, error);
	g_autoptr(note) n = kept ? note_parse(kept, strlen(kept), error) : NULL;
	g_auto(checkpoint) c = { 0 };
	if (!n || !checkpoint_parse(n->text, &c, error))
		return FALSE;
	if (c.size != size) {
		g_set_error(error, LOG_ERROR, LOG_ERROR_FALSE, "no checkpoint is kept for %" G_GUINT64_FORMAT " entries.", size);
		return FALSE;
	}
	g_autofree char *own = lines_of(n->text, lines, witness, error);
	if (!own)
		return FALSE;
	/* A newer line of the same witness takes the place of its older one. */
	g_autoptr(GString) signed_text = g_string_new(n->text);
	g_string_append_c(signed_text, '\n');
	for (gsize i = 0; i < n->n; i++)
		if (strcmp(n->signatures[i].name, note_key_name(witness)) != 0)
			g_string_append_printf(signed_text, "%s\n", n->signatures[i].line);
	g_string_append(signed_text, own);
	return store_log_keep(s, size, signed_text->str, error);
}
