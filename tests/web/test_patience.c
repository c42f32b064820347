/* Time and numbers: slow clients are ended and hold nobody up, connections are counted, a stop lets requests finish. */
#include "site.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void quick(const request *r, response *out)
{
	(void)r;
	response_text(out, "text/plain", g_strdup("quick"));
}

static void slow(const request *r, response *out)
{
	(void)r;
	g_usleep(700 * 1000);
	response_text(out, "text/plain", g_strdup("slow"));
}

static void big(const request *r, response *out)
{
	(void)r;
	response_text(out, "text/plain", g_strnfill(12 << 20, 'b'));
}

#define ROW(pattern_, handler_) { .method = "GET", .pattern = pattern_, .formats = FORMAT_HTML, .handler = handler_, .permission = PERMISSION_ANYONE, \
	.csrf = CSRF_NONE_SAFE_METHOD, .cache = CACHE_NEVER, .summary = "A page of the test" }
static const route rows[] = { ROW("/quick", quick), ROW("/slow", slow), ROW("/big", big) };

static int begin(void **state)
{
	*state = site_start("[server]\nworkers=2\nrequest-seconds=1\nidle-seconds=1\nanswer-seconds=2\nconnections-per-address=40\n", rows, G_N_ELEMENTS(rows));
	return 0;
}

static int end(void **state)
{
	site_stop(*state);
	return 0;
}

static double ask_quick(site *s)
{
	gint64 from = g_get_monotonic_time();
	g_autoptr(reply) r = get(s, "/quick", "");
	assert_int_equal(r->status, 200);
	return (double)(g_get_monotonic_time() - from) / 1e6;
}

static void a_client_that_drips_its_request_is_ended(void **state)
{
	site *s = *state;
	int fd = client_open(s->port);
	static const char text[] = "GET /quick HTTP/1.1\r\nHost: a\r\nX-Drip: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	client_send(fd, text, 40);
	gint64 from = g_get_monotonic_time();
	gboolean ended = FALSE;
	for (gsize i = 40; i < strlen(text) && !ended; i++) {
		char c;
		g_usleep(150 * 1000);
		ended = send(fd, text + i, 1, MSG_NOSIGNAL) != 1 || recv(fd, &c, 1, MSG_DONTWAIT) == 0;
	}
	close(fd);
	assert_true(ended);
	assert_true(g_get_monotonic_time() - from < 5 * G_USEC_PER_SEC);
}

static void a_client_that_does_not_read_is_ended_and_holds_nobody_up(void **state)
{
	site *s = *state;
	int fds[8];
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
		fds[i] = client_open(s->port);
		static const char text[] = "GET /big HTTP/1.1\r\nHost: a\r\n\r\n";
		client_send(fds[i], text, strlen(text));
	}
	g_usleep(200 * 1000);
	for (int i = 0; i < 20; i++)
		assert_true(ask_quick(s) < 1);
	g_usleep(3500 * 1000); /* past answer-seconds */
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
		guint64 read = 0;
		static char bytes[65536];
		for (gssize n; (n = recv(fds[i], bytes, sizeof bytes, 0)) > 0;)
			read += (guint64)n;
		assert_true(read < 12 << 20);
		close(fds[i]);
	}
}

static void one_address_gets_so_many_connections_and_no_more(void **state)
{
	site *s = *state;
	int fds[60];
	int answered = 0;
	static const char text[] = "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n";
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
		fds[i] = client_open(s->port);
		client_send(fds[i], text, strlen(text));
	}
	g_usleep(300 * 1000);
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
		char c;
		answered += recv(fds[i], &c, 1, MSG_DONTWAIT) == 1;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++)
		close(fds[i]);
	assert_true(answered >= 35 && answered <= 40);
	g_usleep(100 * 1000);
	assert_true(ask_quick(s) < 1);
}

static void an_idle_connection_is_closed(void **state)
{
	site *s = *state;
	int fd = client_open(s->port);
	static const char text[] = "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n";
	client_send(fd, text, strlen(text));
	g_autoptr(reply) r = client_read(fd, FALSE);
	assert_int_equal(r->status, 200);
	char c;
	assert_int_equal(recv(fd, &c, 1, 0), 0); /* an end within the ten seconds of patience, not a time-out */
	close(fd);
}

static gpointer stop_server(gpointer data)
{
	site *s = data;
	http_stop(s->server);
	return NULL;
}

static void a_stop_lets_requests_under_way_finish(void **state)
{
	(void)state;
	site *s = site_start("[server]\nworkers=2\n", rows, G_N_ELEMENTS(rows));
	int fds[4];
	static const char text[] = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
		fds[i] = client_open(s->port);
		client_send(fds[i], text, strlen(text));
	}
	g_usleep(150 * 1000);
	GThread *stopping = g_thread_new("stop", stop_server, s);
	for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
		g_autoptr(reply) r = client_read(fds[i], FALSE);
		assert_int_equal(r->status, 200);
		assert_string_equal(reply_text(r), "slow");
		close(fds[i]);
	}
	g_thread_join(stopping);
	site_clear(s);
}

static gpointer ask_often(gpointer data)
{
	site *s = data;
	for (int i = 0; i < 200; i++)
		ask_quick(s);
	return NULL;
}

static void many_clients_at_once_each_get_their_answer(void **state)
{
	GThread *threads[8];
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("client", ask_often, *state);
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
}

static void a_route_without_its_permission_does_not_start(void **state)
{
	(void)state;
	g_autoptr(settings) s = settings_load(NULL, NULL);
	settings_listen(s, "127.0.0.1:0", NULL);
	g_free(s->access_log);
	s->access_log = g_strdup("");
	route wrong[] = { rows[0], rows[1], rows[2] };
	http_site served = { .settings = s, .routes = wrong, .n_routes = G_N_ELEMENTS(wrong) };
	for (int broken = 0; broken < 6; broken++) {
		wrong[1] = rows[1];
		switch (broken) {
		case 0: wrong[1].permission = 0; break;
		case 1: wrong[1].cache = 0; break;
		case 2: wrong[1].handler = NULL; break;
		case 3: wrong[1].method = "POST"; break; /* changes something, but asks for no token */
		case 4: wrong[1].pattern = "/quick"; break;
		case 5: wrong[1].summary = ""; break;
		}
		g_autoptr(GError) error = NULL;
		assert_null(http_start(&served, &error));
		assert_non_null(strstr(error->message, "routes.c"));
	}
}

static void a_port_that_is_taken_is_said(void **state)
{
	site *s = *state;
	g_autoptr(settings) second = settings_load(NULL, NULL);
	g_autofree char *listen = g_strdup_printf("127.0.0.1:%u", s->port);
	settings_listen(second, listen, NULL);
	g_free(second->access_log);
	second->access_log = g_strdup("");
	g_autoptr(GError) error = NULL;
	assert_null(http_start(&(http_site){ .settings = second, .routes = rows, .n_routes = G_N_ELEMENTS(rows) }, &error));
	assert_non_null(strstr(error->message, listen));
	assert_non_null(strstr(error->message, "--listen"));
}

static void a_server_starts_again_where_it_ended_connections_itself(void **state)
{
	(void)state;
	g_autoptr(settings) s = settings_load(NULL, NULL);
	settings_listen(s, "127.0.0.1:0", NULL);
	g_free(s->access_log);
	s->access_log = g_strdup("");
	const http_site served = { .settings = s, .routes = rows, .n_routes = G_N_ELEMENTS(rows) };
	g_autoptr(GError) error = NULL;
	http *first = http_start(&served, &error);
	assert_non_null(first);
	guint16 port = http_port(first);
	int fd = client_open(port);
	client_send(fd, "GARBAGE\r\n", 9);
	g_autoptr(reply) r = client_read(fd, FALSE);
	assert_int_equal(r->status, 400);
	close(fd);
	http_stop(first);
	g_autofree char *same = g_strdup_printf("127.0.0.1:%u", port);
	settings_listen(s, same, NULL);
	http *second = http_start(&served, &error);
	if (!second)
		fail_msg("%s", error->message);
	http_stop(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_that_drips_its_request_is_ended),
		cmocka_unit_test(a_client_that_does_not_read_is_ended_and_holds_nobody_up),
		cmocka_unit_test(one_address_gets_so_many_connections_and_no_more),
		cmocka_unit_test(an_idle_connection_is_closed),
		cmocka_unit_test(a_stop_lets_requests_under_way_finish),
		cmocka_unit_test(many_clients_at_once_each_get_their_answer),
		cmocka_unit_test(a_route_without_its_permission_does_not_start),
		cmocka_unit_test(a_port_that_is_taken_is_said),
		cmocka_unit_test(a_server_starts_again_where_it_ended_connections_itself),
	};
	return cmocka_run_group_tests_name("patience", tests, begin, end);
}
