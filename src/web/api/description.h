/* The JSON API described: /api/openapi.json in OpenAPI 3.1, made from the route table and the schemas of the kinds, and /api, the same to read. */
#pragma once

#include "web/response.h"

void description_answer(const request *r, response *out);
void description_page(const request *r, response *out);
