#include "store/bits.h"

/* The instruction that counts bits is not in the oldest x86-64, so it is asked for at run time. */
#if defined(__x86_64__)
#define COUNTING __attribute__((target("popcnt")))
#else
#define COUNTING
#endif

static inline __attribute__((always_inline)) guint count_both(const guint64 *a, const guint64 *b, gsize words)
{
	guint n = 0;
	for (gsize i = 0; i < words; i++)
		n += (guint)__builtin_popcountll(a[i] & b[i]);
	return n;
}

COUNTING static guint count_both_quickly(const guint64 *a, const guint64 *b, gsize words)
{
	guint n = 0;
	for (gsize i = 0; i < words; i++)
		n += (guint)__builtin_popcountll(a[i] & b[i]);
	return n;
}

guint bits_count_both(const guint64 *a, const guint64 *b, gsize words)
{
#if defined(__x86_64__)
	return __builtin_cpu_supports("popcnt") ? count_both_quickly(a, b, words) : count_both(a, b, words);
#else
	return count_both_quickly(a, b, words);
#endif
}

guint bits_count(const guint64 *bits, gsize words)
{
	return bits_count_both(bits, bits, words);
}
