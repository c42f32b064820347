#include "pack/describe.h"

#include <string.h>

#define LICENCE "https://creativecommons.org/licenses/by/4.0/"

/* ---- what is common ---- */

static const struct {
	const char *ending, *type;
} types[] = {
	{ ".json", "application/json" }, { ".csv", "text/csv" }, { ".geojson", "application/geo+json" }, { ".gpkg", "application/geopackage+sqlite3" }, { ".md", "text/markdown" },
	{ ".png", "image/png" }, { ".jpg", "image/jpeg" }, { ".webp", "image/webp" }, { ".tif", "image/tiff" }, { ".pdf", "application/pdf" }, { ".zip", "application/zip" },
	{ ".txt", "text/plain" }, { ".tlog-proof", "text/plain" },
};

const char *describe_type(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (g_str_has_suffix(name, types[i].ending))
			return types[i].type;
	return "application/octet-stream";
}

static json_t *title_of(const pack_about *about)
{
	return json_sprintf("Land restoration after mining: %s, data pack of %.10s", about->origin, about->time);
}

static json_t *description_of(const pack_about *about)
{
	return json_sprintf("Every published record of %s as of %s (%u records, %" G_GUINT64_FORMAT " entries of its log), with the log's entries, tiles, signed checkpoint and proofs, so that "
	                    "anyone can see that nothing was changed.",
	    about->origin, about->time, about->records, about->size);
}

/* Which kind a member below data/ holds; NULL: another, or all. */
static const kind *kind_of(const char *name)
{
	const char *dot = strrchr(name, '.');
	if (!g_str_has_prefix(name, "data/") || !dot)
		return NULL;
	g_autofree char *plural = g_strndup(name + 5, (gsize)(dot - name) - 5);
	return kind_by_plural(plural);
}

/* ---- Frictionless ---- */

/* "results.1.value" as the kind declares it: "results.value". */
static const field *field_of(const kind *k, const char *column)
{
	g_auto(GStrv) parts = g_strsplit(column, ".", -1);
	g_autoptr(GString) path = g_string_new(NULL);
	for (char **part = parts; *part; part++)
		if (!g_ascii_isdigit(**part))
			g_string_append_printf(path, "%s%s", path->len ? "." : "", *part);
	return kind_field(k, path->str);
}

static json_t *column_schema(const kind *k, const char *column)
{
	static const char *const field_types[] = {
		[FIELD_LINE] = "string", [FIELD_TEXT] = "string", [FIELD_TERM] = "string", [FIELD_REF] = "string", [FIELD_YEAR] = "year", [FIELD_DATE] = "string", [FIELD_TIME] = "string",
		[FIELD_NUMBER] = "number", [FIELD_COUNT] = "integer", [FIELD_YESNO] = "boolean", [FIELD_URL] = "string", [FIELD_SHA256] = "string", [FIELD_SOURCE] = "integer", [FIELD_GEOMETRY] = "geojson",
		[FIELD_GROUP] = "object",
	};
	const field *f = field_of(k, column);
	const char *last = strrchr(column, '.');
	gboolean numbered = last && g_ascii_isdigit(last[1]);
	gboolean joined = f && f->flags & FIELD_REPEATED && !numbered;
	json_t *schema = json_pack("{s:s, s:s}", "name", column, "type", !f || joined ? "string" : field_types[f->type]);
	if (!f)
		return schema;
	json_object_set_new(schema, "title", json_string(f->label));
	json_object_set_new(schema, "description", joined ? json_sprintf("%s Several are joined with semicolons.", f->help) : json_string(f->help));
	if (f->type == FIELD_URL && !joined)
		json_object_set_new(schema, "format", json_string("uri"));
	if (f->unit)
		json_object_set_new(schema, "unit", json_string(f->unit));
	if (f->flags & FIELD_REQUIRED && !strchr(column, '.'))
		json_object_set_new(schema, "constraints", json_pack("{s:b}", "required", TRUE));
	return schema;
}

json_t *describe_table(const kind *k, const char *header)
{
	g_auto(GStrv) columns = g_strsplit(header, ",", -1);
	json_t *fields = json_array();
	for (char **column = columns; *column; column++)
		json_array_append_new(fields, strcmp(*column, "id") == 0
		                                  ? json_pack("{s:s, s:s, s:s, s:{s:b, s:b}}", "name", "id", "type", "string", "title", "Id", "constraints", "required", TRUE, "unique", TRUE)
		                                  : column_schema(k, *column));
	return json_pack("{s:o, s:s, s:[s]}", "fields", fields, "primaryKey", "id", "missingValues", "");
}

static json_t *resource_of(const pack_member *m, const json_t *tables)
{
	const kind *k = kind_of(m->name);
	json_t *schema = json_object_get(tables, m->name);
	g_autofree char *name = g_strdelimit(g_strdup(m->name + 5), "./", '-');
	json_t *resource = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:s}", "name", name, "path", m->name, "title", k ? k->label_plural : "All records", "format",
	    strrchr(m->name, '.') + 1, "mediatype", describe_type(m->name), "bytes", (json_int_t)m->size, "encoding", "utf-8");
	json_object_set_new(resource, "hash", json_sprintf("sha256:%s", m->sha256));
	if (k)
		json_object_set_new(resource, "description", json_string(k->help));
	if (!schema)
		return resource;
	json_object_set_new(resource, "profile", json_string("tabular-data-resource"));
	json_object_set_new(resource, "dialect", json_pack("{s:s, s:s, s:b}", "delimiter", ",", "lineTerminator", "\r\n", "header", TRUE));
	json_object_set(resource, "schema", schema);
	return resource;
}

json_t *describe_package(const pack_about *about, const GPtrArray *members, const json_t *tables)
{
	json_t *resources = json_array();
	for (guint i = 0; i < members->len; i++) {
		const pack_member *m = g_ptr_array_index(members, i);
		if (g_str_has_prefix(m->name, "data/"))
			json_array_append_new(resources, resource_of(m, tables));
	}
	return json_pack("{s:s, s:s, s:o, s:o, s:s, s:o, s:[{s:s, s:s, s:s}], s:[{s:s, s:s}], s:o}", "profile", "data-package", "name", "data-pack", "title", title_of(about), "description",
	    description_of(about), "created", about->time, "version", json_sprintf("%" G_GUINT64_FORMAT, about->size), "licenses", "name", "CC-BY-4.0", "title",
	    "Creative Commons Attribution 4.0", "path", LICENCE, "contributors", "title", about->origin, "role", "publisher", "resources", resources);
}

/* ---- RO-Crate ---- */

/* What is told of as a folder, not file by file. */
static const struct {
	const char *name, *says;
} folders[] = {
	{ "log/tile/", "Entries and hashes of the log in the layout of C2SP tlog-tiles" },
	{ "log/proof/", "A proof for every published record (C2SP tlog-proof)" },
	{ "log/revisions/", "Revisions longer than an entry of the log can be, each under its SHA-256" },
	{ "files/", "Pictures, maps and tables that the records show, each under its SHA-256" },
};

int describe_folder(const char *name)
{
	for (int i = 0; i < (int)G_N_ELEMENTS(folders); i++)
		if (g_str_has_prefix(name, folders[i].name))
			return i;
	return -1;
}

static json_t *part_of(const pack_member *m)
{
	int i = describe_folder(m->name);
	if (i >= 0)
		return json_pack("{s:s, s:s, s:s}", "@id", folders[i].name, "@type", "Dataset", "name", folders[i].says);
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:s}", "@id", m->name, "@type", "File", "name", m->name, "encodingFormat", describe_type(m->name), "contentSize",
	    json_sprintf("%" G_GUINT64_FORMAT, m->size), "sha256", m->sha256);
}

json_t *describe_crate(const pack_about *about, const GPtrArray *members)
{
	json_t *graph = json_array(), *parts = json_array();
	json_array_append_new(graph, json_pack("{s:s, s:s, s:{s:s}, s:{s:s}}", "@id", "ro-crate-metadata.json", "@type", "CreativeWork", "conformsTo", "@id", "https://w3id.org/ro/crate/1.1",
	    "about", "@id", "./"));
	json_array_append_new(graph, json_pack("{s:s, s:s, s:o, s:o, s:s, s:{s:s}, s:{s:s}, s:O}", "@id", "./", "@type", "Dataset", "name", title_of(about), "description",
	    description_of(about), "datePublished", about->time, "license", "@id", LICENCE, "publisher", "@id", "#publisher", "hasPart", parts));
	json_array_append_new(graph, json_pack("{s:s, s:s, s:s}", "@id", "#publisher", "@type", "Organization", "name", about->origin));
	json_array_append_new(graph, json_pack("{s:s, s:s, s:s}", "@id", LICENCE, "@type", "CreativeWork", "name", "Creative Commons Attribution 4.0 International"));
	for (guint i = 0; i < members->len; i++) {
		json_t *part = part_of(g_ptr_array_index(members, i));
		json_array_append_new(parts, json_pack("{s:O}", "@id", json_object_get(part, "@id")));
		json_array_append_new(graph, part);
	}
	json_decref(parts);
	return json_pack("{s:s, s:o}", "@context", "https://w3id.org/ro/crate/1.1/context", "@graph", graph);
}

/* ---- DataCite ---- */

json_t *describe_datacite(const pack_about *about)
{
	return json_pack("{s:s, s:{s:s, s:s}, s:[{s:s, s:s}], s:[{s:o}], s:{s:s}, s:s%, s:[{s:s, s:s}], s:o, s:[{s:s, s:s}], s:[s], s:[{s:s, s:s, s:s, s:s}], s:[{s:o, s:s}], s:s}", "schemaVersion",
	    "http://datacite.org/schema/kernel-4", "types", "resourceTypeGeneral", "Dataset", "resourceType", "Data pack", "creators", "name", about->origin, "nameType", "Organizational",
	    "titles", "title", title_of(about), "publisher", "name", about->origin, "publicationYear", about->time, (size_t)4, "dates", "date", about->time, "dateType", "Created", "version",
	    json_sprintf("%" G_GUINT64_FORMAT, about->size), "alternateIdentifiers", "alternateIdentifier", about->root, "alternateIdentifierType", "Root of the log's Merkle tree (RFC 6962)",
	    "formats", "application/zip", "rightsList", "rights", "Creative Commons Attribution 4.0 International", "rightsUri", LICENCE, "rightsIdentifier", "cc-by-4.0",
	    "rightsIdentifierScheme", "SPDX", "descriptions", "description", description_of(about), "descriptionType", "Abstract", "language", "en");
}

/* ---- for people ---- */

char *describe_licence(const pack_about *about)
{
	return g_strdup_printf("The records in this pack are licensed under Creative Commons Attribution 4.0 International (CC BY 4.0):\n"
	                       "use them for anything, say where they are from (%s), and say what you changed.\n\n" LICENCE "\n" LICENCE "legalcode\n\n"
	                       "Sources that records cite, and outlines and images named in measurements, stand under the terms named with them.\n",
	    about->origin);
}

char *describe_read_me(const pack_about *about)
{
	return g_strdup_printf(
	    "# %s: data pack\n\n"
	    "Every published record as of %s: %u records, %" G_GUINT64_FORMAT " entries of the log, whose root is `%s`.\n\n"
	    "| | |\n|---|---|\n"
	    "| `data/` | the records: JSON, CSV, GeoJSON of each kind; `records.gpkg` holds all (GeoPackage) |\n"
	    "| `datapackage.json` | what the columns of the tables mean (Frictionless Data Package) |\n"
	    "| `dictionary.md`, `schema/` | every field of every kind; JSON Schemas |\n"
	    "| `files/` | pictures, maps and tables that the records show, each under its SHA-256 |\n"
	    "| `log/tile/` | the log: every public revision there ever was, and the hashes over them (C2SP tlog-tiles) |\n"
	    "| `log/checkpoint`, `log/key` | size and root of the log, signed (C2SP tlog-checkpoint); the public key |\n"
	    "| `log/proof/` | that a record is in the log (C2SP tlog-proof) |\n"
	    "| `log/revisions/` | revisions longer than 65,535 bytes; the log holds their SHA-256 |\n"
	    "| `ro-crate-metadata.json`, `datacite.json` | descriptions for repositories |\n"
	    "| `manifest-sha256.txt` | a checksum of every other file: `sha256sum -c manifest-sha256.txt` |\n\n"
	    "`aftermine verify PACK` makes all of it again from the entries and compares every byte; `--key KEY` holds the signature against a key\n"
	    "that you have from elsewhere. `aftermine import INSTANCE PACK` brings it into an empty instance: the same log, entry by entry.\n\n"
	    "In the tables, a text that a spreadsheet would take for a formula has an apostrophe before it.\n",
	    about->origin, about->time, about->records, about->size, about->root);
}
