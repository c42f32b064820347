#include "site.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include "web/exchange.h"
#include "web/finish.h"
#include "web/service.h"

/* Pages of the test's own, so that the server is tried whatever the site's pages are. */
static void echo(const request *r, response *out)
{
	json_t *view = json_object();
	json_object_set_new(view, "path", json_string(request_path(r)));
	json_object_set_new(view, "id", json_string(request_part(r, "id")));
	json_object_set_new(view, "q", json_string(request_query(r, "q")));
	json_object_set_new(view, "language", json_string(language_tag(request_language(r))));
	json_object_set_new(view, "with", json_string_nocheck(""));
	g_autofree char *with = request_link_with(r, "page", "2"), *toggle = request_link_toggle(r, "theme", "a&b");
	json_object_set_new(view, "with", json_string(with));
	json_object_set_new(view, "toggle", json_string(toggle));
	json_object_set_new(view, "site", json_string(request_site_address(r)));
	response_json(out, view);
}

static void page(const request *r, response *out)
{
	g_autofree char *long_text = g_strnfill(4000, 'x');
	response_page(out, r, 200, "error", json_pack("{s:s,s:s}", "title", "A <page>", "detail", long_text));
}

static gint slow_under_way;

static void slow(const request *r, response *out)
{
	g_atomic_int_inc(&slow_under_way);
	g_usleep(300 * 1000);
	g_atomic_int_add(&slow_under_way, -1);
	echo(r, out);
}

static void broken(const request *r, response *out)
{
	g_autoptr(GError) error = g_error_new(G_IO_ERROR, G_IO_ERROR_FAILED, "the secret cause");
	response_error(out, r, error);
}

static void form(const request *r, response *out)
{
	const char *name = r->form ? parameters_get(r->form, "name") : NULL;
	response_text(out, "text/plain; charset=utf-8", g_strdup(name ? name : "no form"));
}

static void big(const request *r, response *out)
{
	(void)r;
	response_text(out, "text/plain; charset=utf-8", g_strnfill(4 << 20, 'b'));
}

#define ROW(pattern_, handler_, cache_) { .method = "GET", .pattern = pattern_, .formats = FORMAT_HTML | FORMAT_JSON, .handler = handler_, .permission = PERMISSION_ANYONE, \
	.csrf = CSRF_NONE_SAFE_METHOD, .cache = cache_, .summary = "A page of the test" }
static const route rows[] = {
	ROW("/", echo, CACHE_RECORDS),
	ROW("/things", echo, CACHE_RECORDS),
	ROW("/things/{id}", echo, CACHE_NEVER),
	ROW("/page", page, CACHE_RECORDS),
	ROW("/slow", slow, CACHE_NEVER),
	ROW("/broken", broken, CACHE_RECORDS),
	ROW("/big", big, CACHE_NEVER),
	ROW("/static/{+file}", service_static, CACHE_NEVER),
	{ .method = "POST", .pattern = "/form", .formats = FORMAT_HTML, .handler = form, .permission = PERMISSION_ANYONE, .csrf = CSRF_SAME_ORIGIN, .body_limit = 200,
	  .cache = CACHE_NEVER, .summary = "A form of the test" },
	{ .method = "GET", .pattern = "/desk", .formats = FORMAT_HTML, .handler = echo, .permission = PERMISSION_CURATOR, .csrf = CSRF_NONE_SAFE_METHOD, .cache = CACHE_NEVER,
	  .summary = "Shut" },
};

static int begin(void **state)
{
	*state = site_start("[server]\nworkers=2\nqueue=4\n[site]\npseudo-languages=true\n", rows, G_N_ELEMENTS(rows));
	return 0;
}

static int end(void **state)
{
	site_stop(*state);
	return 0;
}

static char *member(const reply *r, const char *name)
{
	json_t *value = json_loads(reply_text(r), 0, NULL);
	const char *text = json_string_value(json_object_get(value, name));
	char *out = g_strdup(text ? text : "(null)");
	json_decref(value);
	return out;
}

#define assert_member(r, name, expected) \
	do { \
		g_autofree char *text_ = member(r, name); \
		assert_string_equal(text_, expected); \
	} while (0)

static void a_route_is_found_by_its_parts_and_ending(void **state)
{
	g_autoptr(reply) plain = get(*state, "/things/some-id", "");
	assert_int_equal(plain->status, 200);
	assert_member(plain, "id", "some-id");
	assert_member(plain, "path", "/things/some-id");
	g_autoptr(reply) ending = get(*state, "/things/some-id.json?q=a+b%26c", "");
	assert_member(ending, "id", "some-id");
	assert_member(ending, "q", "a b&c");
	assert_member(ending, "site", "http://test.example");
	g_autoptr(reply) unknown = get(*state, "/things/some-id.csv", "");
	assert_int_equal(unknown->status, 404);
	g_autoptr(reply) deep = get(*state, "/things/some-id/deeper", "");
	assert_int_equal(deep->status, 404);
}

static void links_keep_the_other_parameters_sorted_and_escaped(void **state)
{
	g_autoptr(reply) r = get(*state, "/en-XA/things?theme=a%26b&q=%3Cx%3E&page=7", "");
	assert_member(r, "language", "en-XA");
	assert_member(r, "with", "/en-XA/things?page=2&q=%3Cx%3E&theme=a%26b");
	assert_member(r, "toggle", "/en-XA/things?q=%3Cx%3E");
}

static void the_language_comes_from_the_address_then_the_header(void **state)
{
	g_autoptr(reply) moved = get(*state, "/things?lang=en-XA&q=1", "");
	assert_int_equal(moved->status, 302);
	assert_string_equal(reply_header(moved, "Location"), "/en-XA/things?q=1");
	g_autoptr(reply) unknown = get(*state, "/things?lang=tlh", "");
	assert_int_equal(unknown->status, 404);
	g_autoptr(reply) home = get(*state, "/en-XA", "");
	assert_int_equal(home->status, 200);
	assert_member(home, "path", "/");
	g_autoptr(reply) sent = get(*state, "/things", "Accept-Language: de, en;q=0.2\r\n");
	assert_member(sent, "language", "en");
	assert_string_equal(reply_header(sent, "Cache-Control"), "no-cache");
}

static void a_trailing_slash_is_led_to_the_address_without(void **state)
{
	g_autoptr(reply) r = get(*state, "/things/?q=1", "");
	assert_int_equal(r->status, 301);
	assert_string_equal(reply_header(r, "Location"), "/things?q=1");
}

static void methods_are_answered_as_the_route_allows(void **state)
{
	g_autoptr(reply) head = ask(*state, "HEAD /things HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(head->status, 200);
	assert_true(g_ascii_strtoull(reply_header(head, "Content-Length"), NULL, 10) > 10);
	g_autoptr(reply) options = ask(*state, "OPTIONS /things HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(options->status, 204);
	assert_string_equal(reply_header(options, "Allow"), "GET, HEAD, OPTIONS");
	g_autoptr(reply) wrong = ask(*state, "DELETE /things HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(wrong->status, 405);
	assert_string_equal(reply_header(wrong, "Allow"), "GET, HEAD, OPTIONS");
	g_autoptr(reply) post = ask(*state, "POST /things HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na=b");
	assert_int_equal(post->status, 405);
	g_autoptr(reply) strange = ask(*state, "BREW /things HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(strange->status, 405);
}

static void a_form_is_read_within_its_limit(void **state)
{
	g_autoptr(reply) r = ask(*state, "POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 16\r\n\r\nname=M%C3%B6ngke");
	assert_int_equal(r->status, 200);
	assert_string_equal(reply_text(r), "Möngke");
	g_autoptr(reply) chunked = ask(*state, "POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
		"5\r\nname=\r\n3\r\nabc\r\n0\r\n\r\n");
	assert_string_equal(reply_text(chunked), "abc");
	g_autofree char *text = g_strnfill(300, 'a');
	g_autofree char *large = g_strdup_printf("POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 300\r\n\r\n%s", text);
	g_autoptr(reply) over = ask(*state, large);
	assert_int_equal(over->status, 413);
	g_autoptr(reply) declared = ask(*state, "POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\nabc");
	assert_int_equal(declared->status, 413);
	g_autoptr(reply) not_text = ask(*state, "POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\nname=%FF");
	assert_int_equal(not_text->status, 400);
}

static void what_needs_an_account_is_shut(void **state)
{
	g_autoptr(reply) r = get(*state, "/desk", "");
	assert_int_equal(r->status, 403);
}

static void every_answer_carries_the_headers_of_safety(void **state)
{
	static const char *const targets[] = { "/page", "/things", "/nothing", "/things?as-of=x", "/broken", "/static/icon.svg" };
	for (gsize i = 0; i < G_N_ELEMENTS(targets); i++) {
		g_autoptr(reply) r = get(*state, targets[i], "");
		assert_string_equal(reply_header(r, "X-Content-Type-Options"), "nosniff");
		const char *policy = reply_header(r, "Content-Security-Policy");
		assert_non_null(strstr(policy, "default-src 'none'"));
		assert_non_null(strstr(policy, "frame-ancestors 'none'"));
		assert_null(strstr(policy, "unsafe"));
	}
}

static void errors_are_pages_for_people_and_problems_for_programs(void **state)
{
	g_autoptr(reply) people = get(*state, "/nothing", "Accept: text/html\r\n");
	assert_int_equal(people->status, 404);
	assert_true(g_str_has_prefix(reply_header(people, "Content-Type"), "text/html"));
	assert_non_null(strstr(reply_text(people), "<h1>"));
	g_autoptr(reply) program = get(*state, "/nothing", "Accept: application/json\r\n");
	assert_string_equal(reply_header(program, "Content-Type"), "application/problem+json");
	g_autoptr(reply) ending = get(*state, "/things.json?as-of=2026-13-01", "");
	assert_int_equal(ending->status, 400);
	assert_string_equal(reply_header(ending, "Content-Type"), "application/problem+json");
}

static void keep_log(const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
	(void)domain, (void)level;
	g_string_append(data, message);
}

static void a_fault_of_ours_shows_a_number_and_never_its_cause(void **state)
{
	g_autoptr(GString) logged = g_string_new(NULL);
	GLogFunc before = g_log_set_default_handler(keep_log, logged);
	g_autoptr(reply) r = get(*state, "/broken", "");
	g_log_set_default_handler(before, NULL);
	const char *cause = strstr(logged->str, "the secret cause");
	assert_non_null(cause);
	assert_null(strstr(cause + 1, "the secret cause")); /* once */
	assert_int_equal(r->status, 500);
	assert_null(strstr(reply_text(r), "secret"));
	assert_string_equal(reply_header(r, "Cache-Control"), "no-store");
}

static void an_unchanged_page_is_not_sent_again(void **state)
{
	g_autoptr(reply) first = get(*state, "/page", "");
	const char *etag = reply_header(first, "ETag");
	assert_non_null(etag);
	g_autofree char *known = g_strdup_printf("If-None-Match: \"other\", W/%s\r\n", etag);
	g_autoptr(reply) second = get(*state, "/page", known);
	assert_int_equal(second->status, 304);
	assert_int_equal(second->body->len, 0);
	static const char *const as_before[] = { "ETag", "Vary", "Cache-Control", "Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options", "Permissions-Policy" };
	static const char *const of_body[] = { "Content-Type", "Content-Language", "Content-Encoding", "Link" };
	for (gsize i = 0; i < G_N_ELEMENTS(as_before); i++)
		assert_string_equal(reply_header(second, as_before[i]), reply_header(first, as_before[i]));
	for (gsize i = 0; i < G_N_ELEMENTS(of_body); i++)
		assert_null(reply_header(second, of_body[i]));
	site *s = *state;
	site_put(s, "practice", "capping", "{'name':'Capping','definition':'Cover.'}");
	g_autoptr(reply) third = get(s, "/page", known); /* made anew, and the same */
	assert_int_equal(third->status, 304);
}

static void assert_unpacks(const reply *packed, const reply *plain)
{
	g_autofree guint8 *out = g_malloc0(plain->body->len + 1);
	z_stream z = { .next_in = packed->body->data, .avail_in = packed->body->len, .next_out = out, .avail_out = plain->body->len + 1 };
	assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.total_out, plain->body->len);
	assert_memory_equal(out, plain->body->data, plain->body->len);
	inflateEnd(&z);
}

/* Also of addresses with a question, which are packed in a hurry, by memory that was used before. */
static void compressed_and_plain_are_the_same_page(void **state)
{
	static const char *const addresses[] = { "/page", "/page", "/page?q=a", "/page?q=a", "/?q=b", "/page?q=c", "/things?q=d", "/page?q=e" };
	for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
		g_autoptr(reply) plain = get(*state, addresses[i], ""), packed = get(*state, addresses[i], "Accept-Encoding: deflate, gzip;q=0.5\r\n");
		if (!g_str_has_prefix(addresses[i], "/page") && !reply_header(packed, "Content-Encoding"))
			continue; /* too short */
		assert_string_equal(reply_header(packed, "Content-Encoding"), "gzip");
		assert_non_null(strstr(reply_header(packed, "Vary"), "Accept-Encoding"));
		assert_string_not_equal(reply_header(packed, "ETag"), reply_header(plain, "ETag"));
		assert_unpacks(packed, plain);
	}
	g_autoptr(reply) again = get(*state, "/page", "Accept-Encoding: gzip;q=0\r\n");
	assert_null(reply_header(again, "Content-Encoding"));
}

/* A text whose ends of lines come again only far behind. */
static char *text_of_far_repeats(void)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < 2000; i++)
		g_string_append_printf(text, "%08x", (i % 100) * 2654435761u);
	return g_string_free(text, FALSE);
}

static gpointer pack_answer_to_question(gpointer pattern)
{
	if (pattern) { /* a thread whose memory was used: freed twice, since what is freed first goes back to the system */
		g_free(g_malloc0(4 << 20));
		guint16 *used = g_new(guint16, 1 << 20);
		for (guint i = 0; i < 1 << 20; i++)
			used[i] = *(guint16 *)pattern;
		g_free(used);
	}
	g_autofree char *text = text_of_far_repeats();
	settings *s = settings_load(NULL, NULL);
	const http_site around = { .settings = s };
	request r;
	response out = { 0 };
	request_init(&r, &around);
	r.target = "/page?q=a";
	response_set(&out, 200, "text/plain; charset=utf-8", g_bytes_new(text, strlen(text)));
	answer *a = answer_new(&r, &out, ENCODING_GZIP);
	GBytes *packed = g_bytes_ref(a->body);
	answer_unref(a);
	response_clear(&out);
	request_clear(&r);
	settings_free(s);
	return packed;
}

static GBytes *pack_in_thread(guint16 *pattern)
{
	return g_thread_join(g_thread_new("pack", pack_answer_to_question, pattern));
}

static void an_answer_packs_the_same_in_every_thread(void **state)
{
	(void)state;
	g_autoptr(GBytes) fresh = pack_in_thread(NULL);
	assert_true(g_bytes_get_size(fresh) < 2000); /* of 16,000 */
	for (guint16 pattern = 1; pattern < 16; pattern++) {
		g_autoptr(GBytes) used = pack_in_thread(&pattern);
		assert_true(g_bytes_equal(fresh, used));
	}
}

static void a_static_file_has_an_address_for_ever(void **state)
{
	g_autoptr(reply) plain = get(*state, "/static/base.css", "");
	assert_int_equal(plain->status, 307);
	const char *location = reply_header(plain, "Location");
	g_autoptr(reply) file = get(*state, location, "Accept-Encoding: br, gzip\r\n");
	assert_int_equal(file->status, 200);
	assert_string_equal(reply_header(file, "Content-Encoding"), "br");
	assert_string_equal(reply_header(file, "Content-Type"), "text/css; charset=utf-8");
	assert_non_null(strstr(reply_header(file, "Cache-Control"), "immutable"));
	g_autoptr(reply) missing = get(*state, "/static/../../etc/passwd", "");
	assert_int_equal(missing->status, 400);
	g_autoptr(reply) none = get(*state, "/static/none.css", "");
	assert_int_equal(none->status, 404);
}

static void connections_are_kept_and_requests_may_stand_in_line(void **state)
{
	site *s = *state;
	int fd = client_open(s->port);
	static const char both[] = "GET /things?q=1 HTTP/1.1\r\nHost: a\r\n\r\nGET /slow?q=2 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /page HTTP/1.1\r\nHost: a\r\n\r\nGET /things?q=4 HTTP/1.1\r\nHost: a\r\n\r\n";
	client_send(fd, both, strlen(both));
	g_autoptr(reply) first = client_read(fd, FALSE), second = client_read(fd, FALSE), third = client_read(fd, TRUE), fourth = client_read(fd, FALSE);
	assert_member(first, "q", "1");
	assert_member(second, "q", "2");
	assert_int_equal(third->status, 200);
	assert_member(fourth, "q", "4");
	close(fd);
}

static void a_full_queue_is_told_to_come_again_and_the_rest_is_answered(void **state)
{
	site *s = *state;
	int fds[12];
	int busy = 0, done = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
		fds[i] = client_open(s->port);
		static const char text[] = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
		client_send(fds[i], text, strlen(text));
	}
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
		g_autoptr(reply) r = client_read(fds[i], FALSE);
		busy += r->status == 503 && reply_header(r, "Retry-After");
		done += r->status == 200;
		close(fds[i]);
	}
	assert_int_equal(busy + done, G_N_ELEMENTS(fds));
	assert_true(busy >= 6); /* two work, four wait */
	assert_true(done >= 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_route_is_found_by_its_parts_and_ending),
		cmocka_unit_test(links_keep_the_other_parameters_sorted_and_escaped),
		cmocka_unit_test(the_language_comes_from_the_address_then_the_header),
		cmocka_unit_test(a_trailing_slash_is_led_to_the_address_without),
		cmocka_unit_test(methods_are_answered_as_the_route_allows),
		cmocka_unit_test(a_form_is_read_within_its_limit),
		cmocka_unit_test(what_needs_an_account_is_shut),
		cmocka_unit_test(every_answer_carries_the_headers_of_safety),
		cmocka_unit_test(errors_are_pages_for_people_and_problems_for_programs),
		cmocka_unit_test(an_unchanged_page_is_not_sent_again),
		cmocka_unit_test(compressed_and_plain_are_the_same_page),
		cmocka_unit_test(an_answer_packs_the_same_in_every_thread),
		cmocka_unit_test(a_static_file_has_an_address_for_ever),
		cmocka_unit_test(connections_are_kept_and_requests_may_stand_in_line),
		cmocka_unit_test(a_full_queue_is_told_to_come_again_and_the_rest_is_answered),
		cmocka_unit_test(a_fault_of_ours_shows_a_number_and_never_its_cause),
	};
	return cmocka_run_group_tests_name("http", tests, begin, end);
}
