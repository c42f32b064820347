/* The home page and the page of countries: what they choose, and what they count. */
#include "site.h"

#include <string.h>

#include "web/route.h"

#define SOURCES "'sources':[{'n':1,'title':'Annual report','kind':'company'}]"
#define RESULT(indicator, value, unit) "{'indicator':'" indicator "','as_stated':'Land brought back','value':" value ",'unit':'" unit "','year':2024,'source':1}"
#define CASE(country, results) "{'title':'Case of " country "','summary':'s','country':'" country "','results':[" results "]," SOURCES "}"

static int start(void **state)
{
	site *s = site_start(NULL, routes, routes_count);
	site_put(s, "case", "mongolia-one", CASE("MNG", RESULT("area-rehabilitated", "120", "ha")));
	site_put(s, "case", "mongolia-two", CASE("MNG", RESULT("area-rehabilitated", "120", "ha")));
	/* Other hectares and a share stand before the land. */
	site_put(s, "case", "brazil", CASE("BRA", RESULT("area-disturbed", "900", "ha") "," RESULT("survival-rate", "80", "%") "," RESULT("area-revegetated", "35", "ha")));
	/* Of these no figure is a hook: a share, none, other hectares, too long. */
	site_put(s, "case", "australia", CASE("AUS", RESULT("area-rehabilitated", "70", "%")));
	site_put(s, "case", "chile", CASE("CHL", RESULT("area-rehabilitated", "0", "ha")));
	site_put(s, "case", "peru", CASE("PER", RESULT("area-disturbed", "44", "ha") "," RESULT("area-rehabilitated", "66", "%")));
	site_put(s, "case", "ghana", CASE("GHA", RESULT("area-rehabilitated", "1234567.25", "ha")));
	site_put(s, "pledge", "both", "{'title':'A promise','statement':'s','countries':['MNG','BRA'],'organisations':['acme']," SOURCES "}");
	site_put(s, "policy", "law", "{'title':'A law','country':'MNG'," SOURCES "}");
	site_put(s, "target", "target", "{'title':'A target','country':'BRA'," SOURCES "}");
	site_put(s, "finance", "bond", "{'name':'A bond','countries':['MNG']," SOURCES "}");
	site_put(s, "site", "pit", "{'name':'A pit','country':'AUS','longitude':120,'latitude':-30}");
	*state = s;
	return 0;
}

static int stop(void **state)
{
	site_stop(*state);
	return 0;
}

static guint count_of(const char *text, const char *part)
{
	guint n = 0;
	for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
		n++;
	return n;
}

static void the_home_page_tells_of_land_in_hectares_once_a_country(void **state)
{
	g_autoptr(reply) page = get(*state, "/", "Accept: text/html\r\n");
	const char *text = reply_text(page);
	assert_int_equal(page->status, 200);
	assert_int_equal(count_of(text, "<li class=\"hook\">"), 2);
	assert_int_equal(count_of(text, "class=\"hook-figure\">120 <span"), 1);
	assert_int_equal(count_of(text, "class=\"hook-figure\">35 <span"), 1);
	assert_int_equal(count_of(text, "Land brought back, 2024"), 2);
	assert_non_null(strstr(text, "/cases/brazil#source-1"));
}

static void countries_are_counted_by_kind(void **state)
{
	static const struct { const char *iso3, *kind; json_int_t n; } expected[] = {
		{"MNG", "case", 2}, {"MNG", "pledge", 1}, {"MNG", "policy", 1}, {"MNG", "finance", 1}, {"MNG", "target", 0}, {"MNG", "site", 0},
		{"BRA", "case", 1}, {"BRA", "pledge", 1}, {"BRA", "target", 1}, {"BRA", "finance", 0}, {"AUS", "site", 1}, {"AUS", "case", 1}, {"AUS", "pledge", 0},
	};
	g_autoptr(reply) data = get(*state, "/countries.json", ""), page = get(*state, "/", "Accept: text/html\r\n");
	json_auto_t *all = json_loads(reply_text(data), 0, NULL);
	const json_t *country;
	gsize k;
	guint found = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
		json_array_foreach(json_object_get(all, "countries"), k, country)
			if (strcmp(json_string_value(json_object_get(country, "iso3")), expected[i].iso3) == 0) {
				if (json_integer_value(json_object_get(country, expected[i].kind)) != expected[i].n)
					fail_msg("%s has not %d of %s", expected[i].iso3, (int)expected[i].n, expected[i].kind);
				found++;
			}
	assert_int_equal(found, G_N_ELEMENTS(expected));
	/* Cases, pledges and policies stand on the home page too. */
	const char *row = strstr(reply_text(page), "<a href=\"/countries/MNG\"");
	assert_non_null(row);
	g_autofree char *cells = g_strndup(row, (gsize)(strstr(row, "</tr>") - row));
	assert_int_equal(count_of(cells, "<span>2</span>"), 1);
	assert_int_equal(count_of(cells, "<span>1</span>"), 2);
}

static void free_record(gpointer data)
{
	record_free(data);
}

static void put_cases(site *s, guint n)
{
	g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func(free_record);
	g_autofree store_change *changes = g_new0(store_change, n);
	for (guint i = 0; i < n; i++) {
		record *r = g_new0(record, 1);
		r->kind = kind_by_name("case");
		r->id = g_strdup_printf("many-%u", i);
		r->state = RECORD_PUBLISHED;
		r->author = g_strdup("editors");
		r->body = json_pack("{s:s, s:i, s:i}", "title", "One of many", "longitude", (int)(i % 360) - 180, "latitude", (int)(i % 150) - 70);
		g_ptr_array_add(records, r);
		changes[i] = (store_change){ r, STORE_EXPECT_ANY };
	}
	assert_true(store_write(s->records, changes, n, NULL));
}

static void a_map_says_when_it_does_not_draw_all(void **state)
{
	static const char *const pages[] = { "/", "/cases?view=map" };
	static const char says[] = "Only the first 1,000 are drawn";
	for (guint round = 0; round < 2; round++) {
		for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
			g_autoptr(reply) page = get(*state, pages[i], "Accept: text/html\r\n");
			assert_int_equal(page->status, 200);
			if (count_of(reply_text(page), says) != round)
				fail_msg("%s, %u", pages[i], round);
		}
		if (!round)
			put_cases(*state, 1001);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_home_page_tells_of_land_in_hectares_once_a_country),
		cmocka_unit_test(countries_are_counted_by_kind),
		cmocka_unit_test(a_map_says_when_it_does_not_draw_all),
	};
	return cmocka_run_group_tests_name("home", tests, start, stop);
}
