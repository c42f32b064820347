#include "web/harvest.h"

#include <string.h>

#include "web/exchange.h"
#include "web/harvest_token.h"
#include "web/view.h"

#define PAGE 100

/* What every verb is handed: its arguments are checked, each at most once. */
typedef struct harvest {
	const request *r;
	xml *x;
	const GArray *arguments; /* parameter */
	char *base;              /* address of the repository */
	const char *code, *says; /* an error, if there is one */
	GError *error;           /* of the store */
} harvest;

static const struct {
	const char *prefix, *schema, *namespace;
	void (*write)(xml *x, const request *r, const record *rec);
} metadata_formats[] = {
	{ "oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", "http://www.openarchives.org/OAI/2.0/oai_dc/", dublin_core_write },
};

static const char *argument(const harvest *h, const char *name)
{
	return parameters_get(h->arguments, name);
}

static gboolean refuse(harvest *h, const char *code, const char *says)
{
	h->code = code;
	h->says = says;
	return FALSE;
}

/* ---- identifiers ---- */

/* Their namespace is the host of the site. */
static char *identifier_of(const harvest *h, const record *rec)
{
	g_autofree char *host = request_site_host(h->r);
	return g_strdup_printf("oai:%s:%s/%s", host, rec->kind->name, rec->id);
}

/* The newest public revision that an identifier names; NULL: there is none, or with the error of the store. */
static record *find(harvest *h, const char *identifier)
{
	g_autofree char *host = request_site_host(h->r), *start = g_strdup_printf("oai:%s:", host);
	const char *local = g_str_has_prefix(identifier, start) ? identifier + strlen(start) : "", *id = strchr(local, '/');
	g_autofree char *kind_name = id ? g_strndup(local, (gsize)(id - local)) : NULL;
	const kind *k = kind_name ? kind_by_name(kind_name) : NULL;
	return k && id_is_valid(id + 1) ? store_get(request_reader(h->r), k->name, id + 1, NULL, &h->error) : NULL;
}

/* ---- parts of an answer ---- */

static void write_header(harvest *h, const record *rec)
{
	g_autofree char *identifier = identifier_of(h, rec);
	xml_begin(h->x, "header");
	xml_attribute(h->x, "status", rec->state == RECORD_WITHDRAWN ? "deleted" : NULL);
	xml_element(h->x, "identifier", identifier);
	xml_element(h->x, "datestamp", rec->time);
	xml_element(h->x, "setSpec", rec->kind->name);
	xml_end(h->x);
}

static void write_record(harvest *h, const record *rec, gsize form)
{
	xml_begin(h->x, "record");
	write_header(h, rec);
	if (rec->state != RECORD_WITHDRAWN) {
		xml_begin(h->x, "metadata");
		metadata_formats[form].write(h->x, h->r, rec);
		xml_end(h->x);
	}
	xml_end(h->x);
}

static gboolean find_format(harvest *h, const char *prefix, gsize *form)
{
	for (*form = 0; *form < G_N_ELEMENTS(metadata_formats); (*form)++)
		if (strcmp(metadata_formats[*form].prefix, prefix) == 0)
			return TRUE;
	return refuse(h, "cannotDisseminateFormat", "This repository gives oai_dc.");
}

/* ---- the verbs ---- */

static gboolean earliest(harvest *h, char time[static 21])
{
	guint total;
	g_autoptr(GPtrArray) first = store_changes(request_reader(h->r), &(store_query){ .limit = 1 }, &(store_range){ .rising = TRUE }, &total, &h->error);
	g_strlcpy(time, first && first->len ? ((store_changed *)first->pdata[0])->record->time : "1970-01-01T00:00:00Z", 21);
	return first != NULL;
}

/* RFC 1035's names with a dot, as the schema of oai-identifier asks; a bare number is none. */
static gboolean is_domain(const char *host)
{
	return g_ascii_isalpha(*host) && strchr(host, '.') && host[strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.")] == '\0';
}

static void describe_identifiers(xml *x, const char *host)
{
	g_autofree char *sample = g_strdup_printf("oai:%s:pledge/vale-2030-forest-goal", host);
	xml_begin(x, "description");
	xml_begin(x, "oai-identifier");
	xml_attribute(x, "xmlns", "http://www.openarchives.org/OAI/2.0/oai-identifier");
	xml_attribute(x, "xsi:schemaLocation", "http://www.openarchives.org/OAI/2.0/oai-identifier http://www.openarchives.org/OAI/2.0/oai-identifier.xsd");
	xml_element(x, "scheme", "oai");
	xml_element(x, "repositoryIdentifier", host);
	xml_element(x, "delimiter", ":");
	xml_element(x, "sampleIdentifier", sample);
	xml_end(x);
	xml_end(x);
}

static gboolean identify(harvest *h)
{
	char time[21];
	g_autofree char *host = request_site_host(h->r), *postmaster = g_strdup_printf("postmaster@%s", strchr(host, '.') ? host : "localhost.localdomain");
	const char *contact = h->r->site->settings->contact;
	if (!earliest(h, time))
		return FALSE;
	xml_element(h->x, "repositoryName", h->r->site->settings->name);
	xml_element(h->x, "baseURL", h->base);
	xml_element(h->x, "protocolVersion", "2.0");
	xml_element(h->x, "adminEmail", *contact ? contact : postmaster);
	xml_element(h->x, "earliestDatestamp", time);
	xml_element(h->x, "deletedRecord", "persistent");
	xml_element(h->x, "granularity", "YYYY-MM-DDThh:mm:ssZ");
	if (is_domain(host))
		describe_identifiers(h->x, host);
	return TRUE;
}

static gboolean list_metadata_formats(harvest *h)
{
	const char *identifier = argument(h, "identifier");
	g_autoptr(record) rec = identifier ? find(h, identifier) : NULL;
	if (h->error)
		return FALSE;
	if (identifier && !rec)
		return refuse(h, "idDoesNotExist", "No record has this identifier.");
	for (gsize i = 0; i < G_N_ELEMENTS(metadata_formats); i++) {
		xml_begin(h->x, "metadataFormat");
		xml_element(h->x, "metadataPrefix", metadata_formats[i].prefix);
		xml_element(h->x, "schema", metadata_formats[i].schema);
		xml_element(h->x, "metadataNamespace", metadata_formats[i].namespace);
		xml_end(h->x);
	}
	return TRUE;
}

static gboolean list_sets(harvest *h)
{
	if (argument(h, "resumptionToken"))
		return refuse(h, "badResumptionToken", "The list of sets is whole; there is nothing to go on with.");
	for (gsize i = 0; i < kinds_count; i++) {
		xml_begin(h->x, "set");
		xml_element(h->x, "setSpec", kinds[i]->name);
		xml_element(h->x, "setName", request_text(h->r, kinds[i]->label_plural));
		xml_end(h->x);
	}
	return TRUE;
}

static gboolean get_record(harvest *h)
{
	gsize form;
	g_autoptr(record) rec = find(h, argument(h, "identifier"));
	if (h->error)
		return FALSE;
	if (!rec)
		return refuse(h, "idDoesNotExist", "No record has this identifier.");
	if (!find_format(h, argument(h, "metadataPrefix"), &form))
		return FALSE;
	write_record(h, rec, form);
	return TRUE;
}

/* What a list asks for, by its arguments or by the token that goes on with it. */
static gboolean read_list(harvest *h, harvest_token *asked)
{
	const char *token = argument(h, "resumptionToken"), *from = argument(h, "from"), *until = argument(h, "until"), *set = argument(h, "set");
	gboolean from_day = FALSE, until_day = FALSE;
	*asked = (harvest_token){ 0 };
	if (token)
		return harvest_token_parse(token, asked) || refuse(h, "badResumptionToken", "This repository did not give that token.");
	if ((from && !harvest_date(from, FALSE, asked->from, &from_day)) || (until && !harvest_date(until, TRUE, asked->until, &until_day)))
		return refuse(h, "badArgument", "from and until are a day (2026-12-31) or a second (2026-12-31T23:59:59Z).");
	if (from && until && (from_day != until_day || strcmp(asked->from, asked->until) > 0))
		return refuse(h, "badArgument", "from and until are equally exact, and from does not lie after until.");
	g_strlcpy(asked->prefix, argument(h, "metadataPrefix"), sizeof asked->prefix);
	if (set && !kind_by_name(set))
		return refuse(h, "noRecordsMatch", "There is no such set; ListSets names them.");
	g_strlcpy(asked->set, set ? set : "", sizeof asked->set);
	return TRUE;
}

static void write_token(harvest *h, const harvest_token *asked, const GPtrArray *changes, guint total)
{
	harvest_token next = *asked;
	g_autofree char *size = g_strdup_printf("%u", asked->cursor + total), *cursor = g_strdup_printf("%u", asked->cursor);
	gboolean more = changes->len < total;
	next.first = ((const store_changed *)changes->pdata[changes->len - 1])->number + 1;
	next.cursor += changes->len;
	g_autofree char *text = more ? harvest_token_text(&next) : g_strdup("");
	if (!more && !asked->cursor)
		return; /* the list was whole from the beginning */
	xml_begin(h->x, "resumptionToken");
	xml_attribute(h->x, "completeListSize", size);
	xml_attribute(h->x, "cursor", cursor);
	xml_text(h->x, text);
	xml_end(h->x);
}

static gboolean list(harvest *h, gboolean whole)
{
	harvest_token asked;
	gsize form;
	guint total = 0;
	if (!read_list(h, &asked) || !find_format(h, asked.prefix, &form))
		return FALSE;
	const store_query q = { .kind = *asked.set ? asked.set : NULL, .limit = PAGE };
	const store_range range = { .first = asked.first, .from = *asked.from ? asked.from : NULL, .until = *asked.until ? asked.until : NULL, .newest = TRUE, .rising = TRUE };
	g_autoptr(GPtrArray) changes = store_changes(request_reader(h->r), &q, &range, &total, &h->error);
	if (!changes)
		return FALSE;
	if (!changes->len)
		return asked.cursor ? refuse(h, "badResumptionToken", "What the token was to go on with has changed since; begin again.")
			: refuse(h, "noRecordsMatch", "Nothing was published, changed or withdrawn in that time and set.");
	for (guint i = 0; i < changes->len; i++) {
		const record *rec = ((store_changed *)changes->pdata[i])->record;
		if (whole)
			write_record(h, rec, form);
		else
			write_header(h, rec);
	}
	write_token(h, &asked, changes, total);
	return TRUE;
}

static gboolean list_identifiers(harvest *h)
{
	return list(h, FALSE);
}

static gboolean list_records(harvest *h)
{
	return list(h, TRUE);
}

/* needs, may: names of arguments, one after the other; token: resumptionToken may stand alone for them. */
static const struct {
	const char *name;
	gboolean (*answer)(harvest *h);
	const char *needs[3], *may[4];
	gboolean token;
} verbs[] = {
	{ "Identify", identify, { NULL }, { NULL }, FALSE },
	{ "ListMetadataFormats", list_metadata_formats, { NULL }, { "identifier", NULL }, FALSE },
	{ "ListSets", list_sets, { NULL }, { NULL }, TRUE },
	{ "GetRecord", get_record, { "identifier", "metadataPrefix", NULL }, { NULL }, FALSE },
	{ "ListIdentifiers", list_identifiers, { "metadataPrefix", NULL }, { "from", "until", "set", NULL }, TRUE },
	{ "ListRecords", list_records, { "metadataPrefix", NULL }, { "from", "until", "set", NULL }, TRUE },
};

/* ---- what was asked ---- */

/* Which verb; refused: none, or not one. */
static gsize find_verb(harvest *h)
{
	guint times = 0;
	gsize i = 0;
	for (guint k = 0; k < h->arguments->len; k++)
		times += strcmp(g_array_index(h->arguments, parameter, k).name, "verb") == 0;
	while (times == 1 && i < G_N_ELEMENTS(verbs) && strcmp(verbs[i].name, argument(h, "verb")) != 0)
		i++;
	if (times != 1 || i == G_N_ELEMENTS(verbs))
		refuse(h, "badVerb", "One verb is asked: Identify, ListMetadataFormats, ListSets, ListIdentifiers, ListRecords or GetRecord.");
	return i;
}

static gboolean check_arguments(harvest *h, gsize verb)
{
	const char *token = argument(h, "resumptionToken");
	for (guint i = 0; i < h->arguments->len; i++) {
		const parameter *p = &g_array_index(h->arguments, parameter, i);
		gboolean known = strcmp(p->name, "verb") == 0 || (token && verbs[verb].token ? strcmp(p->name, "resumptionToken") == 0
			: g_strv_contains(verbs[verb].needs, p->name) || g_strv_contains(verbs[verb].may, p->name));
		for (guint k = 0; k < i; k++)
			if (strcmp(g_array_index(h->arguments, parameter, k).name, p->name) == 0)
				return refuse(h, "badArgument", "An argument stands there twice.");
		if (!known)
			return refuse(h, "badArgument", "The verb does not take one of these arguments; a resumptionToken stands alone.");
	}
	for (const char *const *name = verbs[verb].needs; *name && !(token && verbs[verb].token); name++)
		if (!argument(h, *name))
			return refuse(h, "badArgument", "The verb needs an argument that is missing: GetRecord identifier and metadataPrefix, a list metadataPrefix.");
	return TRUE;
}

/* The request as it was understood; after badVerb and badArgument the protocol wants it without attributes. */
static void write_request(xml *x, const harvest *h)
{
	gboolean bare = h->code && (strcmp(h->code, "badVerb") == 0 || strcmp(h->code, "badArgument") == 0);
	xml_begin(x, "request");
	for (guint i = 0; i < h->arguments->len && !bare; i++)
		xml_attribute(x, g_array_index(h->arguments, parameter, i).name, g_array_index(h->arguments, parameter, i).value);
	xml_text(x, h->base);
	xml_end(x);
}

static char *envelope(harvest *h, const char *content)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
	xml *x = xml_new();
	xml_begin(x, "OAI-PMH");
	xml_attribute(x, "xmlns", "http://www.openarchives.org/OAI/2.0/");
	xml_attribute(x, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
	xml_attribute(x, "xsi:schemaLocation", "http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd");
	xml_element(x, "responseDate", time);
	write_request(x, h);
	if (content) {
		xml_fragment(x, content);
	} else {
		xml_begin(x, "error");
		xml_attribute(x, "code", h->code);
		xml_text(x, h->says);
		xml_end(x);
	}
	return xml_finish(x);
}

void harvest_answer(const request *r, response *out)
{
	harvest h = { .r = r, .arguments = r->form ? r->form : r->address.parameters, .base = g_strconcat(request_site_address(r), "/oai", NULL) };
	gsize verb = find_verb(&h);
	g_autofree char *content = NULL;
	if (!h.code && check_arguments(&h, verb)) {
		h.x = xml_new_fragment();
		xml_begin(h.x, verbs[verb].name);
		gboolean done = verbs[verb].answer(&h);
		content = xml_finish(h.x);
		if (!done)
			g_clear_pointer(&content, g_free);
	}
	if (h.error)
		response_error(out, r, h.error);
	else
		response_text(out, "text/xml; charset=utf-8", envelope(&h, content));
	g_clear_error(&h.error);
	g_free(h.base);
}
