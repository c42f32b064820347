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
	guchar first = (guchar)*word;
	b->first[first] = b->first[0xFF] = 1;
	if (first >= 0x80)
		return;
	for (gsize i = 0; i < BEGINNING_LETTERS && b->n < BEGINNINGS_QUICK; i++) {
		b->letters[b->n][i] = i < length ? (guchar)word[i] : 0xFF;
		b->either[b->n][i] = i < length ? 0x20 : 0xFF;
	}
	b->n++;
}

typedef guchar block __attribute__((vector_size(32)));
typedef guint64 eights __attribute__((vector_size(sizeof(block))));

/* Do the blocks of first, second and third letters begin one of the words? */
#define MAY_BEGIN(b, i, text, letter) (block)((text[letter] | b->either[i][letter]) == b->letters[i][letter])

/* The next place from at (not 0) on that may be a stop: none of the bytes passed over, a block at a time, begins a word that is looked for with its first
 * letters or is not ASCII. The compiler makes what the target has from the same loop. */
#define PASS_BLOCKS(name, attributes) \
	attributes static gsize name(const word_beginnings *b, const char *text, gsize at, gsize length) \
	{ \
		for (; at + sizeof(block) + BEGINNING_LETTERS <= length; at += sizeof(block)) { \
			block before, these[BEGINNING_LETTERS], begins = { 0 }; \
			memcpy(&before, text + at - 1, sizeof before); \
			for (gsize i = 0; i < BEGINNING_LETTERS; i++) \
				memcpy(&these[i], text + at + i, sizeof these[i]); \
			for (guint i = 0; i < b->n; i++) \
				begins |= MAY_BEGIN(b, i, these, 0) & MAY_BEGIN(b, i, these, 1) & MAY_BEGIN(b, i, these, 2); \
			block inside = (block)((before | 0x20) - 'a' < 26) | (block)(before - '0' < 10); \
			eights may = (eights)((begins & ~inside) | (block)(these[0] >= 0x80)); \
			if ((may[0] | may[1] | may[2] | may[3]) == 0) \
				continue; \
			guint which = may[0] ? 0 : may[1] ? 1 : may[2] ? 2 : 3; \
			return at + which * 8 + (guint)__builtin_ctzll(GUINT64_FROM_LE(may[which])) / 8; \
		} \
		return at; \
	}

PASS_BLOCKS(pass_plainly, )
#if defined(__x86_64__)
PASS_BLOCKS(pass_wide, __attribute__((target("avx2"))))
#endif

static gsize pass_blocks(const word_beginnings *b, const char *text, gsize at, gsize length)
{
	if (b->n > BEGINNINGS_QUICK || at + sizeof(block) + BEGINNING_LETTERS > length)
		return at;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2"))
		return pass_wide(b, text, at, length);
#endif
	return pass_plainly(b, text, at, length);
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
