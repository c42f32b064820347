#include "web/accept.h"

#include <string.h>

/* The weight of the best entry that begins with the type; -1: there is none. */
static double weight_of(const char *accept, const char *type)
{
	double best = -1;
	gsize length = strlen(type);
	for (const char *at = accept; at; at = strchr(at, ',')) {
		at += strspn(at, ", \t");
		gsize end = strcspn(at, ",");
		if (g_ascii_strncasecmp(at, type, length) != 0)
			continue;
		const char *quality = g_strstr_len(at, (gssize)end, ";q=");
		double weight = quality ? g_ascii_strtod(quality + 3, NULL) : 1;
		best = MAX(best, CLAMP(weight, 0, 1));
	}
	return best;
}

gboolean accept_prefers_page(const char *accept)
{
	if (!accept)
		return FALSE;
	double page = MAX(weight_of(accept, "text/html"), weight_of(accept, "application/xhtml+xml"));
	double data = MAX(MAX(weight_of(accept, "application/json"), weight_of(accept, "application/geo+json")), weight_of(accept, "application/problem+json"));
	return page > 0 && page > data;
}

gboolean accept_wants_page(const request *r)
{
	const char *form = request_query(r, "f");
	return form ? strcmp(form, "html") == 0 : accept_prefers_page(request_header(r, "Accept"));
}
