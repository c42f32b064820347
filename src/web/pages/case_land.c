/* What satellites show on the land of a case: the sites that it names. */
#include "web/pages/case.h"
#include "web/pages/pledge.h"
#include "web/pages/sheet.h"
#include "web/pages/shown.h"

gboolean case_land(json_t *view, const request *r, const record *rec, GError **error)
{
	json_object_set_new(view, "sections", json_array());
	g_autoptr(GPtrArray) sites = body_values(rec->body, "sites");
	if (!sites->len)
		return TRUE;
	g_autoptr(board) b = pledge_board(r, error);
	if (!b)
		return FALSE;
	g_autofree const char **ids = g_new0(const char *, sites->len + 1);
	for (guint i = 0; i < sites->len; i++)
		ids[i] = json_string_value(g_ptr_array_index(sites, i));
	const measuring_facts measured = board_measured(b);
	cover_sum covers = {0};
	const shown_land shown = land_shown(&measured, ids, sites->len, &covers);
	shown_section(view, r, &shown, &covers, language_text(request_language(r), "What the land of its sites shows"), NULL);
	return TRUE;
}
