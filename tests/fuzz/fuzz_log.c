/* Notes, proofs, checkpoints, keys, tile names and bundles as anybody may send them: each is refused or reads back as it was written. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "log/tile.h"
#include "log/witness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(gboolean holds)
{
	if (!holds)
		abort();
}

static void try_proof(const char *bytes, gsize length, const note_key *key)
{
	g_auto(log_proof) p = { 0 }, again = { 0 };
	if (!log_proof_parse(bytes, length, &p, NULL))
		return;
	g_autofree char *text = log_proof_text(&p);
	must(strlen(text) <= 2 * NOTE_BYTES ? log_proof_parse(text, strlen(text), &again, NULL) : TRUE);
	must(!log_proof_holds(&p, "entry", 5, key, NULL)); /* nobody has the key */
}

static void try_names(const char *text)
{
	tile_name name, again;
	g_auto(checkpoint) c = { 0 };
	if (tile_name_parse(text, &name)) {
		g_autofree char *path = tile_name_path(&name);
		must(strcmp(path, text) == 0 && tile_name_parse(path, &again) && again.n == name.n);
	}
	if (checkpoint_parse(text, &c, NULL)) {
		g_autofree char *written = checkpoint_text(&c);
		must(g_str_has_prefix(text, written) || strstr(text, "=") != NULL);
	}
	note_key_free(note_key_parse(text, NULL));
}

static void try_bundle(const guint8 *data, gsize size)
{
	g_autoptr(GByteArray) again = g_byte_array_new();
	const guint8 *entry;
	gsize at = 0, length;
	while (bundle_next(data, size, &at, &entry, &length))
		bundle_add(again, entry, length);
	must(again->len == at && memcmp(again->len ? again->data : data, data, at) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static note_key *log, *witness;
	if (!log) {
		log = note_key_new("land.example", NOTE_ED25519, NULL);
		witness = note_key_new("ngo.example", NOTE_COSIGNATURE, NULL);
	}
	g_autofree char *text = g_strndup(size ? (const char *)data : "", size), *body = NULL;
	witness_memory memory = { 0 };
	note_free(note_parse(text, strlen(text), NULL));
	try_proof(text, strlen(text), log);
	try_names(text);
	try_bundle(data, size);
	must(witness_add(text, strlen(text), log, witness, 0, &memory, &body) != WITNESS_OK && memory.size == 0);
	return 0;
}
