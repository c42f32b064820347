/* /targets and /targets/ID: what countries set out to do for land degradation neutrality. */
#include <string.h>

#include "web/pages/families.h"
#include "web/pages/pledge.h"

static const char *const facets[] = {"!country", "!response", "target_year", NULL};
static const char *const sorts[] = {"title", N_("By title"), "-area", N_("Largest area first"), "target_year", N_("Earliest deadline first"), NULL};

static void target_row(mustache_list *rows, const request *r, const store_hit *hit)
{
	const language *l = request_language(r);
	const record *rec = hit->record;
	const json_t *area = json_object_get(rec->body, "area"), *share = json_object_get(rec->body, "share");
	const list_row row = list_row_add(rows, r, hit, view_own(r, view_values(r, rec, "country")));
	g_autofree char *year = view_values(r, rec, "target_year");
	const char *label = year ? view_own(r, view_message(language_text(l, "by {year}"), "year", year, NULL)) : language_text(l, "no year stated");
	if (json_is_number(area))
		list_row_fact(row, (list_fact){ view_number(r, json_number_value(area)), "ha", label });
	else if (json_is_number(share))
		list_row_fact(row, (list_fact){ view_own(r, language_number(l, json_number_value(share), 2)), "%", label });
	list_row_tag(row, view_own(r, view_values(r, rec, "response")));
}

static const list_shape shape = {
	.kind = "target", .address = "/targets", .title = N_("Land degradation neutrality targets"),
	.sentence = N_("What countries set themselves under the UN Convention to Combat Desertification, as far as public sources tell."),
	.placeholder = N_("Words in any target: rangeland, mining, forest …"), .one = N_("{n} target"), .many = N_("{n} targets"),
	.empty = N_("There is no target yet."), .facets = facets, .sorts = sorts, .row = target_row, .figures = EXPLAINS(FIGURE_STATED),
};

void page_targets(const request *r, response *out)
{
	list_answer(r, out, &shape, NULL);
}

/* Tests every claim on the target: a row of answers for each pledge. FALSE with an error of the store. */
static gboolean add_tests(json_t *section, const request *r, const record *target, const board *b, const store_result *claims, GError **error)
{
	const language *l = request_language(r);
	static const char *const answers[] = {[ALIGNED_NO] = N_("✕ no"), [ALIGNED_UNKNOWN] = N_("? not known"), [ALIGNED_YES] = N_("✓ yes")};
	json_t *table = view_table(language_text(l, "Alignment is a test, not a tag: it counts only if every answer is yes"));
	view_table_column(table, language_text(l, "Pledge"), FALSE);
	for (int i = 0; i < ALIGNMENT_QUESTIONS; i++)
		view_table_column(table, language_text(l, alignment_words[i].asks), FALSE);
	for (gsize k = 0; k < claims->n; k++) {
		const record *pledge = claims->hits[k].record;
		g_auto(board_case) known = {0};
		alignment_finding findings[ALIGNMENT_QUESTIONS];
		if (!board_case_read(request_reader(r), b, pledge, request_as_of(r), &known, error)) {
			json_decref(table);
			return FALSE;
		}
		pledge_alignment(r, &known, target, findings);
		g_autofree char *href = view_record_address(r, pledge->kind, pledge->id);
		view_cell cells[ALIGNMENT_QUESTIONS + 1] = {{.text = record_title(pledge), .href = href, .note = language_text(l, alignment_verdict_words[alignment_verdict(findings)]), .head = TRUE}};
		for (int i = 0; i < ALIGNMENT_QUESTIONS; i++)
			cells[i + 1] = (view_cell){.text = language_text(l, answers[findings[i].answer])};
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	json_object_set_new(section, "table", table);
	return TRUE;
}

/* Pledges that say they count towards the target, and those that name its country: claims, not sums. */
static gboolean add_pledges(json_t *view, const request *r, const record *rec, GError **error)
{
	const language *l = request_language(r);
	const char *const country[] = {json_string_value(json_object_get(rec->body, "country")), NULL}, *const id[] = {rec->id, NULL};
	store_filter claims = {.path = "alignment.target", .values = id}, here = {.path = "countries", .values = country};
	const struct {
		const char *section, *title, *none;
		const store_filter *filter;
	} lists[] = {
		{"claims", language_text(l, "Pledges that say they count towards it"), language_text(l, "None known here."), &claims},
		{"here", language_text(l, "Pledges that name the country"), NULL, &here},
	};
	g_autoptr(board) b = pledge_board(r, error);
	if (!b)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
		store_query q = {.kind = "pledge", .filters = lists[i].filter, .n_filters = 1, .sort = "title", .limit = 20, .bodies = TRUE, .as_of = request_as_of(r)};
		g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
		if (!found)
			return FALSE;
		if (!found->n && !lists[i].none)
			continue;
		json_t *section = sheet_section(view, lists[i].section, lists[i].title);
		mustache_list *rows = list_rows(r);
		for (gsize k = 0; k < found->n; k++)
			pledge_row(rows, r, &found->hits[k], b);
		if (found->n && i == 0 && !add_tests(section, r, rec, b, found, error))
			return FALSE;
		if (found->n)
			sheet_rows(section, r, rows, PLEDGE_ROW_FIGURES);
		else
			view_put(section, "note", lists[i].none);
	}
	return TRUE;
}

void page_target(const request *r, response *out)
{
	const language *l = request_language(r);
	static const char *const facts[] = {"country", "response", "+area", "share", "+baseline_year", "+target_year", "biomes", NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = sheet_find(r, out, "target");
	if (!rec)
		return;
	json_t *view = sheet_new(r, rec, "/targets", language_text(l, "LDN targets"), facts, &error);
	gboolean done = view != NULL;
	if (done) {
		view_put(view, "active", "/countries");
		view_take(view, "kicker", view_values(r, rec, "country"));
		view_put(view, "standfirst", record_summary(rec));
		if (json_object_get(rec->body, "area") || json_object_get(rec->body, "share"))
			json_object_set_new(view, "head_explain", view_explain_stated(r, rec, rec->body, language_text(l, "As stated")));
		sheet_prose(view, r, rec, "measures");
		sheet_prose(view, r, rec, "mining_relevance");
		done = add_pledges(view, r, rec, &error);
	}
	if (done)
		response_page(out, r, 200, "sheet", view);
	else {
		json_decref(view);
		response_error(out, r, error);
	}
}
