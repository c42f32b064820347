#include "web/board_case.h"

#include <string.h>

#include "rules/day.h"

static void record_release(gpointer r)
{
	record_free(r);
}

static void site_free(gpointer data)
{
	board_site *s = data;
	record_free(s->site);
	g_ptr_array_unref(s->measurements);
	g_ptr_array_unref(s->progress);
	g_ptr_array_unref(s->claims);
	g_free(s);
}

void board_case_clear(board_case *c)
{
	g_clear_pointer(&c->progress, g_ptr_array_unref);
	g_clear_pointer(&c->sites, g_ptr_array_unref);
	g_clear_pointer(&c->reviews, g_ptr_array_unref);
	g_clear_pointer(&c->earlier, record_free);
	g_clear_pointer(&c->replaced_by, g_free);
	g_clear_pointer(&c->measurements, g_array_unref);
	g_clear_pointer(&c->measured, g_array_unref);
	g_clear_pointer(&c->bodies, g_free);
	g_clear_pointer(&c->site_bodies, g_free);
}

static int by_year(gconstpointer a, gconstpointer b)
{
	const record *p = *(record *const *)a, *q = *(record *const *)b;
	const char *const years[] = {"year", "period_until"};
	for (gsize i = 0; i < G_N_ELEMENTS(years); i++) {
		json_int_t x = json_integer_value(json_object_get(p->body, years[i])), y = json_integer_value(json_object_get(q->body, years[i]));
		if (x != y)
			return x > y ? 1 : -1;
	}
	return strcmp(p->id, q->id);
}

static int by_day(gconstpointer a, gconstpointer b)
{
	const record *p = *(record *const *)a, *q = *(record *const *)b;
	int day = g_strcmp0(json_string_value(json_object_get(p->body, "made_on")), json_string_value(json_object_get(q->body, "made_on")));
	return day ? day : strcmp(p->id, q->id);
}

/* Did the record refer to it by that path on that day? References are known as they stand now. */
static gboolean refers(const record *r, const char *path, const char *id)
{
	g_autoptr(GPtrArray) values = body_values(r->body, path);
	for (guint i = 0; i < values->len; i++)
		if (g_strcmp0(json_string_value(g_ptr_array_index(values, i)), id) == 0)
			return TRUE;
	return FALSE;
}

/* Calls take for every record, published on the day, that refers to this one; take owns what it steals. */
typedef void (*referrer_take)(record **referrer, const char *path, gpointer data);

static gboolean each_referrer(store_reader *reader, const char *kind_name, const char *id, const char *from, const char *as_of, referrer_take take, gpointer data,
	GError **error)
{
	g_autoptr(GPtrArray) referrers = store_referrers(reader, kind_name, id, from, as_of, error);
	for (guint i = 0; referrers && i < referrers->len; i++) {
		const store_reference *reference = g_ptr_array_index(referrers, i);
		g_autoptr(GError) failure = NULL;
		g_autoptr(record) r = store_get(reader, reference->kind->name, reference->id, as_of, &failure);
		if (failure) {
			g_propagate_error(error, g_steal_pointer(&failure));
			return FALSE;
		}
		if (r && r->state == RECORD_PUBLISHED && refers(r, reference->path, id))
			take(&r, reference->path, data);
	}
	return referrers != NULL;
}

static void take_of_pledge(record **r, const char *path, gpointer data)
{
	board_case *c = data;
	const char *name = (*r)->kind->name;
	if (strcmp(name, "progress") == 0 && strcmp(path, "pledge") == 0)
		g_ptr_array_add(c->progress, g_steal_pointer(r));
	else if (strcmp(name, "review") == 0)
		g_ptr_array_add(c->reviews, g_steal_pointer(r));
	else if (strcmp(path, "replaces") == 0 && !c->replaced_by)
		c->replaced_by = g_strdup((*r)->id);
}

static void take_review(record **r, const char *path, gpointer data)
{
	(void)path;
	g_ptr_array_add(((board_case *)data)->reviews, g_steal_pointer(r));
}

typedef struct site_reading {
	board_site *site;
	const char *pledge;
} site_reading;

static void take_of_site(record **r, const char *path, gpointer data)
{
	site_reading *reading = data;
	const char *name = (*r)->kind->name;
	if (strcmp(name, "measurement") == 0)
		g_ptr_array_add(reading->site->measurements, g_steal_pointer(r));
	else if (strcmp(name, "progress") == 0)
		g_ptr_array_add(reading->site->progress, g_steal_pointer(r));
	else if (strcmp(name, "pledge") == 0 && strcmp(path, "sites") == 0 && strcmp((*r)->id, reading->pledge) != 0)
		g_ptr_array_add(reading->site->claims, g_strdup((*r)->id));
}

static gboolean read_site(store_reader *reader, const record *pledge, const char *id, const char *as_of, board_case *c, GError **error)
{
	g_autoptr(GError) failure = NULL;
	board_site *s = g_new0(board_site, 1);
	*s = (board_site){.id = id, .measurements = g_ptr_array_new_with_free_func(record_release),
		.progress = g_ptr_array_new_with_free_func(record_release), .claims = g_ptr_array_new_with_free_func(g_free)};
	g_ptr_array_add(c->sites, s);
	s->site = store_get(reader, "site", id, as_of, &failure);
	if (failure) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	site_reading reading = {s, pledge->id};
	if (!each_referrer(reader, "site", id, NULL, as_of, take_of_site, &reading, error))
		return FALSE;
	g_ptr_array_sort(s->measurements, by_year);
	g_ptr_array_sort(s->progress, by_year);
	for (guint i = 0; i < s->measurements->len; i++) {
		const record *m = g_ptr_array_index(s->measurements, i);
		site_measurement read;
		if (!each_referrer(reader, "measurement", m->id, "review", as_of, take_review, c, error))
			return FALSE;
		if (site_measurement_read(m->body, m->id, &read))
			g_array_append_val(c->measurements, read);
	}
	return TRUE;
}

static json_t **bodies_of(const GPtrArray *records)
{
	json_t **bodies = g_new0(json_t *, records->len + 1);
	for (guint i = 0; i < records->len; i++)
		bodies[i] = ((record *)g_ptr_array_index(records, i))->body;
	return bodies;
}

static void make_facts(board_case *c, const board *b, const record *pledge, const char *today)
{
	site_measurement *list = (site_measurement *)(gpointer)c->measurements->data;
	site_measurements_sort(list, c->measurements->len);
	c->measured = pledge_measured(pledge->body, &(measuring_facts){list, c->measurements->len, board_land_register(board_land_get(b)), day_end(today)});
	c->bodies = bodies_of(c->progress);
	c->site_bodies = g_new0(json_t *, c->sites->len + 1);
	for (guint i = 0; i < c->sites->len; i++) {
		const record *site = ((board_site *)g_ptr_array_index(c->sites, i))->site;
		c->site_bodies[i] = site ? site->body : NULL;
	}
	c->facts = (pledge_facts){.pledge = pledge->body, .progress = c->bodies, .n_progress = c->progress->len,
		.measured = (measured_value *)(gpointer)c->measured->data, .n_measured = c->measured->len, .sites = c->site_bodies, .n_sites = c->sites->len,
		.earlier = c->earlier ? c->earlier->body : NULL, .changed = day_start(pledge->time), .replaced_by = c->replaced_by,
		.withdrawn = pledge->state == RECORD_WITHDRAWN};
}

static gboolean read_all(store_reader *reader, const record *pledge, const char *as_of, board_case *c, GError **error)
{
	const json_t *site;
	gsize i;
	if (!each_referrer(reader, "pledge", pledge->id, NULL, as_of, take_of_pledge, c, error))
		return FALSE;
	g_ptr_array_sort(c->progress, by_year);
	for (i = 0; i < c->progress->len; i++)
		if (!each_referrer(reader, "progress", ((record *)g_ptr_array_index(c->progress, i))->id, "review", as_of, take_review, c, error))
			return FALSE;
	json_array_foreach(json_object_get(pledge->body, "sites"), i, site)
		if (json_is_string(site) && !read_site(reader, pledge, json_string_value(site), as_of, c, error))
			return FALSE;
	g_ptr_array_sort(c->reviews, by_day);
	g_autoptr(GError) failure = NULL;
	c->earlier = board_first_published(reader, pledge, &failure);
	if (failure)
		g_propagate_error(error, g_steal_pointer(&failure));
	return failure == NULL;
}

gboolean board_case_read(store_reader *reader, const board *b, const record *pledge, const char *as_of, board_case *out, GError **error)
{
	char today[11];
	board_today(as_of, today);
	*out = (board_case){.progress = g_ptr_array_new_with_free_func(record_release), .reviews = g_ptr_array_new_with_free_func(record_release),
		.sites = g_ptr_array_new_with_free_func(site_free), .measurements = g_array_new(FALSE, FALSE, sizeof(site_measurement))};
	out->land = board_land_of(board_land_get(b), json_object_get(pledge->body, "sites"));
	if (!read_all(reader, pledge, as_of, out, error))
		return FALSE;
	make_facts(out, b, pledge, today);
	return TRUE;
}

guint board_case_also_claimed(const board_case *c)
{
	guint n = 0;
	for (guint i = 0; i < c->sites->len; i++)
		n += ((board_site *)g_ptr_array_index(c->sites, i))->claims->len > 0;
	return n;
}
