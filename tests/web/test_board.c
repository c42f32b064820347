#include "site.h"

#include <math.h>
#include <string.h>

#include "web/board_case.h"
#include "web/board_watch.h"
#include "web/route.h"

#define SOURCES "'sources':[{'n':1,'title':'t','kind':'company'}]"
#define PLEDGE(more, value) "{'title':'A promise','statement':'s','organisations':['acme']," more "'targets':[{'metric':'area-restored','value':" value \
	",'unit':'ha','baseline_year':2020,'target_year':2030}]," SOURCES "}"

static int start(void **state)
{
	site *s = site_start(NULL, routes, routes_count);
	site_put(s, "organisation", "acme", "{'name':'Acme','kind':'mining-company'}");
	site_put(s, "pledge", "one", PLEDGE("'countries':['MNG'],", "100"));
	site_put(s, "pledge", "two", PLEDGE("'countries':['MNG','BRA'],", "50"));
	site_put(s, "progress", "one-2025", "{'title':'r','pledge':'one','year':2025,'reported_on':'2026-01-31','figures':[{'target':1,'what':'w','value':60,'unit':'ha',"
		"'basis':'cumulative','source':1}]," SOURCES "}");
	*state = s;
	return 0;
}

static int stop(void **state)
{
	site_stop(*state);
	return 0;
}

static board *judge(const site *s, store_reader *reader, const char *as_of)
{
	g_autoptr(GError) error = NULL;
	board *b = board_get(reader, store_generation(s->records), as_of, &error);
	assert_null(error);
	return b;
}

static void every_pledge_is_judged_with_its_reports(void **state)
{
	site *s = *state;
	g_autoptr(store_reader) reader = store_reader_open(s->records, NULL);
	/* A day ahead of the records' own: they were put in just now. */
	g_autoptr(board) b = judge(s, reader, "2027-01-01"), again = judge(s, reader, "2027-01-01");
	assert_ptr_equal(b, again);
	assert_string_equal(board_day(b), "2027-01-01");
	assert_string_equal(board_find(b, "one")->judgement.rule->id, "on-line");
	assert_string_equal(board_find(b, "two")->judgement.rule->id, "never-reported");
	assert_null(board_find(b, "three"));
	gsize n;
	assert_string_equal(board_pledges(b, &n)[0].id, "one");
	assert_int_equal(n, 2);
}

static void a_country_is_given_only_what_lies_in_it_alone(void **state)
{
	site *s = *state;
	g_autoptr(store_reader) reader = store_reader_open(s->records, NULL);
	g_autoptr(board) b = judge(s, reader, "2027-01-01");
	guint shared;
	assert_true(fabs(board_world(b)->hectares_promised.value - 150) < 1e-9);
	assert_true(fabs(board_organisation(b, "acme")->hectares_reported.value - 60) < 1e-9);
	assert_true(fabs(board_country(b, "MNG", &shared)->hectares_promised.value - 100) < 1e-9);
	assert_int_equal(shared, 1);
	assert_null(board_country(b, "BRA", &shared));
	assert_int_equal(shared, 1);
	g_autofree const char **countries = board_countries(b);
	assert_string_equal(countries[0], "MNG");
	assert_null(countries[1]);
}

static void a_change_or_a_successor_shows_at_once(void **state)
{
	site *s = *state;
	g_autoptr(store_reader) reader = store_reader_open(s->records, NULL);
	site_put(s, "pledge", "one", PLEDGE("'countries':['MNG'],", "80"));
	site_put(s, "pledge", "three", PLEDGE("'replaces':'two',", "70"));
	g_autoptr(board) b = judge(s, reader, "2027-01-01");
	assert_string_equal(board_find(b, "one")->judgement.rule->id, "targets-changed");
	assert_string_equal(board_find(b, "two")->judgement.rule->id, "replaced");
	assert_true(fabs(board_world(b)->hectares_promised.value - 150) < 1e-9); /* 80 and 70: what was replaced is promised no more */
	g_autoptr(GError) error = NULL;
	g_autoptr(record) two = store_get(reader, "pledge", "two", NULL, &error);
	g_auto(board_case) known = { 0 };
	assert_true(board_case_read(reader, b, two, NULL, &known, &error));
	assert_string_equal(known.replaced_by, "three");
}

#define MEASURED(site, year, value, low, high) "{'title':'m','site':'" site "','period_from':2015,'period_until':" year ",'method':'m','method_version':'1','inputs':[{'name':'i'," \
	"'sha256':'0123456789012345678901234567890123456789012345678901234567890123'}],'results':[{'quantity':'area-improved','value':" value ",'low':" low \
	",'high':" high ",'unit':'ha'}]}"

static void measurements_of_every_site_contradict_a_report(void **state)
{
	site *s = *state;
	g_autoptr(store_reader) reader = store_reader_open(s->records, NULL);
	site_put(s, "site", "north", "{'name':'North','country':'MNG','longitude':105,'latitude':47,'duty':'duty'}");
	site_put(s, "site", "south", "{'name':'South','country':'MNG','longitude':105,'latitude':46,'duty':'duty'}");
	site_put(s, "pledge", "land", PLEDGE("'sites':['north','south'],", "100"));
	site_put(s, "progress", "land-2025", "{'title':'r','pledge':'land','year':2025,'reported_on':'2026-01-31','figures':[{'target':1,'what':'w','value':60,'unit':'ha',"
		"'basis':'cumulative','source':1}]," SOURCES "}");
	site_put(s, "measurement", "north-2025", MEASURED("north", "2025", "20", "15", "25"));
	g_autoptr(board) part = judge(s, reader, "2027-01-01");
	assert_string_equal(board_find(part, "land")->judgement.rule->id, "on-line");
	assert_int_equal(board_find(part, "land")->judgement.measured_state, MEASURED_PART);
	site_put(s, "measurement", "south-2025", MEASURED("south", "2025", "20", "15", "25"));
	g_autoptr(board) whole = judge(s, reader, "2027-01-01");
	assert_string_equal(board_find(whole, "land")->judgement.rule->id, "above-measured");
	assert_true(fabs(board_organisation(whole, "acme")->hectares_measured.value - 40) < 1e-9);
	/* Its page judges it the same way, and its sites say that it is duty. */
	g_autoptr(GError) error = NULL;
	g_autoptr(record) land = store_get(reader, "pledge", "land", NULL, &error);
	g_auto(board_case) known = {0};
	assert_true(board_case_read(reader, whole, land, NULL, &known, &error));
	pledge_judgement j;
	pledge_judge(&known.facts, "2027-01-01", &j);
	assert_string_equal(j.rule->id, "above-measured");
	assert_string_equal(j.measured.measurement, board_find(whole, "land")->judgement.measured.measurement);
	gboolean found = FALSE;
	const GArray *rows = board_organisation(whole, "acme")->rows;
	for (guint i = 0; i < rows->len; i++)
		found |= g_array_index(rows, pledge_total, i).promised_by_duty[DUTY_DUTY].value > 99;
	assert_true(found);
}

#define SQUARE(x, y) "'geometry':{'type':'Polygon','coordinates':[[[" x ",45],[" y ",45],[" y ",46],[" x ",46],[" x ",45]]]}"

static void a_hectare_two_sites_cover_is_counted_once_and_contested_between_organisations(void **state)
{
	site *s = *state;
	g_autoptr(store_reader) reader = store_reader_open(s->records, NULL);
	site_put(s, "organisation", "bolt", "{'name':'Bolt','kind':'mining-company'}");
	site_put(s, "site", "west", "{'name':'West','country':'MNG','operator':'acme','duty':'duty'," SQUARE("100", "102") "}");
	site_put(s, "site", "middle", "{'name':'Middle','country':'MNG'," SQUARE("101", "103") "}"); /* its pledge says whose it is */
	site_put(s, "site", "east", "{'name':'East','country':'KAZ','operator':'bolt'," SQUARE("102", "104") "}");
	site_put(s, "pledge", "square", "{'title':'Squares','statement':'s','organisations':['acme'],'sites':['west','middle'],'targets':[{'metric':'area-restored',"
		"'value':1,'unit':'ha'}]," SOURCES "}");
	g_autoptr(board) b = judge(s, reader, "2027-01-01");
	const board_land *land = board_land_get(b);
	const board_area *world = board_land_world(land), *mongolia = board_land_country(land, "MNG"), *acme = board_land_organisation(land, "acme");
	double degree = world->all.net / 4;
	assert_true(fabs(degree - 868600) < 1000); /* a square degree at 45.5 north: 111.2 km by 78.1 km */
	assert_true(fabs(world->all.gross - 6 * degree) < 1e-3 && fabs(world->all.contested - degree) < 1e-3);
	assert_true(fabs(mongolia->all.net - 3 * degree) < 1e-3 && fabs(mongolia->all.contested - degree) < 1e-3);
	assert_true(fabs(mongolia->by_duty[DUTY_DUTY].net - 2 * degree) < 1e-3 && fabs(mongolia->by_duty[DUTY_UNKNOWN].net - 2 * degree) < 1e-3);
	assert_true(fabs(acme->pledged.gross - 4 * degree) < 1e-3 && fabs(acme->pledged.net - 3 * degree) < 1e-3);
	const board_pledge *square = board_find(b, "square");
	assert_true(fabs(square->land.gross - 4 * degree) < 1e-3 && fabs(square->land.net - 3 * degree) < 1e-3 && square->land.mapped == 2);
	gboolean whole;
	const GArray *overlaps = board_land_overlaps(land, &whole);
	assert_int_equal(overlaps->len, 2);
	g_autoptr(GError) error = NULL;
	g_autoptr(record) pledge = store_get(reader, "pledge", "square", NULL, &error);
	g_auto(board_case) known = {0};
	assert_true(board_case_read(reader, b, pledge, NULL, &known, &error));
	assert_true(known.land.net == square->land.net);
	/* A pledge given up is land no more. */
	site_put(s, "pledge", "square", "{'title':'Squares','statement':'s','organisations':['acme'],'sites':['west','middle'],'targets':[{'metric':'area-restored',"
		"'value':1,'unit':'ha'}],'withdrawn_on':'2026-01-01','withdrawal_reason':'r'," SOURCES "}");
	g_autoptr(board) after = judge(s, reader, "2027-01-01");
	assert_true(board_land_world(board_land_get(after))->pledged.net == 0);
	/* Before any of it was published there was nothing. */
	g_autoptr(board) before = judge(s, reader, "2020-01-01");
	assert_true(board_land_world(board_land_get(before))->all.net == 0);
}

static void overlaps_are_a_page_a_table_and_data(void **state)
{
	site *s = *state;
	g_autoptr(reply) page = get(s, "/sites/overlaps", "Accept: text/html\r\n"), table = get(s, "/sites/overlaps.csv", ""), data = get(s, "/sites/overlaps.json", "");
	g_autoptr(reply) none = get(s, "/sites/overlaps?page=zero", "Accept: text/html\r\n"), country = get(s, "/countries/MNG.json", "");
	static const char *const said[] = {"Land counted once", "2 pairs of sites overlap.", "Middle", "Acme", "Bolt", "contested"};
	assert_int_equal(page->status, 200);
	for (gsize i = 0; i < G_N_ELEMENTS(said); i++)
		if (!strstr(reply_text(page), said[i]))
			fail_msg("the page does not say \"%s\"", said[i]);
	assert_int_equal(none->status, 400);
	/* Mapped land stands once on a page: in the table, or as one row of a tally. */
	g_autoptr(reply) acme = get(s, "/organisations/acme", "Accept: text/html\r\n"), sites = get(s, "/sites", "Accept: text/html\r\n");
	assert_non_null(strstr(reply_text(acme), "Its land, each hectare once"));
	assert_null(strstr(reply_text(acme), "<span>Mapped</span>"));
	assert_non_null(strstr(reply_text(sites), "1,740,000"));
	assert_non_null(strstr(reply_text(table), "site,title,organisations,site_hectares,other_site"));
	json_auto_t *answer = json_loads(reply_text(data), 0, NULL), *mongolia = json_loads(reply_text(country), 0, NULL);
	const json_t *overlaps = json_object_get(answer, "overlaps"), *pair;
	assert_int_equal(json_array_size(overlaps), 2);
	gsize i, contested = 0;
	json_array_foreach(overlaps, i, pair)
		if (json_is_true(json_object_get(pair, "contested"))) {
			contested++;
			assert_string_equal(json_string_value(json_object_get(pair, "site")), "east");
			assert_string_equal(json_string_value(json_object_get(pair, "other_site")), "middle");
		}
	assert_int_equal(contested, 1);
	double net = json_number_value(json_object_get(json_object_get(json_object_get(mongolia, "land"), "all"), "net"));
	assert_true(net > 2.6e6 && net < 2.62e6); /* three square degrees */
}

static void the_page_and_its_table_show_land_findings_and_differences(void **state)
{
	site *s = *state;
	site_put(s, "organisation", "ministry", "{'name':'Ministry','kind':'government','country':'MNG'}");
	site_put(s, "target", "steppe", "{'title':'Steppe back','statement':'s','country':'MNG','response':'reverse','baseline_year':2015,'target_year':2030," SOURCES "}");
	site_put(s, "pledge", "land", PLEDGE("'sites':['north','south'],'alignment':[{'framework':'ldn','target':'steppe'}],", "100"));
	site_put(s, "pledge", "rival", PLEDGE("'sites':['north'],", "10"));
	site_put(s, "review", "finding", "{'title':'Weeds','pledge':'land','reviewer':'ministry','role':'focal-point','made_on':'2026-03-01','finding':'Mostly weeds.',"
		"'severity':'major','state':'open','counts_towards_target':false}");
	site_put(s, "progress", "north-account", "{'title':'a','site':'north','year':2024,'land_account':[{'stage':'disturbed','opening':50,'gained':5,'lost':0,'closing':55}],"
		"'newly_disturbed':5}");
	g_autoptr(reply) page = get(s, "/pledges/land", "Accept: text/html\r\n"), table = get(s, "/pledges/land/discrepancies.csv", ""),
		data = get(s, "/pledges/land/discrepancies.json", ""), map = get(s, "/pledges/land.svg?chart=map", "");
	static const char *const said[] = {"is named by another pledge as well", "Mostly weeds.", "The focal point disputes it.", "It does not count", "Land account",
		"Explain", "Range 30 to 50.", "2 of 2 sites give a value."};
	assert_int_equal(page->status, 200);
	for (gsize i = 0; i < G_N_ELEMENTS(said); i++)
		if (!strstr(reply_text(page), said[i]))
			fail_msg("the page does not say: %s", said[i]);
	assert_int_equal(table->status, 200);
	assert_non_null(strstr(reply_text(table), "land,1,2025,,ha,50,60,40,30,50,2025,2,2,20,10,30,above\r\n"));
	assert_non_null(strstr(reply_text(data), "\"verdict\":\"above\""));
	assert_int_equal(map->status, 200);
	/* A report on a site answers no pledge: the news of it lead to the report. */
	g_autoptr(reply) home = get(s, "/", "Accept: text/html\r\n");
	assert_non_null(strstr(reply_text(home), "href=\"/progress/north-account\""));
	assert_null(strstr(reply_text(home), "href=\"\""));
	g_autoptr(reply) target = get(s, "/targets/steppe", "Accept: text/html\r\n");
	assert_non_null(strstr(reply_text(target), "It does not count"));
	g_autoptr(reply) none = get(s, "/pledges/no-such/discrepancies.json", "");
	assert_int_equal(none->status, 404);
}

static void a_site_shows_its_curve_its_pledges_and_its_account(void **state)
{
	site *s = *state;
	site_put(s, "site", "north", "{'name':'North','country':'MNG','longitude':105,'latitude':47,'duty':'duty','disturbed_from':2018}");
	site_put(s, "measurement", "north-2025", "{'title':'m','site':'north','period_from':2015,'period_until':2025,'method':'m','method_version':'1','inputs':[{'name':'i',"
		"'sha256':'0123456789012345678901234567890123456789012345678901234567890123'}],'form':'table','pictures':[{'title':'Last year','year':2025,'media_type':'image/png','sha256':'0123456789012345678901234567890123456789012345678901234567890123'}],"
		"'results':[{'quantity':'area-improved','value':20,'low':15,'high':25,'unit':'ha'},"
		"{'quantity':'area-degraded','note':'too small to tell'},{'quantity':'effect','what':'NDVI','value':0.1,'low':0.05,'high':0.15},"
		"{'quantity':'vegetation-index','what':'NDVI','year':2023,'value':0.2},{'quantity':'vegetation-index','what':'NDVI','year':2025,'value':0.3},"
		"{'quantity':'vegetation-index','what':'NDVI','year':2024,'value':0.25},{'quantity':'vegetation-index','what':'EVI','year':2025,'value':0.9},"
		"{'quantity':'cover-improved','from':'cropland','to':'grassland','what':'land cover, 2015 to 2025','year':2025,'value':7,'low':6,'high':8,'unit':'ha'},"
		"{'quantity':'reference-index','what':'NDVI','year':2025,'value':0.4}]}");
	static const char *const said[] = {"Area improved", "2025; range 15 to 25", "too small to tell", "Vegetation at 75% of the reference in 2025", "0.05 to 0.15", "A promise", "Land account",
		"src=\"/files/0123456789012345678901234567890123456789012345678901234567890123\""};
	g_autoptr(reply) page = get(s, "/sites/north", "Accept: text/html\r\n"), curve = get(s, "/sites/north.svg?chart=curve", ""), map = get(s, "/sites/north.svg?chart=map", ""),
		none = get(s, "/sites/south.svg?chart=curve", ""), list = get(s, "/sites", "Accept: text/html\r\n");
	assert_int_equal(page->status, 200);
	for (gsize i = 0; i < G_N_ELEMENTS(said); i++)
		if (!strstr(reply_text(page), said[i]))
			fail_msg("the page does not say: %s", said[i]);
	assert_true(curve->status == 200 && map->status == 200 && list->status == 200);
	assert_non_null(strstr(reply_text(list), "measured until 2025"));
	/* What became of its land cover stands on its page, and with that of all sites on the pages of its pledge, country and organisation. */
	static const char *const covered[] = {"/sites/north", "/pledges/land", "/countries/MNG", "/organisations/acme"};
	for (gsize i = 0; i < G_N_ELEMENTS(covered); i++) {
		g_autofree char *picture = g_strconcat(covered[i], ".svg?chart=transitions", NULL);
		g_autoptr(reply) about = get(s, covered[i], "Accept: text/html\r\n"), drawn = get(s, picture, "");
		if (!strstr(reply_text(about), "Land cover: 7 ha changed for the better, 0 ha for the worse"))
			fail_msg("%s does not say what became of its land cover", covered[i]);
		assert_int_equal(drawn->status == 200, i < 3); /* organisations have no pictures */
	}
	g_autoptr(reply) data = get(s, "/countries/MNG.json", "");
	assert_non_null(strstr(reply_text(data), "\"means\":\"cover-improved\""));
	assert_non_null(strstr(reply_text(list), "no boundary known"));
	assert_non_null(strstr(reply_text(curve), "Vegetation at 75% of the reference in 2025"));
	assert_int_equal(none->status, 404);
}

/* The file of all pledges is the files of each, one after another. */
static void discrepancies_of_all_pledges_are_those_of_each(void **state)
{
	site *s = *state;
	g_autoptr(reply) all = get(s, "/discrepancies.json", ""), csv = get(s, "/discrepancies.csv", ""), wrong = get(s, "/discrepancies.csv?verdict=nonsense", "");
	assert_true(all->status == 200 && csv->status == 200 && wrong->status == 400);
	assert_true(g_str_has_prefix(reply_text(csv), "pledge,target,year,site,unit,promised,reported,measured,"));
	json_auto_t *told = json_loads(reply_text(all), 0, NULL), *rows = json_object_get(told, "rows"), *each = json_array();
	json_incref(rows);
	g_autoptr(GPtrArray) ids = g_ptr_array_new();
	json_t *row;
	gsize i;
	json_array_foreach(rows, i, row) {
		const char *id = json_string_value(json_object_get(row, "pledge"));
		if (!g_ptr_array_find_with_equal_func(ids, id, g_str_equal, NULL))
			g_ptr_array_add(ids, (gpointer)id);
	}
	assert_true(ids->len >= 1);
	for (guint k = 0; k < ids->len; k++) {
		g_autofree char *path = g_strdup_printf("/pledges/%s/discrepancies.json", (char *)ids->pdata[k]);
		g_autoptr(reply) one = get(s, path, "");
		json_auto_t *of = json_loads(reply_text(one), 0, NULL);
		assert_string_equal(json_string_value(json_object_get(of, "pledge")), ids->pdata[k]);
		json_array_extend(each, json_object_get(of, "rows"));
	}
	assert_true(json_equal(rows, each));
}

static gboolean comes_to_be_kept(guint64 generation)
{
	for (int i = 0; i < 200 && !board_is_kept(generation); i++)
		g_usleep(20000);
	return board_is_kept(generation);
}

/* Nobody asks for it. */
static void the_board_is_made_at_the_start_and_after_a_publication(void **state)
{
	site *s = *state;
	g_autoptr(GError) error = NULL;
	site_put(s, "site", "before", "{'name':'Before','country':'MNG','longitude':105,'latitude':47}");
	guint64 before = store_generation(s->records);
	assert_false(board_is_kept(before));
	g_autoptr(board_watch) watch = board_watch_start(s->records, &error);
	assert_non_null(watch);
	assert_true(comes_to_be_kept(before));
	site_put(s, "site", "watched", "{'name':'Watched','country':'MNG','longitude':105,'latitude':47}");
	assert_true(comes_to_be_kept(store_generation(s->records)));
	assert_false(board_is_kept(before));
}

#define CURVE(site, more, from, until, years) "{'title':'m','site':'" site "'," more "'period_from':" from ",'period_until':" until ",'method':'m','method_version':'1','inputs':[{'name':'i'," \
	"'sha256':'0123456789012345678901234567890123456789012345678901234567890123'}],'results':[" years "]}"
#define NDVI(year) "{'quantity':'vegetation-index','what':'NDVI','year':" year ",'value':0.4}"
#define EVI(year) "{'quantity':'vegetation-index','what':'EVI','year':" year ",'value':0.2}"
#define THREE NDVI("2020") "," NDVI("2021") "," NDVI("2022")

static void assert_curves(const site *s, store_reader *reader, const char *as_of, const char *const *expected)
{
	g_autoptr(board) b = judge(s, reader, as_of);
	assert_true(g_strv_equal(board_curves(b), expected));
}

/* Images before tables, then the longest series; each site once; two years, or three of two indices, are no curve. */
static void the_best_curves_are_chosen_anew_with_every_change_and_day(void **state)
{
	site *s = *state;
	g_autoptr(store_reader) reader = store_reader_open(s->records, NULL);
	static const char *const sites[] = {"c-table", "c-older", "c-short", "c-long", "c-few", "c-last"};
	for (gsize i = 0; i < G_N_ELEMENTS(sites); i++)
		site_put(s, "site", sites[i], "{'name':'Curve','country':'MNG','longitude':105,'latitude':47}");
	assert_curves(s, reader, NULL, (const char *const[]){"north", NULL});
	site_put(s, "measurement", "c-table", CURVE("c-table", "'form':'table',", "1990", "2022", THREE));
	site_put(s, "measurement", "c-few", CURVE("c-few", "", "1990", "2022", NDVI("2021") "," NDVI("2022") "," EVI("2021")));
	site_put(s, "measurement", "c-older", CURVE("c-older", "", "2018", "2020", THREE)); /* as short, but until an earlier year */
	site_put(s, "measurement", "c-short", CURVE("c-short", "", "2020", "2022", THREE));
	site_put(s, "measurement", "c-long", CURVE("c-long", "", "2010", "2022", THREE));
	site_put(s, "measurement", "c-long-again", CURVE("c-long", "", "2011", "2022", THREE));
	assert_curves(s, reader, NULL, (const char *const[]){"c-long", "c-short", "c-older", NULL});
	site_put(s, "measurement", "c-last", CURVE("c-last", "", "2019", "2022", THREE));
	assert_curves(s, reader, NULL, (const char *const[]){"c-long", "c-last", "c-short", NULL});
	assert_curves(s, reader, "2001-01-01", (const char *const[]){NULL}); /* before anything was published */
	site_put(s, "measurement", "c-last", CURVE("c-last", "", "2019", "2022", NDVI("2022")));
	assert_curves(s, reader, NULL, (const char *const[]){"c-long", "c-short", "c-older", NULL});
	/* And the page shows them. */
	g_autoptr(reply) home = get(s, "/", "Accept: text/html\r\n");
	const char *first = strstr(reply_text(home), "/sites/c-long"), *second = first ? strstr(first, "/sites/c-short") : NULL;
	assert_true(second && strstr(second, "/sites/c-older") && !strstr(reply_text(home), "/sites/c-last"));
}

/* The pages say the same as the rules. */
static void the_pages_of_pledges_answer_with_verdict_and_chart(void **state)
{
	site *s = *state;
	g_autoptr(reply) data = get(s, "/countries/MNG.json", ""), chart = get(s, "/pledges/one.svg?chart=burn-up&target=1", "");
	g_autoptr(reply) none = get(s, "/pledges/one.svg?chart=gap&target=2", ""), country = get(s, "/countries/XXX.json", "");
	assert_int_equal(data->status, 200);
	assert_non_null(strstr(reply_text(data), "\"metric\":\"area-restored\""));
	assert_int_equal(chart->status, 200);
	assert_string_equal(reply_header(chart, "Content-Type"), "image/svg+xml");
	assert_int_equal(none->status, 404);
	assert_int_equal(country->status, 404);
	static const char *const pages[] = { "/pledges", "/pledges?status=changed", "/pledges/one", "/pledges/two", "/countries", "/countries/MNG", "/organisations",
		"/organisations/acme", "/policies", "/policies/compare?country=AUS", "/finance", "/targets", "/projects", "/offers", "/coalition", "/forum", "/editions" };
	for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
		g_autoptr(reply) page = get(s, pages[i], "Accept: text/html\r\n");
		if (page->status != 200)
			fail_msg("%s answers %d", pages[i], page->status);
	}
	g_autoptr(reply) two = get(s, "/pledges/two", "Accept: text/html\r\n");
	assert_non_null(strstr(reply_text(two), "A later pledge has taken its place."));
}

/* What the page filters by status, its data do too. */
static void data_of_pledges_are_those_of_the_status_asked_for(void **state)
{
	site *s = *state;
	g_autoptr(reply) json = get(s, "/pledges.json?status=changed", ""), table = get(s, "/pledges.csv?status=changed", ""), all = get(s, "/pledges.json", "");
	assert_int_equal(json->status, 200);
	json_auto_t *found = json_loads(reply_text(json), 0, NULL), *every = json_loads(reply_text(all), 0, NULL);
	json_int_t total = json_integer_value(json_object_get(found, "total"));
	assert_true(total > 0 && total < json_integer_value(json_object_get(every, "total")));
	assert_int_equal(json_array_size(json_object_get(found, "items")), total);
	const char *id = json_string_value(json_object_get(json_array_get(json_object_get(found, "items"), 0), "id"));
	g_autofree char *row = g_strdup_printf("\n%s,", id);
	assert_non_null(strstr(reply_text(table), row));
	assert_null(strstr(reply_text(table), "\nland,")); /* contradicted */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pledge_is_judged_with_its_reports),
		cmocka_unit_test(a_country_is_given_only_what_lies_in_it_alone),
		cmocka_unit_test(a_change_or_a_successor_shows_at_once),
		cmocka_unit_test(measurements_of_every_site_contradict_a_report),
		cmocka_unit_test(a_hectare_two_sites_cover_is_counted_once_and_contested_between_organisations),
		cmocka_unit_test(overlaps_are_a_page_a_table_and_data),
		cmocka_unit_test(the_page_and_its_table_show_land_findings_and_differences),
		cmocka_unit_test(a_site_shows_its_curve_its_pledges_and_its_account),
		cmocka_unit_test(discrepancies_of_all_pledges_are_those_of_each),
		cmocka_unit_test(the_board_is_made_at_the_start_and_after_a_publication),
		cmocka_unit_test(the_best_curves_are_chosen_anew_with_every_change_and_day),
		cmocka_unit_test(the_pages_of_pledges_answer_with_verdict_and_chart),
		cmocka_unit_test(data_of_pledges_are_those_of_the_status_asked_for),
	};
	return cmocka_run_group_tests_name("board", tests, start, stop);
}
