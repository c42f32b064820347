#include "cli/report.h"

#include "cli/command.h"

#define SHOWN_MAX 200

static void report_fault(const import_fault *f)
{
	fputs(f->file, stderr);
	if (f->record)
		fprintf(stderr, ", %s", f->record);
	if (*f->pointer)
		fprintf(stderr, ", %s", f->pointer);
	fprintf(stderr, ": %s. %s\n", f->message, f->remedy);
}

void report_faults(const GPtrArray *faults)
{
	for (guint i = 0; i < faults->len && i < SHOWN_MAX; i++)
		report_fault(g_ptr_array_index(faults, i));
	if (faults->len > SHOWN_MAX) {
		fprintf(stderr, terminal_plural("... and %u more fault.", "... and %u more faults.", faults->len - SHOWN_MAX), faults->len - SHOWN_MAX);
		fputc('\n', stderr);
	}
}

json_t *faults_to_json(const GPtrArray *faults)
{
	json_t *list = json_array();
	for (guint i = 0; i < faults->len; i++) {
		const import_fault *f = g_ptr_array_index(faults, i);
		json_array_append_new(list, json_pack("{s:s,s:s*,s:s,s:s,s:s}", "file", f->file, "record", f->record, "pointer", f->pointer, "message",
		                                f->message, "remedy", f->remedy));
	}
	return list;
}

void report_json(FILE *out, json_t *answer)
{
	json_dumpf(answer, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(answer);
}
