/* One pledge with everything its page judges it by: reports, sites, measurements, findings, as they stood on a day. */
#pragma once

#include "rules/account.h"
#include "rules/alignment.h"
#include "web/board.h"

/* A site that the pledge names. */
typedef struct board_site {
	const char *id;          /* lives as long as the pledge's record */
	record *site;            /* NULL: not known */
	GPtrArray *measurements; /* record *, oldest first */
	GPtrArray *progress;     /* record *: reports about the site, oldest year first */
	GPtrArray *claims;       /* char *: ids of other pledges that name it */
} board_site;

typedef struct board_case {
	GPtrArray *progress; /* record *: reports on the pledge, oldest year first */
	GPtrArray *sites;    /* board_site *, in the pledge's order */
	GPtrArray *reviews;  /* record *: findings on the pledge, its reports and its sites' measurements, oldest first */
	record *earlier;     /* its first published revision, if this is a later one */
	char *replaced_by;
	GArray *measurements; /* site_measurement of its sites, sorted */
	land_totals land;     /* what its sites cover, as the board has it */
	pledge_facts facts;   /* points into the case */
	/* what facts points to */
	json_t **bodies, **site_bodies;
	GArray *measured;
} board_case;

/* Reads what is known about a pledge; b: the board of the same day, for its land. FALSE with an error of the store. Free with board_case_clear
 * in both cases. */
gboolean board_case_read(store_reader *reader, const board *b, const record *pledge, const char *as_of, board_case *out, GError **error);
void board_case_clear(board_case *c);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(board_case, board_case_clear)

/* Sites of the pledge that another one names as well. */
guint board_case_also_claimed(const board_case *c);
