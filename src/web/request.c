#include <string.h>

#include "web/exchange.h"
#include "web/layout.h"

const char *const header_names[HEADER_COUNT] = {
	[HEADER_ACCEPT] = "Accept", [HEADER_ACCEPT_LANGUAGE] = "Accept-Language", [HEADER_IF_NONE_MATCH] = "If-None-Match",
	[HEADER_IF_MODIFIED_SINCE] = "If-Modified-Since", [HEADER_HOST] = "Host",
	[HEADER_CONTENT_TYPE] = "Content-Type", [HEADER_ORIGIN] = "Origin", [HEADER_ACCEPT_DATETIME] = "Accept-Datetime", [HEADER_RANGE] = "Range", [HEADER_IF_RANGE] = "If-Range",
};

void request_init(request *r, const http_site *site)
{
	*r = (request){ .site = site, .format = FORMAT_HTML };
	r->language = language_get("en");
	r->lists = g_ptr_array_new_with_free_func(g_free);
	r->pool = pool_new();
	r->root = g_strdup("");
}

void request_finish(request *r)
{
	g_clear_pointer(&r->form, g_array_unref);
	g_clear_pointer(&r->form_text, g_free);
	g_clear_pointer(&r->part_text, g_free);
	g_clear_pointer(&r->site_address, g_free);
	g_clear_pointer(&r->root, g_free);
	g_clear_pointer(&r->lists, g_ptr_array_unref);
	g_clear_pointer(&r->pool, pool_free);
	address_clear(&r->address);
}

void request_clear(request *r)
{
	request_finish(r);
	for (guint i = 0; i < HEADER_COUNT; i++)
		g_free(r->headers[i]);
	g_clear_pointer(&r->body, g_bytes_unref);
}

const char *request_path(const request *r)
{
	return r->address.path ? r->address.path : "/";
}

const char *request_address(const request *r)
{
	return r->target;
}

const char *request_part(const request *r, const char *name)
{
	for (guint i = 0; i < r->n_parts; i++)
		if (strcmp(r->parts[i].name, name) == 0)
			return r->parts[i].value;
	return NULL;
}

const char *request_query(const request *r, const char *name)
{
	return parameters_get(r->address.parameters, name);
}

const char *const *request_query_all(const request *r, const char *name)
{
	const GArray *parameters = r->address.parameters;
	const char **list = pool_take(r->pool, ((gsize)parameters->len + 1) * sizeof *list);
	gsize n = 0;
	for (guint i = 0; i < parameters->len; i++)
		if (strcmp(g_array_index(parameters, parameter, i).name, name) == 0)
			list[n++] = g_array_index(parameters, parameter, i).value;
	return list;
}

gpointer request_keep(const request *r, gpointer memory)
{
	g_ptr_array_add(r->lists, memory);
	return memory;
}

pool *request_pool(const request *r)
{
	return r->pool;
}

void request_each_query(const request *r, void (*visit)(const char *name, const char *value, gpointer data), gpointer data)
{
	for (guint i = 0; i < r->address.parameters->len; i++) {
		const parameter *p = &g_array_index(r->address.parameters, parameter, i);
		visit(p->name, p->value, data);
	}
}

const char *request_header(const request *r, const char *name)
{
	for (guint i = 0; i < HEADER_COUNT; i++)
		if (g_ascii_strcasecmp(header_names[i], name) == 0)
			return r->headers[i];
	return NULL;
}

format request_format(const request *r)
{
	return r->format;
}

const char *request_as_of(const request *r)
{
	return r->as_of;
}

const language *request_language(const request *r)
{
	return r->language;
}

const char *request_text(const request *r, const char *message)
{
	return language_text(r->language, message);
}

const char *request_root(const request *r)
{
	return r->root;
}

store_reader *request_reader(const request *r)
{
	return r->reader;
}

GBytes *request_body(const request *r)
{
	return r->body;
}

gconstpointer request_about(const request *r)
{
	return r->site->about;
}

const char *request_site_name(const request *r)
{
	return r->site->settings->name;
}

const char *request_site_address(const request *r)
{
	return r->site_address;
}

char *request_site_host(const request *r)
{
	const char *host = strstr(r->site_address, "://");
	host = host ? host + 3 : r->site_address;
	return g_strndup(host, strcspn(host, ":/"));
}

/* Parameters of an address that is being made, in order of name and value; there is room for one beside the request's own. */
typedef struct linking {
	parameter parameters[ADDRESS_PARAMETERS + 1];
	guint n;
} linking;

static void link_add(linking *l, const char *name, const char *value)
{
	guint at = l->n++;
	for (; at > 0; at--) {
		const parameter *before = &l->parameters[at - 1];
		int names = strcmp(before->name, name);
		if (names < 0 || (names == 0 && strcmp(before->value, value) <= 0))
			break;
		l->parameters[at] = *before;
	}
	l->parameters[at] = (parameter){ name, value };
}

/* The address of the page with these parameters, path escaped; ending NULL: none. at: where the value stands that is this pointer. */
static char *link_of(const request *r, const linking *l, const char *ending, const char *value, gsize *at)
{
	GString *out = g_string_sized_new(160);
	g_string_append(out, r->root);
	for (const char *path = request_path(r); *path;) {
		gsize length = strcspn(path + 1, "/");
		char segment[ADDRESS_LENGTH + 1];
		memcpy(segment, path + 1, length);
		segment[length] = '\0';
		g_string_append_c(out, '/');
		address_escape(out, segment);
		path += 1 + length;
	}
	if (ending)
		g_string_append_printf(out, ".%s", ending);
	for (guint i = 0; i < l->n; i++) {
		g_string_append_c(out, i ? '&' : '?');
		address_escape(out, l->parameters[i].name);
		g_string_append_c(out, '=');
		if (l->parameters[i].value == value)
			*at = out->len;
		address_escape(out, l->parameters[i].value);
	}
	return g_string_free(out, FALSE);
}

static char *link_with(const request *r, const char *name, const char *value, const char *ending)
{
	linking l = { .n = 0 };
	for (guint i = 0; i < r->address.parameters->len; i++) {
		const parameter *p = &g_array_index(r->address.parameters, parameter, i);
		if (strcmp(p->name, name) != 0 && strcmp(p->name, "lang") != 0)
			link_add(&l, p->name, p->value);
	}
	if (value)
		link_add(&l, name, value);
	return link_of(r, &l, ending, NULL, NULL);
}

char *request_link_with(const request *r, const char *name, const char *value)
{
	return link_with(r, name, value, NULL);
}

char *request_link_same(const request *r, const char *name, const char *value)
{
	gboolean ended = r->route && r->route->formats & r->format; /* /api/records answers with JSON without saying so in its address */
	return link_with(r, name, value, ended ? format_ending(r->format) : NULL);
}

/* Without "page", and with one value of a parameter more or, if it has it, less. */
static linking links_toggled(const request *r, const char *name, const char *value)
{
	linking l = { .n = 0 };
	gboolean was_there = FALSE;
	for (guint i = 0; i < r->address.parameters->len; i++) {
		const parameter *p = &g_array_index(r->address.parameters, parameter, i);
		if (strcmp(p->name, name) == 0 && strcmp(p->value, value) == 0)
			was_there = TRUE;
		else if (strcmp(p->name, "page") != 0 && strcmp(p->name, "lang") != 0)
			link_add(&l, p->name, p->value);
	}
	if (!was_there)
		link_add(&l, name, value);
	return l;
}

char *request_link_toggle(const request *r, const char *name, const char *value)
{
	linking l = links_toggled(r, name, value);
	return link_of(r, &l, NULL, NULL, NULL);
}

char *request_link_split(const request *r, const char *name, char **after)
{
	static const char here[] = "";
	linking l = links_toggled(r, name, here);
	gsize at = 0;
	g_autofree char *link = link_of(r, &l, NULL, here, &at);
	*after = g_strdup(link + at);
	return g_strndup(link, at);
}

void request_link_value(GString *link, const char *value)
{
	address_escape(link, value);
}
