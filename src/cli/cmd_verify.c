/* aftermine verify: does the log say the truth? An instance with all it holds, or one proof, without any network. */
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/instance.h"
#include "cli/key.h"
#include "cli/verify_measurement.h"
#include "log/checkpoint.h"
#include "pack/pack.h"

static char *record_option, *key_option, *since_option, *recompute_option, *table_option, *program_option;
static char **stack_option;
static gboolean json_option;
static const GOptionEntry options[] = {
	{ "record", 0, 0, G_OPTION_ARG_FILENAME, &record_option, N_("The record a proof is of: its canonical bytes, from /api/records/KIND/ID/revisions/N"), "FILE" },
	{ "key", 0, 0, G_OPTION_ARG_FILENAME, &key_option, N_("Public key of the log: a file, or the key itself (default for an instance: its log.pub)"), "KEY" },
	{ "since", 0, 0, G_OPTION_ARG_FILENAME, &since_option, N_("A checkpoint kept from earlier: the log must continue it"), "FILE" },
	{ "recompute", 0, 0, G_OPTION_ARG_STRING, &recompute_option, N_("A measurement of the instance: compute it again and compare every byte"), "ID" },
	{ "stack", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &stack_option, N_("With --recompute: the images it was measured from; more may follow"), "FILE..." },
	{ "table", 0, 0, G_OPTION_ARG_FILENAME, &table_option, N_("With --recompute: the table it was measured from"), "FILE" },
	{ "ldn", 0, 0, G_OPTION_ARG_FILENAME, &program_option, N_("With --recompute: the program ldn (default: the one beside this program, or on PATH)"), "PROGRAM" },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json_option, N_("Answer in JSON"), NULL },
	{ NULL }
};

/* What was found: lies, the first one first, and what holds. */
typedef struct verdict {
	GPtrArray *lies; /* char * */
	guint64 entries, checkpoints;
} verdict;

static void verdict_clear(verdict *v)
{
	g_clear_pointer(&v->lies, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(verdict, verdict_clear)

static void add_lie(verdict *v, char *says)
{
	g_ptr_array_add(v->lies, says);
}

/* ---- a proof ---- */

static outcome verify_proof(const char *path, verdict *v, GError **error)
{
	if (!record_option || !key_option)
		return usage_error(error, _("a proof is verified against its record and the log's key: give --record FILE and --key FILE. The page /log of the site says where they are."));
	g_autofree char *text = NULL, *bytes = NULL;
	gsize length, n;
	g_autoptr(note_key) key = key_given(key_option, error);
	g_auto(log_proof) proof = { 0 };
	if (!key || !g_file_get_contents(path, &text, &length, error) || !g_file_get_contents(record_option, &bytes, &n, error))
		return OUTCOME_FAILED;
	g_autoptr(GError) why = NULL;
	char buffer[72];
	gsize entry_length;
	const char *entry = record_entry(bytes, n, buffer, &entry_length);
	v->entries = 1;
	if (!log_proof_parse(text, length, &proof, &why) || !log_proof_holds(&proof, entry, entry_length, key, &why))
		add_lie(v, g_strdup_printf("%s: %s", path, why->message));
	return OUTCOME_DONE;
}

/* ---- an instance ---- */

/* The tree must have had this root at this size. */
static gboolean check_root(store_reader *r, const checkpoint *c, guint64 size, const char *what, verdict *v, GError **error)
{
	merkle_tiles tiles = { store_log_hashes, r };
	merkle_hash root;
	if (c->size > size) {
		add_lie(v, g_strdup_printf(_("%s speaks of %" G_GUINT64_FORMAT " entries, but the log has %" G_GUINT64_FORMAT ": it was cut."), what, c->size, size));
		return TRUE;
	}
	if (!merkle_root(&tiles, c->size, &root, error))
		return FALSE;
	if (!merkle_equal(&root, &c->root))
		add_lie(v, g_strdup_printf(_("%s: the log does not continue it: its history was changed."), what));
	return TRUE;
}

/* The key of the log, and those it had before. */
typedef struct log_keys {
	const note_key *now;
	const GPtrArray *former;
} log_keys;

static gboolean is_signed(const note *n, const log_keys *keys)
{
	gboolean held = note_verify(n, keys->now, NULL) == NOTE_SIGNED;
	for (guint i = 0; !held && i < keys->former->len; i++)
		held = note_verify(n, g_ptr_array_index(keys->former, i), NULL) == NOTE_SIGNED;
	return held;
}

/* A signed checkpoint against the keys and the tree. */
static gboolean check_note(store_reader *r, const char *text, const log_keys *keys, guint64 size, const char *what, guint64 *at, verdict *v, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(note) n = note_parse(text, strlen(text), &why);
	g_auto(checkpoint) c = { 0 };
	if (!n || !checkpoint_parse(n->text, &c, &why)) {
		add_lie(v, g_strdup_printf("%s: %s", what, why->message));
		return TRUE;
	}
	*at = c.size;
	v->checkpoints++;
	if (!is_signed(n, keys))
		add_lie(v, g_strdup_printf(_("%s is not signed with the log's key, nor with one of log.former."), what));
	return check_root(r, &c, size, what, v, error);
}

static gboolean check_kept(store_reader *r, const log_keys *keys, guint64 size, verdict *v, GError **error)
{
	GError *failed = NULL;
	for (guint64 below = G_MAXINT64, at = 0;; below = at - 1) {
		g_autofree char *text = store_log_checkpoint(r, below, &failed), *what = NULL;
		if (failed) {
			g_propagate_error(error, failed);
			return FALSE;
		}
		if (!text)
			return TRUE;
		at = 0;
		what = g_strdup(_("A kept checkpoint"));
		if (!check_note(r, text, keys, size, what, &at, v, error))
			return FALSE;
		if (at > below) /* else it would be met again and again */
			add_lie(v, g_strdup(_("A kept checkpoint is of another size than it was kept under.")));
		if (at == 0 || at > below)
			return TRUE;
	}
}

static outcome verify_instance(const char *dir, verdict *v, GError **error)
{
	g_autofree char *public_key = g_build_filename(dir, "log.pub", NULL), *since = NULL;
	/* What is not as it was written is not opened: that would write to it. */
	if (!instance_look(dir, v->lies, error))
		return OUTCOME_FAILED;
	if (v->lies->len)
		return OUTCOME_DONE;
	g_autoptr(store) s = instance_open(dir, error);
	g_autoptr(store_reader) r = s ? store_reader_open(s, error) : NULL;
	g_autoptr(note_key) key = r ? key_given(key_option ? key_option : public_key, error) : NULL;
	g_autoptr(GPtrArray) former = key ? instance_former_keys(dir, error) : NULL;
	const log_keys keys = { key, former };
	guint64 ignored;
	if (!former || (since_option && !g_file_get_contents(since_option, &since, NULL, error)))
		return OUTCOME_FAILED;
	/* Revisions, chains, tree, files, projections: the store's own check; then what was signed. */
	if (!instance_look_settings(dir, r, v->lies, error) || !store_check(s, v->lies, error) || !store_log_size(r, &v->entries, error) || !check_kept(r, &keys, v->entries, v, error) ||
	    (since && !check_note(r, since, &keys, v->entries, since_option, &ignored, v, error)))
		return OUTCOME_FAILED;
	return OUTCOME_DONE;
}

/* ---- a pack ---- */

/* A checkpoint from earlier against the entries of the pack. */
static gboolean check_pack_since(const pack *p, const note_key *key, verdict *v, GError **error)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) why = NULL;
	g_auto(checkpoint) c = { 0 };
	merkle_hash root;
	gsize length;
	if (!g_file_get_contents(since_option, &text, &length, error))
		return FALSE;
	g_autoptr(note) n = note_parse(text, length, &why);
	if (!n || !checkpoint_parse(n->text, &c, &why)) {
		add_lie(v, g_strdup_printf("%s: %s", since_option, why->message));
		return TRUE;
	}
	v->checkpoints++;
	if (note_verify(n, key, NULL) != NOTE_SIGNED)
		add_lie(v, g_strdup_printf(_("%s is not signed with the log's key."), since_option));
	if (c.size > v->entries) {
		add_lie(v, g_strdup_printf(_("%s speaks of %" G_GUINT64_FORMAT " entries, but the log has %" G_GUINT64_FORMAT ": it was cut."), since_option, c.size, v->entries));
		return TRUE;
	}
	if (!pack_root(p, c.size, &root, error))
		return FALSE;
	if (!merkle_equal(&root, &c.root))
		add_lie(v, g_strdup_printf(_("%s: the log does not continue it: its history was changed."), since_option));
	return TRUE;
}

static outcome verify_pack(const char *path, verdict *v, GError **error)
{
	g_autoptr(note_key) given = key_option ? key_given(key_option, error) : NULL, own = NULL;
	g_autoptr(GError) why = NULL;
	if (key_option && !given)
		return OUTCOME_FAILED;
	g_autoptr(pack) p = pack_open(path, &why);
	if (!p || !pack_verify(p, given, &why)) {
		if (!g_error_matches(why, PACK_ERROR, PACK_ERROR_FALSE)) {
			g_propagate_error(error, g_steal_pointer(&why));
			return OUTCOME_FAILED;
		}
		add_lie(v, g_strdup_printf("%s: %s", path, why->message));
		return OUTCOME_DONE;
	}
	v->entries = pack_contents(p)->size;
	v->checkpoints = 1;
	own = note_key_parse(pack_contents(p)->key, error);
	return own && (!since_option || check_pack_since(p, own, v, error)) ? OUTCOME_DONE : OUTCOME_FAILED;
}

/* ---- a measurement ---- */

static outcome verify_measurement(const char *dir, char **more, verdict *v, GError **error)
{
	g_autoptr(store) s = instance_open(dir, error);
	g_autoptr(store_reader) r = s ? store_reader_open(s, error) : NULL;
	g_autoptr(GPtrArray) images = g_ptr_array_new();
	char *difference = NULL;
	for (char **image = stack_option; image && *image; image++)
		g_ptr_array_add(images, *image);
	for (; *more; more++)
		g_ptr_array_add(images, *more);
	g_ptr_array_add(images, NULL);
	if (!r || !measurement_recompute(r, &(recompute_inputs){ recompute_option, (char **)images->pdata, table_option, program_option }, &difference, error))
		return error && g_error_matches(*error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE) ? OUTCOME_USAGE : OUTCOME_FAILED;
	v->entries = 1;
	if (difference)
		add_lie(v, difference);
	return OUTCOME_DONE;
}

/* ---- the answer ---- */

static void tell(const char *what, const verdict *v)
{
	if (json_option) {
		json_auto_t *lies = json_array();
		for (guint i = 0; i < v->lies->len; i++)
			json_array_append_new(lies, json_string(g_ptr_array_index(v->lies, i)));
		json_auto_t *answer = json_pack("{s:s,s:b,s:I,s:I,s:O}", "subject", what, "holds", v->lies->len == 0, "entries", (json_int_t)v->entries, "checkpoints",
		    (json_int_t)v->checkpoints, "lies", lies);
		json_dumpf(answer, stdout, JSON_INDENT(2));
		putchar('\n');
		return;
	}
	for (guint i = 0; i < v->lies->len; i++)
		printf("%s\n", (const char *)g_ptr_array_index(v->lies, i));
	if (v->lies->len)
		return;
	if (v->checkpoints)
		printf(terminal_plural("%s holds: %" G_GUINT64_FORMAT " entries of the log with every hash, %" G_GUINT64_FORMAT " signed checkpoint, and all that is made of them.",
		           "%s holds: %" G_GUINT64_FORMAT " entries of the log with every hash, %" G_GUINT64_FORMAT " signed checkpoints, and all that is made of them.", v->checkpoints),
		    what, v->entries, v->checkpoints);
	else
		printf(_("%s holds."), what);
	putchar('\n');
}

static outcome run(char **arguments, GError **error)
{
	const char *what = arguments[0];
	g_auto(verdict) v = { .lies = g_ptr_array_new_with_free_func(g_free) };
	gboolean folder = g_file_test(what, G_FILE_TEST_IS_DIR), is_pack = !folder && (g_str_has_suffix(what, ".zip") || pack_is(what));
	if (!g_file_test(what, G_FILE_TEST_EXISTS))
		return usage_error(error, _("%s is not there. Give the folder of an instance, a data pack, or a file that ends in .tlog-proof."), what);
	if (!recompute_option && (arguments[1] || stack_option || table_option))
		return usage_error(error, _("images and tables go with --recompute ID."));
	if (recompute_option && !folder)
		return usage_error(error, _("--recompute needs the folder of an instance."));
	outcome done = recompute_option ? verify_measurement(what, arguments + 1, &v, error) : folder ? verify_instance(what, &v, error) : is_pack ? verify_pack(what, &v, error) : verify_proof(what, &v, error);
	if (done != OUTCOME_DONE)
		return done;
	tell(recompute_option ? recompute_option : what, &v);
	return v.lies->len ? OUTCOME_NO : OUTCOME_DONE;
}

const command command_verify = {
	.name = "verify",
	.summary = N_("does the log say the truth: an instance, a data pack or a proof; exit 1 and the first lie if not"),
	.arguments = "DIR|PACK|PROOF [--recompute ID --stack FILE...|--table FILE]",
	.description = N_("For an instance: every byte of the database file and of the key files is as the program wrote it, the settings are those the server last ran with; every revision's hash and chain, the log's tree over all of them, every signed checkpoint, and what search and maps are made of. "
	                  "For a data pack: the same from the pack alone, and everything in it (tables, maps, proofs, descriptions) made again from the entries of its log and compared byte by byte; "
	                  "with --key, that it is the log of that key. For a .tlog-proof file: that the record is in the log, with nothing but the record, the proof and the log's public key. With --recompute: a measurement is computed again from its images or its table, "
	                  "with its parameters and the boundary that was measured, and must come out the same, byte for byte; else the first difference is said."),
	.example = "  aftermine verify instance\n  aftermine verify instance --since checkpoint-of-last-year\n  aftermine verify pack.zip --key log.pub\n"
	           "  aftermine verify case-giant-mine-1.tlog-proof --record giant-mine.json --key log.pub\n"
	           "  aftermine verify instance --recompute my-mine-ndvi-2024 --stack s2/*.tif\n",
	.options = options,
	.minimum = 1,
	.maximum = -1,
	.run = run,
};
