/* /pledges and /pledges/ID: who promised what, how it goes, and why we say so. */
#include <string.h>

#include "web/data.h"
#include "web/pages/cover.h"
#include "web/pages/families.h"
#include "web/pages/land.h"
#include "web/pages/pages.h"
#include "web/pages/pledge.h"
#include "web/pages/shown.h"

static const char *const facets[] = {"!targets.metric", "!organisations", "countries", "targets.land", "targets.duty", "targets.target_year",
	"targets.deadline", "alignment.framework", "headquarters", NULL};
static const char *const sorts[] = {"-made_on", N_("Newest promise first"), "made_on", N_("Oldest promise first"), "title", N_("By title"), NULL};

static const list_shape shape = {
	.kind = "pledge", .address = "/pledges", .title = N_("Pledges"), .sentence = N_("Public promises of mining companies about land, as they were made."),
	.placeholder = N_("Words in any pledge: forest, tailings, Mongolia …"), .one = N_("{n} pledge"), .many = N_("{n} pledges"),
	.empty = N_("There is no pledge yet."), .facets = facets, .sorts = sorts, .figures = PLEDGE_ROW_FIGURES,
};

/* ---- the list ---- */

/* PLEDGE_STATES: any. FALSE: the answer is given, a 400. */
static gboolean state_asked(const request *r, response *out, pledge_state *state)
{
	const char *known[PLEDGE_STATES + 1] = {NULL}, *asked;
	for (int i = 0; i < PLEDGE_STATES; i++)
		known[i] = pledge_state_words[i].id;
	if (!query_choice(r, out, "status", known, &asked))
		return FALSE;
	for (*state = 0; *state < PLEDGE_STATES && g_strcmp0(asked, known[*state]) != 0; (*state)++)
		;
	return TRUE;
}

/* Hits of the query whose status is the one asked for; offset and limit of the query then count these. */
static store_result *search_by_state(const request *r, store_query *q, const board *b, pledge_state asked, guint counts[PLEDGE_STATES], GError **error)
{
	store_query all = *q;
	all.bodies = all.facets = FALSE;
	all.limit = 1000;
	g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func(g_free);
	for (all.offset = 0;; all.offset += all.limit) {
		g_autoptr(store_result) found = store_search(request_reader(r), &all, error);
		if (!found)
			return NULL;
		for (gsize i = 0; i < found->n; i++) {
			const board_pledge *p = board_find(b, found->hits[i].id);
			if (!p)
				continue;
			counts[p->judgement.rule->state]++;
			if (p->judgement.rule->state == asked)
				g_ptr_array_add(wanted, g_strdup(p->id));
		}
		if (all.offset + found->n >= found->total || !found->n)
			break;
	}
	store_result *result = store_search(request_reader(r), q, error);
	if (!result || asked == PLEDGE_STATES)
		return result;
	/* The page shown: those of the wanted that fall on it, each looked up by itself. */
	store_result_free(result);
	result = g_new0(store_result, 1);
	result->total = wanted->len;
	result->hits = g_new0(store_hit, q->limit);
	for (guint i = q->offset; i < wanted->len && result->n < q->limit; i++) {
		record *rec = store_get(request_reader(r), "pledge", g_ptr_array_index(wanted, i), request_as_of(r), error);
		if (!rec)
			continue;
		result->hits[result->n++] = (store_hit){.kind = rec->kind, .id = rec->id, .title = record_title(rec), .summary = record_summary(rec), .record = rec};
	}
	return result;
}

/* The status facet: computed, so the store does not know it. */
static view_facet state_facet(const request *r, const guint counts[PLEDGE_STATES], pledge_state asked)
{
	const language *l = request_language(r);
	mustache_list *values = view_facet_values(r);
	for (int i = 0; i < PLEDGE_STATES; i++) {
		if (!counts[i] && (pledge_state)i != asked)
			continue;
		gboolean active = (pledge_state)i == asked;
		const char *href = view_own(r, request_link_with(r, "status", active ? NULL : pledge_state_words[i].id));
		view_facet_value(values, r, language_text(l, pledge_state_words[i].label), counts[i], href, active);
	}
	return (view_facet){ .name = "status", .label = language_text(l, "Status, computed"), .open = TRUE, .chosen = asked < PLEDGE_STATES, .values = values,
		.answered = language_text(l, "by the rules, for every pledge") };
}

static void add_state_chip(json_t *view, const request *r, pledge_state asked)
{
	const language *l = request_language(r);
	if (asked == PLEDGE_STATES)
		return;
	json_t *chip = json_pack("{s:s}", "label", language_text(l, pledge_state_words[asked].label));
	view_take(chip, "href", request_link_with(r, "status", NULL));
	json_array_append_new(json_object_get(view, "chips"), chip);
	json_object_set_new(view, "chips_shown", json_true());
	json_object_set_new(view, "facets_chosen", json_integer((json_int_t)json_array_size(json_object_get(view, "chips"))));
	view_take(view, "clear_href", view_address(r, "/pledges"));
}

static json_t *list_page(const request *r, const board *b, const store_query *q, const store_result *result, const guint counts[PLEDGE_STATES], pledge_state asked)
{
	const language *l = request_language(r);
	const pledge_sums *world = board_world(b);
	json_t *view = json_object();
	mustache_list *rows = list_rows(r);
	g_autofree char *states = pledge_states_text(r, world), *all = language_number(l, world->pledges, 0);
	view_take(view, "sentence", view_message(language_text(l, "{n} public promises of mining companies about land. Judged by the same rules: {states}."), "n", all,
		"states", states, NULL));
	const view_facet states_facet = state_facet(r, counts, asked);
	list_view(view, r, &shape, q, result, &states_facet);
	add_state_chip(view, r, asked);
	if (!q->text && !q->n_filters && !q->offset && asked == PLEDGE_STATES && world->pledges) {
		json_t *above = json_pack("{s:[]}", "sections");
		json_t *tally = sheet_section(above, "totals", language_text(l, "In hectares, never added to each other"));
		json_object_set_new(tally, "tally", pledge_tally(r, world, land_tally_row(r, &board_land_world(board_land_get(b))->pledged)));
		json_object_set_new(tally, "fold", pledge_totals_folds(r, world));
		json_object_set_new(view, "above", above);
	}
	for (gsize i = 0; i < result->n; i++)
		pledge_row(rows, r, &result->hits[i], b);
	json_object_set_new(view, "rows_shown", json_boolean(result->n));
	json_object_set_new(view, "rows", mustache_list_json(rows));
	return view;
}

void page_pledges(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(board) b = pledge_board(r, &error);
	guint counts[PLEDGE_STATES] = {0};
	pledge_state asked;
	g_auto(query) q = { 0 };
	gboolean page = request_format(r) == FORMAT_HTML; /* data come here when a status is asked for */
	if (!state_asked(r, out, &asked) || !list_query(r, out, &shape, page ? LIST_PAGE : data_per_page(r), page ? LIST_MOST : DATA_PAGE, &q))
		return;
	g_autoptr(store_result) result = b ? search_by_state(r, &q.store, b, asked, counts, &error) : NULL;
	if (!result)
		response_error(out, r, error);
	else if (page)
		response_page(out, r, 200, "list", list_page(r, b, &q.store, result, counts, asked));
	else
		data_found(r, out, kind_by_name("pledge"), &q, result);
}

/* ---- one pledge ---- */

static json_t *pledge_view(const request *r, const record *rec, const board *b, const board_case *known, GError **error)
{
	const language *l = request_language(r);
	static const char *const facts[] = {"organisations", "+countries", "headquarters", "+made_on", "announced_at", "+owner", "forum", "replaces", NULL};
	json_t *view = sheet_new(r, rec, "/pledges", language_text(l, "Pledges"), facts, error);
	if (!view)
		return NULL;
	char today[11];
	board_today(request_as_of(r), today);
	pledge_judgement j;
	pledge_judge(&known->facts, today, &j);
	view_take(view, "kicker", view_values(r, rec, "organisations"));
	json_object_set_new(view, "status", mustache_list_json(pledge_status(r, &j)));
	json_object_set_new(view, "head_explain", pledge_explain_status(r, &j));
	g_autofree char *address = view_record_address(r, rec->kind, rec->id);
	if (known->replaced_by) {
		g_autofree char *title = view_record_title(r, "pledge", known->replaced_by);
		json_t *notice = json_pack("{s:s, s:n}", "title", language_text(l, "A later pledge takes its place"), "urgent");
		view_put(notice, "text", title);
		json_object_set_new(view, "notice", notice);
	}
	pledge_sections_promise(view, r, rec);
	cover_sum covers = {0};
	const shown_land shown = pledge_shown(b, known, &covers);
	pledge_sections_standing(view, r, rec, known, &shown, address);
	pledge_sections_sites(view, r, b, known, address);
	shown_section(view, r, &shown, &covers, language_text(l, "What the land of its sites shows"), address);
	pledge_sections_pictures(view, r, known);
	pledge_sections_account(view, r, known);
	pledge_sections_findings(view, r, rec, known);
	pledge_sections_alignment(view, r, rec, known);
	pledge_sections_rest(view, r, rec, known);
	if (pledge_sections_timeline(view, r, rec, known, error))
		return view;
	json_decref(view);
	return NULL;
}

static void answer_bytes(const request *r, response *out, GBytes *picture, GError *const *error)
{
	if (picture)
		response_bytes(out, "image/svg+xml", picture);
	else
		response_error(out, r, *error);
}

static void answer_chart(const request *r, response *out, const board *b, const board_case *known)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	static const char *const charts[] = {"gap", "burn-up", "map", "balance", "transitions", NULL};
	const char *kind_of, *target = request_query(r, "target");
	if (!query_choice(r, out, "chart", charts, &kind_of))
		return;
	if (g_strcmp0(kind_of, "map") == 0 && pledge_map_places(known)) {
		answer_bytes(r, out, pledge_map(r, known, &error), &error);
		return;
	}
	cover_sum covers = {0};
	const shown_land shown = pledge_shown(b, known, &covers);
	if (g_strcmp0(kind_of, "balance") == 0 && shown_has_balance(&shown)) {
		answer_bytes(r, out, shown_balance(r, &shown, &error), &error);
		return;
	}
	if (g_strcmp0(kind_of, "transitions") == 0 && covers.sites) {
		answer_bytes(r, out, cover_chart(r, &covers, NULL, &error), &error);
		return;
	}
	pledge_chart_kind asked = g_strcmp0(kind_of, "burn-up") == 0 ? PLEDGE_BURN_UP : PLEDGE_GAP;
	guint64 number = target ? g_ascii_strtoull(target, NULL, 10) : 1;
	/* Without a choice: the first target with a figure, or the first one, of which the chart then says that it has none. */
	for (gsize i = promise_count(known->facts.pledge); !kind_of && !target && i-- > 0;)
		if (pledge_has_chart(&known->facts, i, PLEDGE_GAP))
			number = i + 1;
	gboolean of_target = !kind_of || g_strcmp0(kind_of, "gap") == 0 || g_strcmp0(kind_of, "burn-up") == 0;
	gboolean drawable = of_target && number >= 1 && number <= promise_count(known->facts.pledge)
		&& (!kind_of || pledge_has_chart(&known->facts, (gsize)number - 1, asked));
	if (!drawable) {
		response_problem(out, r, 404, language_text(l, "There is no such chart"), language_text(l, "Only a target with a figure can be drawn."));
		return;
	}
	drawing_form form = page_drawing_form(r);
	answer_bytes(r, out, pledge_chart(r, known, (gsize)number - 1, asked, &form, &error), &error);
}

void page_pledge(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = sheet_find(r, out, "pledge");
	if (!rec)
		return;
	g_auto(board_case) known = {0};
	g_autoptr(board) b = pledge_board(r, &error);
	if (!b || !board_case_read(request_reader(r), b, rec, request_as_of(r), &known, &error)) {
		response_error(out, r, error);
		return;
	}
	if (request_format(r) == FORMAT_SVG) {
		answer_chart(r, out, b, &known);
		return;
	}
	json_t *view = pledge_view(r, rec, b, &known, &error);
	if (view)
		response_page(out, r, 200, "sheet", view);
	else
		response_error(out, r, error);
}
