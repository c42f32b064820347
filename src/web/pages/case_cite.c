#include <string.h>

#include "web/pages/case.h"

static char *absolute(const request *r, const record *rec)
{
	return g_strdup_printf("%s/%s/%s", request_site_address(r), rec->kind->plural, rec->id);
}

char *case_citation(const request *r, const record *rec)
{
	const language *l = request_language(r);
	g_autofree char *day = g_strndup(rec->time, 10), *date = language_date(l, day), *address = absolute(r, rec);
	g_autofree char *number = g_strdup_printf("%u", rec->revision);
	return view_message(
		language_text(l, "{title}. In: aftermine, Compilation of Mining Industry Best Practices in Land Restoration. Revision {n}, {date}. {address}"),
		"title", record_title(rec), "n", number, "date", date, "address", address, NULL);
}

/* BibTeX's special characters; braces keep the title's capitals. */
static void bibtex_text(GString *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("&%$#_", *text))
			g_string_append_c(out, '\\');
		if (strchr("{}\\", *text))
			continue;
		g_string_append_c(out, *text);
	}
}

static void cite_bibtex(GString *out, const request *r, const record *rec)
{
	g_autofree char *address = absolute(r, rec);
	g_string_append_printf(out, "@misc{%s,\n  title = {{", rec->id);
	bibtex_text(out, record_title(rec));
	g_string_append_printf(out,
		"}},\n  author = {{aftermine}},\n  howpublished = {Compilation of Mining Industry Best Practices in Land Restoration},\n"
		"  year = {%.4s},\n  month = {%.2s},\n  note = {Revision %u, SHA-256 %s},\n  url = {%s}\n}\n\n",
		rec->time, rec->time + 5, rec->revision, rec->hash, address);
}

static void cite_ris(GString *out, const request *r, const record *rec)
{
	g_autofree char *address = absolute(r, rec), *summary = g_strdelimit(g_strdup(record_summary(rec)), "\r\n", ' ');
	g_string_append_printf(out,
		"TY  - ELEC\r\nID  - %s\r\nTI  - %s\r\nAU  - aftermine\r\nT2  - Compilation of Mining Industry Best Practices in Land Restoration\r\n"
		"PY  - %.4s\r\nDA  - %.4s/%.2s/%.2s\r\nET  - Revision %u\r\nAB  - %s\r\nUR  - %s\r\nER  - \r\n\r\n",
		rec->id, record_title(rec), rec->time, rec->time, rec->time + 5, rec->time + 8, rec->revision, summary, address);
}

/* An item of CSL-JSON (citeproc-js, schema csl-data 1.0). */
static json_t *cite_csl(const request *r, const record *rec)
{
	json_t *item = json_pack("{s:s, s:s, s:s, s:s, s:[{s:s}], s:s, s:s, s:o}", "id", rec->id, "type", "webpage", "title", record_title(rec), "container-title",
		"Compilation of Mining Industry Best Practices in Land Restoration", "author", "literal", "aftermine", "publisher", request_site_name(r), "license",
		"https://creativecommons.org/licenses/by/4.0/", "version", json_sprintf("%u", rec->revision));
	json_t *day = json_pack("[i, i, i]", (int)g_ascii_strtoull(rec->time, NULL, 10), (int)g_ascii_strtoull(rec->time + 5, NULL, 10), (int)g_ascii_strtoull(rec->time + 8, NULL, 10));
	json_object_set_new(item, "issued", json_pack("{s:[o]}", "date-parts", day));
	view_take(item, "URL", absolute(r, rec));
	view_take(item, "note", g_strdup_printf("Revision %u, SHA-256 %s", rec->revision, rec->hash));
	if (*record_summary(rec))
		view_put(item, "abstract", record_summary(rec));
	return item;
}

citing citing_begin(const request *r)
{
	return (citing){ .r = r, .text = g_string_new(NULL), .items = json_array() };
}

void citing_add(citing *c, const record *rec)
{
	if (request_format(c->r) == FORMAT_BIB)
		cite_bibtex(c->text, c->r, rec);
	else if (request_format(c->r) == FORMAT_RIS)
		cite_ris(c->text, c->r, rec);
	else
		json_array_append_new(c->items, cite_csl(c->r, rec));
}

void citing_end(citing *c, response *out, const char *name)
{
	format as = request_format(c->r);
	g_autofree char *file = g_strconcat(name, as == FORMAT_BIB ? ".bib" : as == FORMAT_RIS ? ".ris" : ".csl.json", NULL);
	if (as == FORMAT_CSL)
		response_json_as(out, "application/vnd.citationstyles.csl+json", json_incref(c->items));
	else
		response_text(out, as == FORMAT_BIB ? "application/x-bibtex; charset=utf-8" : "application/x-research-info-systems; charset=utf-8", g_strdup(c->text->str));
	response_file_name(out, file);
	g_string_free(c->text, TRUE);
	json_decref(c->items);
}
