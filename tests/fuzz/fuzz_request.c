/* A request as the server's parsers see it: lines of the input are target, method, Accept-Language, Accept-Encoding, If-None-Match, Host, Accept; the rest
 * is the body of a form. Every answer must have a status, and a link made from it must parse again. */
#include <stdint.h>
#include <string.h>

#include "web/exchange.h"
#include "web/finish.h"
#include "web/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void reply(const request *r, response *out)
{
	g_auto(query) q = { 0 };
	if (!query_parse(r, out, kind_by_name("case"), 20, 100, &q))
		return;
	query_link_pages(r, out, &q, 1000);
	g_autofree char *with = request_link_with(r, "page", "2"), *toggle = request_link_toggle(r, "themes", "a b");
	const char *const links[] = { with, toggle };
	for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
		g_auto(address) again = { 0 };
		refusal why;
		if (!address_parse(links[i], &again, &why) && why.status != 414 && again.parameters->len < ADDRESS_PARAMETERS)
			g_error("%s leads to %s: %s", r->target, links[i], why.detail);
	}
	response_json(out, json_pack("{s:s}", "with", with));
}

static const route rows[] = {
	{ "GET", "/", FORMAT_HTML, reply, PERMISSION_ANYONE, CSRF_NONE_SAFE_METHOD, 0, CACHE_RECORDS, "A page" },
	{ "GET", "/cases", FORMAT_HTML | FORMAT_JSON, reply, PERMISSION_ANYONE, CSRF_NONE_SAFE_METHOD, 0, CACHE_RECORDS, "A list" },
	{ "GET", "/cases/{id}", FORMAT_HTML | FORMAT_JSON | FORMAT_SVG, reply, PERMISSION_ANYONE, CSRF_NONE_SAFE_METHOD, 0, CACHE_RECORDS, "A record" },
	{ "GET", "/static/{+file}", FORMAT_HTML, reply, PERMISSION_ANYONE, CSRF_NONE_SAFE_METHOD, 0, CACHE_NEVER, "A file" },
	{ "POST", "/form", FORMAT_HTML, reply, PERMISSION_ANYONE, CSRF_TOKEN, 4096, CACHE_NEVER, "A form" },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const header order[] = { HEADER_ACCEPT_LANGUAGE, HEADER_HOST, HEADER_IF_NONE_MATCH, HEADER_ACCEPT };
	static settings *s;
	if (!s)
		s = settings_load(NULL, NULL);
	const http_site site = { .settings = s, .routes = rows, .n_routes = G_N_ELEMENTS(rows) };
	g_autofree char *text = g_strndup((const char *)data, size);
	g_auto(GStrv) lines = g_strsplit(text, "\n", 8);
	guint n = g_strv_length(lines);
	if (n == 0)
		return 0;
	request r;
	response out = { 0 };
	request_init(&r, &site);
	r.target = lines[0];
	r.method = n > 1 && *lines[1] ? lines[1] : "GET";
	for (guint i = 0; i < G_N_ELEMENTS(order) && i + 2 < n; i++)
		r.headers[order[i]] = g_utf8_validate(lines[i + 2], -1, NULL) ? g_strdup(lines[i + 2]) : NULL;
	encoding e = encoding_accepted(n > 6 ? lines[6] : NULL, ENCODING_GZIP);
	if (n > 7) {
		r.body = g_bytes_new(lines[7], strlen(lines[7]));
		r.headers[HEADER_CONTENT_TYPE] = g_strdup("application/x-www-form-urlencoded");
	}
	etag_matches(r.headers[HEADER_IF_NONE_MATCH], "\"0123456789\"");
	address_prefix(r.target);
	dispatch(&r, &out);
	if (out.status < 200 || out.status > 599)
		g_error("%s: no answer", r.target);
	answer_unref(answer_new(&r, &out, e));
	response_clear(&out);
	request_clear(&r);
	return 0;
}
