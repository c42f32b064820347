/* Judges all pledges at the start, and anew as soon as a day has begun or the records changed and then rested for a moment, so that the reader who comes first need
 * not wait for it. The board stays what it is: exact, of one state of the records; who asks while it is being made waits for the rest of the making. */
#pragma once

#include "store/store.h"

typedef struct board_watch board_watch;

/* NULL with an error if the store cannot be read. Stop before the store is closed. */
board_watch *board_watch_start(store *records, GError **error);
void board_watch_stop(board_watch *w);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(board_watch, board_watch_stop)
