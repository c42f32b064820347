#include "record/kinds/fields.h"

static const field revision_fields[] = {
	{ .name = "kind", .label = N_("Kind"), .type = FIELD_TERM, .of = "record-kinds", .flags = FIELD_REQUIRED, .help = N_("Kind of the record.") },
	{ .name = "id", .label = N_("Record"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = N_("Id of the record.") },
	{ .name = "revision", .label = N_("Revision"), .type = FIELD_COUNT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = 1e9, .help = N_("Which revision the edition froze.") },
	{ .name = "sha256", .label = N_("Checksum"), .type = FIELD_SHA256, .flags = FIELD_REQUIRED, .help = N_("SHA-256 of the revision's canonical form.") },
	FIELDS_END,
};

static const field file_fields[] = {
	{ .name = "name", .label = N_("File"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = N_("Name of the file.") },
	{ .name = "kind", .label = N_("Kind of file"), .type = FIELD_TERM, .of = "file-kinds", .flags = FIELD_REQUIRED, .help = N_("What it is.") },
	{ .name = "bytes", .label = N_("Size"), .type = FIELD_COUNT, .unit = "B", .help = N_("Bytes.") },
	{ .name = "sha256", .label = N_("Checksum"), .type = FIELD_SHA256, .flags = FIELD_REQUIRED, .help = N_("SHA-256 of the file, in hexadecimal.") },
	FIELDS_END,
};

static const field fields[] = {
	{ .name = "title", .label = N_("Title"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("Name of the edition.") },
	{ .name = "number", .label = N_("Number"), .type = FIELD_COUNT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = 100000, .help = N_("Counted from the first edition.") },
	{ .name = "issued", .label = N_("Issued"), .type = FIELD_DATE, .flags = FIELD_REQUIRED | FIELD_SORT, .help = N_("Date of issue.") },
	{ .name = "summary", .label = N_("Summary"), .type = FIELD_TEXT, .search = SEARCH_SUMMARY, .help = N_("What is new in it.") },
	{ .name = "editors", .label = N_("Editors"), .type = FIELD_REF, .of = "organisation", .flags = FIELD_REPEATED | FIELD_UNIQUE, .help = N_("Who edited it.") },
	{ .name = "doi", .label = N_("DOI"), .type = FIELD_LINE, .help = N_("Digital object identifier, if it has one.") },
	{ .name = "checkpoint", .label = N_("Checkpoint"), .type = FIELD_TEXT, .help = N_("Signed checkpoint of the log at the moment of issue.") },
	{ .name = "revisions", .label = N_("Revisions"), .type = FIELD_GROUP, .flags = FIELD_REQUIRED | FIELD_REPEATED, .fields = revision_fields, .help = N_("Exactly what the edition contains.") },
	{ .name = "files", .label = N_("Files"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = file_fields, .help = N_("What was published, with checksums.") },
	FIELDS_END,
};

static void revisions_once(const json_t *body, GPtrArray *faults)
{
	const json_t *revisions = json_object_get(body, "revisions"), *revision;
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	gsize i;
	json_array_foreach(revisions, i, revision) {
		const char *name = json_string_value(json_object_get(revision, "kind")), *id = json_string_value(json_object_get(revision, "id"));
		if (!name || !id || g_hash_table_add(seen, g_strconcat(name, "/", id, NULL)))
			continue;
		g_autofree char *at = g_strdup_printf("/revisions/%" G_GSIZE_FORMAT, i);
		fault_add(faults, at, _("the record stands in the edition twice"), _("Keep one of its revisions."));
	}
}

static const check checks[] = { { N_("A record stands in an edition once."), revisions_once }, { NULL, NULL } };

const kind kind_edition = {
	.name = "edition", .plural = "editions", .label = N_("Edition"), .label_plural = N_("Editions"),
	.help = N_("A frozen issue of the compilation: which revisions, which files, with checksums."),
	.fields = fields, .checks = checks, .title = "title", .summary = "summary",
};
