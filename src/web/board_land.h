/* The land of all sites on a day, every hectare once, and its totals for the world, countries and organisations: a part of the board. */
#pragma once

#include "rules/duty.h"
#include "rules/shown.h"
#include "store/store.h"

/* Totals of a country's, an organisation's, the world's land. */
typedef struct board_area {
	land_totals all;     /* every published site */
	land_totals pledged; /* those that pledges name which still stand; named by two pledges: twice in gross */
	land_totals by_duty[DUTY_CLASSES]; /* of all: each class by itself */
	land_totals by_class[LAND_CLASSES]; /* the same by class of land */
	shown_land shown;    /* what satellites show of all, each hectare once */
	cover_sum *covers;   /* the same of land cover; NULL: nothing */
} board_area;

typedef struct board_land board_land;

/* Reads sites and their faces. NULL with an error of the store. pledges: of everything that names sites, see board_land_claim. */
board_land *board_land_read(store_reader *reader, const char *as_of, GError **error);
void board_land_free(board_land *l);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(board_land, board_land_free)

/* A pledge's organisations answer for a site that names none itself. sites: ids. Call for every pledge, then board_land_lay once. */
void board_land_claim(board_land *l, const json_t *sites, const json_t *organisations);
void board_land_lay(board_land *l);

/* The land as rules read it, once it is laid. */
const land_register *board_land_register(const board_land *l);

/* Totals of the sites with these ids, each once. */
land_totals board_land_of(const board_land *l, const json_t *sites);
/* The duty of a site, as a body that rules read; NULL: not known. Lives as long as the land. */
json_t *board_land_site_body(const board_land *l, const char *id);

/* A pledge that stands names these sites: they count as pledged. Then board_land_total once. */
void board_land_pledge(board_land *l, const json_t *sites, const char *const *organisations);
void board_land_total(board_land *l, const measuring_facts *measured);

const board_area *board_land_world(const board_land *l);
const board_area *board_land_country(const board_land *l, const char *iso3);       /* sites that lie there; NULL: none */
const board_area *board_land_organisation(const board_land *l, const char *id);    /* sites it has a part in, and those its pledges name */
/* All overlaps, the largest first: land_overlap. *whole: none was left out. */
const GArray *board_land_overlaps(const board_land *l, gboolean *whole);
