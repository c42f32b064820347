/* Rows of 512 bits, and how many rows have each bit. */
#pragma once

#include <glib.h>

#define COLUMNS 512
#define COLUMN_WORDS (COLUMNS / 64)

typedef guint64 columns_row __attribute__((vector_size(COLUMNS / 8))); /* lies where g_aligned_alloc() with its size puts it */

static inline gboolean columns_has(const columns_row *row, guint column)
{
	return ((*row)[column / 64] >> column % 64) & 1;
}

static inline void columns_set(columns_row *row, guint column)
{
	(*row)[column / 64] |= G_GUINT64_CONSTANT(1) << column % 64;
}

/* A sum under way: bit i of plane k is bit k of how often column i was set. Begin with zeros. */
#define COLUMN_PLANES 32
typedef struct columns_sum {
	columns_row planes[COLUMN_PLANES];
	guint rows;
} columns_sum;

/* What columns_add() may append to the list of rows. */
#define COLUMNS_TOGETHER 16

/* Adds n rows; there is room for COLUMNS_TOGETHER - 1 more in the list. A sum is of fewer than 2^32 rows.
 *
 * Carry-save adders, 16 rows at a time, after Klarqvist, Muła and Lemire, "Efficient computation of positional population counts using SIMD
 * instructions", 2021 (the tree of adders: Harley and Seal). */
void columns_add(columns_sum *s, const columns_row **rows, guint n);
/* How many rows have each column. */
void columns_counts(const columns_sum *s, guint32 counts[static COLUMNS]);
