#include "web/connection.h"

#include <sys/socket.h>

#include "web/metrics.h"

#define SLOWEST (64u * 1024) /* bytes a second at which a large answer must be read */

struct connections {
	const settings *limits;
	GMutex lock;
	GQueue open;
};

connections *connections_new(const settings *limits)
{
	connections *all = g_new0(connections, 1);
	all->limits = limits;
	g_mutex_init(&all->lock);
	return all;
}

void connections_free(connections *all)
{
	g_mutex_clear(&all->lock);
	g_free(all);
}

connection *connections_begin(connections *all, int fd)
{
	connection *c = g_new0(connection, 1);
	c->fd = fd;
	c->link.data = c;
	connection_enter(c, PHASE_WAITING);
	g_autoptr(GMutexLocker) held G_GNUC_UNUSED = g_mutex_locker_new(&all->lock);
	g_queue_push_tail_link(&all->open, &c->link);
	server_metrics.connections = (gint)all->open.length;
	return c;
}

void connections_end(connections *all, connection *c)
{
	g_autoptr(GMutexLocker) held G_GNUC_UNUSED = g_mutex_locker_new(&all->lock);
	g_queue_unlink(&all->open, &c->link);
	server_metrics.connections = (gint)all->open.length;
	g_free(c);
}

void connections_end_slow(connections *all)
{
	const settings *s = all->limits;
	const guint allowed[] = { [PHASE_WAITING] = s->idle_seconds + s->request_seconds, [PHASE_HEADERS] = s->request_seconds, [PHASE_BODY] = s->request_seconds, [PHASE_WORKING] = G_MAXUINT,
		[PHASE_ANSWERING] = s->answer_seconds };
	gint64 now = g_get_monotonic_time();
	g_autoptr(GMutexLocker) held G_GNUC_UNUSED = g_mutex_locker_new(&all->lock);
	for (GList *link = all->open.head; link; link = link->next) {
		connection *c = link->data;
		gint64 since = __atomic_load_n(&c->since, __ATOMIC_RELAXED);
		if (g_atomic_int_get(&c->phase) < PHASE_WORKING && now - since > G_USEC_PER_SEC / 4 && framing_ended(c->fd))
			shutdown(c->fd, SHUT_RD); /* what came together with the bytes before it, libmicrohttpd overlooks now and then; this it sees */
		phase at = (phase)g_atomic_int_get(&c->phase);
		gint64 longer = at == PHASE_ANSWERING ? __atomic_load_n(&c->longer, __ATOMIC_RELAXED) : 0;
		if (now - since < (gint64)allowed[at] * G_USEC_PER_SEC + longer || c->fd < 0)
			continue;
		shutdown(c->fd, SHUT_RDWR);
		connection_enter(c, PHASE_WORKING);
		metrics_count(cut_off, 1);
	}
}

void connection_enter(connection *c, phase p)
{
	if (!c)
		return;
	if (p != PHASE_BODY)
		__atomic_store_n(&c->since, g_get_monotonic_time(), __ATOMIC_RELAXED);
	g_atomic_int_set(&c->phase, p);
}

void connection_answer(connection *c, gsize bytes)
{
	if (c)
		__atomic_store_n(&c->longer, (gint64)(bytes / SLOWEST) * G_USEC_PER_SEC, __ATOMIC_RELAXED);
	connection_enter(c, PHASE_ANSWERING);
}

void connection_tell(connection *c, const refusal *why)
{
	if (!c || c->unread)
		return;
	c->unread = why;
	c->told = framing_say(c->fd, why);
}
