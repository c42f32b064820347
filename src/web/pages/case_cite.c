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

void case_cite_bibtex(GString *out, const request *r, const record *rec)
{
	g_autofree char *address = absolute(r, rec);
	g_string_append_printf(out, "@misc{%s,\n  title = {{", rec->id);
	bibtex_text(out, record_title(rec));
	g_string_append_printf(out,
		"}},\n  author = {{aftermine}},\n  howpublished = {Compilation of Mining Industry Best Practices in Land Restoration},\n"
		"  year = {%.4s},\n  month = {%.2s},\n  note = {Revision %u, SHA-256 %s},\n  url = {%s}\n}\n\n",
		rec->time, rec->time + 5, rec->revision, rec->hash, address);
}

void case_cite_ris(GString *out, const request *r, const record *rec)
{
	g_autofree char *address = absolute(r, rec), *summary = g_strdelimit(g_strdup(record_summary(rec)), "\r\n", ' ');
	g_string_append_printf(out,
		"TY  - ELEC\r\nID  - %s\r\nTI  - %s\r\nAU  - aftermine\r\nT2  - Compilation of Mining Industry Best Practices in Land Restoration\r\n"
		"PY  - %.4s\r\nDA  - %.4s/%.2s/%.2s\r\nET  - Revision %u\r\nAB  - %s\r\nUR  - %s\r\nER  - \r\n\r\n",
		rec->id, record_title(rec), rec->time, rec->time, rec->time + 5, rec->time + 8, rec->revision, summary, address);
}
