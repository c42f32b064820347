/* Memory for the many small pieces of JSON that a page is made of: each thread keeps what it gives back and takes it again, without a lock and
 * without the allocator's search for neighbours to join. */
#pragma once

#include <glib.h>

/* Pieces are malloc's own: what was taken may be given to free, and what malloc gave may be given back here. */
void *cells_take(size_t size);
void cells_give(void *piece);

/* From here on jansson takes and gives its memory so. Before anything is made with it; nothing happens under a sanitizer, which could not see a piece
 * used after it was given back. */
void cells_use(void);
