/* The handlers of the pages, one line each; routes.c says where they stand. */
#pragma once

#include "publish/drawing.h"
#include "web/request.h"
#include "web/response.h"

void page_home(const request *r, response *out);
void page_cases(const request *r, response *out);         /* list, map of the list (.svg), citations */
void page_cases_compare(const request *r, response *out);
void page_case(const request *r, response *out);
void page_case_map(const request *r, response *out);      /* .svg */
void page_practices(const request *r, response *out);
void page_practice(const request *r, response *out);
void page_search(const request *r, response *out);
void pack_newest(const request *r, response *out);            /* /data/pack: leads to the newest */
void pack_newest_package(const request *r, response *out);    /* /data/geopackage */
void pack_file(const request *r, response *out);              /* /packs/{sha256} */
void pack_package(const request *r, response *out);           /* /packs/{sha256}/geopackage */
void page_data(const request *r, response *out);
void page_method(const request *r, response *out);
void page_log(const request *r, response *out);
void log_checkpoint(const request *r, response *out);
void log_key(const request *r, response *out);
void log_tile(const request *r, response *out);
void log_proof_of(const request *r, response *out);
void page_embed(const request *r, response *out);        /* how to show it elsewhere */
void page_embed_badge(const request *r, response *out);  /* .svg */
void page_embed_card(const request *r, response *out);   /* for a frame; .png: the picture of a link */
/* Where what this page is about can be had for other sites ("/embed/pledges/ID"); NULL: it cannot. Free with g_free. */
char *embed_address(const request *r);
void page_certificate(const request *r, response *out); /* a revision on one sheet */
void page_verify(const request *r, response *out);
void log_code(const request *r, response *out);           /* .svg: a QR code that leads to page_verify */
void page_basemap(const request *r, response *out);       /* .geojson, ?detail=fine */
void page_world(const request *r, response *out);         /* .svg: the home page's map */

/* The form of a picture as asked: ?scheme=dark, ?width=narrow; dispatch has checked them. */
drawing_form page_drawing_form(const request *r);
