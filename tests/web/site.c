#include "site.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/data.h"

static gpointer open_reader(gpointer records, GError **error)
{
	return store_reader_open(records, error);
}

static void close_reader(gpointer reader)
{
	store_reader_close(reader);
}

static guint64 generation(gpointer records)
{
	return store_generation(records);
}

site *site_start(const char *settings_text, const route *rows, gsize n_rows)
{
	site *s = g_new0(site, 1);
	g_autoptr(GError) error = NULL;
	s->folder = g_dir_make_tmp("aftermine-web-XXXXXX", &error);
	g_autofree char *database = g_build_filename(s->folder, "records.db", NULL), *ini = g_build_filename(s->folder, "settings.ini", NULL),
		*log = g_build_filename(s->folder, "access.log", NULL);
	assert_true(g_file_set_contents(ini, settings_text ? settings_text : "", -1, NULL));
	s->records = store_open(database, STORE_CREATE, &error);
	s->settings = error ? NULL : settings_load(ini, &error);
	if (error)
		fail_msg("%s", error->message);
	settings_listen(s->settings, "127.0.0.1:0", NULL);
	g_free(s->settings->access_log);
	s->settings->access_log = g_strdup(log);
	s->key = note_key_new("test.example", NOTE_ED25519, NULL);
	s->about = (site_about) { .records = s->records, .key = s->key };
	const http_site served = { .settings = s->settings, .routes = rows, .n_routes = n_rows, .records = s->records, .open_reader = open_reader,
		.close_reader = close_reader, .generation = generation, .data = data_answer, .about = &s->about };
	s->server = http_start(&served, &error);
	if (error)
		fail_msg("%s", error->message);
	s->port = http_port(s->server);
	return s;
}

static void remove_folder(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_unlink(path);
	}
	g_rmdir(folder);
}

void site_stop(site *s)
{
	http_stop(s->server);
	site_clear(s);
}

void site_clear(site *s)
{
	store_close(s->records);
	note_key_free(s->key);
	settings_free(s->settings);
	remove_folder(s->folder);
	g_free(s->folder);
	g_free(s);
}

void site_put(site *s, const char *kind_name, const char *id, const char *body)
{
	g_autofree char *text = g_strdelimit(g_strdup(body), "'", '"');
	g_autoptr(record) r = g_new0(record, 1);
	r->kind = kind_by_name(kind_name);
	r->id = g_strdup(id);
	r->state = RECORD_PUBLISHED;
	r->author = g_strdup("editors");
	r->body = json_loads(text, 0, NULL);
	assert_non_null(r->body);
	g_autoptr(GError) error = NULL;
	store_change change = { r, STORE_EXPECT_ANY };
	if (!store_write(s->records, &change, 1, &error))
		fail_msg("%s", error->message);
}

void reply_free(reply *r)
{
	g_free(r->head);
	g_byte_array_unref(r->body);
	g_free(r);
}

const char *reply_header(const reply *r, const char *name)
{
	g_autofree char *mark = g_strconcat("\n", name, ":", NULL);
	gsize length = strlen(mark);
	for (const char *at = r->head; (at = strchr(at, '\n')); at++)
		if (g_ascii_strncasecmp(at, mark, length) == 0) {
			at += length;
			at += strspn(at, " ");
			g_autofree char *value = g_strndup(at, strcspn(at, "\r\n"));
			return g_intern_string(value);
		}
	return NULL;
}

const char *reply_text(const reply *r)
{
	return (const char *)r->body->data; /* client_read ends it with a NUL beyond its length */
}

int client_open(guint16 port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const struct timeval patience = { .tv_sec = 10 };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

void client_send(int fd, const void *bytes, gsize length)
{
	for (const char *at = bytes; length;) {
		gssize n = send(fd, at, length, MSG_NOSIGNAL);
		if (n <= 0)
			return; /* the server may have had enough */
		at += n;
		length -= (gsize)n;
	}
}

static gboolean read_more(int fd, GByteArray *into)
{
	guint8 bytes[65536];
	gssize n = recv(fd, bytes, sizeof bytes, 0);
	if (n > 0)
		g_byte_array_append(into, bytes, (guint)n);
	return n > 0;
}

/* One byte at a time up to the end of the headers, so that a pipelined answer behind is left alone. */
reply *client_read(int fd, gboolean head_only)
{
	reply *r = g_new0(reply, 1);
	GString *head = g_string_new(NULL);
	r->body = g_byte_array_new();
	char c;
	while (!g_str_has_suffix(head->str, "\r\n\r\n") && recv(fd, &c, 1, 0) == 1)
		g_string_append_c(head, c);
	r->head = g_string_free(head, FALSE);
	if (strlen(r->head) > 12 && g_str_has_prefix(r->head, "HTTP/1."))
		r->status = (int)g_ascii_strtoull(r->head + 9, NULL, 10);
	const char *length = reply_header(r, "Content-Length");
	if (!head_only && length) {
		guint64 whole = g_ascii_strtoull(length, NULL, 10);
		while (r->body->len < whole) {
			guint8 bytes[65536];
			gssize n = recv(fd, bytes, MIN(sizeof bytes, whole - r->body->len), 0);
			if (n <= 0)
				break;
			g_byte_array_append(r->body, bytes, (guint)n);
		}
		assert_int_equal(r->body->len, whole);
	} else if (!head_only && r->status) {
		while (r->status != 304 && r->status != 204 && read_more(fd, r->body))
			;
	}
	guint size = r->body->len;
	g_byte_array_append(r->body, (const guint8 *)"", 1);
	r->body->len = size;
	return r;
}

reply *ask(site *s, const char *request_text)
{
	int fd = client_open(s->port);
	client_send(fd, request_text, strlen(request_text));
	reply *r = client_read(fd, g_str_has_prefix(request_text, "HEAD "));
	close(fd);
	return r;
}

reply *get(site *s, const char *target, const char *headers)
{
	g_autofree char *text = g_strdup_printf("GET %s HTTP/1.1\r\nHost: test.example\r\n%s\r\n", target, headers);
	return ask(s, text);
}
