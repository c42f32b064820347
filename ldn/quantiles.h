/* Exact quantiles over all blocks and ranks: what ldn_rank counts in a pass, joined. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "ldn/performance.h"

/* All blocks were counted into (*ranks)[count]: the counts of all MPI ranks are joined and the pass ended; quantile q[i] is sought of ranks[i].
 * True: count every block once more. Every MPI rank calls it; all get the same answer and the same state. */
bool quantiles_advance(ldn_rank **ranks, size_t count, const double *q);
