/* Which items: by place, time, ids and collections; by GET and, for long geometries, by POST. */
#include <stdlib.h>
#include <string.h>

#include "web/api/stac.h"
#include "web/exchange.h"
#include "web/query.h"

#define IDS_MOST 1000
#define SITES_MOST 20000 /* beyond, the index is not asked by site first */

#define PARAMETER_BBOX { "bbox", N_("Only items whose site meets this box: west, south, east, north in degrees, with heights behind each pair or without. West greater than east crosses the antimeridian."), API_SCHEMA_BBOX }
#define PARAMETER_DATETIME { "datetime", N_("Only items whose period falls into this time: a date or a time (RFC 3339), or an interval with a slash, open at an end that is left out or “..”."), API_SCHEMA_TEXT }
#define SCHEMA_LIST "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"

const route_parameter stac_items_parameters[] = { PARAMETER_BBOX, PARAMETER_DATETIME, API_PARAMETER_LIMIT, API_PARAMETER_AFTER, API_PARAMETERS_END };
const route_parameter stac_search_parameters[] = {
	PARAMETER_BBOX, PARAMETER_DATETIME, { "intersects", N_("Only items whose site meets this GeoJSON geometry; not together with bbox."), API_SCHEMA_TEXT },
	{ "ids", N_("Only the items with these ids."), SCHEMA_LIST }, { "collections", N_("Only items of these collections; there is one, measurements."), SCHEMA_LIST },
	API_PARAMETER_LIMIT, API_PARAMETER_AFTER, API_PARAMETERS_END,
};

typedef struct asking {
	const request *r;
	json_t *body;      /* of a POST; NULL */
	selection s;
	shape *where;      /* intersects */
	GHashTable *ids;   /* NULL: any */
	gboolean elsewhere; /* only collections that are none of ours */
	GPtrArray *sites;  /* that may meet the place, NULL-terminated; NULL: not known beforehand */
	store_filter by_site;
	store_query query;
} asking;

static void asking_clear(asking *a)
{
	json_decref(a->body);
	shape_free(a->where);
	g_clear_pointer(&a->ids, g_hash_table_unref);
	g_clear_pointer(&a->sites, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(asking, asking_clear)

static gboolean refuse(const request *r, response *out, const char *why)
{
	query_refuse(r, out, why);
	return FALSE;
}

/* ---- what is asked, from an address or a body ---- */

static gboolean read_body(asking *a, response *out)
{
	const request *r = a->r;
	const char *type = request_header(r, "Content-Type");
	if (strcmp(r->method, "POST") != 0)
		return TRUE;
	gsize length = 0;
	const char *bytes = request_body(r) ? g_bytes_get_data(request_body(r), &length) : NULL;
	a->body = bytes && type && g_str_has_prefix(type, "application/json") ? json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL) : NULL;
	if (!json_is_object(a->body))
		return refuse(r, out, request_text(r, N_("A search by POST has a JSON object as its body, with the Content-Type application/json.")));
	const char *name;
	json_t *value;
	const char *known[G_N_ELEMENTS(stac_search_parameters)] = { NULL };
	for (gsize i = 0; stac_search_parameters[i].name; i++)
		known[i] = stac_search_parameters[i].name;
	json_object_foreach(a->body, name, value)
		if (!query_knows(r, out, known, NULL, name))
			return FALSE;
	return TRUE;
}

/* A parameter as text, wherever it stands; numbers and lists of a body as an address would write them. NULL: absent. */
static const char *text_of(const asking *a, const char *name)
{
	if (!a->body)
		return request_query(a->r, name);
	const json_t *value = json_object_get(a->body, name), *entry;
	if (!value || json_is_string(value))
		return json_string_value(value);
	if (!json_is_array(value)) {
		char *dumped = json_dumps(value, JSON_ENCODE_ANY), *text = request_keep(a->r, g_strdup(dumped));
		free(dumped);
		return text;
	}
	GString *list = g_string_new(NULL);
	gsize i;
	json_array_foreach(value, i, entry) {
		char *dumped = json_is_string(entry) ? NULL : json_dumps(entry, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
		g_string_append_printf(list, "%s%s", i ? "," : "", dumped ? dumped : json_string_value(entry));
		free(dumped);
	}
	return request_keep(a->r, g_string_free(list, FALSE));
}

static gboolean read_intersects(asking *a, response *out)
{
	const request *r = a->r;
	const char *text = a->body ? NULL : request_query(r, "intersects");
	json_t *geometry = a->body ? json_incref(json_object_get(a->body, "intersects")) : text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
	if (!geometry)
		return !text || refuse(r, out, request_text(r, N_("“intersects” must be a GeoJSON geometry.")));
	g_autoptr(GError) error = NULL;
	a->where = shape_read(geometry, &error);
	json_decref(geometry);
	if (!a->where)
		return refuse(r, out, error->message);
	return !a->s.boxed || refuse(r, out, request_text(r, N_("Give “bbox” or “intersects”, not both.")));
}

static gboolean read_lists(asking *a, response *out)
{
	const char *ids = text_of(a, "ids"), *collections = text_of(a, "collections");
	if (ids && *ids) {
		g_auto(GStrv) list = g_strsplit(ids, ",", IDS_MOST + 1);
		if (g_strv_length(list) > IDS_MOST)
			return refuse(a->r, out, request_text(a->r, N_("“ids” names too many at once: at most 1000.")));
		a->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		for (char **id = list; *id; id++)
			g_hash_table_add(a->ids, g_strdup(*id));
	}
	if (collections && *collections) {
		g_auto(GStrv) list = g_strsplit(collections, ",", IDS_MOST);
		a->elsewhere = !g_strv_contains((const char *const *)list, STAC_COLLECTION);
	}
	return TRUE;
}

/* ---- what is tried ---- */

static gboolean collect_site(const record *rec, gpointer data)
{
	GPtrArray *sites = data;
	g_ptr_array_add(sites, g_strdup(rec->id));
	return sites->len <= SITES_MOST;
}

/* The spatial index says which sites may meet the place; only their measurements are looked at. */
static gboolean foresee(asking *a, GError **error)
{
	static const char *const members[] = { NULL };
	double box[4];
	if (a->s.boxed)
		memcpy(box, a->s.box, sizeof box);
	else if (!a->where || !shape_bounds(a->where, box))
		return TRUE;
	a->sites = g_ptr_array_new_with_free_func(g_free);
	if (!store_each(request_reader(a->r), &(store_query) { .kind = "site", .bbox = box, .as_of = request_as_of(a->r), .members = members }, collect_site, a->sites, error))
		return FALSE;
	if (a->sites->len > SITES_MOST) {
		g_clear_pointer(&a->sites, g_ptr_array_unref);
		return TRUE;
	}
	g_ptr_array_add(a->sites, NULL);
	a->by_site = (store_filter) { "site", (const char *const *)a->sites->pdata };
	a->query.filters = &a->by_site;
	a->query.n_filters = 1;
	return TRUE;
}

static gboolean meets(const asking *a, const record *rec)
{
	json_t *geometry = stac_place(a->r, rec);
	g_autoptr(shape) place = geometry && a->where ? shape_read(geometry, NULL) : NULL;
	gboolean holds = a->where ? place && shape_relate(SHAPE_INTERSECTS, place, a->where) : geometry && selection_meets(&a->s, geometry);
	json_decref(geometry);
	return holds;
}

static gboolean passes(const record *rec, gpointer data)
{
	const asking *a = data;
	if (a->ids && !g_hash_table_contains(a->ids, rec->id))
		return FALSE;
	if (a->s.timed) {
		char first[16], last[16];
		span from, until;
		g_snprintf(first, sizeof first, "%04d", (int)json_integer_value(json_object_get(rec->body, "period_from")));
		g_snprintf(last, sizeof last, "%04d", (int)json_integer_value(json_object_get(rec->body, "period_until")));
		if (!span_read(first, &from) || !span_read(last, &until) || !span_relate(SPAN_INTERSECTS, &(span) { from.from, until.until }, &a->s.time))
			return FALSE;
	}
	return (!a->s.boxed && !a->where) || meets(a, rec);
}

/* ---- answers ---- */

static json_t *next_link(const asking *a, guint after)
{
	json_t *links = json_array(), *link;
	g_autofree char *number = g_strdup_printf("%u", after);
	if (!a->body) {
		g_autofree char *href = request_link_with(a->r, "after", number);
		api_link(links, a->r, "next", GEOJSON_MEDIA, request_text(a->r, N_("The next items")), href);
	} else {
		g_autofree char *href = api_address_as_of(a->r, "/stac/search");
		api_link(links, a->r, "next", GEOJSON_MEDIA, request_text(a->r, N_("The next items")), href);
		json_t *body = json_copy(a->body);
		json_object_set_new(body, "after", json_integer(after));
		json_object_set_new(json_array_get(links, 0), "method", json_string("POST"));
		json_object_set_new(json_array_get(links, 0), "body", body);
	}
	link = json_incref(json_array_get(links, 0));
	json_decref(links);
	return link;
}

static json_t *items_of(const asking *a, const store_result *found, GError **error)
{
	const request *r = a->r;
	json_t *features = json_array(), *links = json_array();
	for (gsize i = 0; found && i < found->n; i++) {
		json_t *item = stac_item_of(r, found->hits[i].record, error);
		if (!item) {
			json_decref(features), json_decref(links);
			return NULL;
		}
		json_array_append_new(features, item);
	}
	g_autofree char *root = api_address_as_of(r, "/stac");
	if (a->body)
		api_link(links, r, "self", GEOJSON_MEDIA, NULL, request_path(r));
	else
		api_link_forms(links, r, GEOJSON_MEDIA);
	api_link(links, r, "root", "application/json", NULL, root);
	if (found && found->n && found->behind)
		json_array_append_new(links, next_link(a, found->hits[found->n - 1].number));
	return json_pack("{s:s, s:i, s:i, s:o, s:o}", "type", "FeatureCollection", "numberMatched", found ? (int)found->total : 0, "numberReturned", found ? (int)found->n : 0, "links", links, "features", features);
}

static void answer_items(asking *a, response *out)
{
	const request *r = a->r;
	const selection_texts texts = { text_of(a, "bbox"), NULL, text_of(a, "datetime"), text_of(a, "limit"), text_of(a, "after") };
	g_autoptr(GError) error = NULL;
	if (!selection_read(r, out, &texts, &a->s) || !read_intersects(a, out) || !read_lists(a, out))
		return;
	a->query = (store_query) { .kind = "measurement", .as_of = request_as_of(r), .sort = "number", .after = a->s.after, .limit = a->s.limit, .bodies = TRUE };
	if (a->s.timed || a->s.boxed || a->where || a->ids) {
		static const char *const members[] = { "site", "period_from", "period_until", NULL };
		a->query.test = passes;
		a->query.test_data = a;
		a->query.test_members = members;
	}
	g_autoptr(store_result) found = a->elsewhere || !foresee(a, &error) ? NULL : store_search(request_reader(r), &a->query, &error);
	json_t *document = error ? NULL : items_of(a, found, &error);
	if (!document) {
		response_error(out, r, error);
	} else if (accept_wants_page(r) && !a->body) {
		stac_page(r, out, request_text(r, N_("Measurements")), request_text(r, N_("Items that answer the search.")), document);
		json_decref(document);
	} else {
		api_document(out, GEOJSON_MEDIA, document);
	}
}

void stac_items(const request *r, response *out)
{
	g_auto(asking) a = { .r = r };
	answer_items(&a, out);
}

void stac_search(const request *r, response *out)
{
	g_auto(asking) a = { .r = r };
	if (read_body(&a, out))
		answer_items(&a, out);
}

void stac_item(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = store_get(request_reader(r), "measurement", request_part(r, "itemId"), request_as_of(r), &error);
	gboolean there = rec && rec->state == RECORD_PUBLISHED;
	json_t *document = there ? stac_item_of(r, rec, &error) : NULL;
	if (error) {
		response_error(out, r, error);
	} else if (!document) {
		response_problem(out, r, 404, request_text(r, N_("There is no such item")), request_text(r, N_("The items of the collection are all there are.")));
	} else if (accept_wants_page(r)) {
		stac_page(r, out, record_title(rec), request_text(r, N_("A measurement as a STAC item.")), document);
		json_decref(document);
	} else {
		api_document(out, GEOJSON_MEDIA, document);
	}
}
