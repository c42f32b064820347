/* The sweep through one cell of an overlay. */
#pragma once

#include "base/overlay.h"

typedef struct sweep sweep;

sweep *sweep_new(lonlat_box cell);
/* Adds what of the boundary lies in the cell; number is what faces will call it. */
void sweep_add(sweep *s, const boundary *b, guint32 number);
/* Appends the faces, in no order. Once. */
void sweep_run(sweep *s, overlay_cell cell, overlay_faces *out);
void sweep_free(sweep *s);
