#include "store/columns.h"

#include <string.h>

/* Three bits become their sum's two: ones takes in two more. */
#define ADD(carry, ones, a, b) \
	do { \
		columns_row differ = (a) ^ (b); \
		carry = ((a) & (b)) | (differ & (ones)); \
		ones ^= differ; \
	} while (0)

/* The compiler makes what the target has from the same loop; the sums of the lowest planes stay in its registers. */
#define ADD_ROWS(name, attributes) \
	attributes static void name(columns_row *restrict planes, const columns_row *const *rows, guint n, guint before) \
	{ \
		columns_row ones = planes[0], twos = planes[1], fours = planes[2], eights = planes[3], two, two_more, four, four_more, eight, eight_more, carry; \
		for (guint done = COLUMNS_TOGETHER; done <= n; done += COLUMNS_TOGETHER, rows += COLUMNS_TOGETHER) { \
			ADD(two, ones, *rows[0], *rows[1]); \
			ADD(two_more, ones, *rows[2], *rows[3]); \
			ADD(four, twos, two, two_more); \
			ADD(two, ones, *rows[4], *rows[5]); \
			ADD(two_more, ones, *rows[6], *rows[7]); \
			ADD(four_more, twos, two, two_more); \
			ADD(eight, fours, four, four_more); \
			ADD(two, ones, *rows[8], *rows[9]); \
			ADD(two_more, ones, *rows[10], *rows[11]); \
			ADD(four, twos, two, two_more); \
			ADD(two, ones, *rows[12], *rows[13]); \
			ADD(two_more, ones, *rows[14], *rows[15]); \
			ADD(four_more, twos, two, two_more); \
			ADD(eight_more, fours, four, four_more); \
			ADD(carry, eights, eight, eight_more); \
			for (guint plane = 4; (before + done) >> plane; plane++) { \
				columns_row next = planes[plane] & carry; \
				planes[plane] ^= carry; \
				carry = next; \
			} \
		} \
		planes[0] = ones, planes[1] = twos, planes[2] = fours, planes[3] = eights; \
	}

ADD_ROWS(add_plainly, )
#if defined(__x86_64__)
ADD_ROWS(add_at_once, __attribute__((target("avx512f"))))
#endif

void columns_add(columns_sum *s, const columns_row **rows, guint n)
{
	static const columns_row nothing;
	while (n % COLUMNS_TOGETHER)
		rows[n++] = &nothing;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx512f"))
		add_at_once(s->planes, rows, n, s->rows);
	else
#endif
		add_plainly(s->planes, rows, n, s->rows);
	s->rows += n;
}

void columns_counts(const columns_sum *s, guint32 counts[static COLUMNS])
{
	memset(counts, 0, COLUMNS * sizeof *counts);
	for (guint plane = 0; plane < COLUMN_PLANES && s->rows >> plane; plane++)
		for (guint w = 0; w < COLUMN_WORDS; w++)
			for (guint64 rest = s->planes[plane][w]; rest; rest &= rest - 1)
				counts[w * 64 + (guint)__builtin_ctzll(rest)] += 1u << plane;
}
