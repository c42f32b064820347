/* aftermine cosign: asks a witness to sign the newest checkpoint of an instance's log as well. */
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/instance.h"
#include "cli/key.h"
#include "cli/report.h"
#include "log/witness.h"
#include "web/notary.h"

#define ANSWER_BYTES "65536"
#define SECONDS "30"

static char *witness_option;
static gboolean json_option;
static const GOptionEntry options[] = {
	{ "witness", 0, 0, G_OPTION_ARG_FILENAME, &witness_option, N_("Public key of the witness: a file, or the key itself"), "KEY" },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json_option, N_("Answer in JSON"), NULL },
	{ NULL }
};

/* Sends a request body; the status, 0 with an error. curl(1) speaks HTTP and TLS in a process of its own: what the network answers is not parsed here,
 * and the server carries none of it. */
static long post(const char *address, const char *body, GString *answer, GError **error)
{
	g_autofree char *url = g_strconcat(address, g_str_has_suffix(address, "/") ? "" : "/", "add-checkpoint", NULL);
	g_autoptr(GSubprocess) curl = g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, error, "curl", "--disable", "--silent",
		"--show-error", "--proto", "=http,https", "--max-time", SECONDS, "--max-filesize", ANSWER_BYTES, "--user-agent", "aftermine/" AFTERMINE_VERSION, "--header",
		"Content-Type: text/plain; charset=utf-8", "--data-binary", "@-", "--write-out", "\n%{http_code}", "--url", url, NULL);
	g_autofree char *output = NULL, *complaint = NULL;
	if (!curl) {
		g_prefix_error(error, "%s", _("cosign needs the program curl (Debian package curl): "));
		return 0;
	}
	if (!g_subprocess_communicate_utf8(curl, body, NULL, &output, &complaint, error))
		return 0;
	char *status = output ? strrchr(output, '\n') : NULL;
	if (!g_subprocess_get_successful(curl) || !status) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("%s does not answer: %.300s. See that the witness runs and can be reached."), url, g_strchomp(complaint));
		return 0;
	}
	g_string_append_len(answer, output, status - output);
	return (long)g_ascii_strtoll(status + 1, NULL, 10);
}

/* A request that continues what the witness saw last (old entries). */
static char *request_from(store_reader *r, const char *signed_checkpoint, guint64 old, guint64 size, GError **error)
{
	merkle_tiles tiles = { store_log_hashes, r };
	merkle_hash proof[MERKLE_PROOF + 1];
	guint n = 0;
	if (old > size) {
		g_set_error(error, LOG_ERROR, LOG_ERROR_FALSE, _("the witness has seen %" G_GUINT64_FORMAT " entries, but the log has %" G_GUINT64_FORMAT ": it was cut back."), old, size);
		return NULL;
	}
	if (old > 0 && old < size && !merkle_consistency(&tiles, old, size, proof, &n, error))
		return NULL;
	return witness_request(old, proof, n, signed_checkpoint);
}

/* Asks from nothing first; a witness that has seen the log before answers with the size it saw. */
static gboolean ask(store_reader *r, const char *address, const char *signed_checkpoint, guint64 size, GString *answer, GError **error)
{
	guint64 old = 0;
	for (int round = 0; round < 3; round++) {
		g_autofree char *body = request_from(r, signed_checkpoint, old, size, error);
		g_string_truncate(answer, 0);
		long status = body ? post(address, body, answer, error) : 0;
		if (status == WITNESS_OK)
			return TRUE;
		if (status == 0)
			return FALSE;
		g_strchomp(answer->str);
		if (status != WITNESS_CONFLICT || !log_number_parse(answer->str, &old)) {
			g_set_error(error, LOG_ERROR, LOG_ERROR_FALSE, _("the witness refuses (%ld): %.300s"), status, answer->str);
			return FALSE;
		}
	}
	g_set_error(error, LOG_ERROR, LOG_ERROR_FALSE, _("the witness holds another history of %" G_GUINT64_FORMAT " entries than this log. Verify the instance; keep both checkpoints."), old);
	return FALSE;
}

static outcome run(char **arguments, GError **error)
{
	if (!witness_option)
		return usage_error(error, _("name the witness's public key with --witness: a cosignature of anybody else is worth nothing."));
	g_autoptr(note_key) witness = key_given(witness_option, error);
	g_autoptr(store) s = witness ? instance_open(arguments[0], error) : NULL;
	g_autoptr(store_reader) r = s ? store_reader_open(s, error) : NULL;
	g_autoptr(note_key) key = r ? instance_key(arguments[0], error) : NULL;
	guint64 size;
	g_autofree char *signed_checkpoint = key ? notary_checkpoint(s, r, key, &size, error) : NULL;
	g_autoptr(GString) answer = g_string_new(NULL);
	if (!signed_checkpoint || !ask(r, arguments[1], signed_checkpoint, size, answer, error) || !notary_add(s, r, size, answer->str, witness, error))
		return OUTCOME_FAILED;
	if (json_option) {
		report_json(stdout, json_pack("{s:s,s:I}", "witness", note_key_name(witness), "entries", (json_int_t)size));
		return OUTCOME_DONE;
	}
	printf(_("%s has cosigned %" G_GUINT64_FORMAT " entries."), note_key_name(witness), size);
	putchar('\n');
	return OUTCOME_DONE;
}

const command command_cosign = {
	.name = "cosign",
	.summary = N_("have a witness cosign the newest checkpoint of the log"),
	.arguments = "DIR ADDRESS",
	.description = N_("Sends the checkpoint with a proof that it continues what the witness saw last, and keeps the cosignature: it then stands in /log/checkpoint and in every proof. "
	                  "Run it after publications, or every hour."),
	.example = "  aftermine cosign instance https://ngo.example.org/witness --witness ngo.pub\n",
	.options = options,
	.minimum = 2,
	.maximum = 2,
	.run = run,
};
