#include <string.h>

#include "web/harvest.h"
#include "web/view.h"

/* How a value at a path becomes a text. */
typedef enum how { AS_IS, IN_WORDS } how;

/* Which fields fill which element; a kind that has no such field gives nothing. */
static const struct {
	const char *element, *path;
	how how;
} rows[] = {
	{ "dc:creator", "organisations", IN_WORDS }, { "dc:creator", "organisations.organisation", IN_WORDS }, { "dc:creator", "organisation", IN_WORDS },
	{ "dc:creator", "reviewer", IN_WORDS }, { "dc:creator", "providers", IN_WORDS }, { "dc:creator", "editors", IN_WORDS }, { "dc:creator", "conveners.organisation", IN_WORDS },
	{ "dc:subject", "themes", IN_WORDS }, { "dc:subject", "commodities", IN_WORDS }, { "dc:subject", "kinds", IN_WORDS }, { "dc:subject", "category", IN_WORDS },
	{ "dc:subject", "post_mining_land_uses", IN_WORDS }, { "dc:subject", "targets.metric", IN_WORDS },
	{ "dc:coverage", "country", IN_WORDS }, { "dc:coverage", "countries", IN_WORDS }, { "dc:coverage", "admin_area", AS_IS }, { "dc:coverage", "jurisdiction", AS_IS },
	{ "dc:relation", "site", AS_IS }, { "dc:relation", "sites", AS_IS }, { "dc:relation", "pledge", AS_IS }, { "dc:relation", "case", AS_IS },
	{ "dc:source", "sources.url", AS_IS },
};

/* DCMI Type Vocabulary. */
static const char *type_of(const kind *k)
{
	static const char *const types[][2] = { { "measurement", "Dataset" }, { "meeting", "Event" }, { "forum", "Event" }, { "edition", "Collection" }, { "offer", "Service" } };
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(k->name, types[i][0]) == 0)
			return types[i][1];
	return "Text";
}

/* What a reference leads to; another text as it is. */
static char *as_is(const request *r, const field *f, const char *text)
{
	if (f->type != FIELD_REF)
		return g_strdup(text);
	return g_strdup_printf("%s/%s/%s", request_site_address(r), kind_by_name(f->of)->plural, text);
}

static void add_row(xml *x, const request *r, const record *rec, gsize i)
{
	const field *f = kind_field(rec->kind, rows[i].path);
	if (!f || f->type == FIELD_GROUP)
		return;
	g_autoptr(GPtrArray) values = body_values(rec->body, rows[i].path);
	for (guint k = 0; k < values->len; k++) {
		const char *raw = json_string_value(values->pdata[k]);
		g_autofree char *text = rows[i].how == IN_WORDS ? view_value(r, f, values->pdata[k]) : raw ? as_is(r, f, raw) : NULL;
		xml_element(x, rows[i].element, text);
	}
}

void dublin_core_write(xml *x, const request *r, const record *rec)
{
	g_autofree char *page = g_strdup_printf("%s/%s/%s", request_site_address(r), rec->kind->plural, rec->id), *hash = g_strconcat("nih:sha-256;", rec->hash, NULL);
	g_autofree char *day = g_strndup(rec->time, 10);
	xml_begin(x, "oai_dc:dc");
	xml_attribute(x, "xmlns:oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/");
	xml_attribute(x, "xmlns:dc", "http://purl.org/dc/elements/1.1/");
	xml_attribute(x, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
	xml_attribute(x, "xsi:schemaLocation", "http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd");
	xml_element(x, "dc:title", record_title(rec));
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		add_row(x, r, rec, i);
	xml_element(x, "dc:description", *record_summary(rec) ? record_summary(rec) : NULL);
	xml_element(x, "dc:publisher", request_site_name(r));
	xml_element(x, "dc:date", day);
	xml_element(x, "dc:type", type_of(rec->kind));
	xml_element(x, "dc:type", request_text(r, rec->kind->label));
	xml_element(x, "dc:identifier", page);
	xml_element(x, "dc:identifier", hash);
	xml_element(x, "dc:rights", "https://creativecommons.org/licenses/by/4.0/");
	xml_end(x);
}
