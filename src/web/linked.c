#include "web/linked.h"

#include <stdlib.h>
#include <string.h>

#include "base/canonical.h"
#include "web/exchange.h"
#include "web/view.h"

#define LICENCE "https://creativecommons.org/licenses/by/4.0/"

/* ---- which entity a kind is ---- */

static const struct {
	const char *kind, *type;
	gboolean work; /* a schema.org CreativeWork: has an author, a version, a licence */
} types[] = {
	{ "organisation", "Organization", FALSE }, { "case", "Report", TRUE }, { "practice", "DefinedTerm", FALSE }, { "site", "Place", FALSE }, { "pledge", "CreativeWork", TRUE },
	{ "progress", "Report", TRUE }, { "measurement", "Dataset", TRUE }, { "review", "Review", TRUE }, { "target", "CreativeWork", TRUE }, { "policy", "Legislation", TRUE },
	{ "finance", "Service", FALSE }, { "project", "Project", FALSE }, { "offer", "Service", FALSE }, { "meeting", "Event", FALSE }, { "forum", "Event", FALSE },
	{ "edition", "PublicationIssue", TRUE },
};

/* How a value at a path becomes a value of a property. */
typedef enum how {
	TEXT,      /* as it stands */
	WORDS,     /* as readers see it: terms by their label */
	ENTITY,    /* the record referred to */
	COUNTRY,
	PLACE,     /* a place of that name */
	EVENT,     /* an event of that name */
	INTERVAL,  /* from this field until the one whose path follows after a space */
	SOURCE,    /* a source of the record */
	VARIABLE,  /* a result of a measurement */
	POINT,     /* the record's own point */
	ADDRESS,   /* the record's own country and area */
	DOWNLOADS  /* the record's own data */
} how;

static const struct {
	const char *kind, *property, *path;
	how how;
} rows[] = {
	{ "organisation", "alternateName", "aliases", TEXT }, { "organisation", "description", "summary", TEXT }, { "organisation", "url", "website", TEXT },
	{ "organisation", "location", "country", COUNTRY }, { "organisation", "parentOrganization", "parent", ENTITY }, { "organisation", "sameAs", "links.url", TEXT },
	{ "case", "abstract", "summary", TEXT }, { "case", "keywords", "themes", WORDS }, { "case", "contentLocation", "country", POINT }, { "case", "about", "sites", ENTITY },
	{ "case", "mentions", "organisations.organisation", ENTITY }, { "case", "temporalCoverage", "start_year end_year", INTERVAL }, { "case", "citation", "sources", SOURCE },
	{ "practice", "description", "definition", TEXT }, { "practice", "alternateName", "also_called", TEXT },
	{ "site", "description", "summary", TEXT }, { "site", "alternateName", "aliases", TEXT }, { "site", "geo", "longitude", POINT }, { "site", "address", "country", ADDRESS },
	{ "site", "keywords", "commodities", WORDS },
	{ "pledge", "text", "statement", TEXT }, { "pledge", "author", "organisations", ENTITY }, { "pledge", "spatialCoverage", "countries", COUNTRY },
	{ "pledge", "dateCreated", "made_on", TEXT }, { "pledge", "about", "sites", ENTITY }, { "pledge", "citation", "sources", SOURCE },
	{ "progress", "abstract", "narrative", TEXT }, { "progress", "about", "pledge", ENTITY }, { "progress", "about", "site", ENTITY }, { "progress", "temporalCoverage", "year", WORDS },
	{ "progress", "datePublished", "reported_on", TEXT }, { "progress", "citation", "sources", SOURCE },
	{ "measurement", "description", "title", TEXT }, { "measurement", "spatialCoverage", "site", ENTITY }, { "measurement", "temporalCoverage", "period_from period_until", INTERVAL },
	{ "measurement", "measurementTechnique", "method", TEXT }, { "measurement", "variableMeasured", "results", VARIABLE }, { "measurement", "isBasedOn", "inputs.url", TEXT },
	{ "measurement", "citation", "citations", TEXT }, { "measurement", "dateCreated", "measured_on", TEXT }, { "measurement", "distribution", "title", DOWNLOADS },
	{ "review", "reviewBody", "finding", TEXT }, { "review", "author", "reviewer", ENTITY }, { "review", "datePublished", "made_on", TEXT }, { "review", "itemReviewed", "case", ENTITY },
	{ "review", "itemReviewed", "pledge", ENTITY }, { "review", "itemReviewed", "progress", ENTITY }, { "review", "itemReviewed", "measurement", ENTITY },
	{ "target", "text", "statement", TEXT }, { "target", "spatialCoverage", "country", COUNTRY }, { "target", "temporalCoverage", "baseline_year target_year", INTERVAL },
	{ "target", "citation", "sources", SOURCE },
	{ "policy", "abstract", "summary", TEXT }, { "policy", "legislationJurisdiction", "jurisdiction", TEXT }, { "policy", "spatialCoverage", "country", COUNTRY },
	{ "policy", "legislationDate", "year", WORDS }, { "policy", "keywords", "kinds", WORDS }, { "policy", "citation", "sources", SOURCE },
	{ "finance", "description", "terms", TEXT }, { "finance", "provider", "providers", ENTITY }, { "finance", "areaServed", "countries", COUNTRY }, { "finance", "serviceType", "kinds", WORDS },
	{ "project", "description", "summary", TEXT }, { "project", "location", "country", POINT }, { "project", "member", "organisations.organisation", ENTITY },
	{ "project", "keywords", "themes", WORDS }, { "project", "url", "contact", TEXT },
	{ "offer", "description", "summary", TEXT }, { "offer", "provider", "organisation", ENTITY }, { "offer", "areaServed", "countries", COUNTRY }, { "offer", "serviceType", "kinds", WORDS },
	{ "meeting", "description", "summary", TEXT }, { "meeting", "startDate", "date", TEXT }, { "meeting", "location", "place", PLACE },
	{ "meeting", "organizer", "organisations", ENTITY },
	{ "forum", "description", "summary", TEXT }, { "forum", "startDate", "date", TEXT }, { "forum", "location", "venue", PLACE }, { "forum", "location", "city", PLACE },
	{ "forum", "organizer", "conveners.organisation", ENTITY }, { "forum", "superEvent", "host_event", EVENT },
	{ "edition", "abstract", "summary", TEXT }, { "edition", "issueNumber", "number", WORDS }, { "edition", "datePublished", "issued", TEXT }, { "edition", "contributor", "editors", ENTITY },
};

static const char *type_of(const char *kind_name, gboolean *work)
{
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(types[i].kind, kind_name) == 0) {
			*work = types[i].work;
			return types[i].type;
		}
	*work = FALSE;
	return "Thing";
}

/* ---- values ---- */

/* Another value of a property: the second makes it a list. Takes value; NULL: none. */
static void add(json_t *entity, const char *property, json_t *value)
{
	json_t *there = json_object_get(entity, property);
	if (!value)
		return;
	if (!there)
		json_object_set_new(entity, property, value);
	else if (json_is_array(there))
		json_array_append_new(there, value);
	else
		json_object_set_new(entity, property, json_pack("[O, o]", there, value));
}

static json_t *named(const char *type, const char *name)
{
	return json_pack("{s:s, s:s}", "@type", type, "name", name);
}

static char *entity_id(const request *r, const kind *k, const char *id)
{
	return g_strdup_printf("%s/%s/%s", request_site_address(r), k->plural, id);
}

static json_t *entity_of(const request *r, const field *f, const char *id)
{
	gboolean work;
	const kind *k = kind_by_name(f->of);
	g_autofree char *title = view_record_title(r, f->of, id), *entity = entity_id(r, k, id);
	return json_pack("{s:s, s:s, s:s}", "@type", type_of(f->of, &work), "@id", entity, "name", title);
}

json_t *linked_country(const request *r, const char *iso3)
{
	g_autofree char *name = language_country(request_language(r), iso3), *id = g_strdup_printf("%s/countries/%s", request_site_address(r), iso3);
	return json_pack("{s:s, s:s, s:s, s:s}", "@type", "Country", "@id", id, "name", name, "identifier", iso3);
}

static json_t *source_of(const json_t *source)
{
	json_t *work = named("CreativeWork", json_string_value(json_object_get(source, "title")));
	const char *publisher = json_string_value(json_object_get(source, "publisher"));
	const json_t *year = json_object_get(source, "year");
	json_object_set(work, "url", json_object_get(source, "url"));
	if (publisher)
		json_object_set_new(work, "publisher", named("Organization", publisher));
	if (year)
		json_object_set_new(work, "datePublished", json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(year)));
	return work;
}

static json_t *variable_of(const request *r, const record *rec, const json_t *result)
{
	static const char *const names[][2] = { { "value", "value" }, { "minValue", "low" }, { "maxValue", "high" } };
	const json_t *quantity = json_object_get(result, "quantity"), *unit = json_object_get(result, "unit");
	g_autofree char *name = view_value(r, kind_field(rec->kind, "results.quantity"), quantity), *unit_text = unit ? view_value(r, kind_field(rec->kind, "results.unit"), unit) : NULL;
	json_t *variable = named("PropertyValue", name ? name : "");
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		json_object_set(variable, names[i][0], json_object_get(result, names[i][1]));
	if (unit_text)
		json_object_set_new(variable, "unitText", json_string(unit_text));
	if (json_object_get(result, "note"))
		json_object_set(variable, "description", json_object_get(result, "note"));
	return variable;
}

static json_t *address_of(const record *rec)
{
	json_t *country = json_object_get(rec->body, "country"), *area = json_object_get(rec->body, "admin_area");
	json_t *place = json_pack("{s:s}", "@type", "PostalAddress");
	json_object_set(place, "addressCountry", country);
	json_object_set(place, "addressRegion", area);
	return place;
}

static json_t *point_of(const record *rec, gboolean bare)
{
	json_t *longitude = json_object_get(rec->body, "longitude"), *latitude = json_object_get(rec->body, "latitude");
	json_t *point = longitude && latitude ? json_pack("{s:s, s:O, s:O}", "@type", "GeoCoordinates", "longitude", longitude, "latitude", latitude) : NULL;
	if (bare)
		return point;
	json_t *place = json_pack("{s:s, s:o}", "@type", "Place", "address", address_of(rec));
	if (point)
		json_object_set_new(place, "geo", point);
	return place;
}

/* "1978/1990", open where an end is unknown (ISO 8601-2, 4.4: ".."). */
static json_t *interval_of(const record *rec, const char *paths)
{
	g_auto(GStrv) names = g_strsplit(paths, " ", 2);
	const json_t *from = json_object_get(rec->body, names[0]), *until = json_object_get(rec->body, names[1]);
	if (!from && !until)
		return NULL;
	g_autofree char *first = from ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(from)) : g_strdup("..");
	g_autofree char *last = until ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(until)) : g_strdup("..");
	return json_sprintf("%s/%s", first, last);
}

static void add_downloads(json_t *entity, const char *property, const char *id)
{
	static const char *const forms[][2] = { { "application/json", "json" }, { "text/csv", "csv" } };
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
		add(entity, property, json_pack("{s:s, s:s, s:o}", "@type", "DataDownload", "encodingFormat", forms[i][0], "contentUrl", json_sprintf("%s.%s", id, forms[i][1])));
}

static json_t *value_of(const request *r, const record *rec, const field *f, how as, json_t *value)
{
	const char *text = json_string_value(value);
	switch (as) {
	case TEXT:
		return json_incref(value);
	case WORDS: {
		char *words = view_value(r, f, value);
		json_t *string = words ? json_string(words) : NULL;
		g_free(words);
		return string;
	}
	case ENTITY:
		return text ? entity_of(r, f, text) : NULL;
	case COUNTRY:
		return text ? linked_country(r, text) : NULL;
	case PLACE:
		return text ? named("Place", text) : NULL;
	case EVENT:
		return text ? named("Event", text) : NULL;
	case SOURCE:
		return source_of(value);
	case VARIABLE:
		return variable_of(r, rec, value);
	default:
		return NULL;
	}
}

static void add_row(json_t *entity, const request *r, const record *rec, gsize i, const char *id)
{
	const char *property = rows[i].property;
	switch (rows[i].how) {
	case INTERVAL:
		add(entity, property, interval_of(rec, rows[i].path));
		return;
	case POINT:
		add(entity, property, point_of(rec, strcmp(property, "geo") == 0));
		return;
	case ADDRESS:
		add(entity, property, address_of(rec));
		return;
	case DOWNLOADS:
		add_downloads(entity, property, id);
		return;
	default:
		break;
	}
	const field *f = kind_field(rec->kind, rows[i].path);
	g_autoptr(GPtrArray) values = body_values(rec->body, rows[i].path);
	for (guint k = 0; f && k < values->len; k++)
		add(entity, property, value_of(r, rec, f, rows[i].how, values->pdata[k]));
}

static json_t *site_entity(const request *r)
{
	return json_pack("{s:s, s:s, s:s}", "@type", "Organization", "name", r->site->settings->name, "url", request_site_address(r));
}

/* What every work says: version, licence, who published it. */
static void add_work(json_t *entity, const request *r, const record *rec)
{
	json_object_set_new(entity, "dateModified", json_string(rec->time));
	json_object_set_new(entity, "version", json_integer(rec->revision));
	json_object_set_new(entity, "identifier", json_sprintf("nih:sha-256;%s", rec->hash));
	json_object_set_new(entity, "license", json_string(LICENCE));
	json_object_set_new(entity, "isAccessibleForFree", json_true());
	json_object_set_new(entity, "publisher", site_entity(r));
	json_object_set_new(entity, "creativeWorkStatus", json_string(rec->state == RECORD_WITHDRAWN ? "Withdrawn" : "Published"));
}

json_t *linked_record(const request *r, const record *rec)
{
	gboolean work;
	const char *type = type_of(rec->kind->name, &work);
	g_autofree char *id = entity_id(r, rec->kind, rec->id);
	json_t *entity = json_pack("{s:s, s:s, s:s}", "@type", type, "@id", id, "name", record_title(rec));
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strcmp(rows[i].kind, rec->kind->name) == 0)
			add_row(entity, r, rec, i, id);
	if (work)
		add_work(entity, r, rec);
	if (!json_object_get(entity, "url"))
		json_object_set_new(entity, "url", json_string(id));
	return entity;
}

/* ---- what is no record ---- */

json_t *linked_site(const request *r)
{
	const char *site = request_site_address(r);
	return json_pack("{s:s, s:o, s:s, s:s, s:{s:s, s:{s:s, s:o}, s:s}}", "@type", "WebSite", "@id", json_sprintf("%s/", site), "name", r->site->settings->name, "url", site,
		"potentialAction", "@type", "SearchAction", "target", "@type", "EntryPoint", "urlTemplate", json_sprintf("%s/search?q={search_term}", site), "query-input",
		"required name=search_term");
}

json_t *linked_catalogue(const request *r)
{
	json_t *datasets = json_array();
	const char *site = request_site_address(r);
	for (gsize i = 0; i < kinds_count; i++) {
		const kind *k = kinds[i];
		g_autofree char *id = g_strdup_printf("%s/%s", site, k->plural);
		json_t *set = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "@type", "Dataset", "@id", id, "name", request_text(r, k->label_plural), "description", request_text(r, k->help),
			"url", id, "license", LICENCE, "isAccessibleForFree", 1);
		json_object_set_new(set, "creator", site_entity(r));
		add_downloads(set, "distribution", id);
		json_array_append_new(datasets, set);
	}
	return json_pack("{s:s, s:o, s:s, s:s, s:s, s:o, s:o}", "@type", "DataCatalog", "@id", json_sprintf("%s/data", site), "name", r->site->settings->name, "description",
		request_text(r, "What was promised, what was done, what the land shows: restoration after mining, in public."), "license", LICENCE, "publisher", site_entity(r), "dataset", datasets);
}

/* ---- the page ---- */

/* Where the page stands: the crumbs a reader sees. */
static json_t *trail_of(const request *r, const json_t *crumbs)
{
	json_t *items = json_array();
	const json_t *crumb;
	gsize i;
	json_array_foreach(crumbs, i, crumb) {
		const char *href = json_string_value(json_object_get(crumb, "href"));
		json_t *item = json_pack("{s:s, s:i, s:O}", "@type", "ListItem", "position", (int)i + 1, "name", json_object_get(crumb, "label"));
		if (href)
			json_object_set_new(item, "item", json_pack("{s:s, s:o}", "@type", "WebPage", "@id", json_sprintf("%s%s", request_site_address(r), href)));
		json_array_append_new(items, item);
	}
	return json_pack("{s:s, s:o}", "@type", "BreadcrumbList", "itemListElement", items);
}

/* "</script>" in a text would end the element: as \u003c it is the same to whoever reads JSON. */
static char *script_text(const json_t *value)
{
	g_autofree char *text = json_text(value);
	GString *out = g_string_new(NULL);
	for (const char *at = text; *at;) {
		gsize plain = strcspn(at, "<>&");
		g_string_append_len(out, at, (gssize)plain);
		at += plain;
		if (*at)
			g_string_append_printf(out, "\\u%04x", (unsigned)(guchar)*at++);
	}
	return g_string_free(out, FALSE);
}

char *linked_page(const request *r, const json_t *view)
{
	json_t *crumbs = json_object_get(view, "breadcrumbs"), *entity = json_object_get(view, "entity"), *description = json_object_get(view, "description");
	json_auto_t *page = json_pack("{s:s, s:s, s:O, s:O, s:O, s:s, s:{s:s, s:o, s:s, s:s}}", "@context", "https://schema.org", "@type", "WebPage", "@id", json_object_get(view, "address"),
		"url", json_object_get(view, "address"), "name", json_object_get(view, "title"), "inLanguage", language_tag(request_language(r)), "isPartOf", "@type", "WebSite", "@id",
		json_sprintf("%s/", request_site_address(r)), "name", r->site->settings->name, "url", request_site_address(r));
	if (!page)
		return NULL; /* it has no title */
	if (json_is_string(description))
		json_object_set(page, "description", description);
	if (json_array_size(crumbs))
		json_object_set_new(page, "breadcrumb", trail_of(r, crumbs));
	if (entity)
		json_object_set(page, "mainEntity", entity);
	return script_text(page);
}
