/* Handlers of pledges, countries, organisations, policies, finance, targets and what gathers round them; routes.c says where they stand. */
#pragma once

#include "web/response.h"

void page_records(const request *r, response *out);           /* a kind without a family: by its declaration */
void page_record(const request *r, response *out);
void page_sites(const request *r, response *out);
void page_site(const request *r, response *out);              /* .svg: ?chart=map|curve */
void page_pledges(const request *r, response *out);
void page_pledge(const request *r, response *out);           /* .svg: ?chart=gap|burn-up&target=1 */
void page_pledge_discrepancies(const request *r, response *out); /* .csv, .json */
void page_discrepancies(const request *r, response *out);
void page_overlaps(const request *r, response *out);         /* .csv, .json */
void page_countries(const request *r, response *out);        /* .svg: the map, .json */
void page_country(const request *r, response *out);          /* .svg: the map, .json */
void page_organisations(const request *r, response *out);
void page_organisation(const request *r, response *out);
void page_policies(const request *r, response *out);
void page_policies_compare(const request *r, response *out); /* ?country=AUS&country=CAN */
void page_policy(const request *r, response *out);
void page_finance(const request *r, response *out);
void page_finance_one(const request *r, response *out);
void page_targets(const request *r, response *out);
void page_target(const request *r, response *out);
void page_projects(const request *r, response *out);
void page_project(const request *r, response *out);
void page_offers(const request *r, response *out);
void page_offer(const request *r, response *out);
void page_coalition(const request *r, response *out);
void page_meeting(const request *r, response *out);
void page_forums(const request *r, response *out);
void page_forum(const request *r, response *out);
void page_editions(const request *r, response *out);
void page_edition(const request *r, response *out);
