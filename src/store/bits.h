/* Sets of document numbers as arrays of 64-bit words. */
#pragma once

#include <glib.h>

#define BITS_WORDS(n) (((gsize)(n) >> 6) + 1) /* words that hold numbers 0..n */

static inline gboolean bits_has(const guint64 *bits, guint n)
{
	return (bits[n >> 6] >> (n & 63)) & 1;
}

static inline void bits_add(guint64 *bits, guint n)
{
	bits[n >> 6] |= G_GUINT64_CONSTANT(1) << (n & 63);
}

static inline void bits_remove(guint64 *bits, guint n)
{
	bits[n >> 6] &= ~(G_GUINT64_CONSTANT(1) << (n & 63));
}

/* How many bits each byte of a word has. */
static inline guint64 bits_in_bytes(guint64 word)
{
	word -= word >> 1 & G_GUINT64_CONSTANT(0x5555555555555555);
	word = (word & G_GUINT64_CONSTANT(0x3333333333333333)) + (word >> 2 & G_GUINT64_CONSTANT(0x3333333333333333));
	return (word + (word >> 4)) & G_GUINT64_CONSTANT(0x0F0F0F0F0F0F0F0F);
}

/* How many bits a word has: without the instruction, which cannot be counted on, and without a call. */
static inline guint bits_in(guint64 word)
{
	return (guint)(bits_in_bytes(word) * G_GUINT64_CONSTANT(0x0101010101010101) >> 56);
}

static inline void bits_intersect(guint64 *restrict to, const guint64 *restrict with, gsize words)
{
	gsize i = 0;
	for (; i + 8 <= words; i += 8) /* what a compiler makes wide */
		for (gsize k = 0; k < 8; k++)
			to[i + k] &= with[i + k];
	for (; i < words; i++)
		to[i] &= with[i];
}

static inline void bits_unite(guint64 *restrict to, const guint64 *restrict with, gsize words)
{
	gsize i = 0;
	for (; i + 8 <= words; i += 8)
		for (gsize k = 0; k < 8; k++)
			to[i + k] |= with[i + k];
	for (; i < words; i++)
		to[i] |= with[i];
}

/* How many numbers a set has, and how many two sets share. */
guint bits_count(const guint64 *bits, gsize words);
guint bits_count_both(const guint64 *a, const guint64 *b, gsize words);

/* Visits every number of a set in rising order: for (guint n; bits_next(&walk, &n);). */
typedef struct bits_walk {
	const guint64 *bits;
	gsize words, at;
	guint64 rest;
} bits_walk;

static inline bits_walk bits_walk_begin(const guint64 *bits, gsize words)
{
	return (bits_walk) { bits, words, 0, words ? bits[0] : 0 };
}

static inline gboolean bits_next(bits_walk *w, guint *n)
{
	while (w->rest == 0) {
		if (++w->at >= w->words)
			return FALSE;
		w->rest = w->bits[w->at];
	}
	*n = (guint)(w->at << 6) + (guint)__builtin_ctzll(w->rest);
	w->rest &= w->rest - 1;
	return TRUE;
}
