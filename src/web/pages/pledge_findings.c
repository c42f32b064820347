/* What others found on a pledge, with the replies to it; and the test of the alignment it claims. */
#include <string.h>

#include "rules/alignment.h"
#include "web/pages/pledge.h"

static const char *member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* ---- findings and replies ---- */

static json_t *side(const char *name, const char *said, const char *silence)
{
	return json_pack("{s:s, s:o, s:s}", "name", name, "said", said ? view_prose(said) : json_null(), "silence", silence);
}

static char *finding_head(const request *r, const record *review)
{
	const language *l = request_language(r);
	g_autofree char *severity = view_values(r, review, "severity"), *role = view_values(r, review, "role"), *who = view_values(r, review, "reviewer");
	g_autofree char *date = view_values(r, review, "made_on"), *evidence = view_values(r, review, "evidence"), *state = view_values(r, review, "state");
	g_autofree char *head = view_message(language_text(l, "{title} ({severity}, {state}). {role}: {who}, {date}"), "title", record_title(review), "severity", severity,
		"state", state, "role", role, "who", who, "date", date, NULL);
	return evidence ? view_message(language_text(l, "{finding}; evidence: {kind}"), "finding", head, "kind", evidence, NULL) : g_steal_pointer(&head);
}

static json_t *finding_pair(const request *r, const record *review)
{
	const language *l = request_language(r);
	g_autofree char *head = finding_head(r, review);
	json_t *sides = json_array();
	json_array_append_new(sides, side(head, member(review->body, "finding"), ""));
	const json_t *reply, *replies = json_object_get(review->body, "replies");
	gsize i;
	json_array_foreach(replies, i, reply) {
		g_autofree char *who = view_record_title(r, "organisation", member(reply, "organisation")), *date = language_date(l, member(reply, "made_on"));
		g_autofree char *name = view_message(language_text(l, "Reply of {who}, {date}"), "who", who, "date", date, NULL);
		json_array_append_new(sides, side(name, member(reply, "text"), ""));
	}
	if (!json_array_size(replies))
		json_array_append_new(sides, side(language_text(l, "Reply"), NULL,
			language_text(l, "No reply yet. The organisation has the right to one, dated, in this place.")));
	return json_pack("{s:o}", "sides", sides);
}

/* Criticism and reply that the pledge's own record holds. */
static json_t *own_pair(const request *r, const record *rec)
{
	const language *l = request_language(r);
	g_autofree char *replied = view_values(r, rec, "replied_on");
	g_autofree char *answers = replied ? view_message(language_text(l, "What the organisation answers, {date}"), "date", replied, NULL)
		: g_strdup(language_text(l, "What the organisation answers"));
	return json_pack("{s:[o, o]}", "sides", side(language_text(l, "What is open or disputed"), member(rec->body, "criticism"), language_text(l, "No criticism is known here.")),
		side(answers, member(rec->body, "reply"), language_text(l, "No reply yet. The organisation has the right to one, dated, in this place.")));
}

void pledge_sections_findings(json_t *view, const request *r, const record *rec, const board_case *known)
{
	const language *l = request_language(r);
	json_t *section = sheet_section(view, "findings", language_text(l, "Findings, criticism and replies")), *pairs = json_array();
	guint open = 0;
	for (guint i = 0; i < known->reviews->len; i++) {
		const record *review = g_ptr_array_index(known->reviews, i);
		open += !json_array_size(json_object_get(review->body, "replies"));
		json_array_append_new(pairs, finding_pair(r, review));
	}
	g_autofree char *n = g_strdup_printf("%u", known->reviews->len), *unanswered = g_strdup_printf("%u", open);
	view_take(section, "note", !known->reviews->len ? g_strdup(language_text(l, "No reviewer, focal point or accredited observer has filed a finding."))
		: view_message(language_text(l, "{n} filed; {open} without a reply. Nothing is deleted, only answered."), "n", n, "open", unanswered, NULL));
	json_array_append_new(pairs, own_pair(r, rec));
	json_object_set_new(section, "pair", pairs);
}

/* ---- alignment ---- */

/* Findings on the pledge itself, with the country each reviewer speaks for. */
typedef struct spoken {
	json_t **bodies;
	const char **ids, **countries;
	GPtrArray *records;
	gsize n;
} spoken;

static void spoken_read(spoken *s, const request *r, const board_case *known)
{
	guint all = known->reviews->len;
	*s = (spoken){g_new0(json_t *, all + 1), g_new0(const char *, all + 1), g_new0(const char *, all + 1), g_ptr_array_new_with_free_func((GDestroyNotify)record_free), 0};
	for (guint i = 0; i < all; i++) {
		const record *review = g_ptr_array_index(known->reviews, i);
		if (!json_object_get(review->body, "pledge"))
			continue;
		record *who = store_get(request_reader(r), "organisation", member(review->body, "reviewer"), request_as_of(r), NULL);
		s->bodies[s->n] = review->body;
		s->ids[s->n] = review->id;
		s->countries[s->n++] = who ? member(who->body, "country") : NULL;
		if (who)
			g_ptr_array_add(s->records, who);
	}
}

static void spoken_clear(spoken *s)
{
	g_free(s->bodies);
	g_free(s->ids);
	g_free(s->countries);
	g_ptr_array_unref(s->records);
}

static json_t *test_list(const request *r, const alignment_finding findings[static ALIGNMENT_QUESTIONS])
{
	const language *l = request_language(r);
	static const struct { const char *state, *glyph, *word; } answers[] = {
		[ALIGNED_NO] = {"missing", "✕", N_("no")}, [ALIGNED_UNKNOWN] = {"partly", "?", N_("not known")}, [ALIGNED_YES] = {"present", "✓", N_("yes")},
	};
	json_t *items = json_array();
	for (int i = 0; i < ALIGNMENT_QUESTIONS; i++)
		json_array_append_new(items, json_pack("{s:s, s:s, s:s, s:s, s:s}", "state", answers[findings[i].answer].state, "glyph", answers[findings[i].answer].glyph, "name",
			language_text(l, alignment_words[i].asks), "word", language_text(l, answers[findings[i].answer].word), "sentence", language_text(l, findings[i].reason)));
	return json_pack("{s:o}", "items", items);
}

const char *const alignment_verdict_words[] = {
	[ALIGNED_NO] = N_("It does not count: at least one answer is no."),
	[ALIGNED_UNKNOWN] = N_("Not known: at least one question is open."),
	[ALIGNED_YES] = N_("It counts: every question is answered with yes."),
};

void pledge_alignment(const request *r, const board_case *known, const record *target, alignment_finding findings[static ALIGNMENT_QUESTIONS])
{
	char today[11];
	spoken s;
	board_today(request_as_of(r), today);
	spoken_read(&s, r, known);
	const alignment_facts facts = {.pledge = known->facts.pledge, .target = target ? target->body : NULL, .sites = known->facts.sites, .n_sites = known->facts.n_sites,
		.land = &known->land, .also_claimed = board_case_also_claimed(known), .reviews = s.bodies, .review_ids = s.ids, .review_countries = s.countries, .n_reviews = s.n};
	alignment_test(&facts, today, findings);
	for (int i = 0; i < ALIGNMENT_QUESTIONS; i++)
		findings[i].review = g_intern_string(findings[i].review);
	spoken_clear(&s);
}

static void add_test(json_t *view, const request *r, const board_case *known, const char *target_id, gsize number)
{
	const language *l = request_language(r);
	g_autoptr(record) target = store_get(request_reader(r), "target", target_id, request_as_of(r), NULL);
	alignment_finding findings[ALIGNMENT_QUESTIONS];
	pledge_alignment(r, known, target, findings);
	g_autofree char *id = g_strdup_printf("alignment-%" G_GSIZE_FORMAT, number), *title = target ? g_strdup(record_title(target)) : g_strdup(target_id);
	g_autofree char *head = view_message(language_text(l, "Does it count towards “{target}”?"), "target", title, NULL);
	json_t *section = sheet_section(view, id, head);
	view_take(section, "note", view_message(language_text(l, "Alignment is a test, not a tag. {verdict}"), "verdict",
		language_text(l, alignment_verdict_words[alignment_verdict(findings)]), NULL));
	json_object_set_new(section, "checklist", test_list(r, findings));
	if (!target)
		return;
	json_t *more = json_object();
	view_take(more, "href", view_record_address(r, target->kind, target->id));
	view_put(more, "label", language_text(l, "The target"));
	json_object_set_new(section, "more", more);
}

void pledge_sections_alignment(json_t *view, const request *r, const record *rec, const board_case *known)
{
	const language *l = request_language(r);
	const json_t *entries = json_object_get(rec->body, "alignment"), *entry;
	gsize i, tested = 0;
	if (!json_array_size(entries))
		return;
	json_t *section = sheet_section(view, "alignment", language_text(l, "Alignment it claims"));
	json_t *table = view_table(language_text(l, "What the pledge says it aligns with"));
	static const char *const columns[] = {N_("Framework"), N_("In its own words"), N_("Tested")};
	for (i = 0; i < G_N_ELEMENTS(columns); i++)
		view_table_column(table, language_text(l, columns[i]), FALSE);
	json_array_foreach(entries, i, entry) {
		const field *f = kind_field(rec->kind, "alignment.framework");
		const char *target = member(entry, "target"), *stated = member(entry, "as_stated");
		g_autofree char *framework = json_object_get(entry, "framework") ? view_value(r, f, json_object_get(entry, "framework")) : NULL;
		g_autofree char *target_title = target ? view_record_title(r, "target", target) : NULL;
		g_autofree char *href = target ? g_strdup_printf("#alignment-%" G_GSIZE_FORMAT, tested + 1) : NULL;
		const view_cell cells[] = {
			{.text = target_title ? target_title : framework ? framework : stated, .head = TRUE}, {.text = stated ? stated : "–"},
			{.text = target ? language_text(l, "tested below") : language_text(l, "names no LDN target it could be held against"), .href = href},
		};
		view_table_row(table, cells, G_N_ELEMENTS(cells));
		if (target)
			add_test(view, r, known, target, ++tested);
	}
	view_put(section, "note", tested ? NULL : language_text(l, "These are claims. A claim can be tested where it names a country’s LDN target: same type of land, inside the "
		"target’s area and period, counted once, beyond legal duty, confirmed by the focal point."));
	json_object_set_new(section, "table", table);
}
