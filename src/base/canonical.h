/* Canonical JSON: one sequence of bytes for one value, so that it can be hashed.
 * Source: RFC 8785, JSON Canonicalization Scheme (members sorted by UTF-16 code units, ECMAScript numbers, minimal escapes, no space). */
#pragma once

#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "base/pool.h"

/* The canonical bytes of a value, UTF-8, NUL-terminated after *length bytes; free with g_free. NULL with an error for what has no
 * canonical form: a number that is not finite, or an integer beyond 2^53 that a double cannot hold. */
char *canonical_text(const json_t *value, gsize *length, GError **error);

/* A value for programs to read: strings and numbers as in the canonical form (5.505459, not 5.5054590000000001), members in the order they have. Free with g_free. */
char *json_text(const json_t *value);

/* Appends a text, which must be UTF-8, or a number as json_text does: for what is long enough to be written without being built first. */
void json_write_string(GString *out, const char *text);
void json_write_integer(GString *out, gint64 n);
/* What stands between them: braces, names, commas. Many and short, so that they cost no call while there is room. */
static inline void json_write_bytes(GString *out, const char *bytes, gsize n)
{
	if (n >= out->allocated_len - out->len) {
		g_string_append_len(out, bytes, (gssize)n);
		return;
	}
	memcpy(out->str + out->len, bytes, n);
	out->str[out->len += n] = '\0';
}
static inline void json_write_marks(GString *out, const char *marks)
{
	json_write_bytes(out, marks, strlen(marks));
}

/* Reads canonical bytes (NUL-terminated after length), an object or an array, three times as quick as a general reader. NULL for what it does
 * not know, canonical or not (control characters, long integers, white space): a general reader then says what it is. */
json_t *canonical_read(const char *bytes, gsize length);

/* A value that holds no others, and where it stands: "results.value" is a member of the objects in results. */
typedef struct canonical_leaf {
	const struct canonical_leaf *next;
	const char *path;
	const char *text; /* NULL: a number. Also "true" and "false" */
	double number;
} canonical_leaf;

/* Reads canonical bytes of an object for what is looked at once: all leaves of it in order, lists flattened and nulls left out, in a quarter of the time of
 * canonical_read. They lie in the pool with all their texts; NULL: there are none. FALSE for what it does not know, as canonical_read. */
gboolean canonical_leaves(const char *bytes, gsize length, pool *p, const canonical_leaf **leaves);
/* How many bytes a copy of them needs, and the copy itself in so many, aligned for pointers. */
gsize canonical_leaves_size(const canonical_leaf *leaves);
const canonical_leaf *canonical_leaves_copy(const canonical_leaf *leaves, gpointer bytes);
/* The first of them at a path; the next one follows after its `next`. NULL: there is none. */
const canonical_leaf *canonical_leaf_at(const canonical_leaf *leaves, const char *path);
/* Its text; NULL also for a number. */
const char *canonical_leaf_text(const canonical_leaf *leaves, const char *path);

/* A finite number as ECMAScript writes it (RFC 8785, 3.2.2.3); buffer must hold 32 bytes. Returns the length. */
gsize canonical_number(double value, char buffer[static 32]);

/* Lower-case hexadecimal SHA-256 of bytes, and of a value's canonical bytes. Free with g_free. */
char *sha256_hex(const void *bytes, gsize length);
char *canonical_hash(const json_t *value, GError **error);
