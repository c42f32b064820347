#include "quantiles.h"

#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "rank.h"

static void counts_join(ldn_rank *ranks, size_t count)
{
	size_t *lengths;
	unsigned char **every = rank_gather(ranks, count * sizeof *ranks, &lengths);
	for (int r = 1; every && r < rank_count(); r++)
		for (size_t i = 0; i < count; i++) {
			ldn_rank other;
			memcpy(&other, every[r] + i * sizeof other, sizeof other);
			ldn_rank_merge(&ranks[i], &other);
		}
	for (int r = 0; every && r < rank_count(); r++)
		free(every[r]);
	free(every);
	free(lengths);
}

static void state_share(ldn_rank **ranks, size_t count, bool *again)
{
	size_t bytes = count * sizeof **ranks, one = sizeof *again;
	void *shared = *ranks, *flag = memory_new(1, one);
	rank_share(&shared, &bytes);
	*ranks = shared;
	memcpy(flag, again, one);
	rank_share(&flag, &one);
	memcpy(again, flag, sizeof *again);
	free(flag);
}

bool quantiles_advance(ldn_rank **ranks, size_t count, const double *q)
{
	bool again = false;
	if (rank_count() > 1)
		counts_join(*ranks, count);
	for (size_t i = 0; rank_number() == 0 && i < count; i++)
		again = ldn_rank_advance(&(*ranks)[i], q[i]) == LDN_RANK_AGAIN || again;
	if (rank_count() > 1)
		state_share(ranks, count, &again);
	return again;
}
