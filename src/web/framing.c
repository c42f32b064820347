#include "web/framing.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/language.h"

#define TCP_CLOSE_WAIT 8 /* tcp(7); linux/tcp.h leaves the states out */
#define TOKEN "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" /* RFC 9110, 5.6.2 */

typedef struct framing {
	guint hosts, lengths, codings;
	gboolean bad_name, other_coding;
} framing;

const refusal framing_garbage = { 400, "This is not an HTTP request, or only the beginning of one. A request begins with a line such as: GET /cases HTTP/1.1" };
const refusal framing_endless = { 413, "That is more than this address takes. Send less." };

static enum MHD_Result look(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
	framing *f = data;
	(void)kind;
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
		*why = (refusal){ 501, N_("The only Transfer-Encoding that is read is chunked.") };
	return why->status == 0;
}

static const char *phrase(int status)
{
	return status == 413 ? "Content Too Large" : "Bad Request";
}

gsize framing_say(int fd, const refusal *why)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	g_autofree char *body = g_strdup_printf("%d %s. %s\n", why->status, phrase(why->status), why->detail);
	gsize length = strlen(body);
	g_autofree char *text = g_strdup_printf("HTTP/1.1 %d %s\r\nDate: %s, %02d %s %04d %02d:%02d:%02d GMT\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
		"Content-Length: %" G_GSIZE_FORMAT "\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\r\n%s",
		why->status, phrase(why->status), days[g_date_time_get_day_of_week(now) - 1], g_date_time_get_day_of_month(now), months[g_date_time_get_month(now) - 1],
		g_date_time_get_year(now), g_date_time_get_hour(now), g_date_time_get_minute(now), g_date_time_get_second(now), length, body);
	return send(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL) > 0 ? length : 0;
}

traffic framing_traffic(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t size = sizeof info;
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
		return (traffic){ 0 };
	gboolean ended = info.tcpi_state == TCP_CLOSE_WAIT; /* the other side's end of sending counts as a byte */
	return (traffic){ .came = info.tcpi_bytes_received - ended, .went = info.tcpi_bytes_sent };
}
