#include "store/bits.h"

/* The instructions that count bits are not in the oldest x86-64, so they are asked for at run time: eight words at a time, or one. The compiler
 * makes what the target has from the same loop. */
#define COUNT_BOTH(name, attributes) \
	attributes static guint name(const guint64 *a, const guint64 *b, gsize words) \
	{ \
		guint64 n = 0; \
		for (gsize i = 0; i < words; i++) \
			n += (guint64)__builtin_popcountll(a[i] & b[i]); \
		return (guint)n; \
	}

COUNT_BOTH(count_plainly, )
#if defined(__clang__) /* makes vectors anyway, and does not know the attribute */
#define MAKING_VECTORS
#else
#define MAKING_VECTORS , optimize("O3")
#endif
#if defined(__x86_64__)
COUNT_BOTH(count_by_word, __attribute__((target("popcnt"))))
COUNT_BOTH(count_by_eight, __attribute__((target("avx512f,avx512vpopcntdq") MAKING_VECTORS)))
#endif

guint bits_count_both(const guint64 *a, const guint64 *b, gsize words)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx512vpopcntdq"))
		return count_by_eight(a, b, words);
	if (__builtin_cpu_supports("popcnt"))
		return count_by_word(a, b, words);
#endif
	return count_plainly(a, b, words);
}

guint bits_count(const guint64 *bits, gsize words)
{
	return bits_count_both(bits, bits, words);
}
