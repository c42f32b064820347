#include "log/checkpoint.h"
#include "record/message.h"

#include <sodium.h>
#include <string.h>

#define PROOF_START "c2sp.org/tlog-proof@v1"

GQuark log_error_quark(void)
{
	return g_quark_from_static_string("log-error");
}

/* ---- lines ---- */

gboolean log_number_parse(const char *text, guint64 *out)
{
	if (!g_ascii_isdigit(*text) || (text[0] == '0' && text[1]))
		return FALSE;
	return g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, out, NULL);
}

gboolean log_hash_parse(const char *text, merkle_hash *out)
{
	gsize length;
	const char *end;
	return sodium_base642bin(out->bytes, sizeof out->bytes, text, strlen(text), NULL, &length, &end, sodium_base64_VARIANT_ORIGINAL) == 0 && *end == '\0' &&
	       length == sizeof out->bytes;
}

char *log_hash_text(const merkle_hash *hash)
{
	return g_base64_encode(hash->bytes, sizeof hash->bytes);
}

/* ---- checkpoints ---- */

void checkpoint_clear(checkpoint *c)
{
	g_clear_pointer(&c->origin, g_free);
}

char *checkpoint_text(const checkpoint *c)
{
	g_autofree char *root = log_hash_text(&c->root);
	return g_strdup_printf("%s\n%" G_GUINT64_FORMAT "\n%s\n", c->origin, c->size, root);
}

gboolean checkpoint_parse(const char *text, checkpoint *out, GError **error)
{
	*out = (checkpoint) { 0 };
	g_auto(GStrv) lines = g_strsplit(text, "\n", 4);
	if (g_strv_length(lines) < 4)
		g_set_error_literal(error, LOG_ERROR, LOG_ERROR_FORM, _("the checkpoint has fewer than three lines: origin, size, root."));
	else if (!*lines[0])
		g_set_error_literal(error, LOG_ERROR, LOG_ERROR_FORM, _("the first line of the checkpoint, the log's origin, is empty."));
	else if (!log_number_parse(lines[1], &out->size))
		g_set_error(error, LOG_ERROR, LOG_ERROR_FORM, _("the second line of the checkpoint, \"%.40s\", is not a size."), lines[1]);
	else if (!log_hash_parse(lines[2], &out->root))
		g_set_error(error, LOG_ERROR, LOG_ERROR_FORM, _("the third line of the checkpoint, \"%.60s\", is not a hash in base64."), lines[2]);
	else
		out->origin = g_strdup(lines[0]);
	return out->origin != NULL;
}

/* Does the tree still begin with what was signed before? */
static gboolean continues(const merkle_tiles *tiles, guint64 size, const note_key *key, const char *kept, GError **error)
{
	g_auto(checkpoint) before = { 0 };
	g_autoptr(note) signed_before = note_parse(kept, strlen(kept), error);
	merkle_hash root;
	if (!signed_before || !checkpoint_parse(signed_before->text, &before, error))
		return FALSE;
	if (strcmp(before.origin, note_key_name(key)) != 0)
		return TRUE; /* the log was given a new name: its old checkpoints are another log's */
	if (before.size <= size && !merkle_root(tiles, before.size, &root, error))
		return FALSE;
	if (before.size <= size && merkle_equal(&root, &before.root))
		return TRUE;
	g_set_error(error, LOG_ERROR, LOG_ERROR_FALSE,
		"the log does not continue what was signed for %" G_GUINT64_FORMAT " entries: its history was changed, or an old backup was restored. Nothing is signed. \"aftermine check\" says more.",
		before.size);
	return FALSE;
}

char *checkpoint_sign(const merkle_tiles *tiles, guint64 size, const note_key *key, const char *kept, GError **error)
{
	checkpoint c = { (char *)(gintptr)note_key_name(key), size, { { 0 } } };
	if ((kept && !continues(tiles, size, key, kept, error)) || !merkle_root(tiles, size, &c.root, error))
		return NULL;
	g_autofree char *text = checkpoint_text(&c), *line = note_sign(key, text, 0);
	return g_strconcat(text, "\n", line, NULL);
}

/* ---- proofs ---- */

void log_proof_clear(log_proof *p)
{
	g_clear_pointer(&p->note, g_free);
	g_clear_pointer(&p->extra, g_free);
}

char *log_proof_text(const log_proof *p)
{
	g_autoptr(GString) out = g_string_new(PROOF_START "\n");
	if (p->extra) {
		g_autofree char *extra = g_base64_encode((const guint8 *)p->extra, strlen(p->extra));
		g_string_append_printf(out, "extra %s\n", extra);
	}
	g_string_append_printf(out, "index %" G_GUINT64_FORMAT "\n", p->index);
	for (guint i = 0; i < p->n; i++) {
		g_autofree char *hash = log_hash_text(&p->path[i]);
		g_string_append_printf(out, "%s\n", hash);
	}
	g_string_append_c(out, '\n');
	g_string_append(out, p->note);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean wrong_line(guint number, const char *line, const char *should, GError **error)
{
	g_set_error(error, LOG_ERROR, LOG_ERROR_FORM, _("line %u of the proof, \"%.60s\", is not %s."), number, line, should);
	return FALSE;
}

static gboolean parse_extra(const char *encoded, log_proof *out)
{
	gsize size = strlen(encoded) + 1, length;
	const char *end;
	out->extra = g_malloc(size);
	if (sodium_base642bin((guint8 *)out->extra, size - 1, encoded, strlen(encoded), NULL, &length, &end, sodium_base64_VARIANT_ORIGINAL) != 0 || *end)
		return FALSE;
	out->extra[length] = '\0';
	return TRUE;
}

/* The lines before the empty one. */
static gboolean parse_head(char **lines, log_proof *out, GError **error)
{
	guint at = 0;
	if (g_strcmp0(lines[at], PROOF_START) != 0)
		return wrong_line(1, lines[at] ? lines[at] : "", PROOF_START, error);
	at++;
	if (lines[at] && g_str_has_prefix(lines[at], "extra ")) {
		if (!parse_extra(lines[at] + strlen("extra "), out))
			return wrong_line(at + 1, lines[at], "base64 after the word extra", error);
		at++;
	}
	if (!lines[at] || !g_str_has_prefix(lines[at], "index ") || !log_number_parse(lines[at] + strlen("index "), &out->index))
		return wrong_line(at + 1, lines[at] ? lines[at] : "", "the word index and a number", error);
	for (at++; lines[at]; at++)
		if (out->n == MERKLE_PROOF || !log_hash_parse(lines[at], &out->path[out->n++]))
			return wrong_line(at + 1, lines[at], "a hash in base64", error);
	return TRUE;
}

gboolean log_proof_parse(const char *bytes, gsize length, log_proof *out, GError **error)
{
	*out = (log_proof) { 0 };
	g_autofree char *text = length <= 2 * NOTE_BYTES && g_utf8_validate(bytes, (gssize)length, NULL) ? g_strndup(bytes, length) : NULL;
	char *gap = text ? strstr(text, "\n\n") : NULL;
	if (!gap) {
		g_set_error_literal(error, LOG_ERROR, LOG_ERROR_FORM, _("this is not a proof: it is too long, not text, or has no empty line before its checkpoint."));
		return FALSE;
	}
	*gap = '\0';
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	out->note = g_strdup(gap + 2);
	if (parse_head(lines, out, error))
		return TRUE;
	log_proof_clear(out);
	return FALSE;
}

static gboolean is_false(GError **error, const char *why)
{
	g_set_error_literal(error, LOG_ERROR, LOG_ERROR_FALSE, why);
	return FALSE;
}

gboolean log_proof_holds(const log_proof *p, const void *entry, gsize length, const note_key *key, GError **error)
{
	g_auto(checkpoint) c = { 0 };
	g_autoptr(note) signed_note = note_parse(p->note, strlen(p->note), error);
	if (!signed_note || !checkpoint_parse(signed_note->text, &c, error))
		return FALSE;
	if (note_verify(signed_note, key, NULL) != NOTE_SIGNED)
		return is_false(error, "the checkpoint is not signed with the log's key.");
	if (strcmp(c.origin, note_key_name(key)) != 0)
		return is_false(error, "the checkpoint is of another log than the key.");
	merkle_hash leaf = merkle_leaf(entry, length);
	if (!merkle_inclusion_holds(&leaf, p->index, c.size, p->path, p->n, &c.root))
		return is_false(error, "the hashes do not lead from this record to the log's root: the record was altered, or the proof is of another one.");
	return TRUE;
}
