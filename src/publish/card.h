/* What stands for a page elsewhere: a badge of one line, and the picture that messengers and social sites show of a link. */
#pragma once

#include "publish/drawing.h"

/* The wide picture: 1200 by 630 pixels. Texts come translated; NULL where there is none. */
typedef struct card {
	const char *site;     /* name of the site */
	const char *kicker;   /* what it is: "Pledge" */
	const char *title;
	const char *mark;     /* glyph and word: "◆ overdue" */
	gboolean loud;        /* the mark shouts */
	const char *sentence; /* what is so */
	const char *note;     /* small print: when and where */
} card;

GBytes *card_make(const card *c, GError **error);

/* A badge as SVG: what it is about, and how that stands. As wide as its words, which are cut at BADGE_WIDTH. */
#define BADGE_WIDTH 460.0
GBytes *badge_make(const char *label, const char *value, gboolean loud, drawing_scheme scheme, GError **error);
