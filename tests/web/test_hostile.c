/* Whatever is sent: a clear refusal or a page, never a 5xx, and the server stays up. */
#include "site.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *const hostile[] = {
	"..", "%2e%2e", "%2E%2E%2Fetc%2Fpasswd", "..%5c..%5cboot.ini", "%00", "a%00.json", "%", "%4", "%zz", "%ff%fe", "%c0%ae%c0%ae", "%ed%a0%80", "a%0d%0aSet-Cookie:x=1",
	"'%20OR%201=1--", "%27%3B%20DROP%20TABLE%20revision%3B--", "%3Cscript%3Ealert(1)%3C/script%3E", "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E", "{{7*7}}", "%7B%7B%7Btitle%7D%7D%7D",
	"$(reboot)", "%60id%60", "${jndi:ldap://x}", "-1", "0", "99999999999999999999", "1e309", "NaN", "%F0%9F%92%A9", "%E2%80%AE", "*", "\"", "AND%20OR%20NEAR(", "a:b:c", "true", "null", "[]",
	"%09", "%7f", "con", ".htaccess", "giant-mine", "giant-mine.json", "x.geojson.json", "a;b", "a|b", "a&b", "a=b", "+", "%20",
};

static const char *const parameters[] = { "q", "page", "per-page", "sort", "bbox", "as-of", "lang", "themes", "kind", "countries", "results.indicator", "x", "facets", "year", "compare",
	"view", "%00", "<script>", "themes%5B%5D" };

static int begin(void **state)
{
	site *s = site_start(NULL, routes, routes_count);
	site_put(s, "case", "giant-mine", "{'title':'Giant Mine <b>','challenge':'Arsenic & water','themes':['land-rehabilitation']}");
	site_put(s, "practice", "capping", "{'name':'Capping','definition':'A cover.'}");
	*state = s;
	return 0;
}

static int end(void **state)
{
	site_stop(*state);
	return 0;
}

static void assert_alive(site *s)
{
	g_autoptr(reply) r = get(s, "/health", "");
	assert_int_equal(r->status, 200);
}

static void assert_refused_or_answered(site *s, const char *target, const char *headers)
{
	g_autoptr(reply) r = get(s, target, headers);
	if (r->status < 200 || r->status >= 500)
		fail_msg("%d for %s", r->status, target);
	const char *type = reply_header(r, "Content-Type");
	if (type && strstr(type, "html") && (strstr(reply_text(r), "<script>alert") || strstr(reply_text(r), "<img src=x")))
		fail_msg("the page of %s repeats markup it was given", target);
	if (reply_header(r, "Set-Cookie"))
		fail_msg("%s set a header of its own", target);
}

/* The pattern with every {part} replaced. */
static char *filled(const char *pattern, const char *value)
{
	g_autoptr(GString) out = g_string_new(NULL);
	for (const char *at = pattern; *at; at++) {
		if (*at != '{') {
			g_string_append_c(out, *at);
			continue;
		}
		g_string_append(out, value);
		at += strcspn(at, "}");
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static void every_route_takes_hostile_parts(void **state)
{
	for (gsize i = 0; i < routes_count; i++) {
		if (!strchr(routes[i].pattern, '{'))
			continue;
		for (gsize k = 0; k < G_N_ELEMENTS(hostile); k++) {
			g_autofree char *target = filled(routes[i].pattern, hostile[k]);
			assert_refused_or_answered(*state, target, "Accept: text/html\r\n");
		}
	}
	assert_alive(*state);
}

static void every_route_takes_hostile_parameters(void **state)
{
	for (gsize i = 0; i < routes_count; i++) {
		const char *ending = routes[i].formats & FORMAT_HTML ? "" : routes[i].formats & FORMAT_JSON ? ".json" : ".svg";
		g_autofree char *path = filled(routes[i].pattern, "giant-mine");
		for (gsize k = 0; k < G_N_ELEMENTS(parameters); k++)
			for (gsize v = (i + k) % 11; v < G_N_ELEMENTS(hostile); v += 11) { /* each value meets each parameter on some route */
				const char *value = hostile[(v + i) % G_N_ELEMENTS(hostile)];
				g_autofree char *target = g_strdup_printf("%s%s?%s=%s", path, ending, parameters[k], value);
				assert_refused_or_answered(*state, target, "");
			}
	}
	assert_alive(*state);
}

static void every_route_takes_other_formats_methods_and_languages(void **state)
{
	static const char *const endings[] = { ".json", ".csv", ".geojson", ".bib", ".ris", ".svg", ".exe", ".", "/", "//", ".json.json" };
	static const char *const methods[] = { "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "get", "G" };
	for (gsize i = 0; i < routes_count; i++) {
		g_autofree char *path = filled(routes[i].pattern, "giant-mine");
		for (gsize k = 0; k < G_N_ELEMENTS(endings); k++) {
			g_autofree char *target = g_strconcat(path, endings[k], NULL), *prefixed = g_strconcat("/en", path, endings[k], NULL);
			assert_refused_or_answered(*state, target, "Accept-Language: *;q=x,,\r\nAccept: */*;q=\r\n");
			assert_refused_or_answered(*state, prefixed, "");
		}
		for (gsize k = 0; k < G_N_ELEMENTS(methods); k++) {
			g_autofree char *text = g_strdup_printf("%s %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\na=b", methods[k], path);
			g_autoptr(reply) r = ask(*state, text);
			if (r->status >= 500)
				fail_msg("%d for %s %s", r->status, methods[k], path);
		}
	}
	assert_alive(*state);
}

static char *read_log(const site *s)
{
	g_autofree char *path = g_build_filename(s->folder, "access.log", NULL);
	char *text = NULL;
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

static guint count_lines(const site *s)
{
	g_autofree char *text = read_log(s);
	guint lines = 0;
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	return lines;
}

/* The log is written twice a second: how many lines it has when it stands still. */
static guint settled_lines(const site *s)
{
	guint lines = count_lines(s), before;
	do {
		before = lines;
		g_usleep(700 * 1000);
		lines = count_lines(s);
	} while (lines != before);
	return lines;
}

#define HEAD "GET /health HTTP/1.1\r\nHost: a\r\n"
#define POST "POST / HTTP/1.1\r\nHost: a\r\n"

static void malformed_requests_are_refused_and_logged_once(void **state)
{
	static const struct { const char *text; int status; } asked[] = {
		{ "\r\n\r\n", 400 }, { "GET", 400 }, { "GET \r\n\r\n", 400 }, { "GARBAGE\r\n\r\n", 400 }, { "\x16\x03\x01\x02\x01\x01", 400 }, { "GET /\r\n\r\n", 400 },
		{ " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400 }, { "GET / HTTP/9.9\r\n\r\n", 400 }, { "GET / FTP/1.1\r\n\r\n", 400 }, { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400 },
		{ "GET / HTTP/1.1\r\n\r\n", 400 }, { "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400 }, { "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400 },
		{ "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400 }, { "GET / HTTP/1.1\r\nHost: <script>\r\n\r\n", 400 }, { "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400 },
		{ "GET http://evil/ HTTP/1.1\r\nHost: a\r\n\r\n", 400 }, { "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400 }, { "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
		{ "GET  /  HTTP/1.1\r\nHost: a\r\n\r\n", 400 }, { "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400 }, { "GET /\x01\x02 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
		{ "GET /caf\xe9 HTTP/1.1\r\nHost: a\r\n\r\n", 400 }, { "GET /cases#x HTTP/1.1\r\nHost: a\r\n\r\n", 400 }, { "GET \\cases HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
		{ HEAD "X\r\n\r\n", 400 }, { HEAD "X Y: a\r\n\r\n", 400 }, { "GET /health HTTP/1.1\r\nHost: a\r\n", 400 }, { HEAD "Content-Length: 10\r\n\r\nabc", 400 },
		{ HEAD "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 }, { POST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
		{ POST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400 }, { POST "Content-Length: -5\r\n\r\n", 400 }, { POST "Content-Length: x\r\n\r\n", 400 },
		{ POST "Transfer-Encoding: chunked\r\n\r\nZZ\r\n", 400 }, { POST "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", 413 },
		{ POST "Transfer-Encoding: gzip\r\n\r\nabc", 400 }, { "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
		{ HEAD "Range: bytes=9999999999-0\r\n\r\n", 200 }, { HEAD "If-None-Match: \"\r\n\r\n", 200 }, { HEAD "Accept-Encoding: gzip;q=,br;;;,\r\n\r\n", 200 },
		{ "GET /health HTTP/1.0\r\n\r\n", 200 }, { "GET /health HTTP/1.1\nHost: a\n\n", 200 },
	};
	site *s = *state;
	guint before = settled_lines(s);
	for (gsize i = 0; i < G_N_ELEMENTS(asked); i++) {
		int fd = client_open(s->port);
		client_send(fd, asked[i].text, strlen(asked[i].text));
		shutdown(fd, SHUT_WR);
		g_autoptr(reply) r = client_read(fd, FALSE);
		close(fd);
		if (r->status != asked[i].status || r->body->len == 0)
			fail_msg("%d instead of %d for %s", r->status, asked[i].status, asked[i].text);
	}
	assert_int_equal(settled_lines(s), before + G_N_ELEMENTS(asked));
	assert_alive(s);
}

static void what_follows_a_request_is_looked_at_as_strictly(void **state)
{
	site *s = *state;
	int fd = client_open(s->port);
	static const char text[] = HEAD "\r\nGARBAGE\r\n";
	client_send(fd, text, strlen(text));
	g_autoptr(reply) first = client_read(fd, FALSE);
	g_autoptr(reply) second = client_read(fd, FALSE);
	assert_int_equal(first->status, 200);
	assert_int_equal(second->status, 400);
	assert_string_equal(reply_header(second, "Connection"), "close");
	char c;
	assert_int_equal(recv(fd, &c, 1, 0), 0);
	close(fd);
}

static void connections_that_end_in_order_are_not_in_the_log(void **state)
{
	site *s = *state;
	guint before = settled_lines(s);
	close(client_open(s->port));
	int fd = client_open(s->port);
	client_send(fd, HEAD "\r\n", strlen(HEAD "\r\n"));
	g_autoptr(reply) r = client_read(fd, FALSE);
	close(fd);
	assert_int_equal(settled_lines(s), before + 1);
}

static void giant_requests_are_refused(void **state)
{
	site *s = *state;
	g_autofree char *giant = g_strnfill(1 << 20, 'a');
	g_autofree char *parts[] = {
		g_strdup_printf("GET /%s HTTP/1.1\r\nHost: a\r\n\r\n", giant), g_strdup_printf("GET /search?q=%s HTTP/1.1\r\nHost: a\r\n\r\n", giant),
		g_strdup_printf("GET / HTTP/1.1\r\nHost: a\r\nX: %s\r\n\r\n", giant), g_strdup_printf("GET / HTTP/1.1\r\nHost: a\r\n%s: x\r\n\r\n", giant),
		g_strdup_printf("%s / HTTP/1.1\r\nHost: a\r\n\r\n", giant), g_strdup_printf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n%s", giant),
	};
	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autoptr(reply) r = ask(s, parts[i]);
		if (r->status < 400 || r->status >= 500)
			fail_msg("%d for giant request %zu", r->status, i);
		assert_string_equal(reply_header(r, "X-Content-Type-Options"), "nosniff"); /* said by us, not by libmicrohttpd */
		g_clear_pointer(&parts[i], g_free);
	}
	g_autoptr(GString) many = g_string_new("GET /search.json?");
	for (int i = 0; i < 100; i++)
		g_string_append_printf(many, "p%d=1&", i);
	g_string_append(many, " HTTP/1.1\r\nHost: a\r\n\r\n");
	g_autoptr(reply) parameters_reply = ask(s, many->str);
	assert_int_equal(parameters_reply->status, 400);
	g_autoptr(GString) headers = g_string_new("GET / HTTP/1.1\r\nHost: a\r\n");
	for (int i = 0; i < 3000; i++)
		g_string_append_printf(headers, "X-%d: %d\r\n", i, i);
	g_string_append(headers, "\r\n");
	g_autoptr(reply) many_headers = ask(s, headers->str);
	assert_true(many_headers->status >= 400 && many_headers->status < 500);
	g_autofree char *word = g_strnfill(4500, 'q'); /* an address may be 8 KB, a value 4 */
	g_autofree char *target = g_strdup_printf("/search.json?q=%s", word);
	g_autoptr(reply) long_word = get(s, target, "");
	assert_int_equal(long_word->status, 400);
	assert_alive(s);
}

/* However much of a connection's memory a request leaves for its answer, there is one. */
static void every_length_of_a_request_gets_its_answer(void **state)
{
	site *s = *state;
	for (gsize length = 19000; length < 26000; length += 250) {
		g_autofree char *text = g_strnfill(length, 'a');
		g_autofree char *asked[] = { g_strdup_printf("GET /%s HTTP/1.1\r\nHost: a\r\n\r\n", text), g_strdup_printf("GET /cases HTTP/1.1\r\nHost: a\r\nX: %s\r\n\r\n", text),
			g_strdup_printf("GET /cases HTTP/1.1\r\nHost: a\r\nCookie: a=%s\r\n\r\n", text + length / 2) };
		for (gsize i = 0; i < G_N_ELEMENTS(asked); i++) {
			g_autoptr(reply) r = ask(s, asked[i]);
			if (!(r->status == 200 && i > 0) && r->status != 414 && r->status != 431)
				fail_msg("%d for %zu bytes (%zu)", r->status, length, i);
			g_clear_pointer(&asked[i], g_free);
		}
	}
	g_autofree char *extension = g_strnfill(30000, 'a'), *chunk = g_strdup_printf(POST "Transfer-Encoding: chunked\r\n\r\n3;%s\r\nabc\r\n0\r\n\r\n", extension);
	g_autoptr(reply) r = ask(s, chunk);
	assert_int_equal(r->status, 400);
	assert_non_null(strstr(reply_text(r), "chunk"));
}

static void unknown_ids_are_not_found(void **state)
{
	static const char *const targets[] = { "/cases/none.json", "/api/records/case/none", "/api/records/none", "/api/records/case/none/revisions", "/api/records/case/giant-mine/revisions/2",
		"/api/records/case/giant-mine/revisions/0", "/api/records/case/giant-mine/revisions/1x", "/schema/none.json", "/cases/giant-mine.json?as-of=1999-01-01", "/nothing" };
	for (gsize i = 0; i < G_N_ELEMENTS(targets); i++) {
		g_autoptr(reply) r = get(*state, targets[i], "");
		if (r->status != 404)
			fail_msg("%d for %s", r->status, targets[i]);
	}
}

static void what_is_asked_wrongly_is_said(void **state)
{
	static const char *const targets[] = { "/cases.json?page=0", "/cases.json?page=x", "/cases.json?per-page=5000", "/cases.json?bbox=1,2,3", "/cases.json?bbox=1,2,3,x", "/cases.json?bbox=0,9,0,1",
		"/cases.json?as-of=yesterday", "/cases.json?as-of=2026-02-30", "/search.json?kind=none", "/cases.json?sort=bogus", "/cases.json?sort=-relevance", "/cases.json?themes=bogus",
		"/cases.json?themes=land-rehabilitation&themes=bogus", "/cases.json?country=Chile", "/cases.json?country=ZZZ", "/cases.json?start_year=19", "/cases.json?practices.practice=A%20b",
		"/cases.json?facets=maybe", "/cases.svg?scheme=pink", "/cases.svg?width=huge", "/basemap.geojson?detail=x", "/pledges.json?status=bogus", "/pledges.csv?sort=bogus" };
	for (gsize i = 0; i < G_N_ELEMENTS(targets); i++) {
		g_autoptr(reply) r = get(*state, targets[i], "");
		if (r->status != 400 || !strstr(reply_text(r), "\"detail\":\""))
			fail_msg("%d for %s: %s", r->status, targets[i], reply_text(r));
	}
}

static void what_is_set_side_by_side_must_be_there(void **state)
{
	static const struct { const char *target, *says; int status; } asked[] = {
		{ "/cases/compare", "Choose two to four", 200 }, { "/cases/compare?id=giant-mine&id=none", "Left out: none.", 200 }, { "/cases/compare?id=none&id=%3Cb%3E", "Left out: none, &lt;b&gt;.", 404 },
		{ "/policies/compare", "Choose two to four", 200 }, { "/policies/compare?country=XXX&country=CAN", "Left out: XXX.", 200 }, { "/policies/compare?country=Canada", "such as MNG", 404 },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(asked); i++) {
		g_autoptr(reply) r = get(*state, asked[i].target, "Accept: text/html\r\n");
		if (r->status != asked[i].status || !strstr(reply_text(r), asked[i].says))
			fail_msg("%d for %s: %s", r->status, asked[i].target, reply_text(r));
	}
}

static void a_page_says_what_a_parameter_may_be(void **state)
{
	static const struct { const char *target, *says; } asked[] = {
		{ "/cases?sort=bogus", "newest, title, start_year" }, { "/cases?view=globe", "list, map" }, { "/cases?themes=bogus", "circular-economy" }, { "/cases?country=Chile", "CHL" },
		{ "/policies?sort=bogus", "title" }, { "/policies?page=0", "from 1" }, { "/pledges?status=bogus", "overdue" }, { "/organisations?per-page=101", "1 to 100" },
		{ "/search?q=a&kind=progres", "pledge" }, { "/cases?themes=%3Cb%3E", "&lt;b&gt;" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(asked); i++) {
		g_autoptr(reply) r = get(*state, asked[i].target, "Accept: text/html\r\n");
		if (r->status != 400 || !strstr(reply_text(r), asked[i].says))
			fail_msg("%d for %s: %s", r->status, asked[i].target, reply_text(r));
	}
}

static void a_page_past_the_end_says_so_and_leads_to_the_last(void **state)
{
	site_put(*state, "case", "second-mine", "{'title':'Second Mine','challenge':'Dust','themes':['land-rehabilitation']}");
	g_autoptr(reply) past = get(*state, "/cases?per-page=1&page=4000", "Accept: text/html\r\n");
	assert_int_equal(past->status, 200);
	assert_non_null(strstr(reply_text(past), "Past the end: the last page is 2"));
	assert_non_null(strstr(reply_text(past), "?page=2&amp;per-page=1\" rel=\"prev\""));
	assert_null(strstr(reply_text(past), "rel=\"next\""));
}

static void parameters_of_others_break_no_link(void **state)
{
	static const char *const targets[] = { "/?utm_source=a", "/cases?utm_source=a&fbclid=b", "/cases.json?utm_campaign=%F0%9F%92%A9", "/pledges?ref=x", "/cases?sort=relevance", "/cases?sort=&page=&q=",
		"/cases/giant-mine?gclid=1", "/search?q=arsenic&hl=de" };
	for (gsize i = 0; i < G_N_ELEMENTS(targets); i++) {
		g_autoptr(reply) r = get(*state, targets[i], "");
		if (r->status != 200)
			fail_msg("%d for %s", r->status, targets[i]);
	}
}

static void the_access_log_cannot_be_forged(void **state)
{
	site *s = *state;
	g_autoptr(reply) r = get(s, "/x%0a2026-01-01T00:00:00.000Z%20forged\"\\", "");
	g_autofree char *text = NULL;
	for (int i = 0; i < 100 && !(text && strstr(text, "forged")); i++) {
		g_usleep(50 * 1000);
		g_free(text);
		text = read_log(s);
	}
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line && **line; line++) {
		assert_true(g_str_has_prefix(*line, "20"));
		assert_non_null(strstr(*line, " 127.0.0.0 ")); /* the network only */
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_takes_hostile_parts),
		cmocka_unit_test(every_route_takes_hostile_parameters),
		cmocka_unit_test(every_route_takes_other_formats_methods_and_languages),
		cmocka_unit_test(malformed_requests_are_refused_and_logged_once),
		cmocka_unit_test(what_follows_a_request_is_looked_at_as_strictly),
		cmocka_unit_test(connections_that_end_in_order_are_not_in_the_log),
		cmocka_unit_test(giant_requests_are_refused),
		cmocka_unit_test(every_length_of_a_request_gets_its_answer),
		cmocka_unit_test(unknown_ids_are_not_found),
		cmocka_unit_test(what_is_asked_wrongly_is_said),
		cmocka_unit_test(what_is_set_side_by_side_must_be_there),
		cmocka_unit_test(a_page_says_what_a_parameter_may_be),
		cmocka_unit_test(a_page_past_the_end_says_so_and_leads_to_the_last),
		cmocka_unit_test(parameters_of_others_break_no_link),
		cmocka_unit_test(the_access_log_cannot_be_forged),
	};
	return cmocka_run_group_tests_name("hostile", tests, begin, end);
}
