/* The measured sites whose curves show best what becomes of land: a part of the board. */
#pragma once

#include "store/store.h"

#define BOARD_CURVES 3

/* Ids of up to BOARD_CURVES sites, interned, the best first, then NULL: of the measurements with the newest period those from images before those from tables, then the
 * longest series. FALSE with an error of the store. */
gboolean board_curves_read(store_reader *reader, const char *as_of, const char *sites[static BOARD_CURVES + 1], GError **error);
