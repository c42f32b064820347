#include "web/settings.h"

#include <gio/gio.h>
#include <string.h>
#include "record/message.h"

typedef enum value_type { VALUE_TEXT, VALUE_ADDRESS, VALUE_YESNO, VALUE_COUNT, VALUE_MIB, VALUE_LISTEN } value_type;

/* Every key once: reader, template and documentation follow. */
static const struct {
	const char *group, *key;
	value_type type;
	gsize offset;
	guint minimum, maximum;
	const char *initial, *says;
} keys[] = {
	{ "site", "name", VALUE_TEXT, offsetof(settings, name), 1, 80, "aftermine", "Name of the site, in titles and feeds." },
	{ "site", "address", VALUE_ADDRESS, offsetof(settings, address), 0, 200, "",
		"Public address, e.g. https://aftermine.example.org: in absolute links, feeds and citations. Empty: taken from each request." },
	{ "site", "contact", VALUE_TEXT, offsetof(settings, contact), 0, 200, "", "E-mail address of who runs the site, for those who harvest it (OAI-PMH). Empty: postmaster at its host." },
	{ "site", "iati-organisation", VALUE_TEXT, offsetof(settings, iati_organisation), 0, 80, "",
		"Identifier of who runs the site as IATI has it, e.g. XM-DAC-12345: reports the projects in IATI and begins their identifiers. Empty: the site's host." },
	{ "site", "pseudo-languages", VALUE_YESNO, offsetof(settings, pseudo_languages), 0, 0, "false",
		"Offer the test languages en-XA (accented) and ar-XB (right to left) at /en-XA/ and /ar-XB/." },
	{ "server", "listen", VALUE_LISTEN, 0, 0, 0, "127.0.0.1:8080", "HOST:PORT to listen on. To be reached from outside, put a web server with TLS in front." },
	{ "server", "trusted-proxy", VALUE_YESNO, offsetof(settings, trusted_proxy), 0, 0, "false",
		"A proxy in front sets X-Forwarded-For: believe it, in the access log and in counting requests." },
	{ "server", "workers", VALUE_COUNT, offsetof(settings, workers), 0, 64, "0", "Threads that answer requests; 0: one a processor, from 2 to 8." },
	{ "server", "queue", VALUE_COUNT, offsetof(settings, queue), 1, 10000, "256", "Requests that may wait for a worker; one more is told to come again (503)." },
	{ "server", "connections", VALUE_COUNT, offsetof(settings, connections), 1, 60000, "1000", "Connections at once." },
	{ "server", "connections-per-address", VALUE_COUNT, offsetof(settings, connections_per_address), 1, 60000, "256",
		"Connections at once from one address; behind a proxy set it to the number above." },
	{ "server", "requests-per-minute", VALUE_COUNT, offsetof(settings, requests_per_minute), 0, 1000000, "1200",
		"Requests a minute of one address (IPv6: network /64) in the long run; one more gets 429 with Retry-After. Static files do not count, nor does the machine itself. 0: no limit." },
	{ "server", "requests-burst", VALUE_COUNT, offsetof(settings, requests_burst), 1, 100000, "600", "Requests of one address that may come at once." },
	{ "server", "idle-seconds", VALUE_COUNT, offsetof(settings, idle_seconds), 1, 3600, "30", "How long a connection may stay without a request." },
	{ "server", "request-seconds", VALUE_COUNT, offsetof(settings, request_seconds), 1, 3600, "20", "How long a client may take to send a request." },
	{ "server", "answer-seconds", VALUE_COUNT, offsetof(settings, answer_seconds), 1, 3600, "120", "How long a client may take to read an answer." },
	{ "server", "stop-seconds", VALUE_COUNT, offsetof(settings, stop_seconds), 0, 600, "10", "How long requests under way may take to finish when the server stops." },
	{ "server", "cache-mib", VALUE_MIB, offsetof(settings, cache_bytes), 0, 4096, "12", "Memory for rendered pages, in MiB; 0: none." },
	{ "server", "rows-mib", VALUE_MIB, offsetof(settings, rows_bytes), 0, 65536, "512",
		"Memory for what searches show of records, in MiB: about 4 for every thousand of them. 0: none, every hit is read from the database." },
	{ "data", "packs", VALUE_YESNO, offsetof(settings, data_packs), 0, 0, "true",
		"Offer the registry in one file at /data. It is made in the background when somebody wants it; two lie in the folder packs of the instance." },
	{ "log", "access", VALUE_TEXT, offsetof(settings, access_log), 0, 1000, "access.log", "Access log: a file (within the instance), - for standard output, empty for none." },
	{ "log", "full-addresses", VALUE_YESNO, offsetof(settings, full_addresses), 0, 0, "false",
		"Write clients' whole addresses, instead of their network (IPv4 /24, IPv6 /48)." },
};

#define FIELD(s, i, type) ((type *)(gpointer)((char *)(s) + keys[i].offset))

static gboolean wrong(GError **error, gsize i, const char *value, const char *expected)
{
	g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, _("settings: [%s] %s = %s is not %s"), keys[i].group, keys[i].key, value, expected);
	return FALSE;
}

gboolean settings_listen(settings *s, const char *listen, GError **error)
{
	g_autoptr(GSocketConnectable) end = g_network_address_parse(listen, 8080, NULL);
	const char *host = end ? g_network_address_get_hostname(G_NETWORK_ADDRESS(end)) : NULL;
	g_autoptr(GInetAddress) address = host ? g_inet_address_new_from_string(strcmp(host, "localhost") == 0 ? "127.0.0.1" : host) : NULL;
	if (!address) {
		g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
			_("“%s” is not an address to listen on; give HOST:PORT with a numeric host, e.g. 127.0.0.1:8080 or [::1]:8080"), listen);
		return FALSE;
	}
	g_free(s->host);
	s->host = g_inet_address_to_string(address);
	s->port = g_network_address_get_port(G_NETWORK_ADDRESS(end));
	return TRUE;
}

/* What links can begin with: a scheme, a host, perhaps a port. */
static gboolean is_site_address(const char *value)
{
	g_autoptr(GUri) address = g_uri_parse(value, G_URI_FLAGS_NONE, NULL);
	if (!address || !g_uri_get_host(address) || !*g_uri_get_host(address) || g_uri_get_query(address) || g_uri_get_fragment(address) || g_uri_get_userinfo(address))
		return FALSE;
	const char *scheme = g_uri_get_scheme(address), *path = g_uri_get_path(address);
	return (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) && (!*path || strcmp(path, "/") == 0);
}

static gboolean set_value(settings *s, gsize i, const char *value, GError **error)
{
	guint64 number;
	g_autofree char *bounds = g_strdup_printf(_("a whole number from %u to %u"), keys[i].minimum, keys[i].maximum);
	switch (keys[i].type) {
	case VALUE_ADDRESS:
		if (*value && !is_site_address(value))
			return wrong(error, i, value, _("the address of a site, e.g. https://aftermine.example.org"));
		G_GNUC_FALLTHROUGH;
	case VALUE_TEXT:
		if (strlen(value) < keys[i].minimum || strlen(value) > keys[i].maximum || !g_utf8_validate(value, -1, NULL) || strpbrk(value, "\r\n"))
			return wrong(error, i, value, _("a text of the length that fits"));
		g_free(*FIELD(s, i, char *));
		*FIELD(s, i, char *) = g_strdup(value);
		return TRUE;
	case VALUE_YESNO:
		if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
			return wrong(error, i, value, _("true or false"));
		*FIELD(s, i, gboolean) = strcmp(value, "true") == 0;
		return TRUE;
	case VALUE_LISTEN:
		return settings_listen(s, value, error);
	case VALUE_COUNT:
	case VALUE_MIB:
		if (!g_ascii_string_to_unsigned(value, 10, keys[i].minimum, keys[i].maximum, &number, NULL))
			return wrong(error, i, value, bounds);
		if (keys[i].type == VALUE_MIB)
			*FIELD(s, i, gsize) = (gsize)number << 20;
		else
			*FIELD(s, i, guint) = (guint)number;
		return TRUE;
	}
	return FALSE;
}

static gboolean read_file(settings *s, const char *path, GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return TRUE;
	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, error)) {
		g_prefix_error(error, "%s: ", path);
		return FALSE;
	}
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
	for (char **group = groups; *group; group++) {
		g_auto(GStrv) names = g_key_file_get_keys(file, *group, NULL, NULL);
		for (char **name = names; name && *name; name++) {
			gsize i = 0;
			while (i < G_N_ELEMENTS(keys) && (strcmp(keys[i].group, *group) != 0 || strcmp(keys[i].key, *name) != 0))
				i++;
			if (i == G_N_ELEMENTS(keys)) {
				g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND, _("%s: there is no setting “%s” in [%s]; docs/operator.md lists them"), path, *name, *group);
				return FALSE;
			}
			g_autofree char *value = g_key_file_get_string(file, *group, *name, NULL);
			if (!set_value(s, i, value ? value : "", error)) {
				g_prefix_error(error, "%s: ", path);
				return FALSE;
			}
		}
	}
	return TRUE;
}

settings *settings_load(const char *path, GError **error)
{
	g_autoptr(settings) s = g_new0(settings, 1);
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
		if (!set_value(s, i, keys[i].initial, error))
			return NULL;
	return path && !read_file(s, path, error) ? NULL : g_steal_pointer(&s);
}

void settings_free(settings *s)
{
	if (!s)
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
		if (keys[i].type == VALUE_TEXT || keys[i].type == VALUE_ADDRESS)
			g_free(*FIELD(s, i, char *));
	g_free(s->host);
	g_free(s);
}

char *settings_template(void)
{
	GString *out = g_string_new("# Settings of this aftermine instance. What stands here after a # is the default; take the # away to change it.\n");
	const char *group = "";
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (strcmp(group, keys[i].group) != 0)
			g_string_append_printf(out, "\n[%s]\n", keys[i].group);
		group = keys[i].group;
		g_string_append_printf(out, "# %s\n#%s=%s\n", keys[i].says, keys[i].key, keys[i].initial);
	}
	return g_string_free(out, FALSE);
}
