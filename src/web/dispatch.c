#include <string.h>

#include "rules/day.h"
#include "web/accept.h"
#include "web/board.h"
#include "web/exchange.h"
#include "web/layout.h"
#include "web/memento.h"
#include "web/query.h"

/* Does one pattern fit? Fills the parts; their values lie in text, which is cut up. */
static gboolean fits(const char *pattern, char *text, parameter *parts, guint *n_parts)
{
	*n_parts = 0;
	while (*pattern == '/' && *text == '/') {
		pattern++;
		*text++ = '\0';
		gsize length = strcspn(pattern, "/");
		if (pattern[0] == '{' && pattern[1] == '+') {
			parts[(*n_parts)++] = (parameter){ pattern + 2, text };
			return *text != '\0';
		}
		gsize given = strcspn(text, "/");
		if (pattern[0] == '{') {
			if (given == 0 || given > 120 || strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") < given)
				return FALSE;
			parts[(*n_parts)++] = (parameter){ pattern + 1, text };
		} else if (given != length || strncmp(pattern, text, length) != 0) {
			return FALSE;
		}
		pattern += length;
		text += given;
	}
	return *pattern == '\0' && *text == '\0';
}

/* Is the first segment what the pattern says? Most patterns fail here, before anything is allocated. */
static gboolean may_fit(const char *pattern, const char *path)
{
	gsize length = strcspn(pattern + 1, "/");
	return pattern[1] == '{' || (strcspn(path + 1, "/") == length && strncmp(pattern + 1, path + 1, length) == 0);
}

/* The names of the parts, cut out of the pattern: "id}" -> "id". */
static void name_parts(parameter *parts, guint n_parts)
{
	for (guint i = 0; i < n_parts; i++) {
		g_autofree char *name = g_strndup(parts[i].name, strcspn(parts[i].name, "}"));
		parts[i].name = g_intern_string(name);
	}
}

static const route *find_among(const http_site *site, const char *method, const char *path, unsigned asked, request *parts, GString *methods)
{
	parameter found[ADDRESS_SEGMENTS];
	guint n_found;
	for (gsize i = 0; i < site->n_routes; i++) {
		const route *candidate = &site->routes[i];
		if (!(candidate->formats & asked) || !may_fit(candidate->pattern, path))
			continue;
		g_autofree char *text = g_strdup(path);
		if (!fits(candidate->pattern, text, found, &n_found))
			continue;
		if (strcmp(candidate->method, method) != 0 && !(strcmp(method, "HEAD") == 0 && strcmp(candidate->method, "GET") == 0)) {
			if (!strstr(methods->str, candidate->method))
				g_string_append_printf(methods, strcmp(candidate->method, "GET") == 0 ? "GET, HEAD, " : "%s, ", candidate->method);
			continue;
		}
		if (parts) {
			name_parts(found, n_found);
			memcpy(parts->parts, found, sizeof found);
			parts->n_parts = n_found;
			g_free(parts->part_text);
			parts->part_text = g_steal_pointer(&text);
		}
		return candidate;
	}
	return NULL;
}

const route *route_find(const http_site *site, const char *method, const char *path, format *found, request *parts, const char **allow)
{
	g_autoptr(GString) methods = g_string_new(NULL);
	const route *r = NULL;
	gsize length;
	*found = format_of(path, &length);
	if (*found) {
		g_autofree char *plain = g_strndup(path, length);
		r = find_among(site, method, plain, *found, parts, methods);
	}
	if (!r && methods->len == 0) {
		*found = FORMAT_HTML;
		r = find_among(site, method, path, FORMAT_HTML, parts, methods);
	}
	if (methods->len) {
		g_string_append(methods, "OPTIONS");
		*allow = g_intern_string(methods->str);
	}
	return r;
}

static gboolean set_language(request *r, response *out)
{
	const char *asked = parameters_get(r->address.parameters, "lang");
	const char *tag = r->address.prefix ? r->address.prefix : asked;
	const language *l = tag ? language_get(tag) : language_negotiate(r->headers[HEADER_ACCEPT_LANGUAGE]);
	gboolean hidden = l && tag && !g_strv_contains(language_tags(), language_tag(l)) && !r->site->settings->pseudo_languages;
	if (!l || hidden) {
		response_refuse(out, r, &(refusal){ 404, N_("The site does not speak that language.") });
		return FALSE;
	}
	r->language = l;
	if (r->address.prefix) {
		g_free(r->root);
		r->root = g_strconcat("/", language_tag(l), NULL);
	}
	return TRUE;
}

static gboolean set_site_address(request *r, response *out)
{
	const char *host = r->headers[HEADER_HOST], *set = r->site->settings->address;
	gsize length = host ? strlen(host) : 0;
	if (length > 255 || (host && strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:[]_") < length)) {
		response_refuse(out, r, &(refusal){ 400, N_("The Host header is not a host name.") });
		return FALSE;
	}
	if (*set)
		r->site_address = g_strndup(set, strlen(set) - g_str_has_suffix(set, "/"));
	else if (length)
		r->site_address = g_strconcat("http://", host, NULL);
	else
		r->site_address = g_strdup_printf("http://%s:%u", r->site->settings->host, r->site->settings->port);
	return TRUE;
}

/* What the route asks of the request before its handler may see it. */
static gboolean check_request(request *r, response *out)
{
	const char *as_of = parameters_get(r->address.parameters, "as-of");
	const char *type = r->headers[HEADER_CONTENT_TYPE], *cannot;
	char today[11];
	refusal why = { 0 };
	board_today(NULL, today);
	if (r->route->permission == PERMISSION_LOOPBACK && !r->loopback)
		why = (refusal){ 403, N_("This address answers only on the machine itself.") };
	else if (r->route->permission != PERMISSION_ANYONE && r->route->permission != PERMISSION_LOOPBACK)
		why = (refusal){ 403, N_("You need to sign in for this.") };
	else if (r->route->csrf == CSRF_SAME_ORIGIN && r->headers[HEADER_ORIGIN] && strcmp(r->headers[HEADER_ORIGIN], r->site_address) != 0)
		why = (refusal){ 403, N_("A page of another site may not send this.") };
	else if (as_of && (cannot = day_as_of_refused(as_of, today)))
		why = (refusal){ 400, cannot };
	else if (r->body && type && g_ascii_strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0) {
		gsize size;
		const char *data = g_bytes_get_data(r->body, &size);
		r->form_text = g_strndup(data ? data : "", size);
		r->form = g_array_new(FALSE, FALSE, sizeof(parameter));
		if (strlen(r->form_text) != size)
			why = (refusal){ 400, N_("A form may not hold the zero byte.") };
		else
			parameters_parse(r->form_text, r->route->body_limit, r->form, &why);
	}
	r->as_of = why.status ? NULL : as_of;
	if (why.status)
		response_refuse(out, r, &why);
	return why.status == 0;
}

/* Interfaces say what they do not understand: a program's misspelt parameter is no filter. */
static gboolean check_parameters(const request *r, response *out)
{
	static const char *const forms[] = { "json", "html", NULL };
	const char *chosen;
	g_autoptr(GPtrArray) known = g_ptr_array_new();
	for (const route_parameter *p = r->route->parameters; p && p->name; p++)
		g_ptr_array_add(known, (gpointer)p->name);
	g_ptr_array_add(known, (gpointer)"f");
	g_ptr_array_add(known, NULL);
	return query_only(r, out, (const char *const *)known->pdata, NULL) && query_choice(r, out, "f", forms, &chosen);
}

static void redirect(const request *r, response *out, int status, const char *root)
{
	g_autofree char *link = request_link_with(r, "lang", NULL);
	const char *rest = link + strlen(r->root);
	g_autofree char *location = g_strconcat(root, *root && rest[0] == '/' && (rest[1] == '\0' || rest[1] == '?') ? rest + 1 : rest, NULL);
	response_redirect(out, status, location);
}

static void call_handler(request *r, response *out)
{
	gboolean declared = r->route->kind && !(r->route->computed && request_query(r, r->route->computed));
	if (declared && (r->format & FORMATS_DECLARED))
		r->site->data(r, out);
	else if (r->route->kind && r->format & FORMATS_UNCOMPUTED)
		response_refuse(out, r, &(refusal){ 400, N_("This form cannot be filtered by what the page computes today; leave “status” out.") });
	else
		r->route->handler(r, out);
}

static void answer_route(request *r, response *out)
{
	if (!check_request(r, out) || memento_negotiate(r, out) || (r->format == FORMAT_SVG && !query_check_picture(r, out)))
		return;
	if (r->route->negotiated && !check_parameters(r, out))
		return;
	if (!r->reader || r->route->cache != CACHE_RECORDS) {
		call_handler(r, out);
		return;
	}
	g_autoptr(GError) error = NULL;
	if (store_hold(r->reader, &error)) { /* the parts of an answer are of one moment */
		call_handler(r, out);
		store_let_go(r->reader);
	} else {
		response_error(out, r, error);
	}
}

/* The path is that of the page; the format says what ending was asked for. */
static void take_ending(request *r)
{
	gsize length;
	if (r->format != FORMAT_HTML && format_of(r->address.path, &length))
		r->address.path[length] = '\0';
}

format ending_of(const char *target)
{
	g_autofree char *path = g_strndup(target, strcspn(target, "?#"));
	gsize length;
	format found = format_of(path, &length);
	return found ? found : FORMAT_HTML;
}

void dispatch(request *r, response *out)
{
	refusal why;
	gboolean parsed = address_parse(r->target, &r->address, &why);
	if (r->refused.status) {
		parsed = FALSE;
		why = r->refused;
	}
	if (!parsed) {
		r->format = ending_of(r->target);
		address_clear(&r->address);
		address_parse("/", &r->address, &(refusal){ 0 });
		r->language = language_negotiate(r->headers[HEADER_ACCEPT_LANGUAGE]);
		response_refuse(out, r, &why);
		return;
	}
	if (!set_site_address(r, out))
		return;
	if (!set_language(r, out))
		return;
	const char *allow = NULL;
	r->route = route_find(r->site, r->method, r->address.path, &r->format, r, &allow);
	if (!r->route && allow && strcmp(r->method, "OPTIONS") == 0) {
		response_set(out, 204, NULL, NULL);
		out->allow = allow;
	} else if (!r->route && allow) {
		response_refuse(out, r, &(refusal){ 405, N_("This address does not take that method.") });
		out->allow = allow;
	} else if (!r->route) {
		r->format = ending_of(r->target);
		response_refuse(out, r, &(refusal){ 404, N_("Nothing stands at this address. The search finds cases, pledges, countries and companies by name.") });
	} else if (r->address.trailing_slash) {
		redirect(r, out, 301, r->root);
	} else if (parameters_get(r->address.parameters, "lang") && r->format == FORMAT_HTML && !r->address.prefix) {
		g_autofree char *root = g_strconcat("/", language_tag(r->language), NULL);
		redirect(r, out, 302, root);
	} else {
		take_ending(r);
		answer_route(r, out);
		memento_tell(r, out);
	}
	if (!out->status)
		response_error(out, r, NULL);
}
