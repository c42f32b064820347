#include "record/collected.h"

#include <string.h>

#include "base/slug.h"
#include "record/collected_words.h"
#include "record/message.h"
#include "record/validate.h"
#include "record/vocabulary.h"

typedef struct conversion {
	const char *id;     /* of the item */
	const json_t *item;
	json_t *records;    /* the result */
	GHashTable *named;  /* "kind/id" of records already in it */
} conversion;

/* One member of a collected item: how it goes into the body. Members without a row are copied under their own name. */
typedef struct row {
	const char *from, *to;
	void (*convert)(conversion *c, const struct row *r, const json_t *value, json_t *body);
} row;

typedef struct form {
	const char *kind;
	const row *rows; /* ended by one without a name */
	void (*finish)(conversion *c, json_t *body); /* may be NULL */
} form;

static void record_add(conversion *c, const char *kind_name, const char *id, json_t *body, gboolean if_absent)
{
	json_t *clean = body_normalise(kind_by_name(kind_name), body);
	json_decref(body);
	json_t *entry = json_pack("{s:s, s:s, s:o}", "kind", kind_name, "id", id, "body", clean);
	if (if_absent)
		json_object_set_new(entry, "if_absent", json_true());
	json_array_append_new(c->records, entry);
}

/* A shipped record that the item names, and before it the one it is part of. */
static void shipped_add(conversion *c, const char *kind_name, const char *id, int depth)
{
	const json_t *body = words_shipped(kind_name, id);
	if (!body || depth > 8 || !g_hash_table_add(c->named, g_strconcat(kind_name, "/", id, NULL)))
		return;
	const char *parent = json_string_value(json_object_get(body, "parent"));
	if (parent)
		shipped_add(c, kind_name, parent, depth + 1);
	record_add(c, kind_name, id, json_deep_copy(body), TRUE);
}

/* An organisation that no list knows becomes a record of its own; what its part in the item tells is all that is known of it. */
static char *organisation_invent(conversion *c, const char *name, const char *role)
{
	static const struct {
		const char *role, *kind;
	} kinds_of_roles[] = { { "operator", "mining-company" }, { "pledger", "mining-company" }, { "government", "government" }, { "research", "research" }, { "community", "community" }, { "provider", "finance" } };
	const char *organisation_kind = "other";
	for (gsize i = 0; role && i < G_N_ELEMENTS(kinds_of_roles); i++)
		if (strcmp(role, kinds_of_roles[i].role) == 0)
			organisation_kind = kinds_of_roles[i].kind;
	char *id = slug_from_text(name);
	if (g_hash_table_add(c->named, g_strconcat("organisation/", id, NULL)))
		record_add(c, "organisation", id, json_pack("{s:s, s:s}", "name", name, "kind", organisation_kind), TRUE);
	return id;
}

/* Ids of the organisations a phrase names; their records go before the item's. New reference. */
static json_t *organisations_named(conversion *c, const char *phrase, const char *role)
{
	json_t *ids = json_array();
	const json_t *known = words_organisations(c->id, phrase), *entry;
	const char *shipped = known ? NULL : words_shipped_id("organisation", phrase);
	gsize i;
	json_array_foreach(known, i, entry) {
		shipped_add(c, "organisation", json_string_value(entry), 0);
		json_array_append(ids, (json_t *)entry);
	}
	if (shipped) {
		shipped_add(c, "organisation", shipped, 0);
		json_array_append_new(ids, json_string(shipped));
	} else if (!known && *phrase) {
		g_autofree char *id = organisation_invent(c, phrase, role);
		json_array_append_new(ids, json_string(id));
	}
	return ids;
}

static void copy(conversion *c, const row *r, const json_t *value, json_t *body)
{
	(void)c;
	json_object_set(body, r->to, (json_t *)value);
}

/* Mentions of an organisation are the other side of the references to it; reported progress becomes records of its own. */
static void skip(conversion *c, const row *r, const json_t *value, json_t *body)
{
	(void)c, (void)r, (void)value, (void)body;
}

/* Terms whose raw words stand beside them where they say something else: r->to is the field and vocabulary. */
static void terms_as_stated(conversion *c, const row *r, const json_t *value, json_t *body)
{
	(void)c;
	const json_t *raw;
	gboolean differs = FALSE;
	gsize i;
	json_array_foreach(value, i, raw) {
		const term *t = json_is_string(raw) ? vocabulary_match(vocabulary_get(r->to), json_string_value(raw)) : NULL;
		differs = differs || !t || (g_ascii_strcasecmp(t->label, json_string_value(raw)) != 0 && strcmp(t->id, json_string_value(raw)) != 0);
	}
	json_t *ids = json_array(); /* two words can mean the same term */
	json_array_foreach(value, i, raw) {
		const term *t = json_is_string(raw) ? vocabulary_match(vocabulary_get(r->to), json_string_value(raw)) : NULL;
		json_t *id = t ? json_string(t->id) : json_incref((json_t *)raw);
		gboolean there = FALSE;
		for (gsize j = 0; j < json_array_size(ids) && !there; j++)
			there = json_equal(json_array_get(ids, j), id);
		if (!there)
			json_array_append(ids, id);
		json_decref(id);
	}
	json_object_set_new(body, r->to, ids);
	if (differs) {
		g_autofree char *beside = g_strconcat(r->to, "_as_stated", NULL);
		json_object_set(body, beside, (json_t *)value);
	}
}

static void biome(conversion *c, const row *r, const json_t *value, json_t *body)
{
	(void)c, (void)r;
	const char *raw = json_string_value(value), *id = raw ? words_term("biomes", raw) : NULL;
	if (id)
		json_object_set_new(body, "biome", json_string(id));
	json_object_set(body, "biome_as_stated", (json_t *)value);
}

static void uses(conversion *c, const row *r, const json_t *value, json_t *body)
{
	(void)c;
	json_t *list = json_array(), *raw;
	gsize i;
	json_array_foreach((json_t *)value, i, raw) {
		const char *id = json_is_string(raw) ? words_term("post-mining-uses", json_string_value(raw)) : NULL;
		json_array_append_new(list, json_pack("{s:o?, s:O}", "use", id ? json_string(id) : json_incref(raw), "as_stated", raw));
	}
	json_object_set_new(body, r->to, list);
}

static void organisations_with_roles(conversion *c, const row *r, const json_t *value, json_t *body)
{
	json_t *list = json_array(), *entry, *id;
	gsize i, j;
	json_array_foreach((json_t *)value, i, entry) {
		const json_t *name = json_is_string(entry) ? entry : json_object_get(entry, "name");
		const json_t *role = json_object_get(entry, "role");
		json_auto_t *ids = json_is_string(name) ? organisations_named(c, json_string_value(name), json_string_value(role)) : json_array();
		json_array_foreach(ids, j, id)
		    json_array_append_new(list, json_pack("{s:O, s:O*, s:O*}", "organisation", id, "as_stated", name, "role", role));
		if (!json_array_size(ids))
			json_array_append(list, entry);
	}
	json_object_set_new(body, r->to, list);
}

/* Organisations without roles: ids in r->to, the phrase beside them. */
static void organisations_alone(conversion *c, const row *r, const json_t *value, json_t *body)
{
	gboolean pledge = strcmp(r->to, "organisations") == 0;
	if (json_is_string(value)) {
		json_object_set_new(body, r->to, organisations_named(c, json_string_value(value), pledge ? "pledger" : "provider"));
		json_object_set(body, pledge ? "organisation_as_stated" : "provider_as_stated", (json_t *)value);
	} else
		json_object_set(body, r->to, (json_t *)value);
}

static void practices(conversion *c, const row *r, const json_t *value, json_t *body)
{
	const json_t *tags = words_case_practices(c->id), *id;
	json_t *list = json_deep_copy(value), *entry;
	gsize i, j;
	json_array_foreach(list, i, entry) {
		const char *name = json_string_value(json_object_get(entry, "name")), *known = name ? words_shipped_id("practice", name) : NULL;
		const json_t *ids = json_array_size(tags) == json_array_size(list) ? json_array_get(tags, i) : NULL;
		if (!json_is_object(entry))
			continue;
		if (ids)
			json_object_set(entry, "practice", (json_t *)ids);
		else if (known)
			json_object_set_new(entry, "practice", json_pack("[s]", known));
		json_array_foreach(json_object_get(entry, "practice"), j, id)
		    shipped_add(c, "practice", json_string_value(id), 0);
	}
	json_object_set_new(body, r->to, list);
}

/* Standard unit where there is one; the words of the source where they say more. */
static void unit_split(json_t *figure)
{
	json_t *raw = json_object_get(figure, "unit");
	const char *text = json_string_value(raw), *id = text ? words_term("units", text) : NULL;
	if (!text || (id && strcmp(id, text) == 0))
		return;
	json_object_set(figure, "unit_as_stated", raw);
	if (id)
		json_object_set_new(figure, "unit", json_string(id));
	else
		json_object_del(figure, "unit");
}

/* Figures with units; a member called "indicator" gets its standard term. */
static void figures(conversion *c, const row *r, const json_t *value, json_t *body)
{
	(void)c;
	json_t *list = json_deep_copy(value), *figure;
	gsize i;
	json_array_foreach(list, i, figure) {
		json_t *raw = json_object_get(figure, "indicator");
		unit_split(figure);
		if (json_is_string(raw)) {
			const char *id = words_term("indicators", json_string_value(raw));
			json_object_set(figure, "as_stated", raw);
			if (id)
				json_object_set_new(figure, "indicator", json_string(id));
			else
				json_object_del(figure, "indicator");
		}
	}
	json_object_set_new(body, r->to, list);
}

/* A pledge's targets: what the statement says beyond the collected members was read by hand, or follows from a target year. */
static void targets(conversion *c, const row *r, const json_t *value, json_t *body)
{
	const json_t *details = json_object_get(words_pledge_details(c->id), "targets");
	json_t *list = json_deep_copy(value), *target;
	gsize i;
	json_array_foreach(list, i, target) {
		unit_split(target);
		if (json_array_size(details) == json_array_size(list))
			json_object_update_missing(target, json_array_get(details, i));
		else if (json_is_number(json_object_get(target, "target_year")) && !json_object_get(target, "deadline"))
			json_object_set_new(target, "deadline", json_string("calendar"));
	}
	json_object_set_new(body, r->to, list);
}

static void alignment(conversion *c, const row *r, const json_t *value, json_t *body)
{
	(void)c;
	json_t *list = json_array(), *raw;
	gsize i;
	json_array_foreach((json_t *)value, i, raw) {
		const char *id = json_is_string(raw) ? words_term("frameworks", json_string_value(raw)) : NULL;
		json_array_append_new(list, json_pack("{s:s*, s:O}", "framework", id, "as_stated", raw));
	}
	json_object_set_new(body, r->to, list);
}

static void geography(conversion *c, const row *r, const json_t *value, json_t *body)
{
	(void)c, (void)r;
	json_t *countries = json_array(), *raw;
	gsize i;
	json_array_foreach((json_t *)value, i, raw) {
		if (g_strcmp0(json_string_value(raw), "global") == 0)
			json_object_set_new(body, "worldwide", json_true());
		else
			json_array_append(countries, raw);
	}
	json_object_set_new(body, "countries", countries);
}

static void conveners(conversion *c, const row *r, const json_t *value, json_t *body)
{
	json_t *list = json_array(), *name;
	gsize i;
	json_array_foreach((json_t *)value, i, name) {
		const json_t *ids = json_is_string(name) ? words_organisations(c->id, json_string_value(name)) : NULL;
		const char *id = json_string_value(json_array_get(ids, 0));
		if (id)
			shipped_add(c, "organisation", id, 0);
		json_array_append_new(list, json_pack("{s:s*, s:O}", "organisation", id, "as_stated", name));
	}
	json_object_set_new(body, r->to, list);
}

static void organisation_finish(conversion *c, json_t *body)
{
	const char *parent = json_string_value(json_object_get(body, "parent"));
	if (g_str_has_prefix(c->id, "group-"))
		json_object_set_new(body, "group", json_true());
	if (parent)
		shipped_add(c, "organisation", parent, 0);
}

/* The pledge's own sources that a report's figures name. New reference. */
static json_t *sources_used(const json_t *sources, const json_t *report)
{
	json_t *used = json_array(), *source, *figure;
	gsize i, j;
	json_array_foreach((json_t *)sources, i, source) {
		gboolean named = FALSE;
		json_array_foreach(json_object_get(report, "figures"), j, figure)
		    named = named || json_equal(json_object_get(figure, "source"), json_object_get(source, "n"));
		if (named)
			json_array_append(used, source);
	}
	return used;
}

/* The report of a pledge for a year, made when its first figure comes. Borrowed from reports. */
static json_t *report_of_year(conversion *c, json_t *reports, const json_t *body, json_t *year)
{
	json_t *report;
	gsize i;
	json_array_foreach(reports, i, report)
	    if (json_equal(json_object_get(report, "year"), year)) return report;
	g_autofree char *title = json_is_integer(year)
	    ? g_strdup_printf("%s: reported for %" JSON_INTEGER_FORMAT, json_string_value(json_object_get(body, "title")), json_integer_value(year))
	    : g_strdup_printf("%s: reported", json_string_value(json_object_get(body, "title")));
	report = json_pack("{s:s, s:s, s:O*, s:[]}", "title", title, "pledge", c->id, "year", year, "figures");
	json_array_append_new(reports, report);
	return report;
}

/* Progress reports, one for each year that a figure was reported for. They follow their pledge. */
static void pledge_progress(conversion *c, const json_t *body)
{
	const json_t *reported = json_object_get(c->item, "reported_progress"), *details = json_object_get(words_pledge_details(c->id), "reported"), *raw;
	json_auto_t *reports = json_array();
	json_t *report;
	gsize i;
	json_array_foreach(reported, i, raw) {
		json_t *figure = json_deep_copy(raw);
		unit_split(figure);
		if (json_object_get(figure, "metric"))
			json_object_set(figure, "what", json_object_get(figure, "metric"));
		json_object_del(figure, "metric");
		json_object_del(figure, "year");
		if (json_array_size(details) == json_array_size(reported) && json_is_object(json_array_get(details, i)))
			json_object_update_missing(figure, json_array_get(details, i));
		json_array_append_new(json_object_get(report_of_year(c, reports, body, json_object_get(raw, "year")), "figures"), figure);
	}
	json_array_foreach(reports, i, report) {
		const json_t *year = json_object_get(report, "year");
		g_autofree char *id = json_is_integer(year) ? g_strdup_printf("%.100s-%" JSON_INTEGER_FORMAT, c->id, json_integer_value(year)) : g_strdup_printf("%.100s-report", c->id);
		json_object_set_new(report, "sources", sources_used(json_object_get(c->item, "sources"), report));
		record_add(c, "progress", id, json_incref(report), FALSE);
	}
}

static void pledge_finish(conversion *c, json_t *body)
{
	json_t *reason = json_object_get(words_pledge_details(c->id), "withdrawal_reason");
	if (reason)
		json_object_set(body, "withdrawal_reason", reason);
}

static const row case_rows[] = {
	{ "lat", "latitude", copy }, { "lon", "longitude", copy }, { "organisations", "organisations", organisations_with_roles }, { "commodities", "commodities", terms_as_stated },
	{ "biome", "biome", biome }, { "practices", "practices", practices }, { "results", "results", figures }, { "post_mining_land_uses", "post_mining_land_uses", uses }, { NULL, NULL, NULL },
};
static const row pledge_rows[] = {
	{ "organisation", "organisations", organisations_alone }, { "scope_countries", "countries", copy }, { "targets", "targets", targets },
	{ "reported_progress", "reported_progress", skip }, { "alignment", "alignment", alignment }, { NULL, NULL, NULL },
};
static const row target_rows[] = { { "area_ha", "area", copy }, { "share_pct", "share", copy }, { NULL, NULL, NULL } };
static const row policy_rows[] = { { "figures", "figures", figures }, { NULL, NULL, NULL } };
static const row finance_rows[] = { { "provider", "providers", organisations_alone }, { "geography", "countries", geography }, { NULL, NULL, NULL } };
static const row practice_rows[] = { { NULL, NULL, NULL } };
static const row organisation_rows[] = { { "mentions", "mentions", skip }, { NULL, NULL, NULL } };
static const row forum_rows[] = { { "conveners", "conveners", conveners }, { NULL, NULL, NULL } };

static const form forms[] = {
	{ "case", case_rows, NULL }, { "pledge", pledge_rows, pledge_finish }, { "target", target_rows, NULL }, { "policy", policy_rows, NULL }, { "finance", finance_rows, NULL },
	{ "practice", practice_rows, NULL }, { "organisation", organisation_rows, organisation_finish }, { "forum", forum_rows, NULL },
};

static const form *form_of_kind(const char *kind_name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
		if (strcmp(forms[i].kind, kind_name) == 0)
			return &forms[i];
	return NULL;
}

gboolean collected_is(const char *kind_name, const json_t *item)
{
	return form_of_kind(kind_name) && json_is_object(item) && json_is_string(json_object_get(item, "id")) && !json_is_object(json_object_get(item, "body"));
}

static void member_convert(conversion *c, const form *f, const char *name, const json_t *value, json_t *body)
{
	const row plain = { name, name, copy };
	for (const row *r = f->rows; r->from; r++)
		if (strcmp(r->from, name) == 0) {
			/* What is not of the form a row expects goes through as it is, for validation to name. */
			gboolean single = r->convert == copy || r->convert == biome || r->convert == organisations_alone;
			gboolean fits = single || json_is_array(value) || (r->convert == skip && json_is_object(value) && strcmp(f->kind, "organisation") == 0);
			if (fits)
				r->convert(c, r, value, body);
			else
				json_object_set(body, r->to, (json_t *)value);
			return;
		}
	copy(c, &plain, value, body);
}

static void item_convert(conversion *c, const form *f)
{
	json_t *body = json_object(), *value;
	const char *name;
	json_object_foreach((json_t *)c->item, name, value)
		if (strcmp(name, "id") != 0 && !json_is_null(value))
			member_convert(c, f, name, value, body);
	if (f->finish)
		f->finish(c, body);
	record_add(c, f->kind, c->id, json_incref(body), FALSE);
	if (json_is_array(json_object_get(c->item, "reported_progress")) && strcmp(f->kind, "pledge") == 0)
		pledge_progress(c, body);
	json_decref(body);
}

json_t *collected_convert(const char *kind_name, const json_t *items, GPtrArray *faults)
{
	const form *f = form_of_kind(kind_name);
	json_t *records = json_array();
	if (!f) {
		g_autofree char *message = g_strdup_printf(_("\"%s\" has no collected form"), kind_name);
		fault_add(faults, "", message, _("Use case, pledge, target, policy, finance, practice, organisation or forum."));
		return records;
	}
	g_autoptr(GHashTable) named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	json_auto_t *list = json_is_array(items) ? json_incref((json_t *)items) : json_pack("[O]", items);
	const json_t *item;
	gsize i;
	json_array_foreach(list, i, item) {
		const char *id = json_string_value(json_object_get(item, "id"));
		g_autofree char *at = g_strdup_printf("/%" G_GSIZE_FORMAT, i);
		if (!json_is_object(item))
			fault_add(faults, at, _("the entry is not an object"), _("Give one object for each record, as SCHEMA.md of the collected form describes."));
		else if (!id || !slug_is_valid(id)) {
			g_autofree char *pointer = g_strconcat(at, "/id", NULL);
			fault_add(faults, pointer, id ? _("the id is not a slug") : _("the id is missing"), _("Give an id of lower-case letters, digits and single hyphens."));
		} else {
			conversion c = { .id = id, .item = item, .records = records, .named = named };
			item_convert(&c, f);
		}
	}
	return records;
}
