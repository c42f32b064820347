#include "store/block.h"

#include <string.h>

#include "store/bits.h"
#include "store/tokenizer.h"
#include "store/words.h"

#define BIT_BYTES (BLOCK_DOCUMENTS / 8)
enum { LISTED, AS_BITS };

/* ---- writing ---- */

/* A word in a document: how often in title, summary and body. */
typedef struct occurrence {
	guint16 place; /* of the document in its block */
	guint16 times[3];
} occurrence;

typedef struct filling {
	GHashTable *words; /* word -> GArray of occurrence */
	GString *word;
	guint16 place;
	int column;
} filling;

static void free_occurrences(gpointer array)
{
	g_array_unref(array);
}

static gboolean count_word(gpointer data, const char *word, gsize length, gsize start, gsize end)
{
	(void)start, (void)end;
	filling *f = data;
	g_string_truncate(f->word, 0);
	g_string_append_len(f->word, word, (gssize)length);
	GArray *all = g_hash_table_lookup(f->words, f->word->str);
	if (!all) {
		all = g_array_new(FALSE, FALSE, sizeof(occurrence));
		g_hash_table_insert(f->words, g_strndup(word, length), all);
	}
	if (all->len == 0 || g_array_index(all, occurrence, all->len - 1).place != f->place) {
		const occurrence first = { .place = f->place };
		g_array_append_val(all, first);
	}
	guint16 *times = &g_array_index(all, occurrence, all->len - 1).times[f->column];
	*times = MIN(*times + 1, BLOCK_TIMES);
	return TRUE;
}

static void append_varint(GByteArray *out, guint n)
{
	guint8 bytes[5];
	guint length = 0;
	for (; n > 0x7F; n >>= 7)
		bytes[length++] = (guint8)(n | 0x80);
	bytes[length++] = (guint8)n;
	g_byte_array_append(out, bytes, length);
}

static void append_places(GByteArray *out, const occurrence *o, guint n)
{
	guint8 bits[1 + BIT_BYTES] = { AS_BITS }, listed = LISTED;
	if (n > BIT_BYTES) {
		for (guint i = 0; i < n; i++)
			bits[1 + o[i].place / 8] |= (guint8)(1u << o[i].place % 8);
		g_byte_array_append(out, bits, sizeof bits);
		return;
	}
	g_byte_array_append(out, &listed, 1);
	append_varint(out, n);
	for (guint i = 0; i < n; i++)
		append_varint(out, i ? (guint)(o[i].place - o[i - 1].place) : o[i].place);
}

static void append_times(GByteArray *out, const occurrence *o)
{
	gboolean plain = !o->times[0] && !o->times[1] && o->times[2] <= 0xFF;
	guint8 first = plain ? (guint8)o->times[2] : 0;
	g_byte_array_append(out, &first, 1);
	for (int column = 0; column < 3 && !plain; column++)
		append_varint(out, o->times[column]);
}

static gboolean write_word(database *d, const char *word, guint block, const GArray *all, GError **error)
{
	const occurrence *o = (const occurrence *)(gconstpointer)all->data;
	GByteArray *bytes = g_byte_array_new();
	append_places(bytes, o, all->len);
	for (guint i = 0; i < all->len; i++)
		append_times(bytes, &o[i]);
	g_autoptr(GBytes) row = g_byte_array_free_to_bytes(bytes);
	return database_run(d, SQL_BLOCK_SET, error, "sib", word, (gint64)block, row);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gboolean write_words(database *d, GHashTable *words, guint block, GError **error)
{
	guint n;
	g_autofree gpointer *sorted = g_hash_table_get_keys_as_array(words, &n); /* in the table's order, so that its pages are written once */
	qsort(sorted, n, sizeof *sorted, by_bytes);
	gboolean ok = TRUE;
	for (guint i = 0; ok && i < n; i++)
		ok = write_word(d, sorted[i], block, g_hash_table_lookup(words, sorted[i]), error);
	return ok;
}

static gboolean write_block(database *d, guint block, guint upto, GError **error)
{
	filling f = { .words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_occurrences), .word = g_string_new(NULL) };
	guint first = block * BLOCK_DOCUMENTS;
	sqlite3_stmt *texts = database_bind(d, SQL_TEXTS_BETWEEN, error, "ii", (gint64)first, (gint64)upto);
	int code = SQLITE_ERROR;
	while (texts && (code = database_step(d, texts, error)) == SQLITE_ROW) {
		f.place = (guint16)((guint)sqlite3_column_int64(texts, 0) - first);
		for (f.column = 0; f.column < 3; f.column++) {
			const char *text = column_text(texts, 1 + f.column);
			words_each(text, strlen(text), count_word, &f);
		}
	}
	gboolean ok = code == SQLITE_DONE && write_words(d, f.words, block, error);
	g_hash_table_unref(f.words);
	g_string_free(f.word, TRUE);
	return ok;
}

gboolean blocks_upto(database *d, guint *upto, GError **error)
{
	gint64 n;
	gboolean ok = database_number(d, &n, 0, SQL_BLOCKS_UPTO, error, "");
	*upto = ok ? (guint)n : 0;
	return ok;
}

gboolean blocks_fill(database *d, gboolean tidying, GError **error)
{
	gint64 last;
	guint upto;
	if (!database_number(d, &last, 0, SQL_DOCUMENT_COUNT, error, "") || !blocks_upto(d, &upto, error))
		return FALSE;
	guint goal = tidying ? (guint)last : MAX(((guint)last + 1) / BLOCK_DOCUMENTS * BLOCK_DOCUMENTS, 1) - 1;
	gboolean ok = TRUE;
	while (ok && upto < goal) {
		guint block = (upto + 1) / BLOCK_DOCUMENTS;
		upto = MIN((block + 1) * BLOCK_DOCUMENTS - 1, goal);
		g_autofree char *text = g_strdup_printf("%u", upto);
		ok = write_block(d, block, upto, error) && database_run(d, SQL_ABOUT_SET, error, "ss", "blocks", text);
	}
	return ok;
}

/* ---- reading ---- */

typedef struct bytes {
	const guint8 *at, *end;
} bytes;

static inline guint take_byte(bytes *b)
{
	return b->at < b->end ? *b->at++ : 0;
}

static inline guint take_varint(bytes *b)
{
	guint n = 0, shift = 0, byte;
	if (b->at < b->end && *b->at < 0x80)
		return *b->at++;
	do {
		byte = take_byte(b);
		n |= (byte & 0x7F) << shift;
		shift += 7;
	} while (byte & 0x80 && shift < 28);
	return n;
}

/* Places of a row's documents, rising; how many. What is damaged gives fewer. */
static guint take_places(bytes *b, guint16 places[static BLOCK_DOCUMENTS])
{
	guint n = 0;
	if (take_byte(b) == LISTED) {
		guint most = take_varint(b);
		for (guint at = 0, i = 0; i < MIN(most, BLOCK_DOCUMENTS); i++) {
			at += take_varint(b);
			if (at >= BLOCK_DOCUMENTS || (i && at == places[n - 1]))
				break;
			places[n++] = (guint16)at;
		}
		return n;
	}
	guint64 word;
	for (guint i = 0; i < BIT_BYTES / sizeof word && (gsize)(b->end - b->at) >= sizeof word; i++, b->at += sizeof word) {
		memcpy(&word, b->at, sizeof word);
		for (word = GUINT64_FROM_LE(word); word; word &= word - 1)
			places[n++] = (guint16)(i * 64 + (guint)__builtin_ctzll(word));
	}
	return n;
}

static inline void take_times(bytes *b, guint times[static 3])
{
	times[0] = times[1] = 0;
	times[2] = take_byte(b);
	for (int column = 0, plain = times[2] != 0; !plain && column < 3; column++)
		times[column] = take_varint(b);
}

/* What a word weighs that only the body has, by how often. */
static void weigh_bodies(guint8 weights[static 256])
{
	for (int times = 0; times < 256; times++)
		weights[times] = word_weight(0, 0, times);
}

static void read_row(bytes b, guint first, const guint8 *of_body, GArray *documents, GArray *weights)
{
	guint16 places[BLOCK_DOCUMENTS];
	guint n = take_places(&b, places), before = documents->len;
	g_array_set_size(documents, before + n);
	g_array_set_size(weights, before + n);
	guint32 *document = &g_array_index(documents, guint32, before);
	guint8 *weight = &g_array_index(weights, guint8, before);
	const guint8 *at = b.at;
	for (guint i = 0; i < n; i++) {
		document[i] = first + places[i];
		if (at < b.end && *at) {
			weight[i] = of_body[*at++];
		} else if (b.end - at >= 4 && ((at[1] | at[2] | at[3]) & 0x80) == 0) { /* as good as always: each in one byte */
			weight[i] = word_weight(at[1], at[2], at[3]);
			at += 4;
		} else {
			bytes rest = { at, b.end };
			guint times[3];
			take_times(&rest, times);
			weight[i] = word_weight((int)times[0], (int)times[1], (int)times[2]);
			at = rest.at;
		}
	}
}

/* Where a row begins: its first document; bytes lie in the statement. */
static guint row_of(sqlite3_stmt *row, bytes *b)
{
	b->at = sqlite3_column_blob(row, 1);
	b->end = b->at + sqlite3_column_bytes(row, 1);
	return (guint)sqlite3_column_int64(row, 0) * BLOCK_DOCUMENTS;
}

static gboolean read_word(database *d, const char *word, GArray *documents, GArray *weights, GError **error)
{
	guint8 of_body[256];
	weigh_bodies(of_body);
	sqlite3_stmt *rows = database_bind(d, SQL_BLOCKS_OF, error, "s", word);
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(d, rows, error)) == SQLITE_ROW) {
		bytes b;
		guint first = row_of(rows, &b);
		read_row(b, first, of_body, documents, weights);
	}
	return code == SQLITE_DONE;
}

/* How often each document has any of the words that begin alike: title, summary, body. */
typedef struct sums {
	guint32 (*times)[3];
	guint n;
} sums;

static void add_row(sums *s, bytes b, guint first)
{
	guint16 places[BLOCK_DOCUMENTS];
	guint n = take_places(&b, places);
	for (guint i = 0; i < n; i++) {
		guint times[3];
		take_times(&b, times);
		for (int column = 0; column < 3 && first + places[i] <= s->n; column++)
			s->times[first + places[i]][column] += times[column];
	}
}

static gboolean read_beginning(database *d, const char *beginning, GArray *documents, GArray *weights, GError **error)
{
	static const char last[] = "\xF4\x8F\xBF\xBF"; /* U+10FFFF: no word goes on with it */
	sums s = { 0 };
	if (!blocks_upto(d, &s.n, error))
		return FALSE;
	s.times = g_malloc0_n((gsize)s.n + 1, sizeof *s.times);
	g_autofree char *end = g_strconcat(beginning, last, NULL);
	sqlite3_stmt *rows = database_bind(d, SQL_BLOCKS_BETWEEN, error, "ss", beginning, end);
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(d, rows, error)) == SQLITE_ROW) {
		bytes b;
		guint first = row_of(rows, &b);
		add_row(&s, b, first);
	}
	for (guint32 n = 1; n <= s.n; n++) {
		const guint32 *times = s.times[n];
		if (!(times[0] | times[1] | times[2]))
			continue;
		guint8 weight = word_weight((int)MIN(times[0], BLOCK_TIMES), (int)MIN(times[1], BLOCK_TIMES), (int)MIN(times[2], BLOCK_TIMES));
		g_array_append_val(documents, n);
		g_array_append_val(weights, weight);
	}
	g_free(s.times);
	return code == SQLITE_DONE;
}

gboolean blocks_can(const part *p)
{
	return p->n == 1;
}

gboolean blocks_read(database *d, const part *p, GArray *documents, GArray *weights, GError **error)
{
	return (p->prefix ? read_beginning : read_word)(d, p->words[0], documents, weights, error);
}
