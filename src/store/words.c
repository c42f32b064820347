#include "store/words.h"

#include <string.h>

typedef enum class { BREAK, JOIN, LETTER, ALONE } class;

static const struct {
	gunichar from;
	const char *to;
} spelled[] = {
	{ 0x00DF, "ss" }, { 0x00E6, "ae" }, { 0x00F0, "d" }, { 0x00F8, "o" }, { 0x00FE, "th" }, { 0x0111, "d" }, { 0x0127, "h" },
	{ 0x0131, "i" }, { 0x0138, "k" }, { 0x0142, "l" }, { 0x014B, "n" }, { 0x0153, "oe" }, { 0x0167, "t" }, { 0x0219, "s" },
	{ 0x03C2, "\xCF\x83" },
};

static gboolean written_without_spaces(gunichar c)
{
	if (c < 0x0E00)
		return FALSE;
	switch (g_unichar_get_script(c)) {
	case G_UNICODE_SCRIPT_HAN:
	case G_UNICODE_SCRIPT_HIRAGANA:
	case G_UNICODE_SCRIPT_KATAKANA:
	case G_UNICODE_SCRIPT_BOPOMOFO:
	case G_UNICODE_SCRIPT_HANGUL:
	case G_UNICODE_SCRIPT_YI:
	case G_UNICODE_SCRIPT_THAI:
	case G_UNICODE_SCRIPT_LAO:
	case G_UNICODE_SCRIPT_KHMER:
	case G_UNICODE_SCRIPT_MYANMAR:
	case G_UNICODE_SCRIPT_TIBETAN:
		return TRUE;
	default:
		return FALSE;
	}
}

/* Appends one decomposed character in lower case. */
static gsize fold_part(gunichar c, char out[static 8])
{
	c = g_unichar_tolower(c);
	for (gsize i = 0; i < G_N_ELEMENTS(spelled); i++)
		if (spelled[i].from == c)
			return g_strlcpy(out, spelled[i].to, 8);
	return (gsize)g_unichar_to_utf8(c, out);
}

#define FOLDED_MAX (G_UNICHAR_MAX_DECOMPOSITION_LENGTH * 8)

static class fold_character(gunichar c, char out[static FOLDED_MAX], gsize *length)
{
	*length = 0;
	GUnicodeType type = g_unichar_type(c);
	gboolean mark = type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
	if (!mark && type == G_UNICODE_FORMAT)
		return JOIN;
	if (!mark && !g_unichar_isalnum(c))
		return BREAK;
	gboolean alone = written_without_spaces(c);
	if (mark && !alone)
		return JOIN;
	if (alone && g_unichar_get_script(c) != G_UNICODE_SCRIPT_HAN) {
		*length = (gsize)g_unichar_to_utf8(c, out);
		return ALONE;
	}
	gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
	gsize n = g_unichar_fully_decompose(c, TRUE, parts, G_N_ELEMENTS(parts));
	n = MIN(n, G_N_ELEMENTS(parts));
	for (gsize i = 0; i < n; i++)
		if (g_unichar_isalnum(parts[i]))
			*length += fold_part(parts[i], out + *length);
	return *length == 0 ? JOIN : alone ? ALONE : LETTER;
}

/* 0: separates words; else the folded ASCII character; 0xFF: not ASCII. */
static const guchar *ascii_fold(void)
{
	static guchar table[256];
	static gsize ready;
	if (g_once_init_enter(&ready)) {
		for (int c = 0; c < 256; c++)
			table[c] = c >= 0x80 ? 0xFF : g_ascii_isalnum(c) ? (guchar)g_ascii_tolower((char)c) : 0;
		g_once_init_leave(&ready, 1);
	}
	return table;
}

void word_beginnings_add(word_beginnings *b, const char *word, gsize length)
{
	guchar first = (guchar)*word, second = length > 1 ? (guchar)word[1] : 0;
	b->first[first] = b->first[0xFF] = 1;
	if (first >= 0x80)
		return;
	if (b->n < BEGINNINGS_QUICK) {
		b->letters[b->n] = first;
		b->seconds[b->n] = second;
		b->alone[b->n] = second ? 0 : 0xFF;
	}
	b->n++;
}

typedef guchar bytes16 __attribute__((vector_size(16)));

static inline bytes16 load16(const char *text)
{
	bytes16 out;
	memcpy(&out, text, sizeof out);
	return out;
}

/* The next place from at (not 0) on that may be a stop: none of the bytes passed over, sixteen at a time, begins a word that is looked for with its first
 * two or is not ASCII. */
static gsize pass_blocks(const word_beginnings *b, const char *text, gsize at, gsize length)
{
	for (; b->n <= BEGINNINGS_QUICK && at + sizeof(bytes16) < length; at += sizeof(bytes16)) {
		bytes16 these = load16(text + at), lower = these | 0x20, before = load16(text + at - 1), after = load16(text + at + 1) | 0x20, begins = { 0 };
		for (guint i = 0; i < b->n; i++)
			begins |= (bytes16)(lower == b->letters[i]) & ((bytes16)(after == b->seconds[i]) | b->alone[i]);
		bytes16 inside = (bytes16)((before | 0x20) - 'a' < 26) | (bytes16)(before - '0' < 10);
		bytes16 may = (begins & ~inside) | (bytes16)(these >= 0x80);
		guint64 halves[2];
		memcpy(halves, &may, sizeof may);
		for (guint half = 0; half < 2; half++)
			if (halves[half])
				return at + half * 8 + (guint)__builtin_ctzll(GUINT64_FROM_LE(halves[half])) / 8;
	}
	return at;
}

/* From between two words: where the next one begins that is looked for or is not plain ASCII. */
static gsize pass_over(const guchar *ascii, const word_beginnings *b, const char *text, gsize from, gsize length)
{
	gsize i = from;
	while (i < length) {
		guchar is = (guchar)text[i];
		if (!b->first[ascii[is]] || (is < 0x80 && i > from && ascii[(guchar)text[i - 1]] != 0)) {
			i = pass_blocks(b, text, i + 1, length);
			continue;
		}
		while (i > from && ascii[(guchar)text[i - 1]] != 0)
			i--;
		return i;
	}
	return length;
}

gboolean words_each_from(const char *text, gsize length, const word_beginnings *begins, words_visit visit, gpointer data)
{
	const guchar *ascii = ascii_fold();
	char word[WORD_MAX];
	char folded[FOLDED_MAX];
	gsize n = 0, start = 0, i = 0;
	gboolean inside = FALSE;

	while (i < length) {
		if (begins && !inside && (i = pass_over(ascii, begins, text, i, length)) == length)
			break;
		guchar plain = ascii[(guchar)text[i]];
		if (plain != 0 && plain != 0xFF) {
			if (!inside)
				inside = TRUE, start = i, n = 0;
			if (n < WORD_MAX)
				word[n++] = (char)plain;
			i++;
			continue;
		}
		class is = BREAK;
		gsize bytes = 1, m = 0;
		if (plain == 0xFF) {
			gunichar c = g_utf8_get_char_validated(text + i, (gssize)MIN(length - i, 6));
			if (c != (gunichar)-1 && c != (gunichar)-2) {
				bytes = (gsize)g_utf8_skip[(guchar)text[i]];
				is = fold_character(c, folded, &m);
			}
		}
		if (is == LETTER) {
			if (!inside)
				inside = TRUE, start = i, n = 0;
			if (n + m <= WORD_MAX)
				memcpy(word + n, folded, m), n += m;
		} else if (is != JOIN) {
			if (inside && !visit(data, word, n, start, i))
				return FALSE;
			inside = FALSE;
			if (is == ALONE && !visit(data, folded, m, i, i + bytes))
				return FALSE;
		}
		i += bytes;
	}
	return !inside || visit(data, word, n, start, length);
}

gboolean words_each(const char *text, gsize length, words_visit visit, gpointer data)
{
	return words_each_from(text, length, NULL, visit, data);
}

typedef struct folding {
	GString *out;
	gsize at_most;
} folding;

static gboolean append_word(gpointer data, const char *word, gsize length, gsize start, gsize end)
{
	(void)start, (void)end;
	folding *f = data;
	if (f->at_most && f->out->len + length + 1 > f->at_most)
		return FALSE;
	if (f->out->len)
		g_string_append_c(f->out, ' ');
	g_string_append_len(f->out, word, (gssize)length);
	return TRUE;
}

char *words_fold(const char *text, gsize at_most)
{
	folding f = { g_string_new(NULL), at_most };
	words_each(text, strlen(text), append_word, &f);
	return g_string_free(f.out, FALSE);
}
