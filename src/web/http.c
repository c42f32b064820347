#include "web/http.h"

#include <gio/gio.h>
#include <microhttpd.h>
#include <string.h>
#include <unistd.h>

#include "record/message.h"
#include "web/accept.h"
#include "web/access.h"
#include "web/cache.h"
#include "web/connection.h"
#include "web/exchange.h"
#include "web/finish.h"
#include "web/limit.h"
#include "web/metrics.h"
#include "web/peer.h"

#define HEADERS_BYTES (24u * 1024)  /* request line and headers of one request, and of its answer */
#define ANSWER_HEADERS (4u * 1024)
#define UNASKED_BODY (64u * 1024)   /* a body that no route wants is read and thrown away up to this */

typedef enum stage { STAGE_HEADERS, STAGE_BODY, STAGE_WORKING, STAGE_ANSWERED } stage;

typedef struct exchange {
	struct http *http;
	struct MHD_Connection *mhd;
	connection *connection;
	stage stage;
	char *target;
	request request;
	encoding encoding;
	GByteArray *body;
	gsize body_limit;
	char *key; /* in the page cache; NULL: not to be kept */
	answer *answer;
	gint64 began;
	gboolean cached;
	gboolean counted; /* against the client's limit, of which is left: */
	limit_state left;
} exchange;

struct http {
	http_site site;
	struct MHD_Daemon *daemon;
	cache *cache;
	access_log *log;
	answer *busy;
	client_limit *limit; /* of the event thread; NULL: none */
	GThread **workers;
	guint n_workers;
	GMutex lock; /* of the queue */
	GCond filled;
	exchange **queue; /* a ring of settings.queue */
	guint head, waiting;
	guint idle; /* workers without a request */
	gboolean stopping;
	connections *connections;
	GThread *keeper;
	GCond keeper_wake;
};

static const refusal too_fast = { 429, N_("Too many requests came from your network at once. The header Retry-After says in how many seconds the next one is answered.") };
static const refusal too_large = { 413, N_("That is more than this address takes. Send less.") };

/* ---- workers ---- */

static exchange *take(http *h)
{
	g_autoptr(GMutexLocker) held G_GNUC_UNUSED = g_mutex_locker_new(&h->lock);
	h->idle++;
	while (!h->waiting && !h->stopping)
		g_cond_wait(&h->filled, &h->lock);
	h->idle--;
	if (!h->waiting)
		return NULL;
	exchange *e = h->queue[h->head];
	h->head = (h->head + 1) % h->site.settings->queue;
	h->waiting--;
	server_metrics.waiting = (gint)h->waiting;
	return e;
}

static void answer_request(http *h, exchange *e, gpointer reader)
{
	response out = { 0 };
	guint64 generation = h->site.generation ? h->site.generation(h->site.records) : 0;
	e->request.reader = reader;
	if (e->body && !e->request.refused.status) {
		e->request.body = g_byte_array_free_to_bytes(e->body);
		e->body = NULL;
	}
	dispatch(&e->request, &out);
	e->answer = answer_new(&e->request, &out, MIN(e->encoding, ENCODING_GZIP));
	e->answer->generation = out.status == 429 ? 0 : generation; /* the same whatever the records say */
	if (e->key && out.status == 429)
		cache_keep(h->cache, e->key, e->answer);
	else if (e->key && out.status == 200 && e->request.route && e->request.route->cache == CACHE_RECORDS && !out.no_store && !out.passing)
		cache_keep(h->cache, e->key, e->answer);
	response_clear(&out);
	request_finish(&e->request);
}

static gpointer work(gpointer data)
{
	http *h = data;
	g_autoptr(GError) error = NULL;
	gpointer reader = h->site.open_reader ? h->site.open_reader(h->site.records, &error) : NULL;
	if (error)
		g_error("a worker cannot read the records: %s", error->message);
	for (exchange *e; (e = take(h));) {
		answer_request(h, e, reader);
		MHD_resume_connection(e->mhd);
	}
	if (reader && h->site.close_reader)
		h->site.close_reader(reader);
	return NULL;
}

/* Parks the connection and puts the request into the queue; FALSE: the queue is full. */
static gboolean hand_over(http *h, exchange *e)
{
	g_autoptr(GMutexLocker) held G_GNUC_UNUSED = g_mutex_locker_new(&h->lock);
	guint size = h->site.settings->queue;
	if (h->waiting == size || h->stopping)
		return FALSE;
	MHD_suspend_connection(e->mhd);
	h->queue[(h->head + h->waiting++) % size] = e;
	server_metrics.waiting = (gint)h->waiting;
	if (h->idle) /* waking nobody is a call of the system, too */
		g_cond_signal(&h->filled);
	return TRUE;
}

/* ---- the event thread ---- */

static enum MHD_Result send_answer(exchange *e, answer *a)
{
	gboolean same = answer_is_unchanged(a, &e->request);
	e->stage = STAGE_ANSWERED;
	connection_answer(e->connection, a->piece.length);
	gboolean plenty = !e->counted || (!e->left.retry_after && e->left.remaining >= e->http->site.settings->requests_burst / 2);
	if (plenty && !same)
		return framing_answer(e->mhd, a->status, a->full);
	struct MHD_Response *own = plenty ? answer_unchanged(a) : answer_told(a, same, limit_policy(e->http->limit), &e->left);
	enum MHD_Result result = framing_answer(e->mhd, same ? 304 : a->status, own);
	MHD_destroy_response(own);
	return result;
}

static enum MHD_Result send_own(exchange *e, answer *a)
{
	e->answer = a;
	return send_answer(e, a);
}

static const char *header_of(exchange *e, const char *name)
{
	return MHD_lookup_connection_value(e->mhd, MHD_HEADER_KIND, name);
}

/* Parks the request until a worker has its answer. */
static enum MHD_Result hand_to_worker(exchange *e)
{
	e->stage = STAGE_WORKING;
	connection_enter(e->connection, PHASE_WORKING);
	if (hand_over(e->http, e))
		return MHD_YES;
	metrics_count(queue_full, 1);
	return send_own(e, answer_ref(e->http->busy));
}

static void begin_work(exchange *e)
{
	e->began = g_get_monotonic_time();
	metrics_count(under_way, 1);
}

/* Why the request is refused before its body comes; FALSE: it is not. */
static gboolean is_refused(exchange *e, const char *version, const char *length)
{
	refusal *why = &e->request.refused;
	if (!framing_judge(e->mhd, version, why))
		return TRUE;
	for (guint i = 0; i < HEADER_COUNT; i++)
		if (e->request.headers[i] && strlen(e->request.headers[i]) > HEADER_LENGTH)
			*why = (refusal){ 431, N_("A header is too long; send a shorter one.") };
	if (length && g_ascii_strtoull(length, NULL, 10) > MAX(e->body_limit, UNASKED_BODY))
		*why = too_large;
	return why->status != 0;
}

/* Ends a request that cannot be answered through libmicrohttpd. */
static enum MHD_Result give_up(exchange *e, const refusal *why)
{
	connection_tell(e->connection, why);
	return MHD_NO;
}

/* Headers are there: keeps those we read, and looks whether the body, if there is one, may come. */
static enum MHD_Result take_headers(exchange *e, const char *method, const char *version)
{
	http *h = e->http;
	if (framing_size(e->mhd) > HEADERS_BYTES - ANSWER_HEADERS)
		return give_up(e, &framing_crowded);
	e->request.method = g_intern_string(strlen(method) < 16 ? method : "UNKNOWN");
	e->request.target = e->target;
	e->request.loopback = peer_is_loopback(e->mhd);
	for (guint i = 0; i < HEADER_COUNT; i++) {
		const char *value = header_of(e, header_names[i]);
		e->request.headers[i] = value && g_utf8_validate(value, -1, NULL) ? g_strdup(value) : NULL;
	}
	e->encoding = encoding_accepted(header_of(e, "Accept-Encoding"), ENCODING_BROTLI);
	const char *length = header_of(e, "Content-Length"), *end = header_of(e, "Connection");
	gboolean has_body = length || header_of(e, "Transfer-Encoding");
	if (has_body) {
		g_auto(address) a = { 0 };
		refusal why;
		format found;
		const char *allow = NULL;
		const route *r = address_parse(e->target, &a, &why) ? route_find(&h->site, e->request.method, a.path, &found, NULL, &allow) : NULL;
		e->body_limit = r ? r->body_limit : 0;
		e->body = g_byte_array_new();
	}
	connection_enter(e->connection, PHASE_BODY);
	if (e->connection)
		e->connection->last = has_body || strcmp(version, "HTTP/1.1") != 0 || (end && g_ascii_strcasecmp(end, "keep-alive") != 0);
	e->stage = STAGE_BODY;
	if (!is_refused(e, version, length))
		return MHD_YES;
	begin_work(e);
	return hand_to_worker(e);
}

static enum MHD_Result take_body(exchange *e, const char *data, size_t *size)
{
	gsize limit = MAX(e->body_limit, UNASKED_BODY);
	if (!e->body || e->body->len + *size > limit)
		return give_up(e, &framing_endless); /* chunks without end */
	if (e->body_limit && e->body->len + *size > e->body_limit)
		e->request.refused = too_large;
	g_byte_array_append(e->body, (const guint8 *)data, (guint)*size);
	*size = 0;
	return MHD_YES;
}

static gboolean is_in_pace(exchange *e)
{
	guint8 client[16];
	e->counted = e->http->limit && limit_client(peer_address(e->mhd), peer_forwarded(e->mhd, e->http->site.settings), client);
	return !e->counted || limit_take(e->http->limit, client, g_get_monotonic_time(), &e->left);
}

/* A page for people, a problem for programs; made once, for the next will ask soon. */
static enum MHD_Result refuse_pace(exchange *e)
{
	metrics_count(limited, 1);
	e->request.refused = too_fast;
	if (e->http->cache) {
		e->key = g_strconcat(e->encoding ? "429 z " : "429 - ", language_tag(language_negotiate(e->request.headers[HEADER_ACCEPT_LANGUAGE])),
			refusal_is_page(&e->request) ? " page" : " problem", NULL);
		e->answer = cache_find(e->http->cache, e->key, 0);
	}
	return e->answer ? send_answer(e, e->answer) : hand_to_worker(e);
}

/* The request is whole. What is at hand already is answered here; the rest goes to the workers. */
static enum MHD_Result take_request(exchange *e)
{
	http *h = e->http;
	gboolean get = strcmp(e->request.method, "GET") == 0 || strcmp(e->request.method, "HEAD") == 0;
	begin_work(e);
	if (e->request.refused.status)
		return hand_to_worker(e);
	if (get && g_str_has_prefix(e->target, "/static/")) {
		asset *file = asset_find(e->target + strlen("/static/"));
		if (file) {
			e->cached = TRUE;
			return send_own(e, answer_ref(answer_asset(file, e->encoding)));
		}
	}
	if (!is_in_pace(e))
		return refuse_pace(e);
	if (get && h->cache && !e->body && !e->request.headers[HEADER_ACCEPT_DATETIME]) {
		const char *tag = address_prefix(e->target) ? "" : language_tag(language_negotiate(e->request.headers[HEADER_ACCEPT_LANGUAGE]));
		const char *host = *h->site.settings->address ? "" : e->request.headers[HEADER_HOST];
		e->key = g_strconcat(e->encoding ? "z " : "- ", accept_prefers_page(e->request.headers[HEADER_ACCEPT]) ? "p " : "d ", tag, " ", host ? host : "", " ", e->target, NULL);
		e->answer = cache_find(h->cache, e->key, h->site.generation ? h->site.generation(h->site.records) : 0);
		e->cached = e->answer != NULL;
		if (e->answer)
			return send_answer(e, e->answer);
	}
	return hand_to_worker(e);
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *mhd, const char *url, const char *method, const char *version, const char *upload, size_t *upload_size,
	void **context)
{
	(void)data, (void)url;
	exchange *e = *context;
	e->mhd = mhd;
	switch (e->stage) {
	case STAGE_HEADERS:
		return take_headers(e, method, version);
	case STAGE_BODY:
		return *upload_size ? take_body(e, upload, upload_size) : take_request(e);
	case STAGE_WORKING:
		return e->answer ? send_answer(e, e->answer) : MHD_YES;
	case STAGE_ANSWERED:
		*upload_size = 0;
		return MHD_YES;
	}
	return MHD_NO;
}

static connection *connection_of(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info ? info->socket_context : NULL;
}

static void *on_target(void *data, const char *target, struct MHD_Connection *mhd)
{
	exchange *e = g_new0(exchange, 1);
	e->http = data;
	e->mhd = mhd;
	e->target = g_strdup(target);
	e->connection = connection_of(mhd);
	connection_enter(e->connection, PHASE_HEADERS);
	request_init(&e->request, &e->http->site);
	return e;
}

static void write_log(http *h, struct MHD_Connection *mhd, const char *method, const char *target, unsigned status, gsize bytes, gint64 took, gboolean cached)
{
	access_write(h->log, peer_address(mhd), peer_forwarded(mhd, h->site.settings), method, target, status, bytes, took);
	metrics_answer(status, took, bytes, cached);
}

void http_unread(struct MHD_Connection *mhd, unsigned status)
{
	connection *c = connection_of(mhd);
	gint at = c ? g_atomic_int_get(&c->phase) : PHASE_WAITING;
	connection_tell(c, framing_unread(status, at == PHASE_WAITING ? FRAMING_LINE : at == PHASE_HEADERS ? FRAMING_HEADERS : FRAMING_BODY));
}

/* A request that was never answered: it could not be read, or ended before it was whole. */
static void end_unanswered(exchange *e, enum MHD_RequestTerminationCode code)
{
	connection *c = e->connection;
	if (code == MHD_REQUEST_TERMINATED_DAEMON_SHUTDOWN || !c)
		return;
	connection_tell(c, &framing_garbage);
	c->last = TRUE;
	write_log(e->http, e->mhd, e->request.method ? e->request.method : "-", e->target, (unsigned)c->unread->status, c->told, 0, FALSE);
}

static void on_completed(void *data, struct MHD_Connection *mhd, void **context, enum MHD_RequestTerminationCode code)
{
	exchange *e = *context;
	(void)data;
	if (!e)
		return;
	connection_enter(e->connection, PHASE_WAITING);
	const union MHD_ConnectionInfo *head = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	if (e->connection && head)
		e->connection->taken += head->header_size;
	if (e->answer) {
		gboolean same = answer_is_unchanged(e->answer, &e->request);
		gsize bytes = same || strcmp(e->request.method, "HEAD") == 0 ? 0 : e->answer->size;
		write_log(e->http, mhd, e->request.method, e->target, same ? 304 : e->answer->status, bytes, e->began ? g_get_monotonic_time() - e->began : 0, e->cached);
		answer_unref(e->answer);
	} else {
		end_unanswered(e, code);
	}
	if (e->began)
		metrics_count(under_way, -1);
	request_clear(&e->request);
	if (e->body)
		g_byte_array_unref(e->body);
	g_free(e->key);
	g_free(e->target);
	g_free(e);
	*context = NULL;
}

/* The connection ends. If bytes are there that never became a request, they are refused. */
static void end_connection(http *h, struct MHD_Connection *mhd, connection *c)
{
	if (!c->last && framing_came(c->fd) > c->taken) {
		connection_tell(c, &framing_garbage);
		write_log(h, mhd, "-", "-", (unsigned)c->unread->status, c->told, 0, FALSE);
	}
	shutdown(c->fd, SHUT_WR);
}

static void on_connection(void *data, struct MHD_Connection *mhd, void **context, enum MHD_ConnectionNotificationCode code)
{
	http *h = data;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
		*context = connections_begin(h->connections, info ? info->connect_fd : -1);
	} else if (*context) {
		end_connection(h, mhd, *context);
		connections_end(h->connections, *context);
		*context = NULL;
	}
}

/* ---- housekeeping: ends what is too slow, writes the log ---- */

static gpointer keep_house(gpointer data)
{
	http *h = data;
	for (gboolean stopping = FALSE; !stopping;) {
		g_mutex_lock(&h->lock);
		if (!h->stopping)
			g_cond_wait_until(&h->keeper_wake, &h->lock, g_get_monotonic_time() + G_USEC_PER_SEC / 2);
		stopping = h->stopping;
		g_mutex_unlock(&h->lock);
		connections_end_slow(h->connections);
		access_flush(h->log);
		if (h->cache) {
			gsize bytes;
			cache_size(h->cache, &server_metrics.cache_entries, &bytes);
			server_metrics.cache_bytes = bytes;
		}
	}
	return NULL;
}

/* ---- start and stop ---- */

static void free_http(http *h)
{
	if (h->cache)
		cache_free(h->cache);
	g_clear_pointer(&h->log, access_close);
	g_clear_pointer(&h->busy, answer_unref);
	limit_free(h->limit);
	g_free(h->queue);
	g_free(h->workers);
	g_mutex_clear(&h->lock);
	connections_free(h->connections);
	g_cond_clear(&h->filled);
	g_cond_clear(&h->keeper_wake);
	g_free(h);
}

static void swallow(void *data, const char *text, va_list arguments)
{
	(void)data, (void)text, (void)arguments; /* what clients do wrong is in the access log */
}

static size_t leave_escaped(void *data, struct MHD_Connection *mhd, char *text)
{
	(void)data, (void)mhd;
	return strlen(text);
}

static struct MHD_Daemon *listen_on(http *h, GError **error)
{
	const settings *s = h->site.settings;
	g_autoptr(GSocketAddress) where = g_inet_socket_address_new_from_string(s->host, s->port);
	struct sockaddr_storage native;
	if (!where || !g_socket_address_to_native(where, &native, sizeof native, error))
		return NULL;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG
		| MHD_USE_TURBO; /* and so a connection's sending side is still open in on_connection(), for end_connection() */
	if (native.ss_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	struct MHD_Daemon *daemon = MHD_start_daemon(flags, s->port, NULL, NULL, on_request, h,
		MHD_OPTION_EXTERNAL_LOGGER, swallow, NULL,
		MHD_OPTION_SOCK_ADDR, &native,
		MHD_OPTION_LISTEN_BACKLOG_SIZE, 512u,
		MHD_OPTION_URI_LOG_CALLBACK, on_target, h,
		MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, h,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_BYTES,
		MHD_OPTION_CONNECTION_LIMIT, s->connections,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->connections_per_address,
		MHD_OPTION_CONNECTION_TIMEOUT, s->idle_seconds,
		MHD_OPTION_STRICT_FOR_CLIENT, 0, /* framing_judge() is stricter, and says what is wrong */
		MHD_OPTION_SERVER_INSANITY, 0u,
		MHD_OPTION_END);
	if (!daemon)
		g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), _("cannot listen on %s:%u: %s; choose another with --listen, or end what listens there"), s->host, s->port,
			errno ? g_strerror(errno) : "it is taken");
	return daemon;
}

http *http_start(const http_site *site, GError **error)
{
	if (!routes_check(site->routes, site->n_routes, error))
		return NULL;
	http *h = g_new0(http, 1);
	h->site = *site;
	const settings *s = h->site.settings;
	g_mutex_init(&h->lock);
	h->connections = connections_new(s);
	g_cond_init(&h->filled);
	g_cond_init(&h->keeper_wake);
	server_metrics.started = g_get_monotonic_time();
	h->cache = s->cache_bytes ? cache_new(s->cache_bytes) : NULL;
	h->busy = answer_plain(&h->site, 503, "503 The server has as much to do as it can. Please come again in a moment.\n", 2);
	h->limit = s->requests_per_minute ? limit_new(s->requests_per_minute, s->requests_burst) : NULL;
	h->queue = g_new0(exchange *, s->queue);
	h->log = access_open(s->access_log, s->full_addresses, error);
	errno = 0;
	h->daemon = h->log ? listen_on(h, error) : NULL;
	if (!h->daemon) {
		free_http(h);
		return NULL;
	}
	h->n_workers = s->workers ? s->workers : CLAMP(g_get_num_processors(), 2, 8);
	h->workers = g_new0(GThread *, h->n_workers);
	for (guint i = 0; i < h->n_workers; i++)
		h->workers[i] = g_thread_new("worker", work, h);
	h->keeper = g_thread_new("keeper", keep_house, h);
	return h;
}

guint16 http_port(const http *h)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT);
	return info ? info->port : h->site.settings->port;
}

void http_stop(http *h)
{
	int listening = MHD_quiesce_daemon(h->daemon);
	gint64 end = g_get_monotonic_time() + (gint64)h->site.settings->stop_seconds * G_USEC_PER_SEC;
	while (__atomic_load_n(&server_metrics.under_way, __ATOMIC_RELAXED) > 0 && g_get_monotonic_time() < end)
		g_usleep(5000);
	g_mutex_lock(&h->lock);
	h->stopping = TRUE;
	g_cond_broadcast(&h->filled);
	g_cond_broadcast(&h->keeper_wake);
	g_mutex_unlock(&h->lock);
	for (guint i = 0; i < h->n_workers; i++) /* they finish what waits */
		g_thread_join(h->workers[i]);
	g_thread_join(h->keeper);
	MHD_stop_daemon(h->daemon);
	if (listening >= 0)
		close(listening);
	free_http(h);
}
