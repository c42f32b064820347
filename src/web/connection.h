/* Connections, and how long each may take: one that sends or reads too slowly is ended, whatever it does meanwhile to look alive. */
#pragma once

#include "web/framing.h"
#include "web/settings.h"

/* Where a connection stands, for the limits on time; headers and body share theirs. */
typedef enum phase { PHASE_WAITING, PHASE_HEADERS, PHASE_BODY, PHASE_WORKING, PHASE_ANSWERING } phase;

typedef struct connection {
	int fd;
	gint phase;    /* atomic, as are the two that follow; connection_enter sets them */
	gint64 since;  /* monotonic microseconds */
	gint64 longer; /* microseconds that a large answer may take beyond the others */
	guint64 taken; /* bytes of the requests that were read whole; of the event thread, as what follows */
	gboolean last; /* what else comes, or is missing, is no new request */
	const refusal *unread; /* why what came could not be read to its end; NULL: nobody said */
	gsize told;            /* bytes of what was said of that */
	GList link;
} connection;

/* All that are open. Its functions may be called from any thread. */
typedef struct connections connections;

connections *connections_new(const settings *limits); /* borrows */
void connections_free(connections *all);
/* A connection begins on a socket, which stays the caller's; it is forgotten and freed when it ends. */
connection *connections_begin(connections *all, int fd);
void connections_end(connections *all, connection *c);
/* Shuts what has stood in one phase for longer than the limits allow; the event thread sees the end and closes it. */
void connections_end_slow(connections *all);

/* The phase begins; c NULL: nothing. */
void connection_enter(connection *c, phase p);
/* The answer begins, and may take as long as so many bytes need at the pace of the slowest we wait for; c NULL: nothing. */
void connection_answer(connection *c, gsize bytes);
/* Says, once on a connection, why what came cannot be read; c NULL: nothing. */
void connection_tell(connection *c, const refusal *why);
