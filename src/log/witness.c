#include "log/witness.h"

#include <string.h>

#define PROOF_LINES 63

char *witness_request(guint64 old, const merkle_hash *proof, guint n, const char *signed_checkpoint)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_string_printf(out, "old %" G_GUINT64_FORMAT "\n", old);
	for (guint i = 0; i < n; i++) {
		g_autofree char *hash = log_hash_text(&proof[i]);
		g_string_append_printf(out, "%s\n", hash);
	}
	g_string_append_c(out, '\n');
	g_string_append(out, signed_checkpoint);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

typedef struct asked {
	guint64 old;
	merkle_hash proof[PROOF_LINES];
	guint n;
	note *note;
	checkpoint checkpoint;
} asked;

static void asked_clear(asked *a)
{
	note_free(a->note);
	checkpoint_clear(&a->checkpoint);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(asked, asked_clear)

static gboolean parse_request(const char *request, gsize length, asked *a)
{
	g_autofree char *text = length <= 2 * NOTE_BYTES && g_utf8_validate(request, (gssize)length, NULL) ? g_strndup(request, length) : NULL;
	char *gap = text ? strstr(text, "\n\n") : NULL;
	if (!gap)
		return FALSE;
	*gap = '\0';
	g_auto(GStrv) lines = g_strsplit(text, "\n", PROOF_LINES + 2);
	if (!g_str_has_prefix(lines[0], "old ") || !log_number_parse(lines[0] + strlen("old "), &a->old))
		return FALSE;
	for (guint i = 1; lines[i]; i++)
		if (a->n == PROOF_LINES || !log_hash_parse(lines[i], &a->proof[a->n++]))
			return FALSE;
	a->note = note_parse(gap + 2, strlen(gap + 2), NULL);
	return a->note && checkpoint_parse(a->note->text, &a->checkpoint, NULL);
}

static witness_answer says(char **body, witness_answer answer, const char *why)
{
	*body = g_strconcat(why, "\n", NULL);
	return answer;
}

static witness_answer saw(char **body, const witness_memory *memory)
{
	*body = g_strdup_printf("%" G_GUINT64_FORMAT "\n", memory->size);
	return WITNESS_CONFLICT;
}

witness_answer witness_add(const char *request, gsize length, const note_key *log, const note_key *witness, gint64 now, witness_memory *memory, char **body)
{
	g_auto(asked) a = { 0 };
	if (!parse_request(request, length, &a))
		return says(body, WITNESS_BAD_REQUEST, "The request is not: old SIZE, proof lines, an empty line, a signed checkpoint.");
	if (strcmp(a.checkpoint.origin, note_key_name(log)) != 0)
		return says(body, WITNESS_UNKNOWN, "This witness does not know that log.");
	if (note_verify(a.note, log, NULL) != NOTE_SIGNED)
		return says(body, WITNESS_FORBIDDEN, "The checkpoint is not signed with the key this witness knows the log by.");
	if (a.old > a.checkpoint.size)
		return says(body, WITNESS_BAD_REQUEST, "The old size is above the checkpoint's.");
	if (a.old != memory->size)
		return saw(body, memory);
	if (a.old == a.checkpoint.size && a.old > 0 && !merkle_equal(&memory->root, &a.checkpoint.root))
		return saw(body, memory);
	merkle_hash empty = merkle_empty();
	if (!merkle_consistency_holds(a.old, a.old ? &memory->root : &empty, a.checkpoint.size, &a.checkpoint.root, a.proof, a.n))
		return says(body, WITNESS_INCONSISTENT, "The proof does not show that the log continues what this witness saw.");
	memory->size = a.checkpoint.size;
	memory->root = a.checkpoint.root;
	*body = note_sign(witness, a.note->text, now);
	return WITNESS_OK;
}
