/* How much a client may ask, and how it is told; reading from pages of other sites. */
#include "site.h"

#include <arpa/inet.h>
#include <string.h>

#include "web/assets.h"
#include "web/limit.h"
#include "web/route.h"

#define SECOND G_USEC_PER_SEC

/* ---- the bucket ---- */

static void a_bucket_empties_at_once_and_fills_at_its_pace(void **state)
{
	(void)state;
	client_limit *l = limit_new(60, 5); /* one a second */
	guint8 client[16] = { 1 };
	limit_state left;
	gint64 now = 1000 * SECOND;
	assert_string_equal(limit_policy(l), "\"default\";q=5;w=5");
	for (guint i = 0; i < 5; i++) {
		assert_true(limit_take(l, client, now, &left));
		assert_int_equal(left.remaining, 4 - i);
		assert_int_equal(left.full_after, i + 1);
		assert_int_equal(left.retry_after, 0);
	}
	assert_false(limit_take(l, client, now, &left));
	assert_int_equal(left.remaining, 0);
	assert_int_equal(left.retry_after, 1);
	assert_int_equal(left.full_after, 5);
	/* Being refused costs nothing: what was said holds. */
	assert_true(limit_take(l, client, now + left.retry_after * SECOND, &left));
	assert_false(limit_take(l, client, now + SECOND, &left));
	/* It never holds more than it can. */
	guint taken = 0;
	while (limit_take(l, client, now + 1000 * SECOND, &left))
		taken++;
	assert_int_equal(taken, 5);
	limit_free(l);
}

static void in_the_long_run_nobody_gets_more_than_the_pace(void **state)
{
	(void)state;
	client_limit *l = limit_new(600, 20);
	guint8 client[16] = { 7 };
	limit_state left;
	g_autoptr(GRand) rand = g_rand_new_with_seed(5);
	gint64 now = SECOND, start = now;
	guint taken = 0;
	for (guint i = 0; i < 20000; i++) {
		now += g_rand_int_range(rand, 0, 20000);
		taken += limit_take(l, client, now, &left);
		assert_true(taken <= 20 + (guint)((now - start) / (SECOND / 10)) + 1);
	}
	assert_true(taken >= (guint)((now - start) / (SECOND / 10)) - 1); /* who asks more than that gets all of it */
	limit_free(l);
}

static void clients_do_not_count_for_each_other_and_the_table_stays_bounded(void **state)
{
	(void)state;
	client_limit *l = limit_new(60, 2);
	guint8 client[16] = { 0 }, greedy[16] = { 255 };
	limit_state left;
	for (guint i = 0; i < 1000; i++) {
		memcpy(client, &i, sizeof i);
		assert_true(limit_take(l, client, SECOND, &left));
		assert_int_equal(left.remaining, 1);
	}
	/* A crowd of others does not make it forget who is over the limit. */
	while (limit_take(l, greedy, SECOND, &left))
		;
	for (guint i = 0; i < 200000; i++) {
		memcpy(client, &i, sizeof i);
		limit_take(l, client, SECOND, &left);
	}
	assert_false(limit_take(l, greedy, SECOND, &left));
	limit_free(l);
}

static const char *client_text(const char *from, const char *forwarded)
{
	static char text[40];
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	guint8 client[16];
	gboolean is_v4 = inet_pton(AF_INET, from, &v4.sin_addr) == 1;
	if (!is_v4)
		assert_int_equal(inet_pton(AF_INET6, from, &v6.sin6_addr), 1);
	if (!limit_client(is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6, forwarded, client))
		return "nobody";
	return inet_ntop(AF_INET6, client, text, sizeof text);
}

static void a_client_is_an_address_or_a_network(void **state)
{
	(void)state;
	assert_string_equal(client_text("192.0.2.7", NULL), "::ffff:192.0.2.7");
	assert_string_equal(client_text("::ffff:192.0.2.7", NULL), "::ffff:192.0.2.7");
	assert_string_equal(client_text("2001:db8:1:2:3:4:5:6", NULL), "2001:db8:1:2::");
	assert_string_equal(client_text("127.0.0.1", NULL), "nobody");
	assert_string_equal(client_text("::1", NULL), "nobody");
	assert_string_equal(client_text("::ffff:127.0.0.1", NULL), "nobody");
	assert_string_equal(client_text("127.0.0.1", "192.0.2.9"), "::ffff:192.0.2.9");
	assert_string_equal(client_text("127.0.0.1", "2001:db8::1 "), "2001:db8::");
	assert_string_equal(client_text("192.0.2.7", "garbage"), "::ffff:192.0.2.7");
	assert_string_equal(client_text("127.0.0.1", ""), "nobody");
}

/* ---- the server ---- */

static int start(void **state)
{
	*state = site_start("[server]\ntrusted-proxy=true\nrequests-per-minute=6\nrequests-burst=4\n", routes, routes_count);
	site_put(*state, "case", "pit", "{'title':'A pit','challenge':'c','country':'MNG'}");
	return 0;
}

static int stop(void **state)
{
	site_stop(*state);
	return 0;
}

static void who_asks_too_much_is_told_when_to_come_back(void **state)
{
	const char *me = "X-Forwarded-For: 192.0.2.1\r\nAccept: application/json\r\n";
	for (guint i = 0; i < 4; i++) {
		g_autoptr(reply) fine = get(*state, "/cases/pit.json", me);
		assert_int_equal(fine->status, 200);
		/* From the half on one is told. */
		const char *left = reply_header(fine, "RateLimit");
		guint remaining, full_after;
		if (i >= 2) {
			assert_int_equal(sscanf(left, "\"default\";r=%u;t=%u", &remaining, &full_after), 2);
			assert_int_equal(remaining, 3 - i);
			assert_in_range(full_after, 10 * i + 1, 10 * (i + 1)); /* some of it may have passed */
		} else {
			assert_null(left);
		}
		assert_non_null(reply_header(fine, "ETag"));
		assert_non_null(strstr(reply_text(fine), "A pit"));
	}
	for (guint i = 0; i < 3; i++) { /* the first is made, the others come from the cache */
		g_autoptr(reply) refused = get(*state, "/cases/pit.json", me);
		assert_int_equal(refused->status, 429);
		guint64 wait = g_ascii_strtoull(reply_header(refused, "Retry-After"), NULL, 10);
		assert_in_range(wait, 1, 10);
		assert_string_equal(reply_header(refused, "RateLimit-Policy"), "\"default\";q=4;w=40");
		assert_true(g_str_has_prefix(reply_header(refused, "RateLimit"), "\"default\";r=0;t="));
		assert_string_equal(reply_header(refused, "Cache-Control"), "no-store");
		assert_string_equal(reply_header(refused, "Content-Type"), "application/problem+json");
		assert_non_null(strstr(reply_text(refused), "\"status\":429"));
		assert_null(reply_header(refused, "ETag"));
	}
	g_autoptr(reply) page = get(*state, "/cases/pit", "X-Forwarded-For: 192.0.2.1\r\nAccept: text/html\r\n");
	assert_int_equal(page->status, 429);
	assert_true(g_str_has_prefix(reply_header(page, "Content-Type"), "text/html"));
	assert_non_null(strstr(reply_text(page), "Too many requests"));
	/* Static files, others, and the machine itself are not held up. */
	g_autoptr(reply) other = get(*state, "/cases/pit.json", "X-Forwarded-For: 192.0.2.1, 192.0.2.2\r\n"), own = get(*state, "/cases/pit.json", "");
	assert_int_equal(other->status, 200);
	assert_int_equal(own->status, 200);
	g_autofree char *style = g_strdup_printf("/static/%s", asset_named("base.css")->hashed);
	for (guint i = 0; i < 10; i++) {
		g_autoptr(reply) file = get(*state, style, me);
		assert_int_equal(file->status, 200);
		assert_null(reply_header(file, "RateLimit"));
	}
}

static void an_unchanged_answer_is_told_of_the_limit_too(void **state)
{
	const char *me = "X-Forwarded-For: 192.0.2.3\r\n";
	g_autoptr(reply) first = get(*state, "/cases/pit.json", me), second = get(*state, "/cases/pit.json", me);
	g_autofree char *again = g_strdup_printf("%sIf-None-Match: %s\r\n", me, reply_header(first, "ETag"));
	g_autoptr(reply) same = get(*state, "/cases/pit.json", again);
	assert_int_equal(same->status, 304);
	assert_non_null(reply_header(same, "RateLimit"));
	assert_string_equal(reply_header(same, "ETag"), reply_header(first, "ETag"));
	(void)second;
}

/* ---- other sites' pages ---- */

static void pages_of_other_sites_may_read_and_nothing_else(void **state)
{
	g_autoptr(reply) asked = ask(*state, "OPTIONS /cases.json HTTP/1.1\r\nHost: test.example\r\nOrigin: https://other.example\r\nAccess-Control-Request-Method: GET\r\n"
		"Access-Control-Request-Headers: accept-datetime\r\n\r\n");
	assert_int_equal(asked->status, 204);
	assert_string_equal(reply_header(asked, "Access-Control-Allow-Origin"), "*");
	assert_string_equal(reply_header(asked, "Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS");
	assert_non_null(strstr(reply_header(asked, "Access-Control-Allow-Headers"), "Accept-Datetime"));
	assert_string_equal(reply_header(asked, "Access-Control-Max-Age"), "86400");
	assert_null(reply_header(asked, "Access-Control-Allow-Credentials"));
	static const char *const data[] = { "/cases.json", "/cases.csv", "/cases.geojson", "/cases/pit.json", "/feed.atom", "/feed.json", "/api/records/case/pit", "/schema/case.json", "/cases/none.json",
		"/log/checkpoint", "/timemap/cases/pit", "/cases.json?page=x", "/world.svg" };
	for (gsize i = 0; i < G_N_ELEMENTS(data); i++) {
		g_autoptr(reply) answer = get(*state, data[i], "Origin: https://other.example\r\n");
		assert_string_equal(reply_header(answer, "Access-Control-Allow-Origin"), "*");
		assert_non_null(strstr(reply_header(answer, "Access-Control-Expose-Headers"), "Retry-After"));
	}
	g_autoptr(reply) page = get(*state, "/cases", "Origin: https://other.example\r\nAccept: text/html\r\n");
	assert_null(reply_header(page, "Access-Control-Allow-Origin"));
	assert_non_null(strstr(reply_header(page, "Content-Security-Policy"), "frame-ancestors 'none'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bucket_empties_at_once_and_fills_at_its_pace),
		cmocka_unit_test(in_the_long_run_nobody_gets_more_than_the_pace),
		cmocka_unit_test(clients_do_not_count_for_each_other_and_the_table_stays_bounded),
		cmocka_unit_test(a_client_is_an_address_or_a_network),
		cmocka_unit_test(who_asks_too_much_is_told_when_to_come_back),
		cmocka_unit_test(an_unchanged_answer_is_told_of_the_limit_too),
		cmocka_unit_test(pages_of_other_sites_may_read_and_nothing_else),
	};
	return cmocka_run_group_tests_name("limit", tests, start, stop);
}
