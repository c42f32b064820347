/* Measuring a site: `ldn site` as a child, its answer made into the body of a measurement record. The same for measure and verify --recompute. */
#pragma once

#include "record/record.h"
#include "record/series.h"

/* A table and where it came from. */
typedef struct measuring_table {
	series_table *series;
	GBytes *bytes;        /* of the file, */
	char *name, *sha256;  /* and what it is called */
	double scale;
} measuring_table;
/* Reads FILE (name: as it is called in the record). Faults of rows go to faults. */
gboolean measuring_table_read(measuring_table *t, const char *path, const series_options *options, GPtrArray *faults, GError **error);
gboolean measuring_table_parse(measuring_table *t, const char *name, GBytes *bytes, const series_options *options, GPtrArray *faults, GError **error);
void measuring_table_clear(measuring_table *t);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(measuring_table, measuring_table_clear)

typedef struct measuring_job {
	const char *program;    /* ldn */
	const record *site;     /* its name, years, and if not given below its boundaries */
	const json_t *geometry, *reference; /* boundaries; NULL: the site's own */
	char **images;          /* with a boundary */
	const measuring_table *table; /* or this, */
	const char *table_site;       /* and the site's name in it */
	const char *const *options;   /* of ldn site, "--season", "06-01..09-30" ...; NULL-terminated or NULL */
} measuring_job;

/* A picture or map: its bytes and type. */
typedef struct measuring_file {
	GBytes *bytes;
	char *media_type;
} measuring_file;

typedef struct measuring_answer {
	json_t *body;     /* of a measurement record, but for measured_on */
	GPtrArray *files; /* measuring_file: the pictures in the order of the body, and the table */
} measuring_answer;
void measuring_answer_clear(measuring_answer *a);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(measuring_answer, measuring_answer_clear)

/* FALSE with an error in words: no boundary, images elsewhere, ldn missing. */
gboolean measuring_run(const measuring_job *job, measuring_answer *answer, GError **error);

/* The name of the land of a boundary (base/boundary.h), as geometry_sha256 of a measurement holds it; NULL for one that is not valid. */
char *measuring_boundary_sha256(const json_t *geometry);

/* The program ldn: named, beside this program, or on PATH; NULL with an error. */
char *measuring_program(const char *named, GError **error);
/* What a measurement's body says of a parameter it was made with; NULL: nothing. */
const char *measuring_parameter(const json_t *body, const char *name);
/* "172-ndvi-2020-table": one record for a site, index, last year and form; free with g_free. */
char *measuring_id(const json_t *body);
/* Two or three lines of what was measured, for people; free with g_free. */
char *measuring_summary(const json_t *body);
