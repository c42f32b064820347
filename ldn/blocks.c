#include "blocks.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "interrupt.h"
#include "progress.h"

static int tiles_of(int cells)
{
	return (cells + TILE - 1) / TILE;
}

int row_at(int height, double share)
{
	int64_t row = (int64_t)(tiles_of(height) * share + 0.5) * TILE;
	return (int)(row < height ? row : height);
}

bool blocks_plan(blocks *plan, int width, int height, row_share mine, int input_width, size_t bytes_a_cell, int64_t memory, int threads, int edge, failure *why)
{
	*plan = (blocks){.width = width, .threads = threads, .first_row = row_at(height, mine.from), .end_row = row_at(height, mine.to)};
	int64_t tile_bytes = (int64_t)TILE * TILE * (int64_t)bytes_a_cell;
	if (tile_bytes > memory)
		return failure_set(why, _("--memory is too small: %lld MB are needed for one thread"), (long long)(tile_bytes >> 20) + 1);
	if (threads > memory / tile_bytes)
		threads = (int)(memory / tile_bytes);
	int64_t fit = memory / threads / tile_bytes;
	int across = tiles_of(width), down = tiles_of(plan->end_row - plan->first_row);
	/* One tile: small blocks stay in the processor's cache and keep all threads busy to the end. Blocks of the input that are wider are read whole. */
	int64_t want = tiles_of(edge > 0 ? edge : input_width);
	int wide = (int)(want < fit ? want : fit);
	wide = wide < 1 ? 1 : wide > across ? across : wide;
	int high = edge > 0 ? tiles_of(edge) : 1;
	if ((int64_t)wide * high > fit)
		high = (int)(fit / wide);
	if (high > down)
		high = down;
	plan->block_width = wide * TILE;
	plan->block_height = (high < 1 ? 1 : high) * TILE;
	plan->across = (across + wide - 1) / wide;
	plan->down = (down + plan->block_height / TILE - 1) / (plan->block_height / TILE);
	size_t count = blocks_count(plan);
	plan->threads = count > 0 && (size_t)threads > count ? (int)count : threads;
	return true;
}

size_t blocks_count(const blocks *plan)
{
	return (size_t)plan->across * (size_t)plan->down;
}

window blocks_window(const blocks *plan, size_t index)
{
	window part = {(int)(index % (size_t)plan->across) * plan->block_width, plan->first_row + (int)(index / (size_t)plan->across) * plan->block_height,
		plan->block_width, plan->block_height};
	if (part.x + part.width > plan->width)
		part.width = plan->width - part.x;
	if (part.y + part.height > plan->end_row)
		part.height = plan->end_row - part.y;
	return part;
}

size_t blocks_cells(const blocks *plan)
{
	int wide = plan->block_width < plan->width ? plan->block_width : plan->width;
	int rows = plan->end_row - plan->first_row, high = plan->block_height < rows ? plan->block_height : rows;
	return (size_t)wide * (size_t)(high > 0 ? high : 1);
}

typedef struct crew {
	const blocks *plan;
	const block_work *job;
	atomic_size_t next;
	atomic_bool stop;
	atomic_int busy; /* workers that have not come to the end of `rest` */
	pthread_mutex_t lock;
	failure *why;
} crew;

typedef struct hand {
	crew *crew;
	int worker;
} hand;

static void crew_failed(crew *all, const failure *why)
{
	all->stop = true;
	pthread_mutex_lock(&all->lock);
	if (all->why->code == OUTCOME_DONE)
		*all->why = *why;
	pthread_mutex_unlock(&all->lock);
}

static void *hand_work(void *argument)
{
	hand *me = argument;
	crew *all = me->crew;
	const block_work *job = all->job;
	failure why = {0};
	size_t count = blocks_count(all->plan);
	for (size_t index; !all->stop && (index = all->next++) < count;) {
		if (!interrupt_check(&why) || !job->work(job->context, me->worker, index, blocks_window(all->plan, index), &why)) {
			crew_failed(all, &why);
			break;
		}
		progress_step();
	}
	if (job->rest && !all->stop && !job->rest(job->context, me->worker, &why))
		crew_failed(all, &why);
	all->busy--;
	while (job->spare && all->busy > 0 && !all->stop && job->spare(job->context, &why))
		continue;
	if (why.code != OUTCOME_DONE)
		crew_failed(all, &why);
	return NULL;
}

bool blocks_run(const blocks *plan, const block_work *job, failure *why)
{
	int threads = plan->threads;
	crew all = {.plan = plan, .job = job, .busy = threads, .lock = PTHREAD_MUTEX_INITIALIZER, .why = why};
	hand *hands = memory_new((size_t)threads, sizeof *hands);
	pthread_t *ids = memory_new((size_t)threads, sizeof *ids);
	progress_start(job->doing, blocks_count(plan));
	int started = 1;
	for (int i = 0; i < threads; i++)
		hands[i] = (hand){&all, i};
	for (; started < threads; started++)
		if (pthread_create(&ids[started], NULL, hand_work, &hands[started]) != 0)
			break; /* fewer threads do the same work */
	all.busy -= threads - started;
	hand_work(&hands[0]);
	for (int i = 1; i < started; i++)
		pthread_join(ids[i], NULL);
	progress_end();
	free(ids);
	free(hands);
	return why->code == OUTCOME_DONE;
}
