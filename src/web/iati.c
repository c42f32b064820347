#include "web/iati.h"

#include <string.h>

#include "base/canonical.h"
#include "base/xml.h"
#include "record/vocabulary.h"
#include "web/exchange.h"
#include "web/query.h"
#include "web/view.h"

/* Terms of ours and codes of IATI's lists. */
typedef struct code {
	const char *ours, *code;
} code;

/* ActivityStatus: 1 pipeline, 2 implementation, 4 closed, 5 cancelled. */
static const code statuses[] = { { "idea", "1" }, { "concept", "1" }, { "prepared", "1" }, { "financed", "1" }, { "under-way", "2" }, { "completed", "4" }, { "stopped", "5" }, { NULL, "1" } };
/* OrganisationRole: 1 funding, 2 accountable, 4 implementing. */
static const code roles[] = { { "funder", "1" }, { "lead", "2" }, { "government", "2" }, { NULL, "4" } };
/* OrganisationType: 10 government, 22 national NGO, 40 multilateral, 70 private sector, 80 academic; one that is unknown is not given. */
static const code kinds_of[] = { { "mining-company", "70" }, { "industry-body", "70" }, { "finance", "70" }, { "government", "10" }, { "intergovernmental", "40" }, { "research", "80" },
	{ "ngo", "22" }, { NULL, NULL } };

static const char *code_of(const code *list, const char *ours)
{
	while (list->ours && g_strcmp0(list->ours, ours) != 0)
		list++;
	return list->code;
}

static const char *member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static void narrative(xml *x, const char *element, const char *text)
{
	xml_begin(x, element);
	xml_element(x, "narrative", text);
	xml_end(x);
}

/* ---- an activity ---- */

gboolean iati_can_tell(const record *rec)
{
	return json_object_get(rec->body, "start_year") != NULL;
}

static char *reporter_of(const request *r)
{
	const char *set = r->site->settings->iati_organisation;
	return *set ? g_strdup(set) : request_site_host(r);
}

static void write_heads(xml *x, const request *r, const record *rec)
{
	g_autofree char *reporter = reporter_of(r), *identifier = g_strdup_printf("%s-project-%s", reporter, rec->id);
	xml_element(x, "iati-identifier", identifier);
	xml_begin(x, "reporting-org");
	xml_attribute(x, "ref", reporter);
	xml_attribute(x, "type", "90"); /* other */
	xml_attribute(x, "secondary-reporter", "1");
	xml_element(x, "narrative", request_site_name(r));
	xml_end(x);
	narrative(x, "title", record_title(rec));
}

/* "2,000,000 USD" */
static char *money(const request *r, const json_t *object, const char *amount)
{
	const json_t *value = json_object_get(object, amount);
	if (!value)
		return NULL;
	g_autofree char *number = language_number(request_language(r), json_number_value(value), 2);
	return g_strdup_printf("%s %s", number, member(object, "currency") ? member(object, "currency") : "");
}

/* What the project costs and seeks: money that is asked for is no budget, commitment or disbursement of IATI's, and so stands in words. */
static char *sought(const request *r, const json_t *body)
{
	GString *words = g_string_new(NULL);
	const json_t *need;
	gsize i;
	g_autofree char *cost = money(r, body, "cost");
	if (cost) {
		g_autofree char *line = view_message(request_text(r, N_("Whole cost: {money}.")), "money", cost, NULL);
		g_string_append(words, line);
	}
	json_array_foreach(json_object_get(body, "needs"), i, need) {
		g_autofree char *amount = money(r, need, "amount");
		const char *by = member(need, "by");
		g_autofree char *date = by ? language_date(request_language(r), by) : NULL;
		const char *message = amount && by ? N_("Sought: {what}, {money}, by {date}.") : amount ? N_("Sought: {what}, {money}.") : by ? N_("Sought: {what}, by {date}.") : N_("Sought: {what}.");
		g_autofree char *line = view_message(request_text(r, message), "what", member(need, "what"), "money", amount ? amount : "", "date", date ? date : "", NULL);
		g_string_append_printf(words, "%s%s", words->len ? "\n" : "", line);
	}
	return g_string_free(words, FALSE);
}

static void write_description(xml *x, const char *type, const char *text)
{
	if (!*text)
		return;
	xml_begin(x, "description");
	xml_attribute(x, "type", type);
	xml_element(x, "narrative", text);
	xml_end(x);
}

static gboolean write_participants(xml *x, const request *r, const json_t *body, GError **error)
{
	const json_t *one;
	gsize i;
	json_array_foreach(json_object_get(body, "organisations"), i, one) {
		const char *id = member(one, "organisation"), *stated = member(one, "as_stated");
		g_autoptr(record) organisation = id ? store_get(request_reader(r), "organisation", id, request_as_of(r), error) : NULL;
		if (*error)
			return FALSE;
		xml_begin(x, "participating-org");
		xml_attribute(x, "type", organisation ? code_of(kinds_of, member(organisation->body, "kind")) : NULL);
		xml_attribute(x, "role", code_of(roles, member(one, "role")));
		xml_element(x, "narrative", organisation ? record_title(organisation) : stated ? stated : id ? id : "");
		xml_end(x);
	}
	return TRUE;
}

/* A year as the day it begins or ends with. type: 1 planned start, 2 actual start, 3 planned end, 4 actual end. */
static void write_date(xml *x, const json_t *body, const char *name, const char *type, const char *day)
{
	const json_t *year = json_object_get(body, name);
	if (!year)
		return;
	g_autofree char *date = g_strdup_printf("%04d-%s", (int)json_integer_value(year), day);
	xml_begin(x, "activity-date");
	xml_attribute(x, "iso-date", date);
	xml_attribute(x, "type", type);
	xml_end(x);
}

static void write_dates(xml *x, const json_t *body, const char *status)
{
	gboolean begun = strcmp(status, "1") != 0 && strcmp(status, "5") != 0, ended = strcmp(status, "4") == 0;
	write_date(x, body, "start_year", begun ? "2" : "1", "01-01");
	write_date(x, body, "end_year", ended ? "4" : "3", "12-31");
}

/* ISO 3166-1 alpha-2 of an alpha-3 code; NULL: it has none. */
static const char *short_code(const char *iso3)
{
	const term *t = iso3 ? vocabulary_find(vocabulary_get("countries"), iso3) : NULL;
	for (gsize i = 0; t && t->aliases && t->aliases[i]; i++)
		if (strlen(t->aliases[i]) == 2)
			return t->aliases[i];
	return NULL;
}

static void write_place(xml *x, const json_t *body)
{
	const char *country = short_code(member(body, "country"));
	const json_t *latitude = json_object_get(body, "latitude"), *longitude = json_object_get(body, "longitude");
	char north[32], east[32];
	if (country) {
		xml_begin(x, "recipient-country");
		xml_attribute(x, "code", country);
		xml_end(x);
	}
	if (!latitude || !longitude)
		return;
	canonical_number(json_number_value(latitude), north);
	canonical_number(json_number_value(longitude), east);
	g_autofree char *position = g_strdup_printf("%s %s", north, east);
	xml_begin(x, "location");
	xml_begin(x, "point");
	xml_attribute(x, "srsName", "http://www.opengis.net/def/crs/EPSG/0/4326");
	xml_element(x, "pos", position);
	xml_end(x);
	xml_end(x);
}

static void write_sector(xml *x, const request *r)
{
	g_autofree char *list = g_strconcat(request_site_address(r), "/projects", NULL);
	xml_begin(x, "sector"); /* of our own list: no code of OECD DAC's says it */
	xml_attribute(x, "vocabulary", "99");
	xml_attribute(x, "vocabulary-uri", list);
	xml_attribute(x, "code", "mine-land-restoration");
	xml_element(x, "narrative", request_text(r, N_("Restoration of land after mining")));
	xml_end(x);
}

static void write_link(xml *x, const char *page, const char *title)
{
	xml_begin(x, "document-link");
	xml_attribute(x, "format", "text/html");
	xml_attribute(x, "url", page);
	narrative(x, "title", title);
	xml_begin(x, "category");
	xml_attribute(x, "code", "A12"); /* activity web page */
	xml_end(x);
	xml_end(x);
}

/* The hectares the project is to restore, where it says from when to when. */
static void write_result(xml *x, const request *r, const json_t *body)
{
	const json_t *area = json_object_get(body, "area"), *from = json_object_get(body, "start_year"), *until = json_object_get(body, "end_year");
	char number[32];
	if (!area || !from || !until)
		return;
	g_autofree char *first = g_strdup_printf("%04d-01-01", (int)json_integer_value(from)), *last = g_strdup_printf("%04d-12-31", (int)json_integer_value(until));
	xml_begin(x, "result");
	xml_attribute(x, "type", "1"); /* output */
	narrative(x, "title", request_text(r, N_("Land restored")));
	xml_begin(x, "indicator");
	xml_attribute(x, "measure", "1"); /* unit */
	narrative(x, "title", request_text(r, N_("Hectares restored")));
	xml_begin(x, "period");
	xml_begin(x, "period-start");
	xml_attribute(x, "iso-date", first);
	xml_end(x);
	xml_begin(x, "period-end");
	xml_attribute(x, "iso-date", last);
	xml_end(x);
	xml_begin(x, "target");
	canonical_number(json_number_value(area), number);
	xml_attribute(x, "value", number);
	for (guint i = 0; i < 4; i++)
		xml_end(x);
}

static gboolean write_activity(xml *x, const request *r, const record *rec, GError **error)
{
	const json_t *body = rec->body;
	const char *status = code_of(statuses, member(body, "stage")), *contact = member(body, "contact");
	g_autofree char *page = g_strdup_printf("%s/%s/%s", request_site_address(r), rec->kind->plural, rec->id), *asked = sought(r, body);
	xml_begin(x, "iati-activity");
	xml_attribute(x, "last-updated-datetime", rec->time);
	xml_attribute(x, "xml:lang", language_tag(request_language(r)));
	xml_attribute(x, "default-currency", member(body, "currency"));
	xml_attribute(x, "humanitarian", "0");
	xml_attribute(x, "linked-data-uri", page);
	write_heads(x, r, rec);
	write_description(x, "1", record_summary(rec));
	write_description(x, "4", asked);
	if (!write_participants(x, r, body, error))
		return FALSE;
	xml_begin(x, "activity-status");
	xml_attribute(x, "code", status);
	xml_end(x);
	write_dates(x, body, status);
	if (contact) {
		xml_begin(x, "contact-info");
		xml_element(x, "website", contact);
		xml_end(x);
	}
	write_place(x, body);
	write_sector(x, r);
	write_link(x, page, record_title(rec));
	write_result(x, r, body);
	xml_end(x);
	return TRUE;
}

/* ---- the file ---- */

/* The activities of these records; NULL with an error of the store. *told: how many there are. */
static char *file_of(const request *r, record *const *records, gsize n, guint *told, GError **error)
{
	g_autoptr(xml) x = xml_new();
	g_autoptr(GString) silent = g_string_new(NULL);
	const char *newest = "1970-01-01T00:00:00Z";
	*told = 0;
	for (gsize i = 0; i < n; i++)
		newest = strcmp(records[i]->time, newest) > 0 ? records[i]->time : newest;
	xml_begin(x, "iati-activities");
	xml_attribute(x, "version", "2.03");
	xml_attribute(x, "generated-datetime", newest); /* of what it holds, so that the same records give the same bytes */
	for (gsize i = 0; i < n; i++) {
		if (!iati_can_tell(records[i]))
			g_string_append_printf(silent, " %s", records[i]->id);
		else if (write_activity(x, r, records[i], error))
			(*told)++;
		else
			return NULL;
	}
	if (!*told && !silent->len)
		xml_comment(x, "There is no project.");
	if (silent->len) {
		g_autofree char *comment = g_strdup_printf("Left out, for they do not say when they begin: %s", silent->str + 1);
		xml_comment(x, comment);
	}
	return xml_finish(g_steal_pointer(&x));
}

/* one: of a single project, of which nothing is left if it cannot be told. */
static void answer(const request *r, response *out, record *const *records, gsize n, const char *name, gboolean one)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *file = g_strconcat(name, ".iati.xml", NULL);
	guint told;
	char *text = file_of(r, records, n, &told, &error);
	if (!text) {
		response_error(out, r, error);
	} else if (one && !told) {
		g_free(text);
		response_problem(out, r, 404, request_text(r, N_("This project cannot be told in IATI")), request_text(r, N_("IATI wants to know when a project begins. Ask for it as .json.")));
	} else {
		response_text(out, "application/xml; charset=utf-8", text);
		response_file_name(out, file);
		response_worded(out);
	}
}

void iati_list(const request *r, response *out, const kind *k)
{
	g_auto(query) q = { 0 };
	g_autoptr(store_result) found = query_records(r, out, k, IATI_RECORDS, &q);
	if (!found)
		return;
	g_autoptr(GPtrArray) records = g_ptr_array_new();
	for (gsize i = 0; i < found->n; i++)
		g_ptr_array_add(records, found->hits[i].record);
	answer(r, out, (record *const *)records->pdata, records->len, k->plural, FALSE);
	if (out->status == 200)
		query_link_pages(r, out, &q, found->total);
}

void iati_one(const request *r, response *out, const kind *k, const char *id)
{
	g_autoptr(record) rec = query_record(r, out, k, id);
	if (rec && rec->state == RECORD_WITHDRAWN)
		query_no_record(r, out);
	else if (rec)
		answer(r, out, &rec, 1, rec->id, TRUE);
}
