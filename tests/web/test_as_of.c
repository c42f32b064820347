/* Pages, lists, totals and data as of a day: what was known then, and nothing else; links keep the day. */
#include "site.h"

#include <string.h>

#include "web/route.h"

#define SOURCES "'sources':[{'n':1,'title':'t','kind':'company'}]"
#define PLEDGE(value) "{'title':'A promise','statement':'s','organisations':['acme'],'countries':['MNG'],'sites':['north'],'targets':[{'metric':'area-restored','value':" value \
	",'unit':'ha','baseline_year':2020,'target_year':2030}]," SOURCES "}"

#define LAND(west, east) "{'type':'Polygon','coordinates':[[[" west ",47],[" east ",47],[" east ",47.02],[" west ",47.02],[" west ",47]]]}"
#define SOUTH(place) "{'name':'South','country':'MNG'," place "}"

static void put_at(site *s, const char *time, const char *kind_name, const char *id, const char *reason, const char *body)
{
	g_autofree char *text = g_strdelimit(g_strdup(body), "'", '"');
	g_autoptr(record) r = g_new0(record, 1);
	g_autoptr(GError) error = NULL;
	*r = (record){.kind = kind_by_name(kind_name), .id = g_strdup(id), .state = RECORD_PUBLISHED, .time = g_strdup(time), .author = g_strdup("editors"),
		.reason = g_strdup(reason), .body = json_loads(text, 0, NULL)};
	assert_non_null(r->body);
	store_change change = {r, STORE_EXPECT_ANY};
	if (!store_write(s->records, &change, 1, &error))
		fail_msg("%s", error->message);
}

static int start(void **state)
{
	site *s = site_start(NULL, routes, routes_count);
	put_at(s, "2026-01-01T10:00:00Z", "organisation", "acme", NULL, "{'name':'Acme','kind':'mining-company','country':'MNG'}");
	put_at(s, "2026-01-01T10:00:01Z", "site", "north", NULL, "{'name':'North','country':'MNG','longitude':105,'latitude':47}");
	put_at(s, "2026-01-10T10:00:00Z", "pledge", "land", NULL, PLEDGE("100"));
	put_at(s, "2026-02-10T10:00:00Z", "progress", "land-2025", NULL, "{'title':'r','pledge':'land','year':2025,'reported_on':'2026-01-31','figures':[{'target':1,'what':'w',"
		"'value':60,'unit':'ha','basis':'cumulative','source':1}]," SOURCES "}");
	put_at(s, "2026-03-10T10:00:00Z", "measurement", "north-2025", NULL, "{'title':'m','site':'north','period_from':2015,'period_until':2025,'method':'m','method_version':'1',"
		"'inputs':[{'name':'i','sha256':'0123456789012345678901234567890123456789012345678901234567890123'}],'results':[{'quantity':'area-improved','value':40,'low':30,"
		"'high':50,'unit':'ha'}]}");
	put_at(s, "2026-04-10T10:00:00Z", "pledge", "land", "The board halved it.", PLEDGE("50"));
	put_at(s, "2026-04-11T10:00:00Z", "case", "pit", NULL, "{'title':'A pit','challenge':'c','country':'MNG','longitude':105,'latitude':47}");
	put_at(s, "2026-01-02T10:00:00Z", "site", "south", NULL, SOUTH("'longitude':105.01,'latitude':47.01"));
	put_at(s, "2026-02-02T10:00:00Z", "site", "south", "It was surveyed.", SOUTH("'geometry':" LAND("105", "105.02")));
	put_at(s, "2026-05-02T10:00:00Z", "site", "south", "It was surveyed again.", SOUTH("'geometry':" LAND("105.01", "105.03") ",'reference_geometry':" LAND("105.05", "105.07")));
	put_at(s, "2026-05-03T10:00:00Z", "site", "south", "It is closed.", SOUTH("'geometry':" LAND("105.01", "105.03") ",'reference_geometry':" LAND("105.05", "105.07") ",'stage':'closed'"));
	*state = s;
	return 0;
}

static int stop(void **state)
{
	site_stop(*state);
	return 0;
}

static void the_page_says_what_was_known_then(void **state)
{
	const struct { const char *day, *says, *silent; } cases[] = {
		{"2026-01-31", "No report is known here.", "60 ha reported"},
		{"2026-02-10", "60 ha reported for 2025, where 50 ha were due.", "at most 50 ha measured"},
		{"2026-03-10", "60 ha reported, but at most 50 ha measured.", "The board halved it."},
		{"2026-04-10", "The board halved it.", "as it stood on 11 April"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *target = g_strdup_printf("/pledges/land?as-of=%s", cases[i].day);
		g_autoptr(reply) page = get(*state, target, "Accept: text/html\r\n");
		assert_int_equal(page->status, 200);
		if (!strstr(reply_text(page), cases[i].says) || strstr(reply_text(page), cases[i].silent))
			fail_msg("%s: does not say \"%s\", or says \"%s\"", target, cases[i].says, cases[i].silent);
		assert_non_null(strstr(reply_text(page), "You are reading this page as it stood on"));
	}
	g_autoptr(reply) before = get(*state, "/pledges/land?as-of=2026-01-09", "Accept: text/html\r\n"), now = get(*state, "/pledges/land", "Accept: text/html\r\n");
	assert_int_equal(before->status, 404);
	assert_null(strstr(reply_text(now), "as it stood on"));
	/* What was changed stands there with its old and new value. */
	assert_non_null(strstr(reply_text(now), "<del>100</del>"));
	assert_non_null(strstr(reply_text(now), "<ins>50</ins>"));
}

static double promised(site *s, const char *target)
{
	g_autoptr(reply) data = get(s, target, "");
	json_auto_t *view = json_loads(reply_text(data), 0, NULL);
	return json_number_value(json_object_get(json_array_get(json_object_get(view, "totals"), 0), "promised"));
}

static void totals_lists_and_data_are_of_the_day(void **state)
{
	assert_true(promised(*state, "/countries/MNG.json?as-of=2026-01-31") == 100);
	assert_true(promised(*state, "/countries/MNG.json?as-of=2026-04-30") == 50);
	assert_true(promised(*state, "/countries/MNG.json?as-of=2026-01-09") == 0);
	g_autoptr(reply) cases = get(*state, "/cases.json?as-of=2026-04-10", ""), one = get(*state, "/pledges/land.json?as-of=2026-04-09", ""),
		table = get(*state, "/pledges/land/discrepancies.json?as-of=2026-02-28", ""), counts = get(*state, "/api/records?as-of=2026-01-09", "");
	assert_non_null(strstr(reply_text(cases), "\"total\":0"));
	assert_non_null(strstr(reply_text(one), "\"revision\":1"));
	assert_non_null(strstr(reply_text(table), "\"verdict\":\"not-measured\""));
	assert_null(strstr(reply_text(table), "\"verdict\":\"above\""));
	json_auto_t *list = json_loads(reply_text(counts), 0, NULL);
	json_t *entry;
	gsize i, seen = 0;
	json_array_foreach(list, i, entry)
		if (g_strcmp0(json_string_value(json_object_get(entry, "kind")), "pledge") == 0)
			assert_int_equal(json_integer_value(json_object_get(entry, "count")), seen++);
	assert_int_equal(seen, 1);
}

static void a_day_that_is_none_or_not_come_yet_is_refused(void **state)
{
	static const char *const days[] = {"yesterday", "2026-02-30", "2026", "", "9000-01-01", "2026-01-01T00", "2026-01-01%20"};
	static const char *const addresses[] = {"/pledges/land", "/", "/pledges.json", "/countries/MNG.json", "/pledges/land.svg", "/api/records/pledge/land"};
	for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++)
		for (gsize k = 0; k < G_N_ELEMENTS(days); k++) {
			g_autofree char *target = g_strdup_printf("%s?as-of=%s", addresses[i], days[k]);
			g_autoptr(reply) answer = get(*state, target, "");
			if (answer->status != 400 || !strstr(reply_text(answer), "as-of"))
				fail_msg("%s answers %d: %s", target, answer->status, reply_text(answer));
		}
	g_autoptr(reply) ahead = get(*state, "/pledges?as-of=9000-01-01", "Accept: text/html\r\n");
	assert_non_null(strstr(reply_text(ahead), "lies in the future"));
	assert_null(strstr(reply_text(ahead), "as it stood on"));
}

/* Addresses of this site that a page links to: all but files and the way back to now. */
static void check_links(site *s, const char *from, const char *text, GHashTable *seen, GQueue *next)
{
	for (const char *at = text; (at = strstr(at, "<a "));) {
		const char *end = strchr(at, '>'), *href = strstr(at, "href=\"/");
		at = end;
		if (!href || href > end)
			continue;
		href += strlen("href=\"");
		g_autofree char *raw = g_strndup(href, strcspn(href, "\"#"));
		g_auto(GStrv) parts = g_strsplit(raw, "&amp;", -1);
		g_autofree char *target = g_strjoinv("&", parts);
		/* Entries of the log, revisions as they were signed and what programs are told of the interfaces are of no day. */
		static const char *const timeless[] = {"/static/", "/log/", "/api", "/ogc", "/stac"};
		const char *path = g_str_has_prefix(target, "/en/") ? target + strlen("/en") : target;
		gboolean is_timeless = g_str_has_prefix(end + 1, "Read it as it stands now");
		for (gsize i = 0; i < G_N_ELEMENTS(timeless); i++)
			is_timeless |= g_str_has_prefix(path, timeless[i]);
		if (is_timeless)
			continue;
		if (!strstr(target, "as-of=2026-04-30"))
			fail_msg("%s leads to %s, which forgets the day", from, target);
		if (g_hash_table_add(seen, g_strdup(target)))
			g_queue_push_tail(next, g_strdup(target));
	}
	(void)s;
}

static void every_link_keeps_the_day_and_leads_somewhere(void **state)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GQueue next = G_QUEUE_INIT;
	g_queue_push_tail(&next, g_strdup("/?as-of=2026-04-30"));
	guint pages = 0;
	for (char *target; (target = g_queue_pop_head(&next)); g_free(target)) {
		g_autoptr(reply) page = get(*state, target, "Accept: text/html\r\n");
		if (page->status != 200)
			fail_msg("%s answers %d", target, page->status);
		const char *type = reply_header(page, "Content-Type");
		if (page->status == 200 && type && g_str_has_prefix(type, "text/html") && pages++ < 400)
			check_links(*state, target, reply_text(page), seen, &next);
	}
	assert_true(pages > 20);
	g_autoptr(reply) home = get(*state, "/?as-of=2026-04-30", "Accept: text/html\r\n");
	guint forms = 0, kept = 0;
	for (const char *at = reply_text(home); (at = strstr(at, "<form")); at++)
		forms++;
	for (const char *at = reply_text(home); (at = strstr(at, "name=\"as-of\" value=\"2026-04-30\"")); at++)
		kept++;
	assert_true(forms && kept == forms);
}

/* Hectares of these rectangles by the closed form of a zone of the ellipsoid (Snyder 1987, 3-12): 338.15 each, half of it shared. */
static void a_boundary_drawn_anew_is_told_in_hectares_and_shown(void **state)
{
	static const char *const says[] = {"<del>known only as a point</del> <ins>338 ha</ins>", "<del>338 ha</del> <ins>338 ha</ins>", "338 ha added, 0 ha taken away.", "169 ha added, 169 ha taken away.",
		"<del>no boundary</del> <ins>338 ha</ins>", "/sites/south.svg?chart=boundary&amp;revision=3\"", "/sites/south.svg?chart=reference&amp;revision=3\"", "loading=\"lazy\""};
	g_autoptr(reply) page = get(*state, "/en/sites/south", "Accept: text/html\r\n"), then = get(*state, "/en/sites/south?as-of=2026-04-30", "Accept: text/html\r\n");
	for (gsize i = 0; i < G_N_ELEMENTS(says); i++)
		if (!strstr(reply_text(page), says[i]))
			fail_msg("the page does not say %s", says[i]);
	static const char *const tells[] = {"known only as a point → 338 ha. 338 ha added, 0 ha taken away.", "338 ha → 338 ha. 169 ha added, 169 ha taken away.", "no boundary → 338 ha."};
	g_autoptr(reply) news = get(*state, "/en/sites/south.atom", "");
	for (gsize i = 0; i < G_N_ELEMENTS(tells); i++)
		if (!strstr(reply_text(news), tells[i]))
			fail_msg("the feed does not say %s", tells[i]);
	assert_null(strstr(reply_text(page), "revision=4"));
	assert_null(strstr(reply_text(then), "revision=3"));
	assert_non_null(strstr(reply_text(then), "as-of=2026-04-30&amp;chart=boundary&amp;revision=2"));
	const struct { const char *query; int status; const char *says; } pictures[] = {
		{"chart=boundary&revision=2", 200, "338 ha added, 0 ha taken away."}, {"chart=boundary&revision=3", 200, "before 338 ha, after 338 ha. 169 ha added, 169 ha taken away."},
		{"chart=reference&revision=3", 200, "before no boundary, after 338 ha."}, {"chart=boundary&revision=2&as-of=2026-04-30&scheme=dark&width=narrow", 200, "<svg"},
		{"chart=boundary&revision=3&as-of=2026-04-30", 404, NULL}, {"chart=boundary&revision=1", 404, NULL}, {"chart=boundary&revision=4", 404, NULL},
		{"chart=reference&revision=2", 404, NULL}, {"chart=boundary&revision=4294967295", 404, NULL}, {"chart=boundary", 400, NULL}, {"chart=boundary&revision=0", 400, NULL},
		{"chart=boundary&revision=-1", 400, NULL}, {"chart=boundary&revision=3x", 400, NULL}, {"chart=boundary&revision=4294967296", 400, NULL}, {"chart=outline&revision=3", 400, NULL},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(pictures); i++) {
		g_autofree char *target = g_strconcat("/en/sites/south.svg?", pictures[i].query, NULL);
		g_autoptr(reply) picture = get(*state, target, "");
		if (picture->status != pictures[i].status || (pictures[i].says && !strstr(reply_text(picture), pictures[i].says)))
			fail_msg("%s answers %d: %.600s", target, picture->status, reply_text(picture));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_says_what_was_known_then),
		cmocka_unit_test(totals_lists_and_data_are_of_the_day),
		cmocka_unit_test(a_day_that_is_none_or_not_come_yet_is_refused),
		cmocka_unit_test(every_link_keeps_the_day_and_leads_somewhere),
		cmocka_unit_test(a_boundary_drawn_anew_is_told_in_hectares_and_shown),
	};
	return cmocka_run_group_tests_name("as of", tests, start, stop);
}
