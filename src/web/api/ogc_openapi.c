/* The description of OGC API Features in OpenAPI 3.0, as its class oas30 asks (OGC 17-069r4, 9). */
#include <string.h>

#include "web/api/ogc.h"
#include "web/api/openapi.h"
#include "web/exchange.h"

static const openapi_shape features = { "3.0.3", N_("Land restoration after mining: features"),
	N_("Sites, case studies, pledges and projects as features: OGC API Features, Parts 1 to 3. Content is licensed CC BY 4.0."), "/ogc" };

void ogc_openapi(const request *r, response *out)
{
	json_t *document = openapi_new(r, &features), *ids = json_array();
	for (gsize i = 0; i < r->site->n_routes; i++) {
		const route *row = &r->site->routes[i];
		const char *rest = g_str_has_prefix(row->pattern, features.base) ? row->pattern + strlen(features.base) : NULL;
		if (rest && (*rest == '/' || *rest == '\0'))
			openapi_add(document, r, row, *rest ? rest : "/", row->answers, row->schema, NULL);
	}
	for (gsize i = 0; i < ogc_all_count; i++)
		json_array_append_new(ids, json_string(ogc_kind(&ogc_all[i])->plural));
	openapi_prune(document);
	openapi_enumerate(document, "collectionId", ids);
	if (accept_wants_page(r)) {
		openapi_page(r, out, document, N_("Features"), "/ogc");
		json_decref(document);
		return;
	}
	api_document(out, OPENAPI_TYPE, document);
}
