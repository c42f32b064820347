#include "store/posting.h"

#include <string.h>

#include "store/block.h"

typedef struct kept {
	char *expression;
	posting *posting;
	GList link; /* in the queue of use, most recent first */
} kept;

struct postings {
	GMutex lock;
	GHashTable *kept;
	GQueue use;
	gsize bytes;
};

/* The demo's postings are a few hundred kilobytes; a hundred thousand records may keep 50 MB of them, which is what two thousand
 * words of middling frequency need. */
#define BYTES_LEAST (4u * 1024 * 1024)
#define BYTES_PER_DOCUMENT 512

static gsize bytes_most(guint documents)
{
	return MAX((gsize)documents * BYTES_PER_DOCUMENT, BYTES_LEAST);
}

static gsize posting_bytes(const posting *p)
{
	gsize documents = p->words ? p->words * (sizeof *p->bits + sizeof *p->before + sizeof *p->peaks) : p->n * sizeof *p->list;
	return sizeof(kept) + sizeof *p + 128 + documents + p->n * sizeof *p->weights;
}

void posting_release(posting *p)
{
	if (!p || !g_atomic_ref_count_dec(&p->references))
		return;
	g_free(p->list);
	g_free(p->bits);
	g_free(p->before);
	g_free(p->peaks);
	g_free(p->weights);
	g_free(p);
}

static void kept_free(gpointer data)
{
	kept *k = data;
	posting_release(k->posting);
	g_free(k->expression);
	g_free(k);
}

postings *postings_new(void)
{
	postings *p = g_new0(postings, 1);
	g_mutex_init(&p->lock);
	p->kept = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, kept_free);
	g_queue_init(&p->use);
	return p;
}

void postings_clear(postings *p)
{
	g_mutex_lock(&p->lock);
	g_queue_init(&p->use); /* its links are members of what the table frees */
	g_hash_table_remove_all(p->kept);
	p->bytes = 0;
	g_mutex_unlock(&p->lock);
}

void postings_free(postings *p)
{
	if (!p)
		return;
	postings_clear(p);
	g_hash_table_unref(p->kept);
	g_mutex_clear(&p->lock);
	g_free(p);
}

static posting *take(postings *p, const char *expression)
{
	g_mutex_lock(&p->lock);
	kept *k = g_hash_table_lookup(p->kept, expression);
	posting *found = k ? k->posting : NULL;
	if (k) {
		g_queue_unlink(&p->use, &k->link);
		g_queue_push_head_link(&p->use, &k->link);
		g_atomic_ref_count_inc(&found->references);
	}
	g_mutex_unlock(&p->lock);
	return found;
}

static void drop(postings *p, kept *k)
{
	g_queue_unlink(&p->use, &k->link);
	p->bytes -= posting_bytes(k->posting);
	g_hash_table_remove(p->kept, k->expression);
}

static void keep(postings *p, const char *expression, posting *found)
{
	if (posting_bytes(found) > bytes_most(found->upto) / 2)
		return;
	g_mutex_lock(&p->lock);
	kept *k = g_hash_table_lookup(p->kept, expression);
	if (k && k->posting->upto >= found->upto) {
		g_mutex_unlock(&p->lock);
		return;
	}
	if (k)
		drop(p, k);
	k = g_new0(kept, 1);
	k->expression = g_strdup(expression);
	k->link.data = k;
	k->posting = found;
	g_atomic_ref_count_inc(&found->references);
	g_hash_table_insert(p->kept, k->expression, k);
	g_queue_push_head_link(&p->use, &k->link);
	p->bytes += posting_bytes(found);
	while (p->bytes > bytes_most(found->upto) && p->use.tail)
		drop(p, p->use.tail->data);
	g_mutex_unlock(&p->lock);
}

/* ---- making ---- */

typedef struct growing {
	GArray *documents; /* guint32 */
	GArray *weights;   /* guint8 */
} growing;

static void grow_from(growing *g, const posting *old)
{
	g_array_append_vals(g->weights, old->weights, old->n);
	if (!old->words) {
		g_array_append_vals(g->documents, old->list, old->n);
		return;
	}
	bits_walk walk = bits_walk_begin(old->bits, old->words);
	for (guint32 document; bits_next(&walk, &document);)
		g_array_append_val(g->documents, document);
}

static void use_bits(posting *p, const guint32 *documents)
{
	p->words = BITS_WORDS(documents[p->n - 1]);
	p->bits = g_new0(guint64, p->words);
	p->before = g_new(guint32, p->words);
	p->peaks = g_new0(guint8, p->words);
	for (guint i = 0; i < p->n; i++) {
		guint8 *peak = &p->peaks[documents[i] >> 6];
		bits_add(p->bits, documents[i]);
		*peak = MAX(*peak, p->weights[i]);
	}
	guint32 n = 0;
	for (gsize w = 0; w < p->words; w++) {
		p->before[w] = n;
		n += (guint32)__builtin_popcountll(p->bits[w]);
	}
}

static posting *posting_of(const growing *g, guint upto)
{
	posting *p = g_new0(posting, 1);
	const guint32 *documents = (const guint32 *)(gconstpointer)g->documents->data;
	g_atomic_ref_count_init(&p->references);
	p->n = g->documents->len;
	p->upto = upto;
	p->weights = g_malloc((gsize)p->n + 7); /* eight are looked at together */
	if (p->n)
		memcpy(p->weights, g->weights->data, p->n);
	memset(p->weights + p->n, 0, 7);
	guint8 peak = 0;
	for (guint i = 0; i < p->n; i++)
		peak = MAX(peak, p->weights[i]);
	p->peak = peak;
	if (p->n > upto / 24)
		use_bits(p, documents);
	else
		p->list = g_memdup2(documents, p->n * sizeof *documents);
	return p;
}

static gboolean add_matches(growing *g, database *d, const char *expression, guint after, GError **error)
{
	sqlite3_stmt *rows = database_bind(d, SQL_MATCH, error, "si", expression, (gint64)after);
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(d, rows, error)) == SQLITE_ROW) {
		guint32 document = (guint32)sqlite3_column_int64(rows, 0);
		guint8 weight = (guint8)sqlite3_column_int(rows, 1);
		g_array_append_val(g->documents, document);
		g_array_append_val(g->weights, weight);
	}
	return code == SQLITE_DONE;
}

/* From what was kept or, where they hold more, from the blocks; what neither has, from FTS5. */
static posting *look_up(database *d, const part *p, const char *expression, const posting *old, guint upto, GError **error)
{
	g_autoptr(GArray) documents = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(GArray) weights = g_array_new(FALSE, FALSE, sizeof(guint8));
	growing g = { documents, weights };
	guint known = old ? old->upto : 0, in_blocks = 0;
	if (blocks_can(p) && !blocks_upto(d, &in_blocks, error))
		return NULL;
	if (in_blocks > known) {
		known = in_blocks;
		if (!blocks_read(d, p, documents, weights, error))
			return NULL;
	} else if (old) {
		grow_from(&g, old);
	}
	return known >= upto || add_matches(&g, d, expression, known, error) ? posting_of(&g, upto) : NULL;
}

posting *postings_get(postings *p, database *d, const part *asked, guint upto, GError **error)
{
	g_autofree char *expression = part_expression(asked);
	posting *old = take(p, expression);
	if (old && old->upto >= upto)
		return old;
	posting *found = look_up(d, asked, expression, old, upto, error);
	posting_release(old);
	if (found)
		keep(p, expression, found);
	return found;
}

/* ---- asking ---- */

/* How many of the first documents of a list are not above wanted, when the first at are not all below it: steps back that double, then halves. */
static guint seek(const posting *p, guint at, guint32 wanted)
{
	guint step = 1, high = at;
	while (high >= step && p->list[high - step] > wanted)
		high -= step, step *= 2;
	guint low = high >= step ? high - step : 0;
	while (low < high) {
		guint middle = (low + high) / 2;
		if (p->list[middle] <= wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

guint posting_weight(const posting *p, guint document, guint *at)
{
	if (!p->words) {
		*at = seek(p, *at, document);
		return *at > 0 && p->list[*at - 1] == document ? p->weights[*at - 1] : 0;
	}
	gsize w = document >> 6;
	if (w >= p->words || !bits_has(p->bits, document))
		return 0;
	guint64 below = p->bits[w] & ((G_GUINT64_CONSTANT(1) << (document & 63)) - 1);
	return p->weights[p->before[w] + bits_in(below)];
}

/* The place of a bit of a word when so many lower ones are set. */
static guint bit_after(guint64 word, guint lower)
{
	static const guint64 ones = G_GUINT64_CONSTANT(0x0101010101010101);
	guint64 upto = bits_in_bytes(word) * ones; /* in each byte the bits set in it and in those below */
	guint64 enough = ((upto | ones << 7) - (lower + 1) * ones) & ones << 7;
	guint byte = (guint)__builtin_ctzll(enough) & ~7u;
	lower -= byte ? (guint)(upto >> (byte - 8)) & 0xFF : 0;
	guint64 rest = word >> byte;
	for (; lower > 0; lower--)
		rest &= rest - 1;
	return byte + (guint)__builtin_ctzll(rest);
}

typedef guint8 bytes8 __attribute__((vector_size(8)));

/* A bit for each of eight weights that is at least so much. */
static guint8 at_least(const guint8 *weights, guint8 least)
{
	bytes8 these;
	guint64 mask;
	memcpy(&these, weights, sizeof these);
	bytes8 enough = (bytes8)(these >= least);
	memcpy(&mask, &enough, sizeof mask);
	return (guint8)((GUINT64_FROM_LE(mask) & G_GUINT64_CONSTANT(0x8040201008040201)) * G_GUINT64_CONSTANT(0x0101010101010101) >> 56);
}

guint64 posting_heavy(const posting *p, gsize w, guint8 least)
{
	guint n = bits_in(p->bits[w]);
	const guint8 *weights = p->weights + p->before[w];
	guint64 heavy = 0;
	for (guint i = 0; i < n; i += 8) {
		guint8 which = at_least(weights + i, least);
		for (which &= (guint8)(n - i < 8 ? (1u << (n - i)) - 1 : 0xFF); which; which &= which - 1)
			heavy |= G_GUINT64_CONSTANT(1) << bit_after(p->bits[w], i + (guint)__builtin_ctz(which));
	}
	return heavy;
}
