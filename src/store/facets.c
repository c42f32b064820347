#include "store/finding.h"

#include <string.h>

/* How often values occur in a set of documents. */
typedef struct tally {
	const index_t *x;
	const guint64 *set;
	guint32 *counts;   /* by value, made at once; NULL: each value's is made when it is asked for */
	gboolean all;      /* counts holds those of values without a column too */
	guint32 *answered; /* with counts: by facet, how many have any */
} tally;

/* What it costs, in steps of a list, to read a document's row, which is fetched ahead, and its other values, which lie apart. */
#define ROW_COST 4
#define OTHERS_COST 12

/* The same for intersecting with the values of a facet (apart: those without a column). What has fewer documents than the last value shown is likely to
 * have in the set only occurs there or does not, which shows with the first that does. Not reckoned on beyond most. */
static guint64 intersecting_cost(const index_t *x, const index_facet *facet, guint limit, guint documents, gboolean apart, guint64 most)
{
	guint64 cost = 0, least = limit && facet->n > limit ? (guint64)x->set[facet->values[limit - 1]]->n * documents / (x->n + 1) : 0;
	guint first = x->n / (documents + 1) + 1;
	for (guint v = 0; v < facet->n && cost <= most; v++) {
		const document_set *s = x->set[facet->values[v]];
		guint whole = (guint)(s->words ? s->words / 2 : s->n);
		if (!apart || x->value_column[facet->values[v]] == COLUMNS)
			cost += s->n < least ? MIN(whole, first) : whole;
	}
	return cost;
}

/* A facet that is counted, and how many of its values are given. */
typedef struct facet_asked {
	guint at;
	guint limit;
} facet_asked;

/* The cheapest way to count some facets in a set: reading the rows of its documents pays for small sets, intersecting with each value for large ones, and
 * so does one or the other for values that have no column. */
static void tally_begin(tally *t, const index_t *x, gsize of_kind, const guint64 *set, guint documents, const facet_asked *facets, guint n)
{
	*t = (tally) { .x = x, .set = set };
	guint64 rows = (guint64)documents * ROW_COST, others = (guint64)documents * (OTHERS_COST + 2 * (x->pairs / (x->n + 1))), apart = 0, each = 0;
	for (guint i = 0; i < n && apart <= others; i++)
		if (x->facet[facets[i].at].apart)
			apart += intersecting_cost(x, &x->facet[facets[i].at], facets[i].limit, documents, TRUE, others);
	guint64 reading = rows + MIN(apart, others);
	for (guint i = 0; i < n && each <= reading; i++)
		each += intersecting_cost(x, &x->facet[facets[i].at], facets[i].limit, documents, FALSE, reading);
	if (each < reading)
		return;
	t->all = others < apart;
	t->counts = g_new0(guint32, (gsize)x->values + 1);
	t->answered = g_new(guint32, (gsize)x->facets + 1);
	index_count_values(x, of_kind, set, t->all, t->counts, t->answered);
}

static void tally_end(tally *t)
{
	g_free(t->counts);
	g_free(t->answered);
}

static int frequent_first(const void *a, const void *b)
{
	const store_facet_value *x = a, *y = b;
	return x->count != y->count ? (x->count > y->count ? -1 : 1) : strcmp(x->value, y->value);
}

static gboolean asked_for(const store_filter *filter, const char *value)
{
	for (gsize i = 0; filter && filter->values && filter->values[i]; i++)
		if (strcmp(filter->values[i], value) == 0)
			return TRUE;
	return FALSE;
}

/* The values met so far that are shown: with a limit a heap, the last of them on top, so that what comes after it is not shown. */
typedef struct shown {
	store_facet_value *values;
	gsize n;
	guint limit; /* 0: everything is shown */
} shown;

/* Room for what is shown of n values, and for what is asked for besides. */
static shown shown_begin(gsize n, const store_filter *filter, guint limit)
{
	gsize asked = filter && filter->values ? g_strv_length((char **)filter->values) : 0;
	return (shown) { g_new(store_facet_value, (limit ? MIN(limit, n) : n) + asked + 1), 0, limit };
}

static gboolean is_shown(const shown *s, guint count)
{
	return s->n < s->limit || s->limit == 0 || count >= s->values[0].count;
}

static void heap_sink(store_facet_value *heap, gsize n, gsize at)
{
	for (gsize last; (last = 2 * at + 1) < n; at = last) {
		last += last + 1 < n && frequent_first(&heap[last + 1], &heap[last]) > 0;
		if (frequent_first(&heap[at], &heap[last]) >= 0)
			return;
		store_facet_value swap = heap[at];
		heap[at] = heap[last];
		heap[last] = swap;
	}
}

static void shown_add(shown *s, store_facet_value v)
{
	if (s->limit == 0 || s->n < s->limit) {
		s->values[s->n++] = v;
		for (gsize at = s->n == s->limit ? s->n / 2 : 0; at-- > 0;)
			heap_sink(s->values, s->n, at);
	} else if (frequent_first(&v, &s->values[0]) < 0) {
		s->values[0] = v;
		heap_sink(s->values, s->n, 0);
	}
}

/* In order; behind them what is filtered for and would not be shown. */
static void shown_end(shown *s, const GArray *chosen, store_facet *out)
{
	qsort(s->values, s->n, sizeof *s->values, frequent_first);
	out->values = s->values;
	out->n = s->n;
	for (guint i = 0; i < chosen->len; i++) {
		store_facet_value v = g_array_index(chosen, store_facet_value, i);
		gboolean there = FALSE;
		for (gsize j = 0; j < s->n && !there; j++)
			there = out->values[j].value == v.value;
		if (!there)
			out->values[out->n++] = v;
	}
}

static void facet_count(store_facet *out, const tally *t, guint at, const store_filter *filter, guint limit)
{
	const index_t *x = t->x;
	const index_facet *facet = &x->facet[at];
	g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(store_facet_value));
	shown s = shown_begin(facet->n, filter, limit);
	out->path = facet->path;
	for (guint i = 0; i < facet->n; i++) {
		guint32 v = facet->values[i];
		gboolean asked = asked_for(filter, x->value[v]), known = t->counts && (t->all || x->value_column[v] < COLUMNS);
		if (!known && !asked && !is_shown(&s, x->set[v]->n)) { /* of no more documents than it has: it only occurs, or does not */
			out->distinct += document_set_meets(x->set[v], t->set);
			continue;
		}
		const store_facet_value counted = { x->value[v], known ? t->counts[v] : document_set_count(x->set[v], t->set) };
		out->distinct += counted.count > 0;
		if (asked)
			g_array_append_val(chosen, counted);
		if (asked || (counted.count > 0 && is_shown(&s, counted.count)))
			shown_add(&s, counted);
	}
	out->answered = t->answered ? t->answered[at] : bits_count_both(x->answered[at], t->set, x->words);
	shown_end(&s, chosen, out);
}

/* Everything but one filter. */
static guint64 *without_filter(const finding *f, gsize filter)
{
	guint64 *set = g_memdup2(f->base, f->index->words * sizeof *f->base);
	for (gsize i = 0; i < f->filters; i++)
		if (i != filter)
			bits_intersect(set, f->filter[i], f->index->words);
	return set;
}

/* The filter on a path: several are one question with its values joined only where the caller did so, hence the first. */
static const store_filter *filter_of(const store_query *q, const char *path)
{
	for (gsize i = 0; i < q->n_filters; i++)
		if (strcmp(q->filters[i].path, path) == 0)
			return &q->filters[i];
	return NULL;
}

static gboolean is_counted(const store_query *q, const char *path)
{
	return !q->facet_paths || g_strv_contains(q->facet_paths, path);
}

/* How many values of a facet are given; 0: all. */
static guint limit_of(const store_query *q, const char *path)
{
	return g_strcmp0(q->facet_whole, path) == 0 ? 0 : q->facet_limit;
}

static store_facet *kind_facet(const finding *f, const store_query *q, gsize *n)
{
	store_facet *out = g_new0(store_facet, 1);
	const store_filter *filter = filter_of(q, "kind");
	g_autofree guint64 *set = filter ? without_filter(f, (gsize)(filter - q->filters)) : g_memdup2(f->found, f->index->words * sizeof *f->found);
	g_autofree guint *counts = g_new0(guint, kinds_count + 1);
	bits_walk walk = bits_walk_begin(set, f->index->words);
	for (guint document; bits_next(&walk, &document);)
		counts[f->index->kind[document]]++, out->answered++;
	out->path = "kind";
	g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(store_facet_value)); /* all are shown */
	shown s = shown_begin(kinds_count, filter, 0);
	for (gsize k = 0; k < kinds_count; k++)
		if (counts[k] || asked_for(filter, kinds[k]->name))
			shown_add(&s, (store_facet_value) { kinds[k]->name, counts[k] });
	out->distinct = (guint)s.n;
	shown_end(&s, chosen, out);
	*n = 1;
	return out;
}

/* Facets in the order of the declaration; one that no record has a value of yet is not there. */
typedef struct declared {
	const finding *f;
	const store_query *q;
	const tally *all;
	GArray *out;
} declared;

static void count_declared(const char *path, const field *f, gpointer data)
{
	declared *d = data;
	if (!(f->flags & FIELD_FACET) || !is_counted(d->q, path))
		return;
	const index_t *x = d->f->index;
	guint at = 0;
	while (at < x->facets && (x->facet[at].kind != d->f->kind || strcmp(x->facet[at].path, path) != 0))
		at++;
	if (at == x->facets)
		return;
	store_facet out = { 0 };
	const store_filter *filter = filter_of(d->q, path);
	guint limit = limit_of(d->q, path);
	if (filter) {
		g_autofree guint64 *set = without_filter(d->f, (gsize)(filter - d->q->filters));
		tally own;
		tally_begin(&own, x, d->f->kind, set, bits_count(set, x->words), &(facet_asked) { at, limit }, 1);
		facet_count(&out, &own, at, filter, limit);
		tally_end(&own);
	} else {
		facet_count(&out, d->all, at, NULL, limit);
	}
	g_array_append_val(d->out, out);
}

static store_facet *count_facets(const finding *f, const store_query *q, gsize *n)
{
	*n = 0;
	if (f->kind == kinds_count)
		return q->kind ? NULL : kind_facet(f, q, n);
	const index_t *x = f->index;
	g_autofree facet_asked *facets = g_new(facet_asked, (gsize)x->facets + 1);
	guint n_asked = 0;
	for (guint i = 0; i < x->facets; i++)
		if (x->facet[i].kind == f->kind && is_counted(q, x->facet[i].path))
			facets[n_asked++] = (facet_asked) { i, limit_of(q, x->facet[i].path) };
	tally all;
	tally_begin(&all, x, f->kind, f->found, f->total, facets, n_asked);
	declared d = { f, q, &all, g_array_new(FALSE, TRUE, sizeof(store_facet)) };
	kind_each_field(kinds[f->kind], count_declared, &d);
	tally_end(&all);
	*n = d.out->len;
	return (store_facet *)(gpointer)g_array_free(d.out, FALSE);
}

/* ---- counts once made ---- */

/* Turning pages, sorting anew and looking at a record and back ask for the same counts. An index never changes, so they stay true. */
typedef struct counted {
	store_facet *facets;
	gsize n;
} counted;

#define COUNTED_BYTES_LEAST (1u << 20)
#define COUNTED_BYTES_PER_DOCUMENT 64

static store_facet *facets_copy(const store_facet *facets, gsize n)
{
	store_facet *copy = g_memdup2(facets, n * sizeof *facets);
	for (gsize i = 0; i < n; i++)
		copy[i].values = g_memdup2(facets[i].values, facets[i].n * sizeof *facets[i].values);
	return copy;
}

static void facets_forget(gpointer data)
{
	counted *c = data;
	for (gsize i = 0; i < c->n; i++)
		g_free(c->facets[i].values);
	g_free(c->facets);
	g_free(c);
}

/* A text after its length, in bytes of which none is 0. */
static void add_to_name(GString *name, const char *text)
{
	for (gsize rest = text ? strlen(text) : 0; rest; rest >>= 7)
		g_string_append_c(name, (char)(rest | 0x80));
	g_string_append_c(name, ':');
	g_string_append(name, text ? text : "");
}

/* All that the counts of a query depend on, so that no two queries share a name. */
static char *name_of(const finding *f, const store_query *q)
{
	GString *name = g_string_new(NULL);
	g_string_append_printf(name, "%" G_GSIZE_FORMAT " %u ", f->kind, q->facet_limit);
	add_to_name(name, q->kind);
	add_to_name(name, q->as_of);
	add_to_name(name, q->facet_whole);
	for (const char *const *p = q->facet_paths; p && *p; p++)
		add_to_name(name, *p);
	g_string_append_c(name, '/');
	for (int i = 0; q->bbox && i < 4; i++)
		g_string_append_printf(name, "%a ", q->bbox[i]);
	for (guint i = 0; f->question && i < f->question->n; i++) {
		g_autofree char *expression = part_expression(f->question->parts[i]);
		add_to_name(name, expression);
	}
	g_string_append_c(name, f->question ? '?' : '.');
	for (gsize i = 0; i < q->n_filters; i++) {
		add_to_name(name, q->filters[i].path);
		for (const char *const *v = q->filters[i].values; v && *v; v++)
			add_to_name(name, *v);
		g_string_append_c(name, '/');
	}
	return g_string_free(name, FALSE);
}

static gsize counted_bytes(const counted *c)
{
	gsize values = 0;
	for (gsize i = 0; i < c->n; i++)
		values += c->facets[i].n;
	return sizeof *c + 256 + c->n * sizeof *c->facets + values * sizeof(store_facet_value);
}

/* What is asked for again moves into the younger of two tables; when that has half of what may be kept, the older one goes. Of the lock's holder. */
static void put_counted(index_t *x, char *name, counted *c)
{
	x->counted_bytes += counted_bytes(c);
	g_hash_table_replace(x->counted[0], name, c);
	if (x->counted_bytes < MAX(COUNTED_BYTES_LEAST, (gsize)x->n * COUNTED_BYTES_PER_DOCUMENT) / 2)
		return;
	g_hash_table_unref(x->counted[1]);
	x->counted[1] = x->counted[0];
	x->counted[0] = facets_kept();
	x->counted_bytes = 0;
}

static store_facet *take_counted(index_t *x, const char *name, gsize *n)
{
	gpointer old_name, old;
	g_autoptr(GMutexLocker) held G_GNUC_UNUSED = g_mutex_locker_new(&x->lock);
	const counted *c = g_hash_table_lookup(x->counted[0], name);
	if (!c && g_hash_table_steal_extended(x->counted[1], name, &old_name, &old)) {
		store_facet *facets = facets_copy(((counted *)old)->facets, *n = ((counted *)old)->n);
		put_counted(x, old_name, old);
		return facets;
	}
	*n = c ? c->n : 0;
	return c ? facets_copy(c->facets, c->n) : NULL;
}

GHashTable *facets_kept(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, facets_forget);
}

store_facet *finding_facets(const finding *f, const store_query *q, gsize *n)
{
	index_t *x = f->index;
	if (q->test) /* what it tells nobody knows but the caller */
		return count_facets(f, q, n);
	g_autofree char *name = name_of(f, q);
	store_facet *facets = take_counted(x, name, n);
	if (facets)
		return facets;
	facets = count_facets(f, q, n);
	if (!*n)
		return facets;
	counted *c = g_new(counted, 1);
	*c = (counted) { facets_copy(facets, *n), *n };
	g_mutex_lock(&x->lock);
	put_counted(x, g_steal_pointer(&name), c);
	g_mutex_unlock(&x->lock);
	return facets;
}
