#include "web/witnessing.h"

#include <gio/gio.h>
#include <string.h>

#include "base/canonical.h"
#include "record/message.h"
#include "web/exchange.h"

#define REQUEST_BYTES (128 * 1024)

/* ---- memory: "SIZE\nROOT\n" under the hash of the log's name ---- */

static char *memory_path(const witnessing *w, const note_key *log)
{
	g_autofree char *name = sha256_hex(note_key_name(log), strlen(note_key_name(log))), *file = g_strconcat(name, ".seen", NULL);
	return g_build_filename(w->folder, file, NULL);
}

/* What the witness remembers of a log; size 0 where nothing is kept. FALSE with an error when the file cannot be read or is damaged. */
static gboolean witnessing_memory(const witnessing *w, const note_key *log, witness_memory *out, GError **error)
{
	g_autofree char *path = memory_path(w, log), *text = NULL;
	*out = (witness_memory) { 0 };
	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return TRUE;
	if (!g_file_get_contents(path, &text, NULL, error))
		return FALSE;
	g_auto(GStrv) lines = g_strsplit(text, "\n", 3);
	if (g_strv_length(lines) == 3 && log_number_parse(lines[0], &out->size) && log_hash_parse(lines[1], &out->root))
		return TRUE;
	g_set_error(error, LOG_ERROR, LOG_ERROR_FORM, _("%s is damaged. A witness that forgot what it saw must not go on under the same key: make a new one."), path);
	return FALSE;
}

static gboolean remember(const witnessing *w, const note_key *log, const witness_memory *memory, GError **error)
{
	g_autofree char *path = memory_path(w, log), *root = log_hash_text(&memory->root), *text = g_strdup_printf("%" G_GUINT64_FORMAT "\n%s\n", memory->size, root);
	return g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644, error);
}

/* ---- answers ---- */

/* The log whose name stands in the checkpoint; the first one if none does (it then answers that it does not know it). */
static const note_key *log_of(const witnessing *w, const char *text, gsize length)
{
	g_autofree char *bytes = g_strndup(text, length);
	const char *gap = strstr(bytes, "\n\n");
	for (gsize i = 0; gap && i < w->n_logs; i++) {
		gsize n = strlen(note_key_name(w->logs[i]));
		if (strncmp(gap + 2, note_key_name(w->logs[i]), n) == 0 && gap[2 + n] == '\n')
			return w->logs[i];
	}
	return w->n_logs ? w->logs[0] : NULL;
}

static witness_answer consider(witnessing *w, const char *text, gsize length, char **body, GError **error)
{
	const note_key *log = log_of(w, text, length);
	if (!log) {
		*body = g_strdup("This witness does not know any log yet.\n");
		return WITNESS_UNKNOWN;
	}
	witness_memory memory;
	g_autoptr(GMutexLocker) locked G_GNUC_UNUSED = g_mutex_locker_new(&w->lock);
	if (!witnessing_memory(w, log, &memory, error))
		return WITNESS_OK;
	guint64 before = memory.size;
	witness_answer answer = witness_add(text, length, log, w->key, g_get_real_time() / G_USEC_PER_SEC, &memory, body);
	if (answer == WITNESS_OK && memory.size != before)
		remember(w, log, &memory, error);
	return answer;
}

static void answer_checkpoint(const request *r, response *out)
{
	witnessing *w = (witnessing *)(gintptr)request_about(r);
	g_autoptr(GError) error = NULL;
	g_autofree char *body = NULL;
	gsize length = 0;
	const char *text = request_body(r) ? g_bytes_get_data(request_body(r), &length) : NULL;
	witness_answer answer = consider(w, text ? text : "", length, &body, &error);
	if (error)
		response_error(out, r, error);
	else
		response_status(out, answer, answer == WITNESS_CONFLICT ? "text/x.tlog.size" : "text/plain; charset=utf-8", g_steal_pointer(&body));
}

static void answer_people(const request *r, response *out)
{
	const witnessing *w = request_about(r);
	g_autoptr(GError) error = NULL;
	g_autofree char *key = note_key_public(w->key);
	g_autoptr(GString) text = g_string_new(NULL);
	g_string_printf(text, "%s\n\n", key);
	for (gsize i = 0; i < w->n_logs && !error; i++) {
		witness_memory memory;
		g_autofree char *log = note_key_public(w->logs[i]);
		if (witnessing_memory(w, w->logs[i], &memory, &error))
			g_string_append_printf(text, "%s %" G_GUINT64_FORMAT "\n", log, memory.size);
	}
	if (error)
		response_error(out, r, error);
	else
		response_text(out, "text/plain; charset=utf-8", g_string_free(g_steal_pointer(&text), FALSE));
}

const route witnessing_routes[] = {
	{ .method = "GET", .pattern = "/", .formats = FORMAT_HTML, .handler = answer_people, .permission = PERMISSION_ANYONE, .csrf = CSRF_NONE_SAFE_METHOD, .cache = CACHE_NEVER,
	  .summary = "Key of the witness, and what it saw of each log" },
	{ .method = "POST", .pattern = "/add-checkpoint", .formats = FORMAT_HTML, .handler = answer_checkpoint, .permission = PERMISSION_ANYONE, .csrf = CSRF_SAME_ORIGIN,
	  .body_limit = REQUEST_BYTES, .cache = CACHE_NEVER, .summary = "Cosigns a checkpoint that continues the one seen last (C2SP tlog-witness)" },
};
const gsize witnessing_routes_count = G_N_ELEMENTS(witnessing_routes);
