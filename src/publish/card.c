#include "publish/card.h"

#include <math.h>
#include <string.h>

/* ---- the picture of a link: 600 by 315 points, two pixels each ---- */

#define CARD_WIDTH 600.0
#define CARD_HEIGHT 315.0
#define MARGIN 36.0

/* The largest size at which a text takes no more than this height. */
static double fitting(drawing *d, text_style style, const char *text, double height)
{
	static const double sizes[] = { 34, 30, 26, 23, 20, 17 };
	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		double needed;
		style.size = sizes[i];
		drawing_text_extent(d, &style, text, NULL, &needed);
		if (needed <= height)
			return sizes[i];
	}
	return sizes[G_N_ELEMENTS(sizes) - 1];
}

/* The text, cut after a word with an ellipsis so that it is no higher. Free with g_free. */
static char *cut_below(drawing *d, const text_style *style, const char *text, double most)
{
	g_autofree char *cut = g_strdup(text);
	char *whole = g_strdup(text);
	for (;;) {
		double height;
		drawing_text_extent(d, style, whole, NULL, &height);
		char *space = strrchr(cut, ' ');
		if (height <= most || !space)
			return whole;
		*space = '\0';
		g_free(whole);
		whole = g_strconcat(cut, " …", NULL);
	}
}

/* The mark in a box; gives where the box ends below. */
static double paint_mark(drawing *d, const card *c, double y)
{
	const text_style style = { .size = 17, .bold = TRUE, .ink = c->loud ? INK_PAPER : INK_TEXT };
	double width, height;
	drawing_text_extent(d, &style, c->mark, &width, &height);
	const double box[] = { MARGIN, y, MARGIN + width + 24, y, MARGIN + width + 24, y + height + 12, MARGIN, y + height + 12, MARGIN, y };
	if (c->loud)
		drawing_fill(d, INK_DEGRADED, 1, MARGIN, y, width + 24, height + 12);
	drawing_line(d, c->loud ? INK_DEGRADED : INK_MUTED, 1.5, 0, box, G_N_ELEMENTS(box) / 2);
	drawing_text(d, &style, MARGIN + 12, y + 6, c->mark);
	return y + height + 12;
}

static double paint_card(drawing *d, gconstpointer data)
{
	const card *c = data;
	const double inner = CARD_WIDTH - 2 * MARGIN;
	text_style title = { .bold = TRUE, .ink = INK_TEXT, .width = inner };
	double y = 30;
	drawing_fill(d, INK_IMPROVED, 1, 0, 0, CARD_WIDTH, 8);
	drawing_text(d, &(text_style){ .size = 15, .ink = INK_MUTED }, MARGIN, y, c->kicker ? c->kicker : "");
	drawing_text(d, &(text_style){ .size = 15, .bold = TRUE, .ink = INK_LINK, .align = TEXT_END }, CARD_WIDTH - MARGIN, y, c->site);
	y += 32;
	title.size = fitting(d, title, c->title, c->sentence || c->mark ? 104 : 180);
	drawing_clip(d, 0, y, CARD_WIDTH, 112);
	y += drawing_text(d, &title, MARGIN, y, c->title);
	drawing_unclip(d);
	y = MIN(y, 174) + 16;
	if (c->mark)
		y = paint_mark(d, c, y) + 12;
	if (c->sentence) {
		const text_style words = { .size = 17, .ink = INK_TEXT, .width = inner };
		g_autofree char *sentence = cut_below(d, &words, c->sentence, CARD_HEIGHT - 52 - y);
		drawing_text(d, &words, MARGIN, y, sentence);
	}
	drawing_line(d, INK_RULE, 1, 0, (double[]){ MARGIN, CARD_HEIGHT - 44, CARD_WIDTH - MARGIN, CARD_HEIGHT - 44 }, 2);
	drawing_text(d, &(text_style){ .size = 13, .ink = INK_MUTED, .width = inner }, MARGIN, CARD_HEIGHT - 36, c->note ? c->note : "");
	return CARD_HEIGHT;
}

GBytes *card_make(const card *c, GError **error)
{
	const drawing_form form = { .format = DRAWING_PNG, .width = CARD_WIDTH };
	return drawing_make(&form, c->title, c->sentence ? c->sentence : "", paint_card, c, error);
}

/* ---- the badge ---- */

#define BADGE_HEIGHT 26.0
#define BADGE_PAD 9.0

typedef struct badge {
	const char *label, *value;
	gboolean loud;
	double label_width, value_width;
} badge;

static const text_style label_style = { .size = 12, .ink = INK_TEXT }, value_style = { .size = 12, .bold = TRUE, .ink = INK_TEXT }, loud_style = { .size = 12, .bold = TRUE, .ink = INK_PAPER };

static double paint_badge(drawing *d, gconstpointer data)
{
	const badge *b = data;
	double left = b->label_width + 2 * BADGE_PAD, right = b->value_width + 2 * BADGE_PAD, width = left + right, height;
	const double frame[] = { 0.5, 0.5, width - 0.5, 0.5, width - 0.5, BADGE_HEIGHT - 0.5, 0.5, BADGE_HEIGHT - 0.5, 0.5, 0.5 };
	drawing_text_extent(d, &label_style, b->label, NULL, &height);
	double y = (BADGE_HEIGHT - height) / 2;
	drawing_fill(d, INK_SHEET, 1, 0, 0, left, BADGE_HEIGHT);
	if (b->loud)
		drawing_fill(d, INK_DEGRADED, 1, left, 0, right, BADGE_HEIGHT);
	drawing_text(d, &label_style, BADGE_PAD, y, b->label);
	drawing_text(d, b->loud ? &loud_style : &value_style, left + BADGE_PAD, y, b->value);
	drawing_line(d, b->loud ? INK_DEGRADED : INK_MUTED, 1, 0, frame, G_N_ELEMENTS(frame) / 2);
	return BADGE_HEIGHT;
}

/* The text, cut with an ellipsis so that it is no wider; *width: what it takes. Free with g_free. */
static char *cut_to(const text_style *style, const char *text, double most, double *width)
{
	char *cut = g_strdup(text);
	glong n = g_utf8_strlen(text, -1);
	drawing_measure(style, cut, width, NULL);
	while (*width > most && n > 1) {
		g_free(cut);
		n -= MAX(1, (glong)(n * (1 - most / *width)) / 2);
		g_autofree char *start = g_utf8_substring(text, 0, n);
		cut = g_strconcat(g_strchomp(start), "…", NULL);
		drawing_measure(style, cut, width, NULL);
	}
	return cut;
}

GBytes *badge_make(const char *label, const char *value, gboolean loud, drawing_scheme scheme, GError **error)
{
	badge b = { .loud = loud };
	g_autofree char *right = cut_to(&value_style, value, BADGE_WIDTH * 0.5, &b.value_width), *left = cut_to(&label_style, label, BADGE_WIDTH - b.value_width - 4 * BADGE_PAD, &b.label_width);
	g_autofree char *title = g_strdup_printf("%s: %s", label, value);
	b.label = left;
	b.value = right;
	const drawing_form form = { .format = DRAWING_SVG, .scheme = scheme, .width = ceil(b.label_width + b.value_width + 4 * BADGE_PAD) };
	return drawing_make(&form, title, title, paint_badge, &b, error);
}
