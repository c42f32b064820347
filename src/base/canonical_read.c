#include "base/canonical.h"

#include <math.h>
#include <string.h>

#define DEPTH 100

typedef struct reading {
	const char *at, *end; /* *end is NUL */
	guint depth;
} reading;

static json_t *read_value(reading *r);

/* The bytes of a string between its quotes; what is escaped is put into *own, which then holds all of it. FALSE: not canonical. */
static gboolean read_string(reading *r, const char **text, gsize *length, GString **own)
{
	static const char escaped[] = "\"\\bfnrt", means[] = "\"\\\b\f\n\r\t";
	*own = NULL;
	*text = ++r->at;
	for (;;) {
		const char *from = r->at;
		while ((guchar)*r->at >= 0x20 && *r->at != '"' && *r->at != '\\')
			r->at++;
		if (*own)
			g_string_append_len(*own, from, r->at - from);
		if (*r->at == '"')
			break;
		const char *which = *r->at == '\\' && r->at[1] ? strchr(escaped, r->at[1]) : NULL;
		if (!which)
			return FALSE; /* a control character, which a general reader must look at */
		if (!*own)
			*own = g_string_new_len(*text, r->at - *text);
		g_string_append_c(*own, means[which - escaped]);
		r->at += 2;
	}
	*length = *own ? (*own)->len : (gsize)(r->at - *text);
	if (*own)
		*text = (*own)->str;
	r->at++;
	return TRUE;
}

static json_t *read_text(reading *r)
{
	const char *text;
	gsize length;
	GString *own;
	json_t *value = read_string(r, &text, &length, &own) ? json_stringn_nocheck(text, length) : NULL;
	if (own)
		g_string_free(own, TRUE);
	return value;
}

/* A number, and whether it is written as a whole one. FALSE: not canonical. */
static gboolean read_number(reading *r, double *real, gint64 *whole, gboolean *is_whole)
{
	gsize n = strspn(r->at, "-+.0123456789e");
	char number[40], *end;
	if (n == 0 || n >= sizeof number)
		return FALSE;
	memcpy(number, r->at, n);
	number[n] = '\0';
	*is_whole = strspn(number, "-0123456789") == n;
	if (*is_whole && n > 17)
		return FALSE;
	if (*is_whole)
		*real = (double)(*whole = g_ascii_strtoll(number, &end, 10));
	else
		*real = g_ascii_strtod(number, &end);
	r->at += n;
	return !*end && g_ascii_isdigit(end[-1]) && isfinite(*real);
}

/* Which of the words that are values begins here; WORDS: none. */
enum { WORD_TRUE, WORD_FALSE, WORD_NULL, WORDS };
static const char *const words[] = { "true", "false", "null" };

static int read_word(reading *r)
{
	int i = g_ascii_isalpha(*r->at) ? 0 : WORDS;
	while (i < WORDS && !g_str_has_prefix(r->at, words[i]))
		i++;
	r->at += i < WORDS ? strlen(words[i]) : 0;
	return i;
}

/* After an entry: is there another? Goes past the comma or the closing bracket; anything else is a fault. */
static gboolean goes_on(reading *r, char closing, gboolean *fault)
{
	char c = *r->at;
	*fault = c != ',' && c != closing;
	r->at += !*fault;
	return c == ',';
}

static json_t *read_array(reading *r)
{
	json_t *array = json_array();
	gboolean fault = FALSE, more = r->at[1] != ']';
	r->at += more ? 1 : 2;
	while (more && !fault) {
		json_t *value = read_value(r);
		fault = !value || json_array_append_new(array, value) != 0;
		more = !fault && goes_on(r, ']', &fault);
	}
	if (fault)
		json_decref(array);
	return fault ? NULL : array;
}

static gboolean read_member(reading *r, json_t *object)
{
	const char *name;
	gsize length;
	GString *own = NULL;
	gboolean ok = *r->at == '"' && read_string(r, &name, &length, &own) && *r->at == ':';
	if (ok) {
		r->at++;
		json_t *value = read_value(r);
		ok = value && !memchr(name, '\0', length) && json_object_setn_new_nocheck(object, name, length, value) == 0;
	}
	if (own)
		g_string_free(own, TRUE);
	return ok;
}

static json_t *read_object(reading *r)
{
	json_t *object = json_object();
	gboolean fault = FALSE, more = r->at[1] != '}';
	r->at += more ? 1 : 2;
	while (more && !fault) {
		fault = !read_member(r, object);
		more = !fault && goes_on(r, '}', &fault);
	}
	if (fault)
		json_decref(object);
	return fault ? NULL : object;
}

static json_t *read_plain(reading *r)
{
	double real;
	gint64 whole;
	gboolean is_whole;
	switch (read_word(r)) {
	case WORD_TRUE:
		return json_true();
	case WORD_FALSE:
		return json_false();
	case WORD_NULL:
		return json_null();
	default:
		return !read_number(r, &real, &whole, &is_whole) ? NULL : is_whole ? json_integer(whole) : json_real(real);
	}
}

static json_t *read_value(reading *r)
{
	if (++r->depth > DEPTH)
		return NULL;
	json_t *value = *r->at == '"' ? read_text(r) : *r->at == '{' ? read_object(r) : *r->at == '[' ? read_array(r) : read_plain(r);
	r->depth--;
	return value;
}

/* Where the first byte may stand that is not ASCII: at most seven before it. Most of a text is, and eight bytes are looked at at once. */
static gsize ascii_length(const char *bytes, gsize length)
{
	gsize n = 0;
	for (guint64 eight; length - n >= sizeof eight; n += sizeof eight) {
		memcpy(&eight, bytes + n, sizeof eight);
		if (eight & G_GUINT64_CONSTANT(0x8080808080808080))
			break;
	}
	return n;
}

/* Is it UTF-8, and does it begin as a value that holds others? */
static gboolean is_readable(const char *bytes, gsize length)
{
	gsize plain = ascii_length(bytes, length);
	return g_utf8_validate(bytes + plain, (gssize)(length - plain), NULL) && (*bytes == '{' || *bytes == '[');
}

json_t *canonical_read(const char *bytes, gsize length)
{
	reading r = { bytes, bytes + length, 0 };
	if (!is_readable(bytes, length))
		return NULL;
	json_t *value = read_value(&r);
	if (value && r.at == r.end)
		return value;
	json_decref(value);
	return NULL;
}

/* ---- leaves ---- */

typedef struct gathering {
	reading r; /* of a copy that lies in the pool: texts end where their closing quotes were */
	pool *p;
	const canonical_leaf **end;
} gathering;

static gboolean gather_value(gathering *g, const char *path);

static const char *gather_string(gathering *g)
{
	const char *text;
	gsize length;
	GString *own = NULL;
	gboolean ok = read_string(&g->r, &text, &length, &own);
	if (ok && own)
		text = pool_text(g->p, own->str, own->len);
	else if (ok)
		((char *)(gintptr)text)[length] = '\0';
	if (own)
		g_string_free(own, TRUE);
	return ok ? text : NULL;
}

static void gather_leaf(gathering *g, const char *path, const char *text, double number)
{
	canonical_leaf *leaf = pool_take(g->p, sizeof *leaf);
	leaf->path = path;
	leaf->text = text;
	leaf->number = number;
	*g->end = leaf;
	g->end = &leaf->next;
}

static gboolean gather_plain(gathering *g, const char *path)
{
	double real = 0;
	gint64 whole;
	gboolean is_whole;
	int word = read_word(&g->r);
	if (word == WORDS && !read_number(&g->r, &real, &whole, &is_whole))
		return FALSE;
	if (word != WORD_NULL)
		gather_leaf(g, path, word < WORDS ? words[word] : NULL, real);
	return TRUE;
}

static gboolean gather_member(gathering *g, const char *path)
{
	const char *name = *g->r.at == '"' ? gather_string(g) : NULL;
	if (!name || *g->r.at++ != ':')
		return FALSE;
	return gather_value(g, path ? pool_join(g->p, path, ".", name, NULL) : name);
}

/* What stands between brackets; path: of the members of an object. */
static gboolean gather_all(gathering *g, const char *path, char closing, gboolean (*each)(gathering *, const char *path))
{
	gboolean fault = FALSE, more = g->r.at[1] != closing;
	g->r.at += more ? 1 : 2;
	while (more && !fault)
		more = each(g, path) ? goes_on(&g->r, closing, &fault) : !(fault = TRUE);
	return !fault;
}

static gboolean gather_value(gathering *g, const char *path)
{
	if (++g->r.depth > DEPTH)
		return FALSE;
	gboolean ok;
	if (*g->r.at == '"') {
		const char *text = gather_string(g);
		ok = text != NULL;
		if (ok)
			gather_leaf(g, path, text, 0);
	} else if (*g->r.at == '{') {
		ok = gather_all(g, path, '}', gather_member);
	} else if (*g->r.at == '[') {
		ok = gather_all(g, path, ']', gather_value);
	} else {
		ok = gather_plain(g, path);
	}
	g->r.depth--;
	return ok;
}

gboolean canonical_leaves(const char *bytes, gsize length, pool *p, const canonical_leaf **leaves)
{
	const char *own = pool_text(p, bytes, length);
	gathering g = { { own, own + length, 0 }, p, leaves };
	*leaves = NULL;
	return *own == '{' && is_readable(own, length) && gather_value(&g, NULL) && g.r.at == g.r.end;
}

gsize canonical_leaves_size(const canonical_leaf *leaves)
{
	gsize size = 0;
	for (; leaves; leaves = leaves->next)
		size += sizeof *leaves + strlen(leaves->path) + 1 + (leaves->text ? strlen(leaves->text) + 1 : 0);
	return size;
}

const canonical_leaf *canonical_leaves_copy(const canonical_leaf *leaves, gpointer bytes)
{
	gsize n = 0;
	for (const canonical_leaf *leaf = leaves; leaf; leaf = leaf->next)
		n++;
	if (n == 0)
		return NULL;
	canonical_leaf *copy = bytes;
	char *texts = (char *)(copy + n);
	for (gsize i = 0; i < n; i++, leaves = leaves->next) {
		copy[i] = (canonical_leaf){ .next = i + 1 < n ? &copy[i + 1] : NULL, .path = texts, .number = leaves->number };
		texts = stpcpy(texts, leaves->path) + 1;
		if (leaves->text) {
			copy[i].text = texts;
			texts = stpcpy(texts, leaves->text) + 1;
		}
	}
	return copy;
}

const canonical_leaf *canonical_leaf_at(const canonical_leaf *leaves, const char *path)
{
	while (leaves && (*leaves->path != *path || strcmp(leaves->path, path) != 0))
		leaves = leaves->next;
	return leaves;
}

const char *canonical_leaf_text(const canonical_leaf *leaves, const char *path)
{
	const canonical_leaf *leaf = canonical_leaf_at(leaves, path);
	return leaf ? leaf->text : NULL;
}
