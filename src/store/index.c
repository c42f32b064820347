#include "store/index.h"
#include "record/message.h"

#include <string.h>

gsize kind_position(const char *name)
{
	gsize i = 0;
	while (i < kinds_count && strcmp(kinds[i]->name, name) != 0)
		i++;
	return i;
}

static int larger_first(gconstpointer a, gconstpointer b, gpointer data)
{
	const index_t *x = data;
	guint32 i = *(const guint32 *)a, j = *(const guint32 *)b;
	if (x->set[i]->n != x->set[j]->n)
		return x->set[i]->n > x->set[j]->n ? -1 : 1;
	return i < j ? -1 : i > j;
}

static void order_values(index_t *x)
{
	for (guint i = 0; i < x->facets; i++)
		g_qsort_with_data(x->facet[i].values, (gint)x->facet[i].n, sizeof(guint32), larger_first, x);
}

/* ---- life ---- */

static void order_release_any(gpointer order)
{
	index_order_release(order);
}

static index_t *index_new(guint n, guint values)
{
	index_t *x = g_new0(index_t, 1);
	g_atomic_ref_count_init(&x->references);
	x->n = n;
	x->words = BITS_WORDS(n);
	x->values = values;
	x->kind = g_malloc0((gsize)n + 1);
	x->since = g_new0(gint64, (gsize)n + 1);
	x->until = g_new0(gint64, (gsize)n + 1);
	x->previous = g_new0(guint32, (gsize)n + 1);
	x->seq = g_new0(guint32, (gsize)n + 1);
	x->live = g_new0(guint64 *, kinds_count + 1); /* the last one for kinds this program does not know */
	for (gsize k = 0; k <= kinds_count; k++)
		x->live[k] = g_new0(guint64, x->words);
	x->live_n = g_new0(guint, kinds_count + 1);
	x->set = g_new0(document_set *, (gsize)values + 1);
	x->value = g_new0(const char *, (gsize)values + 1);
	x->value_facet = g_new0(guint32, (gsize)values + 1);
	x->value_column = g_new0(guint16, (gsize)values + 1);
	x->column_value = g_new0(guint32, (kinds_count + 1) * COLUMNS);
	x->columns_used = g_new0(guint16, kinds_count + 1);
	x->chunks = n / INDEX_CHUNK + 1;
	x->chunk = g_new0(index_chunk *, x->chunks);
	g_mutex_init(&x->lock);
	x->orders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, order_release_any);
	for (gsize i = 0; i < G_N_ELEMENTS(x->counted); i++)
		x->counted[i] = facets_kept();
	x->titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return x;
}

index_t *index_hold(index_t *x)
{
	g_atomic_ref_count_inc(&x->references);
	return x;
}

void index_release(index_t *x)
{
	if (!x || !g_atomic_ref_count_dec(&x->references))
		return;
	for (guint v = 1; v <= x->values; v++)
		document_set_release(x->set[v]);
	for (gsize k = 0; k <= kinds_count; k++)
		g_free(x->live[k]);
	for (guint i = 0; i < x->facets; i++) {
		g_free(x->facet[i].values);
		if (x->answered)
			g_free(x->answered[i]);
	}
	g_free(x->answered);
	for (guint i = 0; i < x->chunks; i++)
		chunk_release(x->chunk[i]);
	g_free(x->kind), g_free(x->since), g_free(x->until), g_free(x->previous), g_free(x->seq), g_free(x->live), g_free(x->live_n);
	g_free(x->set), g_free(x->value), g_free(x->value_facet), g_free(x->facet), g_free(x->chunk);
	g_free(x->value_column), g_free(x->column_value), g_free(x->columns_used);
	text_rows_release(x->rows);
	g_hash_table_unref(x->orders);
	for (gsize i = 0; i < G_N_ELEMENTS(x->counted); i++)
		g_hash_table_unref(x->counted[i]);
	g_hash_table_unref(x->titles);
	g_mutex_clear(&x->lock);
	g_free(x);
}

/* ---- loading ---- */

static void copy_old(index_t *x, const index_t *old)
{
	memcpy(x->kind, old->kind, (gsize)old->n + 1);
	memcpy(x->since, old->since, ((gsize)old->n + 1) * sizeof *x->since);
	memcpy(x->until, old->until, ((gsize)old->n + 1) * sizeof *x->until);
	memcpy(x->previous, old->previous, ((gsize)old->n + 1) * sizeof *x->previous);
	memcpy(x->seq, old->seq, ((gsize)old->n + 1) * sizeof *x->seq);
	for (gsize k = 0; k <= kinds_count; k++)
		memcpy(x->live[k], old->live[k], old->words * sizeof **x->live);
	memcpy(x->live_n, old->live_n, (kinds_count + 1) * sizeof *x->live_n);
	for (guint v = 1; v <= old->values; v++) {
		x->set[v] = old->set[v];
		g_atomic_ref_count_inc(&x->set[v]->references);
	}
	memcpy(x->value, old->value, ((gsize)old->values + 1) * sizeof *x->value);
	memcpy(x->value_facet, old->value_facet, ((gsize)old->values + 1) * sizeof *x->value_facet);
	memcpy(x->value_column, old->value_column, ((gsize)old->values + 1) * sizeof *x->value_column);
	memcpy(x->column_value, old->column_value, (kinds_count + 1) * COLUMNS * sizeof *x->column_value);
	memcpy(x->columns_used, old->columns_used, (kinds_count + 1) * sizeof *x->columns_used);
	x->facets = old->facets;
	x->facet = g_new(index_facet, old->facets);
	for (guint i = 0; i < old->facets; i++) {
		x->facet[i] = old->facet[i];
		x->facet[i].values = g_memdup2(old->facet[i].values, old->facet[i].n * sizeof(guint32));
	}
}

static gboolean load_documents(index_t *x, database *d, guint after, GError **error)
{
	sqlite3_stmt *rows = database_bind(d, SQL_DOCUMENTS_AFTER, error, "i", (gint64)after);
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(d, rows, error)) == SQLITE_ROW) {
		gint64 number = sqlite3_column_int64(rows, 0), previous = sqlite3_column_int64(rows, 4);
		if (number < 1 || number > x->n || previous < 0 || previous >= number)
			continue; /* a damaged row; check tells of it */
		gsize k = kind_position(column_text(rows, 1));
		gboolean listed = sqlite3_column_int(rows, 2) != 0;
		x->kind[number] = (guint8)k;
		x->since[number] = sqlite3_column_int64(rows, 3);
		x->until[number] = listed ? G_MAXINT64 : x->since[number];
		x->previous[number] = (guint32)previous;
		x->seq[number] = (guint32)sqlite3_column_int64(rows, 5);
		if (previous && bits_has(x->live[x->kind[previous]], (guint)previous)) {
			bits_remove(x->live[x->kind[previous]], (guint)previous);
			x->live_n[x->kind[previous]]--;
			x->until[previous] = x->since[number];
		}
		if (listed)
			bits_add(x->live[k], (guint)number), x->live_n[k]++;
	}
	return code == SQLITE_DONE;
}

/* A column of a kind for a value (0: a facet); COLUMNS: all are taken. */
static guint16 take_column(index_t *x, guint8 k, guint32 value)
{
	guint16 *used = &x->columns_used[k];
	if (*used == COLUMNS)
		return COLUMNS;
	x->column_value[k * COLUMNS + *used] = value;
	return (*used)++;
}

static guint facet_position(index_t *x, guint8 k, const char *path)
{
	for (guint i = 0; i < x->facets; i++)
		if (x->facet[i].kind == k && strcmp(x->facet[i].path, path) == 0)
			return i;
	x->facet = g_renew(index_facet, x->facet, x->facets + 1);
	x->facet[x->facets] = (index_facet) { .kind = k, .path = g_intern_string(path) };
	return x->facets++;
}

static gboolean load_values(index_t *x, database *d, guint after, GError **error)
{
	sqlite3_stmt *rows = database_bind(d, SQL_VALUES_AFTER, error, "i", (gint64)after);
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(d, rows, error)) == SQLITE_ROW) {
		gint64 number = sqlite3_column_int64(rows, 0);
		if (number < 1 || number > x->values)
			continue;
		guint at = facet_position(x, (guint8)kind_position(column_text(rows, 1)), column_text(rows, 2));
		index_facet *f = &x->facet[at];
		f->values = g_renew(guint32, f->values, f->n + 1);
		f->values[f->n++] = (guint32)number;
		x->value[number] = g_intern_string(column_text(rows, 3));
		x->value_facet[number] = at;
	}
	return code == SQLITE_DONE;
}

static int fewer_values_first(gconstpointer a, gconstpointer b, gpointer data)
{
	const index_t *x = data;
	guint32 i = *(const guint32 *)a, j = *(const guint32 *)b;
	if (x->facet[i].n != x->facet[j].n)
		return x->facet[i].n < x->facet[j].n ? -1 : 1;
	return i < j ? -1 : i > j;
}

/* Facets and values that the old index does not have get columns: whole facets, while there is room, since one of thousands of values is seldom counted. */
static void give_columns(index_t *x, const index_t *old)
{
	g_autofree guint32 *order = g_new(guint32, (gsize)x->facets + 1);
	for (guint i = 0; i < x->facets; i++)
		order[i] = i;
	g_qsort_with_data(order, (gint)x->facets, sizeof *order, fewer_values_first, x);
	for (guint i = 0; i < x->facets; i++) {
		index_facet *f = &x->facet[order[i]];
		if (!old || order[i] >= old->facets)
			f->column = take_column(x, f->kind, 0);
		for (guint v = 0; v < f->n; v++) {
			guint32 value = f->values[v];
			if (old && value <= old->values)
				continue;
			x->value_column[value] = take_column(x, f->kind, value);
			f->apart += x->value_column[value] == COLUMNS;
		}
	}
}

typedef struct facet_rows {
	database *d;
	sqlite3_stmt *rows;
	gboolean more;
	guint document, value;
} facet_rows;

static gboolean next_facet(facet_rows *f, GError **error)
{
	int code = database_step(f->d, f->rows, error);
	f->more = code == SQLITE_ROW;
	if (f->more) {
		f->document = (guint)sqlite3_column_int64(f->rows, 0);
		f->value = (guint)sqlite3_column_int64(f->rows, 1);
	}
	return code != SQLITE_ERROR;
}

static void begin_answered(index_t *x, const index_t *old)
{
	x->answered = g_new0(guint64 *, (gsize)x->facets + 1);
	for (guint i = 0; i < x->facets; i++) {
		x->answered[i] = g_new0(guint64, x->words);
		if (old && i < old->facets)
			memcpy(x->answered[i], old->answered[i], old->words * sizeof(guint64));
	}
	x->pairs = old ? old->pairs : 0;
}

/* Facet rows come by document: they fill the chunks in order, and for every value the list of documents that are new to it. */
static gboolean load_facets(index_t *x, const index_t *old, database *d, GArray **fresh, GError **error)
{
	guint after = old ? old->n : 0;
	begin_answered(x, old);
	g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(guint32));
	facet_rows f = { d, database_bind(d, SQL_FACETS_AFTER, error, "i", (gint64)after), FALSE, 0, 0 };
	gboolean ok = f.rows && next_facet(&f, error);
	guint shared = old ? (old->n + 1) / INDEX_CHUNK : 0; /* chunks that were full */
	for (guint i = 0; i < shared; i++) {
		x->chunk[i] = old->chunk[i];
		g_atomic_ref_count_inc(&x->chunk[i]->references);
	}
	for (guint i = shared; i < x->chunks; i++) {
		chunk_begin(x, old, i, values);
		guint first = MAX(i * INDEX_CHUNK, after + 1);
		for (guint n = first; n / INDEX_CHUNK == i; n++) {
			for (; ok && f.more && f.document == n; ok = next_facet(&f, error)) {
				if (f.value < 1 || f.value > x->values || n > x->n)
					continue;
				chunk_add(x, n, f.value, values);
				if (!fresh[f.value])
					fresh[f.value] = g_array_new(FALSE, FALSE, sizeof(guint32));
				g_array_append_val(fresh[f.value], n);
				bits_add(x->answered[x->value_facet[f.value]], n);
			}
			x->chunk[i]->start[n % INDEX_CHUNK + 1] = values->len;
		}
		chunk_end(x->chunk[i], values);
	}
	if (f.rows)
		sqlite3_reset(f.rows);
	return ok;
}

static void join_sets(index_t *x, const index_t *old, GArray **fresh)
{
	g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(guint32));
	for (guint v = 1; v <= x->values; v++) {
		const document_set *before = old && v <= old->values ? old->set[v] : NULL;
		if (fresh[v] || !before) {
			document_set *joined = document_set_extend(before, fresh[v] ? fresh[v] : none, x->words);
			document_set_release(x->set[v]);
			x->set[v] = joined;
		}
		if (fresh[v])
			g_array_unref(fresh[v]);
	}
}

/* ---- orders ---- */

void index_order_release(index_order *order)
{
	if (!order || !g_atomic_ref_count_dec(&order->references))
		return;
	g_free(order->documents);
	g_free(order->rank);
	g_free(order->first);
	g_free(order);
}

static index_order *order_new(guint n)
{
	index_order *o = g_new0(index_order, 1);
	g_atomic_ref_count_init(&o->references);
	o->n = n;
	o->documents = g_new0(guint32, (gsize)n + 1);
	o->rank = g_new0(guint32, (gsize)n + 1);
	o->first = g_new(guint32, BITS_WORDS(n));
	return o;
}

/* documents[0..keyed) is in order: the others follow by number. */
static void finish_order(index_order *o)
{
	g_autofree guint64 *has = g_new0(guint64, BITS_WORDS(o->n));
	for (guint i = 0; i < o->keyed; i++)
		bits_add(has, o->documents[i]);
	guint at = o->keyed;
	for (guint n = 1; n <= o->n; n++)
		if (!bits_has(has, n))
			o->documents[at++] = n;
	for (guint i = o->n; i-- > 0;) {
		o->rank[o->documents[i]] = i;
		o->first[o->documents[i] >> 6] = i;
	}
}

static int newer_first(gconstpointer a, gconstpointer b, gpointer data)
{
	const index_t *x = data;
	guint32 i = *(const guint32 *)a, j = *(const guint32 *)b;
	if (x->since[i] != x->since[j])
		return x->since[i] > x->since[j] ? -1 : 1;
	return i < j ? -1 : i > j;
}

static index_order *order_newest(index_t *x)
{
	index_order *o = order_new(x->n);
	o->keyed = x->n;
	for (guint i = 0; i < x->n; i++)
		o->documents[i] = i + 1;
	g_qsort_with_data(o->documents, (gint)x->n, sizeof *o->documents, newer_first, x);
	finish_order(o);
	return o;
}

static index_order *order_stored(index_t *x, database *d, const char *path, GError **error)
{
	index_order *o = order_new(x->n);
	sqlite3_stmt *rows = database_bind(d, SQL_ORDER, error, "s", path);
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(d, rows, error)) == SQLITE_ROW) {
		gint64 document = sqlite3_column_int64(rows, 0);
		if (document >= 1 && document <= x->n && o->keyed < x->n)
			o->documents[o->keyed++] = (guint32)document;
	}
	if (code != SQLITE_DONE) {
		index_order_release(o);
		return NULL;
	}
	finish_order(o);
	return o;
}

index_order *index_get_order(index_t *x, database *d, const char *path, GError **error)
{
	g_mutex_lock(&x->lock);
	index_order *o = g_hash_table_lookup(x->orders, path);
	if (!o) {
		o = strcmp(path, "newest") == 0 ? order_newest(x) : order_stored(x, d, path, error);
		if (o)
			g_hash_table_insert(x->orders, g_strdup(path), o);
	}
	if (o)
		g_atomic_ref_count_inc(&o->references);
	g_mutex_unlock(&x->lock);
	return o;
}

/* A newer order by putting a few new documents where they belong in an older one. */
static index_order *order_with(const index_order *old, index_t *x, GArray *keyed, const GArray *places)
{
	index_order *o = order_new(x->n);
	guint at = 0;
	for (guint i = 0; i <= old->keyed; i++) {
		for (guint j = 0; j < keyed->len; j++)
			if (g_array_index(places, guint, j) == i)
				o->documents[at++] = g_array_index(keyed, guint32, j);
		if (i < old->keyed)
			o->documents[at++] = old->documents[i];
	}
	o->keyed = at;
	finish_order(o);
	return o;
}

typedef struct placing {
	const index_order *old;
	index_t *x;
	database *d;
	const char *path;
	gboolean failed;
} placing;

/* Where in the old order a document goes: before its first successor that is old. FALSE: it has no key. */
static gboolean place_stored(placing *p, guint document, guint *place)
{
	gint64 has = 0, next = 0;
	if (!database_number(p->d, &has, 0, SQL_SORT_HAS, NULL, "is", (gint64)document, p->path) ||
	    !database_number(p->d, &next, 0, SQL_SORT_NEXT, NULL, "isi", (gint64)document, p->path, (gint64)p->old->n))
		p->failed = TRUE;
	*place = next ? p->old->rank[next] : p->old->keyed;
	return has != 0;
}

static gboolean place_newest(placing *p, guint document, guint *place)
{
	guint low = 0, high = p->old->keyed;
	guint32 number = document;
	while (low < high) {
		guint middle = (low + high) / 2;
		if (newer_first(&p->old->documents[middle], &number, p->x) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*place = low;
	return TRUE;
}

static int by_own_order(gconstpointer a, gconstpointer b, gpointer data)
{
	placing *p = data;
	gint64 i = *(const guint32 *)a, j = *(const guint32 *)b, x = 0, y = 0;
	if (strcmp(p->path, "newest") == 0)
		return newer_first(a, b, p->x);
	if (!database_number(p->d, &x, 0, SQL_SORT_BEFORE, NULL, "iis", i, j, p->path) ||
	    !database_number(p->d, &y, 0, SQL_SORT_BEFORE, NULL, "iis", j, i, p->path))
		p->failed = TRUE;
	return (int)(y - x);
}

#define ADOPTED_MAX 32

/* NULL: the database did not answer. */
static index_order *adopt_order(placing *p)
{
	gboolean newest = strcmp(p->path, "newest") == 0;
	g_autoptr(GArray) keyed = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(guint));
	for (guint32 n = p->old->n + 1; n <= p->x->n; n++) {
		guint place;
		if (newest ? place_newest(p, n, &place) : place_stored(p, n, &place))
			g_array_append_val(keyed, n);
	}
	g_qsort_with_data(keyed->data, (gint)keyed->len, sizeof(guint32), by_own_order, p);
	for (guint i = 0; i < keyed->len; i++) {
		guint place = p->old->keyed;
		guint32 n = g_array_index(keyed, guint32, i);
		newest ? place_newest(p, n, &place) : place_stored(p, n, &place);
		g_array_append_val(places, place);
	}
	return p->failed ? NULL : order_with(p->old, p->x, keyed, places);
}

/* After a small change the orders that were asked for are carried over; after a large one they are made anew when asked for. */
static void adopt_orders(index_t *x, index_t *old, database *d)
{
	if (x->n - old->n > ADOPTED_MAX)
		return;
	g_mutex_lock(&old->lock);
	GHashTableIter i;
	gpointer path, order;
	g_hash_table_iter_init(&i, old->orders);
	while (g_hash_table_iter_next(&i, &path, &order)) {
		placing p = { order, x, d, path, FALSE };
		if (x->n == old->n)
			g_atomic_ref_count_inc(&((index_order *)order)->references);
		else
			order = adopt_order(&p);
		if (order)
			g_hash_table_insert(x->orders, g_strdup(path), order);
	}
	g_mutex_unlock(&old->lock);
}

/* ---- an index ---- */

index_t *index_load(const index_t *old, database *d, GError **error)
{
	gint64 generation, n, values;
	if (!database_number(d, &generation, 0, SQL_GENERATION, error, "") || !database_number(d, &n, 0, SQL_DOCUMENT_COUNT, error, "") ||
	    !database_number(d, &values, 0, SQL_VALUE_COUNT, error, ""))
		return NULL;
	if (n >= G_MAXINT32 || values >= G_MAXINT32 || (old && (n < old->n || values < old->values))) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, _("The projections do not hold together. Run 'aftermine check --rebuild'."));
		return NULL;
	}
	index_t *x = index_new((guint)n, (guint)values);
	x->generation = (guint64)generation;
	if (old)
		copy_old(x, old);
	x->rows = old ? text_rows_hold(old->rows) : text_rows_new(TEXT_ROWS_BYTES);
	g_autofree GArray **fresh = g_new0(GArray *, (gsize)x->values + 1);
	gboolean ok = load_documents(x, d, old ? old->n : 0, error) && load_values(x, d, old ? old->values : 0, error);
	if (ok) {
		give_columns(x, old);
		ok = load_facets(x, old, d, fresh, error);
	}
	join_sets(x, old, fresh);
	order_values(x);
	if (ok && old)
		adopt_orders(x, (index_t *)old, d);
	if (!ok)
		g_clear_pointer(&x, index_release);
	return x;
}

