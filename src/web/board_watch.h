/* Judges all pledges anew as soon as the records changed and then rested for a moment, so that the reader who comes first after a publication need not wait for it.
 * The board stays what it is: exact, of one state of the records; who asks while it is being made waits for the rest of the making. Only a board that
 * somebody asked for before is made again. */
#pragma once

#include "store/store.h"

typedef struct board_watch board_watch;

/* NULL with an error if the store cannot be read. Stop before the store is closed. */
board_watch *board_watch_start(store *records, GError **error);
void board_watch_stop(board_watch *w);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(board_watch, board_watch_stop)
