/* What programs ask of the site: health, metrics, robots, sitemap, schemas, records by kind, static files. */
#pragma once

#include "web/response.h"

void service_health(const request *r, response *out);
void service_metrics(const request *r, response *out);
void service_robots(const request *r, response *out);
void service_schema(const request *r, response *out);
void service_file(const request *r, response *out);      /* /files/{sha256} */
void service_static(const request *r, response *out);
void service_kinds(const request *r, response *out);     /* /api/records */
void service_records(const request *r, response *out);   /* /api/records/{kind} */
void service_record(const request *r, response *out);    /* /api/records/{kind}/{id} */
void service_revisions(const request *r, response *out); /* /api/records/{kind}/{id}/revisions */
void service_revision(const request *r, response *out);  /* /api/records/{kind}/{id}/revisions/{n}: the canonical bytes, so that their hash can be checked */
