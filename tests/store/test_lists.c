#include "example.h"

#include <gio/gio.h>
#include <string.h>

#include "base/canonical.h"

static void assert_listed(example *e, const store_query *q, const char *ids)
{
	g_autofree char *found = ids_of(e, q);
	assert_string_equal(found, ids);
}

static void put_place(example *e, const char *id, double longitude, double latitude)
{
	record *r = record_of("case", id, RECORD_PUBLISHED, NULL, "{'title':'T'}");
	json_object_set_new(r->body, "longitude", json_real(longitude));
	json_object_set_new(r->body, "latitude", json_real(latitude));
	put(e, r);
}

static void a_box_may_cross_the_antimeridian(void **state)
{
	example *e = *state;
	put_place(e, "fiji", 178, -17);
	put_place(e, "samoa", -172, -13);
	put_place(e, "greenwich", 0, -15);
	assert_listed(e, &(store_query) { .kind = "case", .sort = "number", .bbox = (double[]) { 170, -30, -170, 0 } }, "fiji samoa");
	assert_listed(e, &(store_query) { .kind = "case", .sort = "number", .bbox = (double[]) { -170, -30, 170, 0 } }, "greenwich");
	assert_listed(e, &(store_query) { .kind = "case", .sort = "number", .bbox = (double[]) { -180, -90, 180, 90 } }, "fiji samoa greenwich");
	assert_listed(e, &(store_query) { .kind = "case", .sort = "number", .bbox = (double[]) { 0, 0, 10, 10 } }, "");
}

static void a_shape_across_the_antimeridian_is_found_on_both_sides_and_not_between(void **state)
{
	example *e = *state;
	put(e, record_of("site", "dateline", RECORD_PUBLISHED, NULL,
	           "{'name':'D','geometry':{'type':'MultiPolygon','coordinates':[[[[179,0],[180,0],[180,1],[179,0]]],[[[-180,0],[-179,0],[-180,1],[-180,0]]]]}}"));
	assert_listed(e, &(store_query) { .kind = "site", .bbox = (double[]) { 179.5, 0, 179.9, 1 } }, "dateline");
	assert_listed(e, &(store_query) { .kind = "site", .bbox = (double[]) { -179.9, 0, -179.5, 1 } }, "dateline");
	assert_listed(e, &(store_query) { .kind = "site", .bbox = (double[]) { -10, -10, 10, 10 } }, "");
}

/* Moved east by 360 degrees these are a rounding error narrower, which is no reason to think that they cross. */
static void a_shape_in_the_west_does_not_cross_the_antimeridian(void **state)
{
	example *e = *state;
	put(e, record_of("site", "west", RECORD_PUBLISHED, NULL,
	           "{'name':'W','geometry':{'type':'Polygon','coordinates':[[[-82.186564,37.7],[-82.168852,37.7],[-82.168852,37.8],[-82.186564,37.7]]]}}"));
	assert_true(-82.168852 + 360 - (-82.186564 + 360) < -82.168852 + 82.186564);
	assert_listed(e, &(store_query) { .kind = "site", .bbox = (double[]) { -83, 37, -82, 38 } }, "west");
	assert_listed(e, &(store_query) { .kind = "site", .bbox = (double[]) { 170, 30, 180, 40 } }, "");
}

static void places_are_given_for_a_map(void **state)
{
	example *e = *state;
	put_place(e, "fiji", 178, -17);
	put(e, record_of("case", "nowhere", RECORD_PUBLISHED, NULL, "{'title':'N'}"));
	g_autoptr(GPtrArray) places = store_places(e->r, &(store_query) { .kind = "case" }, NULL);
	assert_int_equal(places->len, 1);
	const store_place *p = g_ptr_array_index(places, 0);
	assert_string_equal(p->id, "fiji");
	assert_true(p->longitude == 178 && p->latitude == -17);
}

static gboolean is_southern(const record *r, gpointer data)
{
	++*(int *)data;
	assert_null(json_object_get(r->body, "title")); /* only the member that is looked at is read */
	return json_number_value(json_object_get(r->body, "latitude")) < 0;
}

static void a_test_of_the_caller_stands_on_top_of_all_other_conditions(void **state)
{
	static const char *const members[] = { "latitude", NULL };
	example *e = *state;
	int tried = 0;
	put_place(e, "fiji", 178, -17);
	put_place(e, "samoa", -172, -13);
	put_place(e, "hawaii", -157, 20);
	put_place(e, "greenwich", 0, -15);
	store_query q = { .kind = "case", .sort = "number", .bbox = (double[]) { 170, -30, -150, 30 }, .test = is_southern, .test_data = &tried, .test_members = members, .facets = TRUE };
	assert_listed(e, &q, "fiji samoa");
	assert_int_equal(tried, 3);
	g_autoptr(store_result) found = store_search(e->r, &(store_query) { .kind = "case", .limit = 1, .test = is_southern, .test_data = &tried, .test_members = members }, NULL);
	assert_int_equal(found->n, 1);
	assert_int_equal(found->total, 3);
}

/* Tells what it sees. */
static gboolean tell(const record *r, gpointer data)
{
	static const char *const members[] = { "title", "summary", "country", "start_year", "end_year", "commodities" };
	g_string_append_printf(data, "%s %s %u %s", r->kind->name, r->id, r->revision, r->time);
	for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
		g_autofree char *value = json_object_get(r->body, members[i]) ? canonical_text(json_object_get(r->body, members[i]), NULL, NULL) : g_strdup("-");
		g_string_append_printf(data, " %s", value);
	}
	g_string_append_c(data, '\n');
	return TRUE;
}

static void a_test_sees_the_same_with_the_revision_and_without_it(void **state)
{
	static const char *const light[] = { "title", "summary", "country", "start_year", "end_year", "commodities", NULL };
	static const char *const heavy[] = { "title", "summary", "country", "start_year", "end_year", "commodities", "challenge", NULL };
	example *e = *state;
	put(e, record_of("case", "full", RECORD_PUBLISHED, NULL, "{'title':'F','summary':'Long.','challenge':'C','country':'MNG','start_year':1990,'end_year':2001,'commodities':['gold','copper']}"));
	put(e, record_of("case", "bare", RECORD_PUBLISHED, NULL, "{'title':'B'}"));
	put(e, record_of("case", "full", RECORD_PUBLISHED, NULL, "{'title':'F \\u00fc','summary':'Longer.','country':'CAN','start_year':1991}"));
	static const char *const days[] = { NULL, "2026-11-24" };
	for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
		g_autoptr(GString) with = g_string_new(NULL), without = g_string_new(NULL);
		g_autoptr(store_result) a = store_search(e->r, &(store_query) { .kind = "case", .sort = "number", .as_of = days[i], .test = tell, .test_data = without, .test_members = light }, NULL);
		g_autoptr(store_result) b = store_search(e->r, &(store_query) { .kind = "case", .sort = "number", .as_of = days[i], .test = tell, .test_data = with, .test_members = heavy }, NULL);
		assert_int_equal(a->total, b->total);
		assert_true(days[i] || (with->len > 100 && strstr(with->str, "1991")));
		assert_string_equal(without->str, with->str);
	}
}

/* Asks the same while it is asked. */
typedef struct asking {
	example *e;
	GError *refused;
	guint tried;
} asking;

static gboolean ask_again(const record *r, gpointer data)
{
	asking *a = data;
	static const char *const members[] = { "name", NULL };
	(void)r;
	if (a->tried++ == 0)
		assert_null(store_search(a->e->r, &(store_query) { .kind = "practice", .test = ask_again, .test_data = a, .test_members = members }, &a->refused));
	return TRUE;
}

static void questions_for_which_many_records_are_read_are_answered_one_at_a_time(void **state)
{
	example *e = *state;
	const guint n = STORE_TRIED_AT_ONCE + 1;
	g_autofree store_change *changes = g_new0(store_change, n);
	g_autoptr(GError) error = NULL;
	for (guint i = 0; i < n; i++) {
		g_autofree char *id = g_strdup_printf("practice-%u", i);
		changes[i].record = record_of("practice", id, RECORD_PUBLISHED, NULL, "{'name':'P'}");
	}
	assert_true(store_write(e->s, changes, n, &error));
	for (guint i = 0; i < n; i++)
		record_free(changes[i].record);
	asking a = { .e = e };
	static const char *const members[] = { "name", NULL };
	for (int again = 0; again < 2; again++) { /* and the next is answered again */
		a.tried = 0;
		g_autoptr(store_result) found = store_search(e->r, &(store_query) { .kind = "practice", .test = ask_again, .test_data = &a, .test_members = members }, &error);
		assert_int_equal(found->total, n);
		assert_int_equal(a.tried, n);
		assert_true(g_error_matches(a.refused, G_IO_ERROR, G_IO_ERROR_BUSY));
		g_clear_error(&a.refused);
	}
}

static void turning_pages_by_number_meets_every_record_once_whatever_comes_meanwhile(void **state)
{
	example *e = *state;
	for (int i = 0; i < 5; i++) {
		g_autofree char *id = g_strdup_printf("mine-%d", i);
		put_place(e, id, i, i);
	}
	store_query q = { .kind = "case", .sort = "number", .limit = 2 };
	g_autoptr(GString) seen = g_string_new(NULL);
	for (int page = 0; page < 4; page++) {
		g_autoptr(store_result) found = store_search(e->r, &q, NULL);
		for (gsize i = 0; i < found->n; i++) {
			g_string_append_printf(seen, "%s ", found->hits[i].id);
			q.after = found->hits[i].number;
		}
		if (page == 0)
			put_place(e, "mine-9", 9, 9); /* published meanwhile: behind the last */
	}
	assert_string_equal(seen->str, "mine-0 mine-1 mine-2 mine-3 mine-4 mine-9 ");
}

static void a_record_tells_where_it_lies_and_a_list_how_far_it_reaches(void **state)
{
	example *e = *state;
	double longitude, latitude, box[4];
	g_autoptr(GError) error = NULL;
	put(e, record_of("case", "moved", RECORD_PUBLISHED, "2020-01-01T00:00:00Z", "{'title':'M','longitude':1,'latitude':2}"));
	put(e, record_of("case", "moved", RECORD_PUBLISHED, "2021-01-01T00:00:00Z", "{'title':'M','longitude':3,'latitude':4}"));
	put(e, record_of("case", "nowhere", RECORD_PUBLISHED, NULL, "{'title':'N'}"));
	put_place(e, "fiji", 178, -17);
	assert_true(store_place_of(e->r, "case", "moved", NULL, &longitude, &latitude, &error) && longitude == 3 && latitude == 4);
	assert_true(store_place_of(e->r, "case", "moved", "2020-06-01", &longitude, &latitude, &error) && longitude == 1);
	assert_false(store_place_of(e->r, "case", "moved", "2019-06-01", &longitude, &latitude, &error));
	assert_false(store_place_of(e->r, "case", "nowhere", NULL, &longitude, &latitude, &error));
	assert_false(store_place_of(e->r, "case", "unheard-of", NULL, &longitude, &latitude, &error));
	assert_true(store_extent(e->r, &(store_query) { .kind = "case" }, box, &error));
	assert_true(box[0] <= 3 && box[0] > 2.9 && box[1] <= -17 && box[2] >= 178 && box[2] < 178.1 && box[3] >= 4 && box[3] < 4.1);
	assert_false(store_extent(e->r, &(store_query) { .kind = "pledge" }, box, &error));
	assert_null(error);
}

static void lists_are_sorted_both_ways_with_unknown_last(void **state)
{
	example *e = *state;
	put(e, record_of("case", "b", RECORD_PUBLISHED, NULL, "{'title':'École','start_year':2001}"));
	put(e, record_of("case", "a", RECORD_PUBLISHED, NULL, "{'title':'zinc','start_year':1978}"));
	put(e, record_of("case", "c", RECORD_PUBLISHED, NULL, "{'title':'Acid'}"));
	assert_listed(e, &(store_query) { .kind = "case", .sort = "title" }, "c b a");
	assert_listed(e, &(store_query) { .kind = "case", .sort = "-title" }, "a b c");
	assert_listed(e, &(store_query) { .kind = "case", .sort = "start_year" }, "a b c");
	assert_listed(e, &(store_query) { .kind = "case", .sort = "-start_year" }, "b a c");
	assert_listed(e, &(store_query) { .kind = "case", .sort = "title", .offset = 1, .limit = 1 }, "b");
	assert_listed(e, &(store_query) { .kind = "case", .sort = "title", .offset = 7, .limit = 1 }, "");
	assert_listed(e, &(store_query) { .kind = "case", .sort = "title", .offset = G_MAXUINT, .limit = G_MAXUINT }, "");
}

static void the_newest_come_first(void **state)
{
	example *e = *state;
	put(e, record_of("case", "old", RECORD_PUBLISHED, "2026-01-01T00:00:00Z", "{'title':'T'}"));
	put(e, record_of("case", "new", RECORD_PUBLISHED, "2026-03-01T00:00:00Z", "{'title':'T'}"));
	put(e, record_of("case", "middle", RECORD_PUBLISHED, "2026-02-01T00:00:00Z", "{'title':'T'}"));
	assert_listed(e, &(store_query) { .kind = "case" }, "new middle old");
	put(e, record_of("case", "old", RECORD_PUBLISHED, "2026-04-01T00:00:00Z", "{'title':'T2'}"));
	assert_listed(e, &(store_query) { .kind = "case" }, "old new middle");
	g_autoptr(store_result) r = store_search(e->r, &(store_query) { .kind = "case" }, NULL);
	assert_string_equal(r->hits[0].time, "2026-04-01T00:00:00Z");
	assert_int_equal(r->hits[0].revision, 2);
}

static void a_day_in_the_past_shows_what_was_public_then(void **state)
{
	example *e = *state;
	put(e, record_of("case", "a", RECORD_PUBLISHED, "2026-01-01T00:00:00Z", "{'title':'First wording'}"));
	put(e, record_of("case", "b", RECORD_PUBLISHED, "2026-01-01T00:00:00Z", "{'title':'Withdrawn later'}"));
	put(e, record_of("case", "a", RECORD_PUBLISHED, "2026-02-01T23:59:59Z", "{'title':'Second wording'}"));
	put(e, record_of("case", "b", RECORD_WITHDRAWN, "2026-02-02T00:00:00Z", "{'title':'Withdrawn later'}"));
	assert_listed(e, &(store_query) { .kind = "case", .as_of = "2025-12-31" }, "");
	assert_listed(e, &(store_query) { .kind = "case", .as_of = "2026-01-31", .text = "first" }, "a");
	assert_listed(e, &(store_query) { .kind = "case", .as_of = "2026-01-31", .text = "second" }, "");
	assert_listed(e, &(store_query) { .kind = "case", .as_of = "2026-02-01", .sort = "title" }, "a b");
	assert_listed(e, &(store_query) { .kind = "case", .as_of = "2026-02-02" }, "a");
	assert_listed(e, &(store_query) { .kind = "case", .text = "first" }, "");
	g_autoptr(record) then = store_get(e->r, "case", "a", "2026-01-31", NULL);
	assert_string_equal(record_title(then), "First wording");
	g_autoptr(record) before = store_get(e->r, "case", "a", "2025-01-31", NULL);
	assert_null(before);
	g_autoptr(GPtrArray) all = store_revisions(e->r, "case", "a", NULL);
	assert_int_equal(all->len, 2);
	const record *first = g_ptr_array_index(all, 0), *second = g_ptr_array_index(all, 1);
	assert_string_equal(second->previous, first->hash);
}

static void a_day_that_is_none_is_an_error_with_a_remedy(void **state)
{
	example *e = *state;
	static const char *const days[] = { "", "2026", "2026-13-01", "2026-02-30", "2026-2-3", "yesterday", "2026-01-01'", "9999999999" };
	for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
		g_autoptr(GError) error = NULL;
		assert_null(store_search(e->r, &(store_query) { .as_of = days[i] }, &error));
		assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_INVALID));
		g_clear_error(&error);
		assert_null(store_get(e->r, "case", "a", days[i], &error));
		assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_INVALID));
	}
}

static gboolean collect(const record *r, gpointer data)
{
	GString *ids = data;
	g_string_append_printf(ids, "%s ", r->id);
	return strcmp(r->id, "c3") != 0;
}

static void each_visits_in_order_until_told_to_stop(void **state)
{
	example *e = *state;
	for (int i = 5; i > 0; i--) {
		g_autofree char *id = g_strdup_printf("c%d", i), *body = g_strdup_printf("{'title':'Title %d'}", i);
		put(e, record_of("case", id, RECORD_PUBLISHED, NULL, body));
	}
	g_autoptr(GString) ids = g_string_new(NULL);
	assert_true(store_each(e->r, &(store_query) { .kind = "case", .sort = "title", .limit = 1 }, collect, ids, NULL));
	assert_string_equal(ids->str, "c1 c2 c3 ");
}

static void referrers_are_the_present_revisions_that_name_a_record(void **state)
{
	example *e = *state;
	put(e, record_of("practice", "liming", RECORD_PUBLISHED, NULL, "{'name':'Liming'}"));
	put(e, record_of("case", "sudbury", RECORD_PUBLISHED, NULL, "{'title':'Sudbury','practices':[{'name':'Lime','practice':['liming']}]}"));
	put(e, record_of("case", "other", RECORD_PUBLISHED, NULL, "{'title':'Other','practices':[{'name':'Lime','practice':['liming']}]}"));
	put(e, record_of("case", "other", RECORD_PUBLISHED, NULL, "{'title':'Other'}"));
	g_autoptr(GPtrArray) from = store_referrers(e->r, "practice", "liming", NULL, NULL, NULL);
	assert_int_equal(from->len, 1);
	const store_reference *f = g_ptr_array_index(from, 0);
	assert_string_equal(f->id, "sudbury");
	assert_string_equal(f->title, "Sudbury");
	assert_string_equal(f->path, "practices.practice");
	g_autoptr(GPtrArray) none = store_referrers(e->r, "practice", "liming", "pledge", NULL, NULL);
	assert_int_equal(none->len, 0);
	record_lookup lookup = store_lookup(e->r);
	assert_true(lookup.exists(lookup.data, "case", "sudbury"));
	assert_false(lookup.exists(lookup.data, "case", "salem"));
}

static void hits_carry_their_record_when_asked(void **state)
{
	example *e = *state;
	put(e, record_of("case", "a", RECORD_PUBLISHED, NULL, "{'title':'T','start_year':1978}"));
	g_autoptr(store_result) r = store_search(e->r, &(store_query) { .kind = "case", .bodies = TRUE }, NULL);
	assert_int_equal(json_integer_value(json_object_get(r->hits[0].record->body, "start_year")), 1978);
	assert_int_equal(strlen(r->hits[0].record->hash), 64);
}

static void hits_carry_only_the_members_asked_for_and_the_hash_of_the_whole(void **state)
{
	example *e = *state;
	put(e, record_of("case", "a", RECORD_PUBLISHED, NULL,
	           "{'title':'Say \\'no\\' } ] , \\\\','start_year':1978,'lessons':['{','}]'],'results':[{'value':-1.5e-7,'as_stated':'x'}],'limits':[],'country':'CAN'}"));
	g_autoptr(record) whole = store_get(e->r, "case", "a", NULL, NULL);
	static const char *const members[][4] = { { "start_year", NULL }, { "title", "results", NULL }, { "country", "lessons", "limits", NULL }, { "none", NULL }, { NULL } };
	for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
		g_autoptr(store_result) r = store_search(e->r, &(store_query) { .kind = "case", .bodies = TRUE, .members = members[i] }, NULL);
		const record *part = r->hits[0].record;
		gsize n = g_strv_length((char **)members[i]);
		assert_int_equal(json_object_size(part->body), strcmp(members[i][0] ? members[i][0] : "none", "none") == 0 ? 0 : n);
		for (gsize m = 0; m < n && json_object_size(part->body); m++)
			assert_true(json_equal(json_object_get(part->body, members[i][m]), json_object_get(whole->body, members[i][m])));
		assert_string_equal(part->hash, whole->hash);
		assert_string_equal(part->time, whole->time);
		assert_string_equal(part->id, "a");
	}
}

static void members_of_groups_are_asked_for_by_their_path(void **state)
{
	example *e = *state;
	put(e, record_of("case", "a", RECORD_PUBLISHED, NULL, "{'title':'T','results':[{'value':1,'as_stated':'x, [y}','unit':'ha'},{},{'value':2.5}],'admin_area':'B'}"));
	static const struct {
		const char *members[4], *body;
	} asked[] = {
		{ { "results.value", "results.unit" }, "{'results':[{'value':1,'unit':'ha'},{},{'value':2.5}]}" },
		{ { "results.none", "admin_area" }, "{'results':[{},{},{}],'admin_area':'B'}" },
		{ { "results", "results.value" }, "{'results':[{'value':1,'as_stated':'x, [y}','unit':'ha'},{},{'value':2.5}]}" },
		{ { "title.x" }, "{'title':'T'}" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(asked); i++) {
		g_autoptr(store_result) r = store_search(e->r, &(store_query) { .kind = "case", .bodies = TRUE, .members = asked[i].members }, NULL);
		g_autofree char *text = g_strdelimit(g_strdup(asked[i].body), "'", '"');
		json_t *body = json_loads(text, 0, NULL);
		assert_true(json_equal(r->hits[0].record->body, body));
		json_decref(body);
	}
}

/* Of the figures the one that tells most: hectares brought back. */
static void hits_carry_what_rows_show_when_asked(void **state)
{
	example *e = *state;
	put(e, record_of("case", "c", RECORD_PUBLISHED, NULL, "{'title':'T','country':'CAN','admin_area':'Ontario','challenge':'long','evidence_grade':'B','results':["
		"{'as_stated':'pH','value':5.5,'source':1},{'as_stated':'cover','value':80,'unit':'%','source':1},"
		"{'as_stated':'planted','indicator':'area-revegetated','value':3400,'unit':'ha','year':2014,'source':1},{'as_stated':'owned','value':9000,'unit':'ha','source':1}]}"));
	put(e, record_of("case", "b", RECORD_PUBLISHED, NULL, "{'title':'B','results':[{'as_stated':'none','source':1}]}"));
	g_autoptr(store_result) r = store_search(e->r, &(store_query) { .kind = "case", .sort = "title", .briefs = TRUE }, NULL);
	static const struct {
		const char *path, *text;
		double number;
	} wanted[] = { { "admin_area", "Ontario", 0 }, { "country", "CAN", 0 }, { "evidence_grade", "B", 0 }, { "results.as_stated", "planted", 0 }, { "results.unit", "ha", 0 },
		{ "results.value", NULL, 3400 }, { "results.year", NULL, 2014 } };
	assert_int_equal(r->n, 2);
	assert_null(r->hits[0].brief);
	assert_null(r->hits[0].record);
	const canonical_leaf *leaf = r->hits[1].brief;
	for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++, leaf = leaf->next) {
		assert_non_null(leaf);
		assert_string_equal(leaf->path, wanted[i].path);
		assert_int_equal(g_strcmp0(leaf->text, wanted[i].text), 0);
		assert_true(leaf->number == wanted[i].number);
	}
	assert_null(leaf);
}

/* Everything that a page could show of the hits, in words. */
static char *shown(example *e, const char *text)
{
	g_autoptr(store_result) r = store_search(e->r, &(store_query) { .text = text, .briefs = TRUE, .limit = 100 }, NULL);
	GString *all = g_string_new(NULL);
	for (gsize i = 0; i < r->n; i++) {
		const store_hit *h = &r->hits[i];
		g_string_append_printf(all, "%s %s/%s#%u at %s: %s (%s) %s\n", h->kind->name, h->id, h->title, h->revision, h->time, h->summary, h->snippet ? h->snippet : "no words",
			canonical_leaf_text(h->brief, "country"));
	}
	return g_string_free(all, FALSE);
}

static void hits_are_the_same_from_memory_and_from_the_database(void **state)
{
	example *e = *state;
	for (guint i = 0; i < 40; i++) {
		g_autofree char *id = g_strdup_printf("c%u", i), *body = g_strdup_printf("{'title':'Pit %u','country':'CAN','challenge':'wet and %u deep'}", i, i);
		put(e, record_of("case", id, RECORD_PUBLISHED, NULL, body));
	}
	static const char *const questions[] = { NULL, "pit", "wet deep", "7" };
	for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
		store_keep_rows(e->s, 0);
		g_autofree char *read = shown(e, questions[i]);
		store_keep_rows(e->s, 4 << 20);
		g_autofree char *read_and_kept = shown(e, questions[i]), *kept = shown(e, questions[i]);
		assert_true(strlen(read) > 20);
		assert_string_equal(read_and_kept, read);
		assert_string_equal(kept, read);
	}
	put(e, record_of("case", "c7", RECORD_PUBLISHED, NULL, "{'title':'Pit 7 filled','country':'PER'}"));
	g_autofree char *changed = shown(e, "filled");
	assert_non_null(strstr(changed, "Pit 7 filled#2"));
	assert_non_null(strstr(changed, "PER"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, example_begin, example_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hits_are_the_same_from_memory_and_from_the_database),
		TEST(a_box_may_cross_the_antimeridian),
		TEST(a_shape_across_the_antimeridian_is_found_on_both_sides_and_not_between),
		TEST(a_shape_in_the_west_does_not_cross_the_antimeridian),
		TEST(a_test_of_the_caller_stands_on_top_of_all_other_conditions),
		TEST(a_test_sees_the_same_with_the_revision_and_without_it),
		TEST(questions_for_which_many_records_are_read_are_answered_one_at_a_time),
		TEST(turning_pages_by_number_meets_every_record_once_whatever_comes_meanwhile),
		TEST(a_record_tells_where_it_lies_and_a_list_how_far_it_reaches),
		TEST(places_are_given_for_a_map),
		TEST(lists_are_sorted_both_ways_with_unknown_last),
		TEST(the_newest_come_first),
		TEST(a_day_in_the_past_shows_what_was_public_then),
		TEST(a_day_that_is_none_is_an_error_with_a_remedy),
		TEST(each_visits_in_order_until_told_to_stop),
		TEST(referrers_are_the_present_revisions_that_name_a_record),
		TEST(hits_carry_their_record_when_asked),
		TEST(hits_carry_what_rows_show_when_asked),
		TEST(hits_carry_only_the_members_asked_for_and_the_hash_of_the_whole),
		TEST(members_of_groups_are_asked_for_by_their_path),
	};
	return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
