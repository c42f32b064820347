#include "store/finding.h"

#include <string.h>

#include "store/tokenizer.h"

typedef struct ranked {
	float score;
	guint32 rank, document;
} ranked;

static gboolean goes_before(const ranked *a, const ranked *b)
{
	return a->score != b->score ? a->score > b->score : a->rank < b->rank;
}

static int compare_ranked(const void *a, const void *b)
{
	return goes_before(a, b) ? -1 : goes_before(b, a);
}

/* A heap of the best so far, the worst of them on top. */
static void heap_sink(ranked *heap, guint n, guint at)
{
	for (;;) {
		guint worst = at, left = 2 * at + 1;
		if (left < n && goes_before(&heap[worst], &heap[left]))
			worst = left;
		if (left + 1 < n && goes_before(&heap[worst], &heap[left + 1]))
			worst = left + 1;
		if (worst == at)
			return;
		ranked swap = heap[at];
		heap[at] = heap[worst];
		heap[worst] = swap;
		at = worst;
	}
}

typedef struct best {
	ranked *heap;
	guint n, most;
} best;

static void best_add(best *b, ranked r)
{
	if (b->n < b->most) {
		b->heap[b->n++] = r;
		for (guint i = b->n == b->most ? b->n / 2 : 0; i-- > 0;)
			heap_sink(b->heap, b->n, i);
	} else if (b->n && goes_before(&r, &b->heap[0])) {
		b->heap[0] = r;
		heap_sink(b->heap, b->n, 0);
	}
}

static GArray *best_end(best *b, guint offset)
{
	GArray *documents = g_array_sized_new(FALSE, FALSE, sizeof(guint32), b->n);
	qsort(b->heap, b->n, sizeof *b->heap, compare_ranked);
	for (guint i = offset; i < b->n; i++)
		g_array_append_val(documents, b->heap[i].document);
	g_free(b->heap);
	return documents;
}

/* Newer documents, which stand first among equals, are looked at first: they fill the heap and stay. peak: what a document at most has. */
static gboolean is_behind(const best *b, const ranked *peak)
{
	return b->n == b->most && !goes_before(peak, &b->heap[0]);
}

/* The sum over parts of weight times inverse document frequency; at: where each part's list was last looked at. */
static float score_of(const finding *f, guint document, guint at[static QUESTION_PARTS])
{
	float sum = 0;
	for (guint k = 0; k < f->n_parts; k++)
		sum += f->parts[k].rarity * (float)posting_weight(f->parts[k].posting, document, &at[k]);
	return sum;
}

static void add_scored(best *b, const finding *f, const index_order *newest, guint document, guint at[static QUESTION_PARTS])
{
	const ranked most = { score_of(f, document, at), newest->first[document >> 6], document };
	if (!is_behind(b, &most))
		best_add(b, (ranked) { most.score, newest->rank[document], document });
}

/* The same sum with the largest weights there are, but for one part's: rounded alike, so that no score is above it. */
static float highest(const finding *f, guint which, guint weight)
{
	float sum = 0;
	for (guint k = 0; k < f->n_parts; k++)
		sum += f->parts[k].rarity * (float)(k == which ? weight : f->parts[k].posting->peak);
	return sum;
}

/* One part at least is a list, whose documents are gone through. */
static void order_list(best *b, const finding *f, const index_order *newest, guint which)
{
	const posting *list = f->parts[which].posting;
	guint at[QUESTION_PARTS];
	float highest_with[WEIGHT_MAX + 1];
	for (guint weight = 0; weight <= WEIGHT_MAX; weight++)
		highest_with[weight] = highest(f, which, weight);
	finding_from_the_end(f, at);
	for (guint i = list->n; i-- > 0;) {
		guint document = list->list[i];
		if (document > f->index->n || !bits_has(f->found, document))
			continue;
		const ranked most = { highest_with[list->weights[i]], newest->first[document >> 6], document };
		at[which] = i + 1;
		if (!is_behind(b, &most))
			add_scored(b, f, newest, document, at);
	}
}

static guint highest_bit(guint64 word)
{
	return 63 - (guint)__builtin_clzll(word);
}

/* What none of these 64 documents goes before; of them the first. */
static ranked peak_of(const finding *f, const index_order *newest, gsize w)
{
	float sum = 0;
	for (guint k = 0; k < f->n_parts; k++)
		sum += f->parts[k].rarity * (float)f->parts[k].posting->peaks[w];
	return (ranked) { sum, newest->first[w], (guint32)(w << 6) };
}

/* Those of 64 documents that can go before the worst of the best: the first part, the rarest, must weigh so much that the others' peaks make up for
 * what is missing. */
static guint64 worth_scoring(const best *b, const finding *f, const ranked *peak)
{
	gsize w = peak->document >> 6;
	const finding_part *rarest = &f->parts[0];
	float spare = b->n == b->most ? (peak->score - b->heap[0].score) / rarest->rarity + 0.01f : WEIGHT_MAX; /* a hundredth for rounding */
	int least = rarest->posting->peaks[w] - (int)spare;
	return least > 1 ? f->found[w] & posting_heavy(rarest->posting, w, (guint8)least) : f->found[w];
}

#define STEPS 256 /* from the lowest peak to the highest */

/* The peaks of all words of found documents, the highest first, to within a step; among equals newer documents come first. How many. */
static guint sorted_peaks(const finding *f, const index_order *newest, ranked *sorted)
{
	g_autofree ranked *peaks = g_new(ranked, f->index->words);
	float scale = (STEPS - 1) / highest(f, QUESTION_PARTS, 0);
	guint n = 0, begins[STEPS + 1] = { 0 };
	for (gsize w = f->index->words; w-- > 0;) {
		if (!f->found[w])
			continue;
		peaks[n] = peak_of(f, newest, w);
		begins[STEPS - (guint)(peaks[n++].score * scale)]++;
	}
	for (guint step = 1; step <= STEPS; step++)
		begins[step] += begins[step - 1];
	for (guint i = 0; i < n; i++)
		sorted[begins[STEPS - 1 - (guint)(peaks[i].score * scale)]++] = peaks[i];
	return n;
}

#define AHEAD 4 /* words lie far apart: those that come soon are on their way */
#define LINE_BYTES 64 /* that come together */

static void look_ahead(const finding *f, const index_order *newest, const ranked *peaks, guint i, guint n)
{
	for (guint k = 0; k < 64 && i + AHEAD < n; k += LINE_BYTES / sizeof *newest->rank)
		__builtin_prefetch(newest->rank + peaks[i + AHEAD].document + k);
	for (guint k = 0; k < f->n_parts; k++) {
		const posting *p = f->parts[k].posting;
		if (i + 2 * AHEAD < n)
			posting_expect(p, peaks[i + 2 * AHEAD].document >> 6);
		if (i + AHEAD < n)
			posting_expect_weights(p, peaks[i + AHEAD].document >> 6);
	}
}

/* All parts are bits: words that have the best are looked at first, so that little of the others needs to be. */
static void order_bits(best *b, const finding *f, const index_order *newest)
{
	g_autofree ranked *peaks = g_new(ranked, f->index->words);
	guint at[QUESTION_PARTS] = { 0 }, n = sorted_peaks(f, newest, peaks);
	for (guint i = 0; i < n; i++) {
		if (is_behind(b, &peaks[i]))
			continue;
		look_ahead(f, newest, peaks, i, n);
		for (guint64 rest = worth_scoring(b, f, &peaks[i]); rest; rest &= ~(G_GUINT64_CONSTANT(1) << highest_bit(rest)))
			add_scored(b, f, newest, peaks[i].document + highest_bit(rest), at);
	}
}

static GArray *order_by_score(const finding *f, const index_order *newest, guint offset, guint most)
{
	best b = { g_new(ranked, (gsize)most + 1), 0, most };
	guint list = 0;
	while (list < f->n_parts && f->parts[list].posting->words > 0)
		list++;
	if (most && list < f->n_parts)
		order_list(&b, f, newest, list);
	else if (most)
		order_bits(&b, f, newest);
	return best_end(&b, offset);
}

/* Descending, what has a value is turned round and what has none still comes last. */
static guint32 directed(const index_order *o, guint32 rank, gboolean descending)
{
	return descending && rank < o->keyed ? o->keyed - 1 - rank : rank;
}

/* When many are found, walking the order meets them soon; when few, they are picked out by rank. */
static GArray *order_by_key(const finding *f, const index_order *o, gboolean descending, guint offset, guint most)
{
	if ((guint64)most * o->n > (guint64)f->total * f->total) {
		best b = { g_new(ranked, (gsize)most + 1), 0, most };
		bits_walk walk = bits_walk_begin(f->found, f->index->words);
		for (guint n; bits_next(&walk, &n);)
			best_add(&b, (ranked) { 0, directed(o, o->rank[n], descending), n });
		return best_end(&b, offset);
	}
	GArray *documents = g_array_new(FALSE, FALSE, sizeof(guint32));
	guint seen = 0;
	for (guint i = 0; i < o->n && seen < most; i++) {
		guint32 document = o->documents[directed(o, i, descending)];
		if (bits_has(f->found, document) && seen++ >= offset)
			g_array_append_val(documents, document);
	}
	return documents;
}

static GArray *order_by_number(const finding *f, guint after, guint limit)
{
	GArray *documents = g_array_new(FALSE, FALSE, sizeof(guint32));
	bits_walk walk = bits_walk_begin(f->found, f->index->words);
	for (guint32 document; documents->len < limit && bits_next(&walk, &document);)
		if (document > after)
			g_array_append_val(documents, document);
	return documents;
}

GArray *finding_order(const finding *f, store_reader *r, const store_query *q, guint offset, guint limit, GError **error)
{
	if (g_strcmp0(q->sort, "number") == 0)
		return order_by_number(f, q->after, limit);
	guint most = (guint)MIN((guint64)offset + limit, f->total);
	gboolean descending = q->sort && q->sort[0] == '-';
	const char *path = q->sort ? q->sort + descending : f->question ? "relevance" : "newest";
	gboolean by_score = f->question && strcmp(path, "relevance") == 0;
	if (strcmp(path, "relevance") == 0)
		path = "newest";
	index_order *o = index_get_order(f->index, &r->d, path, error);
	if (o && o->keyed == 0 && f->index->n > 0) {
		index_order_release(o);
		o = index_get_order(f->index, &r->d, "newest", error);
		descending = FALSE;
	}
	if (!o)
		return NULL;
	GArray *documents = by_score ? order_by_score(f, o, offset, most) : order_by_key(f, o, descending, offset, most);
	index_order_release(o);
	return documents;
}
