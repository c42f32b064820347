/* Records as data: lists with the list's own question, pages with links, tables, places, revisions whose hash can be checked. */
#include "site.h"

#include <string.h>

#include "base/canonical.h"
#include "web/sitemap.h"

static int begin(void **state)
{
	site *s = site_start(NULL, routes, routes_count);
	for (int i = 1; i <= 25; i++) {
		g_autofree char *id = g_strdup_printf("mine-%02d", i), *body = g_strdup_printf("{'title':'Mine %02d','challenge':'Waste %s','themes':['%s'],'country':'%s','start_year':%d,'longitude':%d,'latitude':10}", i,
			i == 7 ? "with tailings" : "rock", i % 5 == 0 ? "circular-economy" : "land-rehabilitation", i % 2 ? "PER" : "MNG", 2000 + i, i * 6);
		site_put(s, "case", id, body);
	}
	*state = s;
	return 0;
}

static int end(void **state)
{
	site_stop(*state);
	return 0;
}

static json_t *get_json(site *s, const char *target)
{
	g_autoptr(reply) r = get(s, target, "");
	if (r->status != 200)
		fail_msg("%d for %s: %s", r->status, target, reply_text(r));
	json_t *value = json_loads(reply_text(r), 0, NULL);
	assert_non_null(value);
	return value;
}

static int total(site *s, const char *target)
{
	json_t *list = get_json(s, target);
	int n = (int)json_integer_value(json_object_get(list, "total"));
	json_decref(list);
	return n;
}

static void a_list_answers_the_question_of_its_address(void **state)
{
	assert_int_equal(total(*state, "/cases.json"), 25);
	assert_int_equal(total(*state, "/cases.json?themes=circular-economy"), 5);
	assert_int_equal(total(*state, "/cases.json?themes=circular-economy&themes=land-rehabilitation"), 25);
	assert_int_equal(total(*state, "/cases.json?q=tailings"), 1);
	assert_int_equal(total(*state, "/cases.json?q=%22nothing%20such%22"), 0);
	assert_int_equal(total(*state, "/cases.json?bbox=5,0,13,20"), 2);
	assert_int_equal(total(*state, "/cases.json?bbox=140,0,7,20"), 3); /* across the antimeridian: 6, 144 and 150 degrees */
	assert_int_equal(total(*state, "/cases.json?as-of=2001-01-01"), 0);
	assert_int_equal(total(*state, "/search.json?q=mine"), 25);
}

static void a_list_gives_records_as_they_are_kept_and_alone(void **state)
{
	json_t *list = get_json(*state, "/cases.json?per-page=1000"), *item;
	gsize i;
	json_array_foreach(json_object_get(list, "items"), i, item) {
		g_autofree char *target = g_strdup_printf("/cases/%s.json", json_string_value(json_object_get(item, "id")));
		json_t *alone = get_json(*state, target);
		assert_true(json_equal(item, alone));
		json_decref(alone);
	}
	assert_int_equal(i, 25);
	json_decref(list);
}

static void assert_table(site *s, const char *target, const char *head, guint rows)
{
	g_autoptr(reply) r = get(s, target, "");
	assert_int_equal(r->status, 200);
	assert_string_equal(reply_header(r, "Content-Type"), "text/csv; charset=utf-8");
	assert_true(g_str_has_prefix(reply_text(r), head));
	guint lines = 0;
	for (const char *at = reply_text(r); (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, rows + 1);
}

/* There are 25 cases, each of another start year. */
static void facets_say_how_many_values_there_are(void **state)
{
	json_t *list = get_json(*state, "/cases.json?facets=1"), *years = json_object_get(json_object_get(list, "facets"), "start_year");
	assert_int_equal(json_integer_value(json_object_get(years, "distinct")), 25);
	assert_int_equal(json_array_size(json_object_get(years, "values")), 25);
	json_decref(list);
}

static void searches_and_countries_are_tables_too(void **state)
{
	json_t *countries = get_json(*state, "/countries.json");
	assert_table(*state, "/countries.csv", "iso3,name,case,", (guint)json_array_size(json_object_get(countries, "countries")));
	const char *iso3 = json_string_value(json_object_get(json_array_get(json_object_get(countries, "countries"), 0), "iso3"));
	g_autofree char *one = g_strdup_printf("/countries/%s.json", iso3), *table = g_strdup_printf("/countries/%s.csv", iso3);
	json_t *country = get_json(*state, one);
	assert_table(*state, table, "iso3,metric,unit,", (guint)json_array_size(json_object_get(country, "totals")));
	assert_table(*state, "/search.csv?q=mine", "kind,id,title,summary,address\r\ncase,", 25);
	json_t *places = get_json(*state, "/search.geojson?q=mine");
	assert_true(json_array_size(json_object_get(places, "features")) > 0);
	json_decref(countries), json_decref(country), json_decref(places);
}

static void pages_are_linked_and_hold_every_record_once(void **state)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *target = g_strdup("/cases.json?per-page=10&sort=title");
	for (int page = 1; target; page++) {
		g_autoptr(reply) r = get(*state, target, "");
		json_t *list = json_loads(reply_text(r), 0, NULL), *item;
		gsize i;
		json_array_foreach(json_object_get(list, "items"), i, item)
			assert_true(g_hash_table_add(seen, g_strdup(json_string_value(json_object_get(item, "id")))));
		json_decref(list);
		const char *links = reply_header(r, "Link"), *next = strstr(links, "rel=\"next\"");
		assert_int_equal(next != NULL, page < 3);
		g_clear_pointer(&target, g_free);
		if (next) {
			g_autofree char *before = g_strndup(links, (gsize)(next - links));
			const char *from = strrchr(before, '<');
			target = g_strndup(from + 1, strcspn(from + 1, ">"));
			if (!g_str_has_prefix(target, "/cases.json?"))
				fail_msg("the next page is said to be %s", links);
		}
	}
	assert_int_equal(g_hash_table_size(seen), 25);
}

static void counts_of_facets_come_when_asked(void **state)
{
	json_t *list = get_json(*state, "/cases.json?facets=1");
	json_t *values = json_object_get(json_object_get(json_object_get(list, "facets"), "themes"), "values");
	assert_int_equal(json_array_size(values), 2);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(values, 0), "count")), 20);
	json_decref(list);
}

static void a_table_has_a_row_for_each_record_and_is_a_download(void **state)
{
	g_autoptr(reply) r = get(*state, "/cases.csv?themes=circular-economy", "");
	assert_int_equal(r->status, 200);
	assert_string_equal(reply_header(r, "Content-Type"), "text/csv; charset=utf-8");
	assert_string_equal(reply_header(r, "Content-Disposition"), "attachment; filename=\"cases.csv\"");
	assert_true(g_str_has_prefix(reply_text(r), "id,"));
	g_auto(GStrv) lines = g_strsplit(g_strchomp((char *)r->body->data), "\n", -1);
	assert_int_equal(g_strv_length(lines), 6);
}

static void places_are_geojson(void **state)
{
	json_t *all = get_json(*state, "/cases.geojson");
	assert_string_equal(json_string_value(json_object_get(all, "type")), "FeatureCollection");
	assert_int_equal(json_array_size(json_object_get(all, "features")), 25);
	json_decref(all);
	json_t *one = get_json(*state, "/cases/mine-03.geojson");
	json_t *point = json_object_get(json_object_get(one, "geometry"), "coordinates");
	assert_true(json_number_value(json_array_get(point, 0)) == 18);
	assert_string_equal(json_string_value(json_object_get(json_object_get(one, "properties"), "title")), "Mine 03");
	json_decref(one);
}

static void the_bytes_of_a_revision_give_its_hash(void **state)
{
	json_t *one = get_json(*state, "/cases/mine-04.json");
	g_autoptr(reply) bytes = get(*state, "/api/records/case/mine-04/revisions/1", "");
	g_autofree char *hash = sha256_hex(bytes->body->data, bytes->body->len);
	assert_string_equal(hash, json_string_value(json_object_get(one, "hash")));
	assert_string_equal(json_string_value(json_object_get(one, "address")), "http://test.example/cases/mine-04");
	json_decref(one);
}

static void the_page_of_data_offers_every_kind(void **state)
{
	g_autoptr(reply) r = get(*state, "/data", "Accept: text/html\r\n");
	for (gsize i = 0; i < kinds_count; i++) {
		g_autofree char *csv = g_strdup_printf("href=\"/%s.csv\"", kinds[i]->plural), *schema = g_strdup_printf("href=\"/schema/%s.json\"", kinds[i]->name);
		assert_non_null(strstr(reply_text(r), csv));
		assert_non_null(strstr(reply_text(r), schema));
	}
}

static void write_small_parts(const request *r, response *out)
{
	sitemap_write(r, out, 7);
}

static guint count_of(const char *text, const char *word)
{
	guint n = 0;
	for (const char *at = text; (at = strstr(at, word)); at += strlen(word))
		n++;
	return n;
}

static void a_sitemap_too_long_for_one_file_stands_in_parts(void **state)
{
	(void)state;
	static const route rows[] = {
		{ .method = "GET", .pattern = "/cases", .formats = FORMAT_HTML, .handler = write_small_parts, .permission = PERMISSION_ANYONE, .csrf = CSRF_NONE_SAFE_METHOD,
		  .cache = CACHE_RECORDS, .summary = "s" },
		{ .method = "GET", .pattern = "/cases/{id}", .formats = FORMAT_HTML, .handler = write_small_parts, .permission = PERMISSION_ANYONE, .csrf = CSRF_NONE_SAFE_METHOD,
		  .cache = CACHE_RECORDS, .summary = "s", .kind = "case" },
		{ .method = "GET", .pattern = "/sitemap", .formats = FORMAT_XML, .handler = write_small_parts, .permission = PERMISSION_ANYONE, .csrf = CSRF_NONE_SAFE_METHOD,
		  .cache = CACHE_RECORDS, .summary = "s" },
		{ .method = "GET", .pattern = "/sitemap/{part}", .formats = FORMAT_XML, .handler = write_small_parts, .permission = PERMISSION_ANYONE, .csrf = CSRF_NONE_SAFE_METHOD,
		  .cache = CACHE_RECORDS, .summary = "s" },
	};
	site *s = site_start(NULL, rows, G_N_ELEMENTS(rows));
	for (guint i = 0; i < 19; i++) { /* with the page 20 addresses: 7, 7 and 6 */
		g_autofree char *id = g_strdup_printf("mine-%u", i);
		site_put(s, "case", id, "{'title':'A mine','challenge':'c','country':'MNG'}");
	}
	g_autoptr(reply) list = get(s, "/sitemap.xml", ""), beyond = get(s, "/sitemap/4.xml", ""), none = get(s, "/sitemap/0.xml", "");
	assert_int_equal(count_of(reply_text(list), "<sitemap>"), 3);
	assert_non_null(strstr(reply_text(list), "<loc>http://test.example/sitemap/3.xml</loc>"));
	assert_int_equal(beyond->status, 404);
	assert_int_equal(none->status, 404);
	g_autoptr(GString) all = g_string_new(NULL);
	for (guint part = 1; part <= 3; part++) {
		g_autofree char *target = g_strdup_printf("/sitemap/%u.xml", part);
		g_autoptr(reply) answer = get(s, target, "");
		assert_string_equal(reply_header(answer, "Content-Type"), "application/xml");
		assert_int_equal(count_of(reply_text(answer), "<url>"), part < 3 ? 7 : 6);
		g_string_append(all, reply_text(answer));
	}
	for (guint i = 0; i < 19; i++) {
		g_autofree char *place = g_strdup_printf("/cases/mine-%u</loc>\n<lastmod>", i);
		assert_int_equal(count_of(all->str, place), 1);
	}
	assert_int_equal(count_of(all->str, "/cases</loc>"), 1);
	site_stop(s);
}

static void the_sitemap_holds_pages_and_records_and_no_interfaces(void **state)
{
	g_autoptr(reply) r = get(*state, "/sitemap.xml", "");
	assert_non_null(strstr(reply_text(r), "<loc>http://test.example/cases/mine-25</loc>"));
	assert_non_null(strstr(reply_text(r), "<loc>http://test.example/cases</loc>"));
	assert_null(strstr(reply_text(r), "/api/"));
	assert_null(strstr(reply_text(r), "/metrics"));
}

static void the_server_counts_itself_for_the_machine_it_runs_on(void **state)
{
	g_autoptr(reply) r = get(*state, "/metrics", "");
	assert_int_equal(r->status, 200);
	assert_non_null(strstr(reply_text(r), "aftermine_answers_total{status=\"2xx\"} "));
	assert_non_null(strstr(reply_text(r), "aftermine_answer_seconds_bucket{le=\"0.0005\"} "));
	assert_non_null(strstr(reply_text(r), "aftermine_answer_seconds_bucket{le=\"+Inf\"} "));
}

static void a_change_is_seen_at_once_though_pages_are_kept(void **state)
{
	site *s = *state;
	assert_int_equal(total(s, "/cases.json?q=newcomer"), 0);
	assert_int_equal(total(s, "/cases.json?q=newcomer"), 0);
	site_put(s, "case", "newcomer", "{'title':'Newcomer','challenge':'x','themes':['circular-economy']}");
	assert_int_equal(total(s, "/cases.json?q=newcomer"), 1);
}

static void a_file_is_answered_under_its_hash_and_cannot_run(void **state)
{
	site *s = *state;
	char picture[65], sheet[65];
	g_autoptr(GBytes) png = g_bytes_new_static("\x89PNG\r\n\x1a\n\0", 9), csv = g_bytes_new_static("a,b\n", 4);
	assert_true(store_file_put(s->records, png, "image/png", picture, NULL));
	assert_true(store_file_put(s->records, csv, "text/csv", sheet, NULL));
	g_autofree char *at = g_strconcat("/files/", picture, NULL), *other = g_strconcat("/files/", sheet, NULL);
	g_autoptr(reply) shown = get(s, at, "");
	assert_int_equal(shown->status, 200);
	assert_int_equal(shown->body->len, 9);
	assert_string_equal(reply_header(shown, "Content-Type"), "image/png");
	assert_string_equal(reply_header(shown, "X-Content-Type-Options"), "nosniff");
	assert_non_null(strstr(reply_header(shown, "Content-Security-Policy"), "sandbox"));
	assert_non_null(strstr(reply_header(shown, "Cache-Control"), "immutable"));
	assert_null(reply_header(shown, "Content-Disposition"));
	g_autofree char *again = g_strdup_printf("If-None-Match: %s\r\n", reply_header(shown, "ETag"));
	g_autoptr(reply) unchanged = get(s, at, again);
	assert_int_equal(unchanged->status, 304);
	g_autoptr(reply) saved = get(s, other, "");
	assert_string_equal(reply_text(saved), "a,b\n");
	assert_non_null(strstr(reply_header(saved, "Content-Disposition"), "attachment"));
	g_autoptr(reply) none = get(s, "/files/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "");
	assert_int_equal(none->status, 404);
	assert_null(strstr(reply_header(none, "Cache-Control"), "immutable"));
}

/* Links that set this parameter. */
static guint links_with(site *s, const char *target, const char *parameter)
{
	g_autoptr(reply) r = get(s, target, "");
	assert_int_equal(r->status, 200);
	guint n = 0;
	for (const char *at = reply_text(r); (at = strstr(at, parameter)); at++)
		n++;
	return n;
}

static void a_list_names_the_first_values_of_a_facet_and_all_when_asked(void **state)
{
	assert_int_equal(links_with(*state, "/cases", "?start_year="), 7);
	assert_int_equal(links_with(*state, "/cases", "?more=start_year\" id=\"rest-start_year\""), 1);
	assert_int_equal(links_with(*state, "/cases", "rest-country"), 0);
	assert_int_equal(links_with(*state, "/cases?more=start_year", "more=start_year&amp;start_year="), 25);
	assert_int_equal(links_with(*state, "/cases?more=start_year", "\"/cases\" id=\"rest-start_year\""), 1); /* back to the first ones */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_answers_the_question_of_its_address),
		cmocka_unit_test(a_list_names_the_first_values_of_a_facet_and_all_when_asked),
		cmocka_unit_test(a_list_gives_records_as_they_are_kept_and_alone),
		cmocka_unit_test(facets_say_how_many_values_there_are),
		cmocka_unit_test(searches_and_countries_are_tables_too),
		cmocka_unit_test(pages_are_linked_and_hold_every_record_once),
		cmocka_unit_test(counts_of_facets_come_when_asked),
		cmocka_unit_test(a_table_has_a_row_for_each_record_and_is_a_download),
		cmocka_unit_test(places_are_geojson),
		cmocka_unit_test(the_bytes_of_a_revision_give_its_hash),
		cmocka_unit_test(the_page_of_data_offers_every_kind),
		cmocka_unit_test(the_sitemap_holds_pages_and_records_and_no_interfaces),
		cmocka_unit_test(a_sitemap_too_long_for_one_file_stands_in_parts),
		cmocka_unit_test(the_server_counts_itself_for_the_machine_it_runs_on),
		cmocka_unit_test(a_change_is_seen_at_once_though_pages_are_kept),
		cmocka_unit_test(a_file_is_answered_under_its_hash_and_cannot_run),
	};
	return cmocka_run_group_tests_name("data", tests, begin, end);
}
