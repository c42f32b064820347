#include "log/note.h"
#include "record/message.h"

#include <sodium.h>
#include <string.h>

#define SIGNATURE_START "\xe2\x80\x94 " /* em dash, space */
#define SECRET_START "PRIVATE+KEY+"
#define SEED crypto_sign_SEEDBYTES

struct note_key {
	char *name;
	note_algorithm algorithm;
	guint8 id[4];
	guint8 public[crypto_sign_PUBLICKEYBYTES];
	gboolean signs;
	guint8 *secret; /* crypto_sign_SECRETKEYBYTES, guarded memory */
};

GQuark note_error_quark(void)
{
	return g_quark_from_static_string("note-error");
}

/* ---- keys ---- */

static gboolean name_is_valid(const char *name)
{
	if (!*name || !g_utf8_validate(name, -1, NULL))
		return FALSE;
	for (const char *p = name; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (c == '+' || c < 0x20 || g_unichar_isspace(c))
			return FALSE;
	}
	return TRUE;
}

static gboolean check_name(const char *name, GError **error)
{
	if (name_is_valid(name))
		return TRUE;
	g_set_error(error, NOTE_ERROR, NOTE_ERROR_KEY, _("\"%.60s\" cannot name a key. Use the address without https://, such as land.example.org, without spaces and plus signs."), name);
	return FALSE;
}

static void key_identify(note_key *key)
{
	guint8 kind = (guint8)key->algorithm, hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const guint8 *)key->name, strlen(key->name));
	crypto_hash_sha256_update(&state, (const guint8 *)"\n", 1);
	crypto_hash_sha256_update(&state, &kind, 1);
	crypto_hash_sha256_update(&state, key->public, sizeof key->public);
	crypto_hash_sha256_final(&state, hash);
	memcpy(key->id, hash, sizeof key->id);
}

static note_key *key_from_seed(const char *name, note_algorithm algorithm, const guint8 seed[SEED])
{
	note_key *key = g_new0(note_key, 1);
	key->name = g_strdup(name);
	key->algorithm = algorithm;
	key->signs = TRUE;
	key->secret = sodium_init() < 0 ? NULL : sodium_malloc(crypto_sign_SECRETKEYBYTES);
	if (!key->secret)
		g_error("no guarded memory for a key");
	crypto_sign_seed_keypair(key->public, key->secret, seed);
	key_identify(key);
	return key;
}

note_key *note_key_new(const char *name, note_algorithm algorithm, GError **error)
{
	guint8 seed[SEED];
	if (!check_name(name, error))
		return NULL;
	randombytes_buf(seed, sizeof seed);
	note_key *key = key_from_seed(name, algorithm, seed);
	sodium_memzero(seed, sizeof seed);
	return key;
}

void note_key_free(note_key *key)
{
	if (!key)
		return;
	sodium_free(key->secret);
	g_free(key->name);
	g_free(key);
}

static note_key *key_from_bytes(const char *name, const guint8 *bytes, gboolean secret)
{
	if (secret)
		return key_from_seed(name, bytes[0], bytes + 1);
	note_key *key = g_new0(note_key, 1);
	key->name = g_strdup(name);
	key->algorithm = bytes[0];
	memcpy(key->public, bytes + 1, sizeof key->public);
	key_identify(key);
	return key;
}

note_key *note_key_parse(const char *text, GError **error)
{
	gboolean secret = g_str_has_prefix(text, SECRET_START);
	g_auto(GStrv) parts = g_strsplit(text + (secret ? strlen(SECRET_START) : 0), "+", 3);
	note_key *key = NULL;
	if (g_strv_length(parts) == 3 && name_is_valid(parts[0])) {
		guint8 bytes[1 + SEED], id[4];
		gsize length = 0, id_length = 0;
		const char *end = NULL, *id_end = NULL;
		g_strchomp(parts[2]);
		gboolean formed = sodium_base642bin(bytes, sizeof bytes, parts[2], strlen(parts[2]), NULL, &length, &end, sodium_base64_VARIANT_ORIGINAL) == 0 &&
		                  *end == '\0' && length == sizeof bytes && (bytes[0] == NOTE_ED25519 || bytes[0] == NOTE_COSIGNATURE) &&
		                  sodium_hex2bin(id, sizeof id, parts[1], strlen(parts[1]), NULL, &id_length, &id_end) == 0 && *id_end == '\0' && id_length == sizeof id;
		key = formed ? key_from_bytes(parts[0], bytes, secret) : NULL;
		if (key && memcmp(key->id, id, sizeof id) != 0)
			g_clear_pointer(&key, note_key_free);
		sodium_memzero(bytes, sizeof bytes);
		sodium_memzero(parts[2], strlen(parts[2]));
	}
	if (!key)
		g_set_error(error, NOTE_ERROR, NOTE_ERROR_KEY, _("this is not a %s key. It reads %sNAME+ID+KEY, on one line."), secret ? "secret" : "public", secret ? SECRET_START : "");
	return key;
}

const char *note_key_name(const note_key *key)
{
	return key->name;
}

gboolean note_key_signs(const note_key *key)
{
	return key->signs;
}

static char *base64(const guint8 *bytes, gsize length)
{
	gsize size = sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL);
	return sodium_bin2base64(g_malloc(size), size, bytes, length, sodium_base64_VARIANT_ORIGINAL);
}

static char *key_text(const note_key *key, const char *start, const guint8 *material)
{
	guint8 bytes[1 + SEED] = { (guint8)key->algorithm };
	memcpy(bytes + 1, material, SEED);
	char id[9], *encoded = base64(bytes, sizeof bytes);
	sodium_bin2hex(id, sizeof id, key->id, sizeof key->id);
	char *text = g_strconcat(start, key->name, "+", id, "+", encoded, NULL);
	sodium_memzero(bytes, sizeof bytes);
	note_wipe(encoded);
	return text;
}

char *note_key_public(const note_key *key)
{
	return key_text(key, "", key->public);
}

char *note_key_secret(const note_key *key)
{
	if (!key->signs)
		return NULL;
	guint8 seed[SEED];
	crypto_sign_ed25519_sk_to_seed(seed, key->secret);
	char *text = key_text(key, SECRET_START, seed);
	sodium_memzero(seed, sizeof seed);
	return text;
}

void note_wipe(char *secret)
{
	if (secret)
		sodium_memzero(secret, strlen(secret));
	g_free(secret);
}

/* ---- signing ---- */

/* What is signed: the text, for a cosignature after a line of its own and the time. */
static char *message(note_algorithm algorithm, const char *text, gint64 time)
{
	return algorithm == NOTE_COSIGNATURE ? g_strdup_printf("cosignature/v1\ntime %" G_GINT64_FORMAT "\n%s", time, text) : g_strdup(text);
}

static void put_time(guint8 out[8], gint64 time)
{
	guint64 big = GUINT64_TO_BE((guint64)time);
	memcpy(out, &big, sizeof big);
}

char *note_sign(const note_key *key, const char *text, gint64 time)
{
	g_return_val_if_fail(key->signs && g_str_has_suffix(text, "\n"), NULL);
	guint8 bytes[4 + 8 + crypto_sign_BYTES];
	gsize stamp = key->algorithm == NOTE_COSIGNATURE ? 8 : 0;
	g_autofree char *signed_text = message(key->algorithm, text, time);
	memcpy(bytes, key->id, 4);
	if (stamp)
		put_time(bytes + 4, time);
	crypto_sign_detached(bytes + 4 + stamp, NULL, (const guint8 *)signed_text, strlen(signed_text), key->secret);
	g_autofree char *encoded = base64(bytes, 4 + stamp + crypto_sign_BYTES);
	return g_strconcat(SIGNATURE_START, key->name, " ", encoded, "\n", NULL);
}

/* ---- reading ---- */

static gboolean parse_signature(const char *line, gsize length, note_signature *out)
{
	if (length < strlen(SIGNATURE_START) || memcmp(line, SIGNATURE_START, strlen(SIGNATURE_START)) != 0)
		return FALSE;
	g_autofree char *whole = g_strndup(line, length);
	char *name = whole + strlen(SIGNATURE_START), *space = strchr(name, ' ');
	if (!space)
		return FALSE;
	*space = '\0';
	const char *encoded = space + 1, *end;
	g_autofree guint8 *bytes = g_malloc(length);
	gsize n;
	if (!name_is_valid(name) || sodium_base642bin(bytes, length, encoded, strlen(encoded), NULL, &n, &end, sodium_base64_VARIANT_ORIGINAL) != 0 || *end || n < 5)
		return FALSE;
	out->name = g_strdup(name);
	memcpy(out->id, bytes, 4);
	out->length = n - 4;
	out->bytes = g_memdup2(bytes + 4, n - 4);
	out->line = g_strndup(line, length);
	return TRUE;
}

static gboolean is_plain(const char *bytes, gsize length)
{
	for (gsize i = 0; i < length; i++)
		if ((guint8)bytes[i] < 0x20 && bytes[i] != '\n')
			return FALSE;
	return g_utf8_validate(bytes, (gssize)length, NULL);
}

static gboolean parse_signatures(note *n, const char *at, const char *end, GError **error)
{
	g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(note_signature));
	gboolean ok = TRUE;
	while (ok && at < end) {
		const char *newline = memchr(at, '\n', (gsize)(end - at));
		note_signature s;
		ok = newline && list->len < NOTE_SIGNATURES && parse_signature(at, (gsize)(newline - at), &s);
		if (ok)
			g_array_append_val(list, s);
		at = ok ? newline + 1 : end;
	}
	n->n = list->len;
	n->signatures = (note_signature *)(gpointer)g_array_steal(list, NULL);
	if (ok && n->n > 0)
		return TRUE;
	g_set_error_literal(error, NOTE_ERROR, NOTE_ERROR_FORM, _("the note has no signature lines, or one of them is not one. Each reads: — NAME BASE64"));
	return FALSE;
}

note *note_parse(const char *bytes, gsize length, GError **error)
{
	if (length > NOTE_BYTES || !is_plain(bytes, length)) {
		g_set_error(error, NOTE_ERROR, NOTE_ERROR_FORM, _("the note is not plain UTF-8 text of at most %d bytes."), NOTE_BYTES);
		return NULL;
	}
	/* The last empty line parts text and signatures. */
	gsize at = length;
	while (at >= 2 && !(bytes[at - 1] == '\n' && bytes[at - 2] == '\n'))
		at--;
	if (at < 3) {
		g_set_error_literal(error, NOTE_ERROR, NOTE_ERROR_FORM, _("the note has no empty line between its text and its signatures."));
		return NULL;
	}
	g_autoptr(note) n = g_new0(note, 1);
	n->text = g_strndup(bytes, at - 1);
	return parse_signatures(n, bytes + at, bytes + length, error) ? g_steal_pointer(&n) : NULL;
}

void note_free(note *n)
{
	if (!n)
		return;
	for (gsize i = 0; i < n->n; i++) {
		g_free(n->signatures[i].name);
		g_free(n->signatures[i].bytes);
		g_free(n->signatures[i].line);
	}
	g_free(n->signatures);
	g_free(n->text);
	g_free(n);
}

static gboolean signature_holds(const note *n, const note_signature *s, const note_key *key, gint64 *time)
{
	gsize stamp = key->algorithm == NOTE_COSIGNATURE ? 8 : 0;
	guint64 big = 0;
	if (s->length != stamp + crypto_sign_BYTES)
		return FALSE;
	memcpy(&big, s->bytes, stamp);
	guint64 when = GUINT64_FROM_BE(big);
	if (when > G_MAXINT64)
		return FALSE;
	g_autofree char *signed_text = message(key->algorithm, n->text, (gint64)when);
	if (crypto_sign_verify_detached(s->bytes + stamp, (const guint8 *)signed_text, strlen(signed_text), key->public) != 0)
		return FALSE;
	if (time)
		*time = (gint64)when;
	return TRUE;
}

note_verdict note_verify(const note *n, const note_key *key, gint64 *time)
{
	note_verdict verdict = NOTE_UNSIGNED;
	if (time)
		*time = 0;
	for (gsize i = 0; i < n->n; i++) {
		const note_signature *s = &n->signatures[i];
		if (strcmp(s->name, key->name) != 0 || memcmp(s->id, key->id, 4) != 0)
			continue;
		if (!signature_holds(n, s, key, time))
			return NOTE_FORGED;
		verdict = NOTE_SIGNED;
	}
	return verdict;
}
