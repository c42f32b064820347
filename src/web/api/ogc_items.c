/* /ogc/collections/{collection}/items: features of a collection by place, time and filter, in any of its coordinate reference systems. */
#include <math.h>
#include <string.h>

#include "web/api/ogc.h"
#include "web/exchange.h"
#include "web/query.h"

#define PARAMETER_CRS { "crs", N_("The coordinate reference system of the geometries, by its address. A geometry that lies outside of where that gives coordinates is null."), \
	"{\"type\":\"string\",\"format\":\"uri\",\"default\":\"" CRS_84 "\"}" }

const route_parameter ogc_item_parameters[] = { PARAMETER_CRS, API_PARAMETERS_END };
const route_parameter ogc_items_parameters[] = {
	{ "bbox", N_("Only features that meet this box, and those without a place: least first axis, least second axis, greatest first axis, greatest second axis, with heights behind each pair or without. West greater than east crosses the antimeridian."),
	  API_SCHEMA_BBOX },
	{ "datetime", N_("Only features that fall into this time, and those without a date: a date or a time (RFC 3339), or an interval with a slash, open at an end that is left out or “..”."), API_SCHEMA_TEXT },
	API_PARAMETER_LIMIT,
	API_PARAMETER_AFTER,
	{ "bbox-crs", N_("The coordinate reference system of bbox, by its address."), "{\"type\":\"string\",\"format\":\"uri\",\"default\":\"" CRS_84 "\"}" },
	PARAMETER_CRS,
	{ "filter", N_("Only features of which this is true, in CQL2; the queryables say what it may ask."), API_SCHEMA_TEXT },
	{ "filter-lang", N_("The form of the filter."), "{\"type\":\"string\",\"enum\":[\"cql2-text\",\"cql2-json\"],\"default\":\"cql2-text\"}" },
	{ "filter-crs", N_("The coordinate reference system of geometries in the filter, by its address."), "{\"type\":\"string\",\"format\":\"uri\",\"default\":\"" CRS_84 "\"}" },
	API_PARAMETERS_END,
};

/* ---- a feature ---- */

/* Metres to the millimetre: more is noise. */
static void round_coordinates(json_t *list, int depth)
{
	json_t *entry;
	gsize i;
	json_array_foreach(list, i, entry) {
		if (json_is_real(entry))
			json_real_set(entry, rint(json_real_value(entry) * 1000) / 1000);
		else if (depth < 6)
			round_coordinates(entry, depth + 1);
	}
}

static json_t *geometry_in(json_t *lonlat, const crs *system)
{
	json_t *out = lonlat ? strcmp(crs_uri(system), CRS_84) == 0 ? json_incref(lonlat) : crs_project_geometry(system, lonlat) : NULL;
	if (out && !crs_is_geographic(system))
		round_coordinates(json_object_get(out, "coordinates"), 0);
	json_decref(lonlat);
	return out ? out : json_null();
}

/* All that the record says, but its geometries; and what every record has. */
static json_t *properties_of(const request *r, const record *rec)
{
	json_t *out = json_pack("{s:s, s:s, s:s, s:s, s:i, s:o}", "kind", rec->kind->name, "title", record_title(rec), "summary", record_summary(rec), "published", rec->time, "revision", (int)rec->revision,
		"address", json_sprintf("%s/%s/%s", request_site_address(r), rec->kind->plural, rec->id));
	for (const field *f = rec->kind->fields; f->name; f++) {
		json_t *value = json_object_get(rec->body, f->name);
		if (value && f->type != FIELD_GEOMETRY && !json_object_get(out, f->name))
			json_object_set(out, f->name, value);
	}
	return out;
}

static json_t *feature_of(const request *r, const ogc_collection *c, const record *rec, const crs *system)
{
	return json_pack("{s:s, s:s, s:o, s:o}", "type", "Feature", "id", rec->id, "geometry", geometry_in(ogc_place(r, c, rec), system), "properties", properties_of(r, rec));
}

/* ---- which features ---- */

/* What is tried on each record that the store finds. */
typedef struct trial {
	const request *r;
	const ogc_collection *c;
	const selection *s;
	const cql *filter;
	gboolean box; /* is the box for us to try? */
} trial;

static shape *place_for_filter(const record *rec, gpointer data)
{
	const trial *t = data;
	json_t *place = ogc_place(t->r, t->c, rec);
	shape *s = place ? shape_read(place, NULL) : NULL;
	json_decref(place);
	return s;
}

static gboolean passes(const record *rec, gpointer data)
{
	const trial *t = data;
	span time;
	if (t->s->timed && ogc_time(t->c, rec, &time) && !span_relate(SPAN_INTERSECTS, &time, &t->s->time))
		return FALSE;
	if (t->box) {
		json_t *place = ogc_place(t->r, t->c, rec);
		gboolean meets = !place || selection_meets(t->s, place);
		json_decref(place);
		if (!meets)
			return FALSE;
	}
	return !t->filter || cql_matches(t->filter, rec, place_for_filter, data);
}

/* What a request asks for. */
typedef struct asking {
	selection s;
	const crs *system;
	cql *filter;
	GPtrArray *members;
	store_filter *filters;
	double box[4];
	trial trial;
	store_query query;
} asking;

static void asking_clear(asking *a)
{
	cql_free(a->filter);
	g_clear_pointer(&a->members, g_ptr_array_unref);
	g_free(a->filters);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(asking, asking_clear)

static gboolean read_crs(const request *r, response *out, const char *name, const crs **system)
{
	const char *uri = request_query(r, name);
	*system = crs_by_uri(uri ? uri : CRS_84);
	if (*system)
		return TRUE;
	g_autofree char *why = view_message(request_text(r, N_("“{name}” cannot be “{value}”. The collection lists the coordinate reference systems it speaks.")), "name", name, "value", uri, NULL);
	query_refuse(r, out, why);
	return FALSE;
}

static gboolean read_filter(const request *r, response *out, const ogc_collection *c, asking *a)
{
	static const char *const forms[] = { "cql2-text", "cql2-json", NULL };
	const char *text = request_query(r, "filter"), *form;
	const crs *places;
	if (!query_choice(r, out, "filter-lang", forms, &form) || !read_crs(r, out, "filter-crs", &places))
		return FALSE;
	if (!text)
		return TRUE;
	g_autoptr(GError) error = NULL;
	json_error_t at;
	json_t *expression = g_strcmp0(form, "cql2-json") == 0 ? json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &at) : cql_parse(text, &error);
	a->filter = expression ? cql_compile(expression, ogc_kind(c), places, &error) : NULL;
	json_decref(expression);
	if (!a->filter)
		query_refuse(r, out, error ? error->message : request_text(r, N_("The filter is not JSON.")));
	return a->filter != NULL;
}

/* The index answers first what it can: facets, and a box, that of the request or that of the filter. */
static void foresee(const ogc_collection *c, asking *a)
{
	store_query *q = &a->query;
	gsize n = 0;
	const cql_facet *facets = a->filter ? cql_facets(a->filter, &n) : NULL;
	a->filters = g_new(store_filter, n + 1);
	for (gsize i = 0; i < n; i++)
		a->filters[i] = (store_filter) { facets[i].path, (const char *const *)facets[i].values };
	q->filters = a->filters;
	q->n_filters = n;
	if (c->places)
		return;
	if (a->s.boxed) {
		q->bbox = a->s.box;
		q->unplaced = TRUE;
	} else if (a->filter && cql_box(a->filter, a->box) && a->box[0] >= -180 && a->box[2] <= 180) {
		q->bbox = a->box;
	}
}

static void try_rest(const request *r, const ogc_collection *c, asking *a)
{
	a->trial = (trial) { r, c, &a->s, a->filter, a->s.boxed };
	a->members = g_ptr_array_new();
	if (a->s.boxed || (a->filter && cql_needs_place(a->filter)))
		ogc_place_members(c, a->members);
	if (a->s.timed)
		ogc_time_members(c, a->members);
	for (const char *const *m = a->filter ? cql_members(a->filter) : NULL; m && *m; m++)
		g_ptr_array_add(a->members, (gpointer)*m);
	g_ptr_array_add(a->members, NULL);
	if (!a->s.boxed && !a->s.timed && !a->filter)
		return;
	a->query.test = passes;
	a->query.test_data = &a->trial;
	a->query.test_members = (const char *const *)a->members->pdata;
	/* what lies within a box of degrees for sure need not be read, if nothing else is asked */
	a->query.test_border = a->query.bbox == a->s.box && crs_is_geographic(a->s.box_crs) && !a->s.timed && !a->filter;
}

static gboolean ask(const request *r, response *out, const ogc_collection *c, asking *a)
{
	const selection_texts texts = { request_query(r, "bbox"), request_query(r, "bbox-crs"), request_query(r, "datetime"), request_query(r, "limit"), request_query(r, "after") };
	if (!selection_read(r, out, &texts, &a->s) || !read_crs(r, out, "crs", &a->system) || !read_filter(r, out, c, a))
		return FALSE;
	a->query = (store_query) { .kind = c->kind, .as_of = request_as_of(r), .sort = "number", .after = a->s.after, .limit = a->s.limit, .bodies = TRUE };
	foresee(c, a);
	try_rest(r, c, a);
	return TRUE;
}

/* ---- answers ---- */

static json_t *collection_of(const request *r, const ogc_collection *c, const asking *a, const store_result *found)
{
	json_t *features = json_array(), *links = json_array();
	for (gsize i = 0; i < found->n; i++)
		json_array_append_new(features, feature_of(r, c, found->hits[i].record, a->system));
	api_link_forms(links, r, GEOJSON_MEDIA);
	if (found->n && found->behind) {
		g_autofree char *number = g_strdup_printf("%u", found->hits[found->n - 1].number), *href = request_link_with(r, "after", number);
		api_link(links, r, "next", GEOJSON_MEDIA, request_text(r, N_("The next features")), href);
	}
	g_autofree char *collection = api_address_as_of(r, "/ogc/collections/%s", ogc_kind(c)->plural);
	api_link(links, r, "collection", "application/json", request_text(r, ogc_kind(c)->label_plural), collection);
	return json_pack("{s:s, s:i, s:i, s:o, s:o}", "type", "FeatureCollection", "numberMatched", (int)found->total, "numberReturned", (int)found->n, "links", links, "features", features);
}

void ogc_items(const request *r, response *out)
{
	const ogc_collection *c = ogc_find(r, out);
	g_auto(asking) a = { 0 };
	if (!c || !ask(r, out, c, &a))
		return;
	g_autoptr(GError) error = NULL;
	g_autoptr(store_result) found = store_search(request_reader(r), &a.query, &error);
	if (!found) {
		response_error(out, r, error);
		return;
	}
	json_t *document = collection_of(r, c, &a, found);
	if (accept_wants_page(r)) {
		ogc_page_items(r, out, c, document);
		json_decref(document);
		return;
	}
	api_document(out, GEOJSON_MEDIA, document);
	response_crs(out, crs_uri(a.system));
}

void ogc_item(const request *r, response *out)
{
	const ogc_collection *c = ogc_find(r, out);
	const crs *system;
	if (!c || !read_crs(r, out, "crs", &system))
		return;
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = store_get(request_reader(r), c->kind, request_part(r, "featureId"), request_as_of(r), &error);
	if (error) {
		response_error(out, r, error);
		return;
	}
	if (!rec || rec->state != RECORD_PUBLISHED) {
		response_problem(out, r, 404, request_text(r, N_("There is no such feature")), request_text(r, N_("The items of the collection are all there are. What was withdrawn is under /api/records.")));
		return;
	}
	json_t *document = feature_of(r, c, rec, system), *links = json_array();
	g_autofree char *collection = api_address_as_of(r, "/ogc/collections/%s", rec->kind->plural), *page = api_address_as_of(r, "/%s/%s", rec->kind->plural, rec->id);
	api_link_forms(links, r, GEOJSON_MEDIA);
	api_link(links, r, "collection", "application/json", request_text(r, rec->kind->label_plural), collection);
	api_link(links, r, "canonical", "text/html", request_text(r, N_("The record’s own page")), page);
	json_object_set_new(document, "links", links);
	if (accept_wants_page(r)) {
		ogc_page_item(r, out, c, rec, document);
		json_decref(document);
		return;
	}
	api_document(out, GEOJSON_MEDIA, document);
	response_crs(out, crs_uri(system));
}
