#include "web/framing.h"

#include <dlfcn.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/language.h"
#include "web/http.h"

#define TCP_CLOSE_WAIT 8 /* tcp(7); linux/tcp.h leaves the states out */
#define HEADER_RECORD 64 /* bytes that libmicrohttpd keeps of a header besides its text */
#define DRAINED (256u * 1024)
#define TOKEN "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" /* RFC 9110, 5.6.2 */

typedef struct framing {
	guint hosts, lengths, codings;
	gboolean bad_name, other_coding;
} framing;

const refusal framing_garbage = { 400, "This is not an HTTP request, or only the beginning of one. A request begins with a line such as: GET /cases HTTP/1.1" };
const refusal framing_endless = { 413, "That is more than this address takes. Send less." };
const refusal framing_crowded = { 431, "The headers are too long: together with the address they may take 20 KB. Send fewer or shorter ones; if there are cookies, delete them." };

static enum MHD_Result look(void *data, enum MHD_ValueKind where, const char *name, const char *value)
{
	framing *f = data;
	(void)where;
	f->bad_name |= !*name || name[strspn(name, TOKEN)];
	f->hosts += g_ascii_strcasecmp(name, "Host") == 0;
	f->lengths += g_ascii_strcasecmp(name, "Content-Length") == 0;
	if (g_ascii_strcasecmp(name, "Transfer-Encoding") == 0) {
		f->codings++;
		f->other_coding |= !value || g_ascii_strcasecmp(value, "chunked") != 0;
	}
	return MHD_YES;
}

gboolean framing_judge(struct MHD_Connection *mhd, const char *version, refusal *why)
{
	framing f = { 0 };
	gboolean old = strcmp(version, "HTTP/1.0") == 0;
	MHD_get_connection_values(mhd, MHD_HEADER_KIND, look, &f);
	*why = (refusal){ 0 };
	if (f.bad_name)
		*why = (refusal){ 400, N_("The name of a header is not one: only letters, digits and a few signs may stand before the colon, and no space.") };
	else if (f.hosts > 1)
		*why = (refusal){ 400, N_("There are two Host headers; send one.") };
	else if (f.hosts == 0 && !old)
		*why = (refusal){ 400, N_("The Host header is missing.") };
	else if (f.lengths > 1)
		*why = (refusal){ 400, N_("There are two Content-Length headers; send one.") };
	else if (f.codings && f.lengths)
		*why = (refusal){ 400, N_("Content-Length and Transfer-Encoding exclude each other; send one of them.") };
	else if (f.codings && old)
		*why = (refusal){ 400, N_("HTTP/1.0 has no Transfer-Encoding; send a Content-Length.") };
	else if (f.codings > 1 || f.other_coding)
		*why = (refusal){ 400, N_("The only Transfer-Encoding that is read is chunked.") };
	return why->status == 0;
}

const refusal *framing_unread(unsigned status, framing_part part)
{
	static const refusal line = { 414, "The first line of the request is too long: an address may take 8 KB." };
	static const refusal version = { 400, "That version of HTTP is not spoken here. Send HTTP/1.1 or HTTP/1.0." };
	static const refusal headers = { 400, "The headers break the rules of HTTP: each is a name, a colon and a value, and a Content-Length is a whole number." };
	static const refusal body = { 400, "The body breaks the rules of HTTP: before each chunk stands its length, in hexadecimal digits, on a line of its own." };
	switch (status) {
	case MHD_HTTP_CONTENT_TOO_LARGE:
		return &framing_endless;
	case MHD_HTTP_URI_TOO_LONG:
		return &line;
	case MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE:
		return &framing_crowded;
	case MHD_HTTP_HTTP_VERSION_NOT_SUPPORTED:
		return &version;
	default:
		return part == FRAMING_LINE ? &framing_garbage : part == FRAMING_HEADERS ? &headers : &body;
	}
}

static enum MHD_Result add_size(void *data, enum MHD_ValueKind where, const char *name, const char *value)
{
	gsize *size = data, length = value ? strlen(value) : 0;
	*size += HEADER_RECORD;
	if (where == MHD_COOKIE_KIND) /* a copy of what stands in a header */
		*size += strlen(name) + length + 2;
	return MHD_YES;
}

gsize framing_size(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *head = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	gsize size = head ? head->header_size : 0;
	MHD_get_connection_values(mhd, MHD_HEADER_KIND, add_size, &size);
	MHD_get_connection_values(mhd, MHD_COOKIE_KIND, add_size, &size);
	return size;
}

typedef enum MHD_Result queue_response(struct MHD_Connection *mhd, unsigned status, struct MHD_Response *answer);

enum MHD_Result framing_answer(struct MHD_Connection *mhd, unsigned status, struct MHD_Response *answer)
{
	static gsize library;
	if (g_once_init_enter(&library))
		g_once_init_leave(&library, (gsize)dlsym(RTLD_NEXT, "MHD_queue_response"));
	return ((queue_response *)library)(mhd, status, answer);
}

/* libmicrohttpd 0.9.75 has no setting for what it says of a request it cannot read, but it queues that as everybody queues an answer: through the dynamic
 * linker, which finds the program's function of this name before the library's. Our words go out here; the library's follow on a connection that takes no
 * more, so that for the library everything is as always (it goes on with a request after refusing it). */
__attribute__((visibility("default"))) enum MHD_Result MHD_queue_response(struct MHD_Connection *mhd, unsigned status, struct MHD_Response *answer)
{
	http_unread(mhd, status);
	return framing_answer(mhd, status, answer);
}

gsize framing_say(int fd, const refusal *why)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	const char *phrase = MHD_get_reason_phrase_for((unsigned)why->status);
	g_autofree char *body = g_strdup_printf("%d %s. %s\n", why->status, phrase, why->detail);
	gsize length = strlen(body);
	g_autofree char *text = g_strdup_printf("HTTP/1.1 %d %s\r\nDate: %s, %02d %s %04d %02d:%02d:%02d GMT\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
		"Content-Length: %" G_GSIZE_FORMAT "\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\r\n%s",
		why->status, phrase, days[g_date_time_get_day_of_week(now) - 1], g_date_time_get_day_of_month(now), months[g_date_time_get_month(now) - 1],
		g_date_time_get_year(now), g_date_time_get_hour(now), g_date_time_get_minute(now), g_date_time_get_second(now), length, body);
	if (send(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL) <= 0)
		return 0;
	char unread[4096]; /* closed with bytes unread, a connection is reset, and the other side may never see what was said */
	for (gsize drained = 0; drained < DRAINED; drained += sizeof unread)
		if (recv(fd, unread, sizeof unread, MSG_DONTWAIT) <= 0)
			break;
	shutdown(fd, SHUT_WR);
	return length;
}

static gboolean ask_tcp(int fd, struct tcp_info *info)
{
	socklen_t size = sizeof *info;
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &size) == 0;
}

gboolean framing_ended(int fd)
{
	struct tcp_info info = { 0 };
	return ask_tcp(fd, &info) && info.tcpi_state == TCP_CLOSE_WAIT;
}

guint64 framing_came(int fd)
{
	struct tcp_info info = { 0 };
	if (!ask_tcp(fd, &info))
		return 0;
	gboolean ended = info.tcpi_state == TCP_CLOSE_WAIT; /* the other side's end of sending counts as a byte */
	return info.tcpi_bytes_received - ended;
}
