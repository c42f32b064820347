#include "web/access.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>
#include "record/message.h"

#define ACCESS_WAITING (4u << 20) /* bytes that may wait for a slow disk; what is more is counted, not kept */
#define ACCESS_TARGET 512

struct access_log {
	GMutex lock;
	GString *lines;
	guint64 lost;
	int fd;
	gboolean full_addresses;
};

access_log *access_open(const char *path, gboolean full_addresses, GError **error)
{
	int fd = strcmp(path, "-") == 0 ? dup(STDOUT_FILENO) : *path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640) : -1;
	if (fd < 0 && *path) {
		g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), _("access log %s: %s; change [log] access in settings.ini"), path, g_strerror(errno));
		return NULL;
	}
	access_log *log = g_new0(access_log, 1);
	g_mutex_init(&log->lock);
	log->lines = g_string_new(NULL);
	log->fd = fd;
	log->full_addresses = full_addresses;
	return log;
}

void access_flush(access_log *log)
{
	if (log->fd < 0)
		return;
	g_mutex_lock(&log->lock);
	g_autoptr(GString) lines = log->lines;
	if (log->lost)
		g_string_append_printf(lines, "# %" G_GUINT64_FORMAT " lines lost: the log could not be written fast enough\n", log->lost);
	log->lines = g_string_new(NULL);
	log->lost = 0;
	g_mutex_unlock(&log->lock);
	for (gsize done = 0; done < lines->len;) {
		gssize n = write(log->fd, lines->str + done, lines->len - done);
		if (n < 0 && errno != EINTR)
			return;
		done += n > 0 ? (gsize)n : 0;
	}
}

void access_close(access_log *log)
{
	access_flush(log);
	if (log->fd >= 0)
		close(log->fd);
	g_string_free(log->lines, TRUE);
	g_mutex_clear(&log->lock);
	g_free(log);
}

static void append_client(GString *out, const struct sockaddr *client, gboolean full)
{
	guint8 bytes[16] = { 0 };
	char text[INET6_ADDRSTRLEN] = "-";
	if (client && client->sa_family == AF_INET) {
		memcpy(bytes, &((const struct sockaddr_in *)(gconstpointer)client)->sin_addr, full ? 4 : 3);
		inet_ntop(AF_INET, bytes, text, sizeof text);
	} else if (client && client->sa_family == AF_INET6) {
		memcpy(bytes, &((const struct sockaddr_in6 *)(gconstpointer)client)->sin6_addr, full ? 16 : 6);
		inet_ntop(AF_INET6, bytes, text, sizeof text);
	}
	g_string_append(out, text);
}

static void append_forwarded(GString *out, const char *forwarded, gboolean full)
{
	g_autofree char *text = g_strndup(forwarded, strcspn(forwarded, " \t"));
	g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string(text, 0);
	struct sockaddr_storage native;
	if (address && g_socket_address_to_native(address, &native, sizeof native, NULL))
		append_client(out, (const struct sockaddr *)&native, full);
	else
		g_string_append_c(out, '-');
}

/* Control characters, quotes and what is not ASCII as \xHH: a request cannot forge a line. */
static void append_target(GString *out, const char *target)
{
	for (gsize i = 0; target[i] && i < ACCESS_TARGET; i++) {
		guchar c = (guchar)target[i];
		if (c > 0x20 && c < 0x7f && c != '"' && c != '\\')
			g_string_append_c(out, (char)c);
		else
			g_string_append_printf(out, "\\x%02x", c);
	}
}

void access_write(access_log *log, const struct sockaddr *client, const char *forwarded, const char *method, const char *target, unsigned status, gsize bytes,
	gint64 microseconds)
{
	if (log->fd < 0)
		return;
	gint64 now = g_get_real_time();
	time_t seconds = (time_t)(now / G_USEC_PER_SEC);
	struct tm utc;
	char time[32];
	gmtime_r(&seconds, &utc);
	strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", &utc);
	g_autoptr(GMutexLocker) held G_GNUC_UNUSED = g_mutex_locker_new(&log->lock);
	if (log->lines->len > ACCESS_WAITING) {
		log->lost++;
		return;
	}
	g_string_append_printf(log->lines, "%s.%03dZ ", time, (int)(now / 1000 % 1000));
	if (forwarded)
		append_forwarded(log->lines, forwarded, log->full_addresses);
	else
		append_client(log->lines, client, log->full_addresses);
	g_string_append_printf(log->lines, " %u %" G_GSIZE_FORMAT " %.3fms ", status, bytes, (double)microseconds / 1000);
	append_target(log->lines, method);
	g_string_append_c(log->lines, ' ');
	append_target(log->lines, target);
	g_string_append_c(log->lines, '\n');
}
