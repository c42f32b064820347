#include "web/board.h"

#include <math.h>
#include <string.h>

#include "rules/cover.h"
#include "rules/day.h"
#include "web/board_curves.h"

struct board {
	gatomicrefcount references;
	guint64 generation;
	char day[11];
	gboolean past; /* as of a past day */
	GArray *pledges; /* board_pledge, by id */
	GHashTable *by_id;
	pledge_sums world;
	GHashTable *countries, *organisations; /* id -> pledge_sums */
	GHashTable *shared; /* iso3 -> count */
	GArray *measurements; /* site_measurement, sorted; texts interned */
	GPtrArray *covers;    /* what they hold of land cover */
	board_land *land;
	const char *curves[BOARD_CURVES + 1];
};

void board_today(const char *as_of, char out[static 11])
{
	if (as_of) {
		g_strlcpy(out, as_of, 11);
		return;
	}
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_snprintf(out, 11, "%04d-%02d-%02d", g_date_time_get_year(now), g_date_time_get_month(now), g_date_time_get_day_of_month(now));
}

static void sums_free(gpointer sums)
{
	pledge_sums_clear(sums);
	g_free(sums);
}

static void pledge_clear(gpointer data)
{
	board_pledge *p = data;
	g_free((gpointer)p->title);
	g_free((gpointer)p->countries);
	g_free((gpointer)p->organisations);
}

void board_unref(board *b)
{
	if (!b || !g_atomic_ref_count_dec(&b->references))
		return;
	g_array_unref(b->pledges);
	g_hash_table_unref(b->by_id);
	g_hash_table_unref(b->countries);
	g_hash_table_unref(b->organisations);
	g_hash_table_unref(b->shared);
	pledge_sums_clear(&b->world);
	g_array_unref(b->measurements);
	g_ptr_array_unref(b->covers);
	board_land_free(b->land);
	g_free(b);
}

static board *board_new(guint64 generation, const char *as_of)
{
	board *b = g_new0(board, 1);
	g_atomic_ref_count_init(&b->references);
	b->generation = generation;
	b->past = as_of != NULL;
	board_today(as_of, b->day);
	b->pledges = g_array_new(FALSE, TRUE, sizeof(board_pledge));
	g_array_set_clear_func(b->pledges, pledge_clear);
	b->by_id = g_hash_table_new(g_str_hash, g_str_equal);
	b->countries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, sums_free);
	b->organisations = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, sums_free);
	b->shared = g_hash_table_new(g_str_hash, g_str_equal);
	b->measurements = g_array_new(FALSE, FALSE, sizeof(site_measurement));
	b->covers = g_ptr_array_new_with_free_func(g_free);
	pledge_sums_init(&b->world);
	return b;
}

/* What judging needs of all other records, gathered in one pass each. */
typedef struct gathering {
	board *board;
	store_reader *reader;
	GHashTable *progress; /* pledge id -> GPtrArray of json_t * */
	GHashTable *replaced; /* pledge id -> id of the newer one */
	GHashTable *named;    /* pledge id -> json_t *: the sites it names */
	gboolean laid;        /* the land is: nobody claims any more of it */
	board_visit visit;    /* for every pledge, with data */
	gpointer data;
	GError *error;
} gathering;

static void json_free(gpointer value)
{
	json_decref(value);
}

static void list_free(gpointer list)
{
	g_ptr_array_unref(list);
}

/* Only what rules read is kept: narratives and evidence of thousands of reports would fill the memory. */
static json_t *progress_kept(const json_t *body)
{
	static const char *const names[] = {"site", "year", "reported_on", "period_until", "figures", "sources"};
	json_t *kept = json_object();
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (json_object_get(body, names[i]))
			json_object_set(kept, names[i], json_object_get(body, names[i]));
	return kept;
}

static gboolean gather_progress(const record *r, gpointer data)
{
	gathering *g = data;
	const char *pledge = json_string_value(json_object_get(r->body, "pledge"));
	if (!pledge || r->state == RECORD_WITHDRAWN)
		return TRUE;
	GPtrArray *list = g_hash_table_lookup(g->progress, pledge);
	if (!list) {
		list = g_ptr_array_new_with_free_func(json_free);
		g_hash_table_insert(g->progress, g_strdup(pledge), list);
	}
	g_ptr_array_add(list, progress_kept(r->body));
	return TRUE;
}

static gboolean gather_claims(const record *r, gpointer data)
{
	gathering *g = data;
	json_t *sites = json_object_get(r->body, "sites");
	if (sites && r->state == RECORD_PUBLISHED && !g->laid) {
		board_land_claim(g->board->land, sites, json_object_get(r->body, "organisations"));
		g_hash_table_insert(g->named, g_strdup(r->id), json_incref(sites));
	}
	const char *older = json_string_value(json_object_get(r->body, "replaces"));
	if (older && r->state == RECORD_PUBLISHED)
		g_hash_table_insert(g->replaced, g_strdup(older), g_strdup(r->id));
	return TRUE;
}

static gboolean gather_measurement(const record *r, gpointer data)
{
	gathering *g = data;
	site_measurement m;
	if (r->state != RECORD_PUBLISHED || !site_measurement_read(r->body, g_intern_string(r->id), &m))
		return TRUE;
	m.site = g_intern_string(m.site);
	m.boundary = NULL;
	m.covers = cover_changes_read(json_object_get(r->body, "results"));
	if (m.covers)
		g_ptr_array_add(g->board->covers, (gpointer)m.covers);
	g_array_append_val(g->board->measurements, m);
	return TRUE;
}

static const char *const *interned(const json_t *list)
{
	const char **out = g_new0(const char *, json_array_size(list) + 1);
	gsize n = 0, i;
	const json_t *value;
	json_array_foreach(list, i, value)
		if (json_is_string(value))
			out[n++] = g_intern_string(json_string_value(value));
	return (const char *const *)out;
}

static pledge_sums *sums_of(GHashTable *table, const char *id)
{
	pledge_sums *sums = g_hash_table_lookup(table, id);
	if (!sums) {
		sums = g_new0(pledge_sums, 1);
		pledge_sums_init(sums);
		g_hash_table_insert(table, (gpointer)id, sums);
	}
	return sums;
}

static void add_sums(board *b, const board_pledge *p, const pledge_entry *entry)
{
	pledge_sums_add(&b->world, entry, b->day);
	for (gsize i = 0; p->organisations[i]; i++)
		pledge_sums_add(sums_of(b->organisations, p->organisations[i]), entry, b->day);
	if (p->countries[0] && !p->countries[1])
		pledge_sums_add(sums_of(b->countries, p->countries[0]), entry, b->day);
	else
		for (gsize i = 0; p->countries[i]; i++)
			g_hash_table_insert(b->shared, (gpointer)p->countries[i],
				GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(b->shared, p->countries[i])) + 1));
}

record *board_first_published(store_reader *reader, const record *newest, GError **error)
{
	if (newest->revision < 2)
		return NULL;
	g_autoptr(GPtrArray) revisions = store_revisions(reader, newest->kind->name, newest->id, error);
	for (guint i = 0; revisions && i < revisions->len; i++) {
		const record *r = g_ptr_array_index(revisions, i);
		if (r->state == RECORD_PUBLISHED && r->revision < newest->revision)
			return record_copy(r);
	}
	return NULL;
}

measuring_facts board_measured(const board *b)
{
	return (measuring_facts){(const site_measurement *)(gpointer)b->measurements->data, b->measurements->len, board_land_register(b->land), day_end(b->day)};
}

/* Bodies of a pledge's sites in its order, NULL for one that is not known. */
static json_t **sites_of(const gathering *g, const json_t *pledge)
{
	const json_t *named = json_object_get(pledge, "sites"), *site;
	json_t **sites = g_new0(json_t *, json_array_size(named) + 1);
	gsize i;
	json_array_foreach(named, i, site)
		if (json_is_string(site))
			sites[i] = board_land_site_body(g->board->land, json_string_value(site));
	return sites;
}

/* What its judging needs of a pledge, for the visit. */
static gboolean with_facts(gathering *g, const record *r)
{
	GPtrArray *progress = g_hash_table_lookup(g->progress, r->id);
	g_autoptr(record) earlier = board_first_published(g->reader, r, &g->error);
	if (g->error)
		return FALSE;
	const measuring_facts known = board_measured(g->board);
	g_autoptr(GArray) measured = pledge_measured(r->body, &known);
	g_autofree json_t **sites = sites_of(g, r->body);
	const pledge_facts facts = {.pledge = r->body, .progress = progress ? (json_t *const *)progress->pdata : NULL,
		.n_progress = progress ? progress->len : 0, .measured = (measured_value *)(gpointer)measured->data, .n_measured = measured->len,
		.sites = sites, .n_sites = json_array_size(json_object_get(r->body, "sites")), .earlier = earlier ? earlier->body : NULL, .changed = day_start(r->time),
		.replaced_by = g_hash_table_lookup(g->replaced, r->id), .withdrawn = r->state == RECORD_WITHDRAWN};
	return g->visit(r, &facts, g->data);
}

static gboolean visit_pledge(const record *r, gpointer data)
{
	return with_facts(data, r);
}

static gboolean judge(const record *r, const pledge_facts *facts, gpointer data)
{
	board *b = data;
	board_pledge p = {.id = g_intern_string(r->id), .title = g_strdup(record_title(r)), .land = board_land_of(b->land, json_object_get(r->body, "sites"))};
	pledge_judge(facts, b->day, &p.judgement);
	/* What the facts hold ends here; ids of measurements are interned. */
	p.judgement.unit = g_intern_string(p.judgement.unit);
	p.judgement.unit_as_stated = g_intern_string(p.judgement.unit_as_stated);
	completeness_list list;
	pledge_completeness(r->body, &list);
	p.complete = list.present;
	p.applicable = list.applicable;
	p.countries = interned(json_object_get(r->body, "countries"));
	p.organisations = interned(json_object_get(r->body, "organisations"));
	add_sums(b, &p, &(pledge_entry){p.id, *facts});
	g_array_append_val(b->pledges, p);
	return TRUE;
}

/* Land of pledges that stand. */
static void total_land(const gathering *g)
{
	for (guint i = 0; i < g->board->pledges->len; i++) {
		const board_pledge *p = &g_array_index(g->board->pledges, board_pledge, i);
		const json_t *sites = g_hash_table_lookup(g->named, p->id);
		if (sites && p->judgement.rule->state != PLEDGE_WITHDRAWN && !g_hash_table_contains(g->replaced, p->id))
			board_land_pledge(g->board->land, sites, p->organisations);
	}
	const measuring_facts measured = board_measured(g->board);
	board_land_total(g->board->land, &measured);
}

static int by_id(gconstpointer a, gconstpointer b)
{
	return strcmp(((const board_pledge *)a)->id, ((const board_pledge *)b)->id);
}

static void finish(board *b)
{
	const measuring_facts measured = board_measured(b);
	g_array_sort(b->pledges, by_id);
	for (guint i = 0; i < b->pledges->len; i++) {
		board_pledge *p = &g_array_index(b->pledges, board_pledge, i);
		g_hash_table_insert(b->by_id, (gpointer)p->id, p);
	}
	pledge_sums_finish(&b->world, &measured);
	GHashTable *const tables[] = {b->countries, b->organisations};
	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
		GHashTableIter iter;
		gpointer sums;
		g_hash_table_iter_init(&iter, tables[i]);
		while (g_hash_table_iter_next(&iter, NULL, &sums))
			pledge_sums_finish(sums, &measured);
	}
}

/* What is asked of the store for judging, in the order of the passes. */
static const char *const reported[] = {"pledge", "year", "reported_on", "period_until", "figures", "sources", "site", NULL}, *const claims[] = {"replaces", "sites", "organisations", NULL};
static const char *const judged[] = {"title", "organisations", "countries", "made_on", "owner", "targets", "milestones", "sites", "withdrawn_on", NULL};
static const char *const of_measurement[] = {"site", "period_from", "period_until", "measured_on", "results", NULL};

static gboolean pass(gathering *g, const char *kind_name, const char *const *members, const char *as_of, gboolean (*each)(const record *, gpointer), GError **error)
{
	const store_query q = {.kind = kind_name, .as_of = as_of, .bodies = TRUE, .members = members};
	gboolean done = store_each(g->reader, &q, each, g, error);
	if (done && g->error)
		g_propagate_error(error, g_steal_pointer(&g->error));
	return done && !*error;
}

static void gathering_clear(gathering *g)
{
	g_clear_pointer(&g->progress, g_hash_table_unref);
	g_clear_pointer(&g->replaced, g_hash_table_unref);
	g_clear_pointer(&g->named, g_hash_table_unref);
	g_clear_error(&g->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(gathering, gathering_clear)

static gathering gathering_of(board *b, store_reader *reader, board_visit visit, gpointer data)
{
	return (gathering){.board = b, .reader = reader, .visit = visit, .data = data,
		.progress = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, list_free), .replaced = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
		.named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, json_free)};
}

static board *board_make(store_reader *reader, guint64 generation, const char *as_of, GError **error)
{
	g_autoptr(board) b = board_new(generation, as_of);
	g_auto(gathering) g = gathering_of(b, reader, judge, b);
	g_autoptr(GError) failed = NULL;
	b->land = board_land_read(reader, as_of, &failed);
	if (b->land && board_curves_read(reader, as_of, b->curves, &failed) && pass(&g, "progress", reported, as_of, gather_progress, &failed) && pass(&g, "pledge", claims, as_of, gather_claims, &failed)
	    && pass(&g, "measurement", of_measurement, as_of, gather_measurement, &failed)) {
		board_land_lay(b->land);
		site_measurements_sort((site_measurement *)(gpointer)b->measurements->data, b->measurements->len);
		if (pass(&g, "pledge", judged, as_of, visit_pledge, &failed)) {
			total_land(&g);
			finish(b);
			return g_steal_pointer(&b);
		}
	}
	g_propagate_error(error, g_steal_pointer(&failed));
	return NULL;
}

gboolean board_each_pledge(store_reader *reader, board *b, const char *as_of, board_visit visit, gpointer data, GError **error)
{
	g_auto(gathering) g = gathering_of(b, reader, visit, data);
	GError *failed = NULL;
	g.laid = TRUE;
	gboolean done = pass(&g, "progress", reported, as_of, gather_progress, &failed) && pass(&g, "pledge", claims, as_of, gather_claims, &failed)
		&& pass(&g, "pledge", judged, as_of, visit_pledge, &failed);
	if (failed)
		g_propagate_error(error, failed);
	return done;
}

static GMutex lock;
static board *kept[2]; /* now, and the past day last asked for */

static gboolean is_of(const board *b, guint64 generation, const char *as_of)
{
	char day[11];
	board_today(as_of, day);
	return b && b->generation == generation && strcmp(b->day, day) == 0;
}

gboolean board_is_kept(guint64 generation)
{
	if (!g_mutex_trylock(&lock))
		return FALSE;
	gboolean is = is_of(kept[0], generation, NULL);
	g_mutex_unlock(&lock);
	return is;
}

board *board_get(store_reader *reader, guint64 generation, const char *as_of, GError **error)
{
	g_mutex_lock(&lock);
	board **slot = &kept[as_of != NULL];
	if (!is_of(*slot, generation, as_of)) {
		board *fresh = board_make(reader, generation, as_of, error);
		if (!fresh) {
			g_mutex_unlock(&lock);
			return NULL;
		}
		board_unref(*slot);
		*slot = fresh;
	}
	board *b = *slot;
	g_atomic_ref_count_inc(&b->references);
	g_mutex_unlock(&lock);
	return b;
}

const char *board_day(const board *b)
{
	return b->day;
}

const board_pledge *board_find(const board *b, const char *id)
{
	return g_hash_table_lookup(b->by_id, id);
}

const board_pledge *board_pledges(const board *b, gsize *n)
{
	*n = b->pledges->len;
	return (const board_pledge *)(gpointer)b->pledges->data;
}

const pledge_sums *board_world(const board *b)
{
	return &b->world;
}

const pledge_sums *board_country(const board *b, const char *iso3, guint *shared)
{
	if (shared)
		*shared = GPOINTER_TO_UINT(g_hash_table_lookup(b->shared, iso3));
	return g_hash_table_lookup(b->countries, iso3);
}

const pledge_sums *board_organisation(const board *b, const char *id)
{
	return g_hash_table_lookup(b->organisations, id);
}

const board_land *board_land_get(const board *b)
{
	return b->land;
}

const char *const *board_curves(const board *b)
{
	return b->curves;
}

const char **board_countries(const board *b)
{
	return (const char **)g_hash_table_get_keys_as_array(b->countries, NULL);
}
