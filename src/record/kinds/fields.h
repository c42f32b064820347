/* Fields and checks that several kinds share. */
#pragma once

#include "record/kind.h"
#include "record/message.h"

/* Where a record's figures and statements come from; FIELD_SOURCE and "[n]" in texts refer to n. */
extern const field source_fields[];
/* One figure with its source: what, value, unit, year. */
extern const field figure_fields[];
/* An amount of money with currency, year and source. */
extern const field money_fields[];
/* A named organisation with its role, as the source names it. */
extern const field organisation_role_fields[];

#define FIELD_SOURCES(more) \
	{ .name = "sources", .label = N_("Sources"), .type = FIELD_GROUP, .flags = FIELD_REPEATED | (more), .fields = source_fields, \
	  .help = N_("Where figures and statements come from; a figure names its source by number.") }

/* A number or year of an object; FALSE if it is absent or of another type. */
gboolean body_number(const json_t *object, const char *name, double *value);
/* Adds a fault to the later one when both are there and the later is smaller; at is the pointer of the object ("" for the body). */
void check_order(const json_t *object, const char *at, const char *earlier, const char *later, GPtrArray *faults);
/* The same for dates of any exactness (YYYY, YYYY-MM, YYYY-MM-DD): only what both tell is compared. */
void check_dates(const json_t *object, const char *at, const char *earlier, const char *later, GPtrArray *faults);
/* Adds a fault to a member that is there while another one, which it needs, is not. */
void check_needs(const json_t *object, const char *at, const char *member, const char *needed, GPtrArray *faults);
/* Longitude and latitude come together. */
void check_point(const json_t *body, GPtrArray *faults);
#define CHECK_POINT { N_("Longitude and latitude are given together."), check_point }
