#include "web/route.h"

#include <gio/gio.h>
#include <string.h>

/* What is wrong with a row by itself; NULL: nothing. */
static const char *wrong_with(const route *r)
{
	static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE", NULL };
	gboolean safe = g_strcmp0(r->method, "GET") == 0;
	if (!r->method || !g_strv_contains(methods, r->method))
		return "its method is not one of GET, POST, PUT, PATCH, DELETE";
	if (!r->pattern || r->pattern[0] != '/')
		return "its pattern does not begin with /";
	if (!r->formats)
		return "it has no format";
	if (!r->handler && !(r->kind && !(r->formats & ~(unsigned)FORMATS_DECLARED)))
		return "it has no handler";
	if (r->permission < PERMISSION_ANYONE || r->permission > PERMISSION_LOOPBACK)
		return "it names no permission";
	if (r->cache < CACHE_NEVER || r->cache > CACHE_FOREVER)
		return "it names no cache policy";
	if (r->csrf < CSRF_NONE_SAFE_METHOD || r->csrf > CSRF_NONE_ONLY_ASKS || safe != (r->csrf == CSRF_NONE_SAFE_METHOD))
		return "its protection against forged requests does not fit its method";
	if (safe && r->body_limit)
		return "GET takes no body";
	return r->summary && *r->summary ? NULL : "it has no summary";
}

gboolean routes_check(const route *rows, gsize n, GError **error)
{
	for (gsize i = 0; i < n; i++) {
		const route *r = &rows[i];
		const char *wrong = wrong_with(r);
		for (gsize k = 0; k < i && !wrong; k++)
			if (strcmp(r->method, rows[k].method) == 0 && strcmp(r->pattern, rows[k].pattern) == 0 && (r->formats & rows[k].formats))
				wrong = "another row has the same method, pattern and format";
		if (wrong) {
			g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "route %s %s: %s; mend src/web/routes.c", r->method ? r->method : "?", r->pattern ? r->pattern : "?", wrong);
			return FALSE;
		}
	}
	return TRUE;
}
