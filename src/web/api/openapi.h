/* Descriptions of interfaces in OpenAPI, made from the route table: what an address is, which parameters it takes, what it answers. */
#pragma once

#include "web/api/answer.h"

typedef struct openapi_shape {
	const char *version;     /* "3.0.3" */
	const char *title, *description; /* msgids */
	const char *base;        /* what stands before every path: "/ogc"; "" */
} openapi_shape;

/* A description without paths yet. */
json_t *openapi_new(const request *r, const openapi_shape *form);
/* Adds the operation of a route at a path, which may differ from its pattern by an ending or a part that is filled in. parameters: further rows, or NULL. Gives the
 * operation, borrowed, for what is special to it. */
json_t *openapi_add(json_t *document, const request *r, const route *row, const char *path, const char *type, const char *schema, const route_parameter *parameters);
/* Gives the parts of paths ("collectionId") the values they can have. */
void openapi_enumerate(json_t *document, const char *part, json_t *values);

/* Takes out the schemas that nothing refers to. */
void openapi_prune(json_t *document);

/* Answers with a description to read: its operations as sections of a page. name, path: of the interface it describes, for the breadcrumbs; NULL: none. */
void openapi_page(const request *r, response *out, const json_t *document, const char *name, const char *path);
