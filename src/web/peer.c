#include "web/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

const struct sockaddr *peer_address(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	return info ? info->client_addr : NULL;
}

const char *peer_forwarded(struct MHD_Connection *mhd, const settings *s)
{
	const char *entries = s->trusted_proxy ? MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, "X-Forwarded-For") : NULL;
	const char *last = entries ? strrchr(entries, ',') : NULL;
	last = last ? last + 1 : entries;
	return last ? last + strspn(last, " \t") : NULL;
}

gboolean peer_is_loopback(struct MHD_Connection *mhd)
{
	const struct sockaddr *client = peer_address(mhd);
	if (!client)
		return FALSE;
	if (client->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)(gconstpointer)client)->sin_addr.s_addr) >> 24 == 127;
	return client->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(gconstpointer)client)->sin6_addr);
}
