/* All pledges judged at once: what lists, totals and roll-ups need. Made when first asked for (serve asks at its start: web/board_watch.h), kept until the store changes
 * or the day does. */
#pragma once

#include "rules/completeness.h"
#include "rules/totals.h"
#include "store/store.h"
#include "web/board_land.h"

typedef struct board_pledge {
	const char *id, *title;
	pledge_judgement judgement; /* its unit texts are interned */
	guint complete, applicable; /* completeness: said, of what applies */
	const char *const *countries, *const *organisations; /* NULL-terminated, interned */
	land_totals land; /* of the sites it names */
} board_pledge;

typedef struct board board;

/* The board as of a day (NULL: now). A new reference, freed with board_unref; NULL with an error of the store. Any thread. */
board *board_get(store_reader *reader, guint64 generation, const char *as_of, GError **error);
/* Is the board of this generation and of today kept? Any thread; does not wait for one that is being made, of which it says FALSE. */
gboolean board_is_kept(guint64 generation);
void board_unref(board *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(board, board_unref)

/* The day it was judged on, "2026-11-24". */
const char *board_day(const board *b);
/* By id; NULL if there is none. */
const board_pledge *board_find(const board *b, const char *id);
/* All, by id. */
const board_pledge *board_pledges(const board *b, gsize *n);

/* Totals of the world; of the pledges that name this country and no other, and how many name it among others; of an organisation's pledges.
 * NULL: none. What pledges say in words and figures cannot be laid over each other: gross. Their land is net, below. */
const pledge_sums *board_world(const board *b);
const pledge_sums *board_country(const board *b, const char *iso3, guint *shared);
const pledge_sums *board_organisation(const board *b, const char *id);
/* Every measurement that is known, and the land. Lives as long as the board. */
measuring_facts board_measured(const board *b);
/* What the sites cover, every hectare once. */
const board_land *board_land_get(const board *b);
/* The measured sites whose curves show best what becomes of land (web/board_curves.h): ids, NULL-terminated. */
const char *const *board_curves(const board *b);
/* The countries that have totals: interned ISO codes, NULL-terminated, in no order; free the array with g_free. */
const char **board_countries(const board *b);

/* Calls visit with every pledge, by id, and what rules need to judge it on the board's day (as_of: as the board was made), until it says FALSE. FALSE with an error of
 * the store. */
typedef gboolean (*board_visit)(const record *pledge, const pledge_facts *facts, gpointer data);
gboolean board_each_pledge(store_reader *reader, board *b, const char *as_of, board_visit visit, gpointer data, GError **error);

/* Today in UTC, or the day asked for. */
void board_today(const char *as_of, char out[static 11]);
/* The oldest published revision of a record before this one; NULL if there is none, or with an error of the store. */
record *board_first_published(store_reader *reader, const record *newest, GError **error);
