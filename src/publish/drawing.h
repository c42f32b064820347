/* A sheet to draw on, in the site's visual language, that becomes SVG, PDF or PNG. Everything that is drawn, charts and maps, is drawn
 * with these marks: promised is an outline, reported is hatched, measured is solid with a whisker.
 *
 * Fonts are looked up at the first text of the process, never at the start. Any thread may draw; drawings take turns. */
#pragma once

#include <glib.h>

typedef enum drawing_format { DRAWING_SVG, DRAWING_PDF, DRAWING_PNG } drawing_format;
typedef enum drawing_scheme { SCHEME_LIGHT, SCHEME_DARK } drawing_scheme;

/* How far a figure can be trusted: the mark it is drawn with. */
typedef enum trust { TRUST_PROMISED, TRUST_REPORTED, TRUST_MEASURED } trust;

typedef enum ink {
	INK_TEXT, INK_MUTED, INK_PAPER, INK_SHEET, INK_RULE, INK_LINK,
	INK_DEGRADED, INK_STABLE, INK_IMPROVED, INK_NO_DATA, /* the land colours */
	INK_WATER, INK_LAND, INK_TINT,                       /* maps: sea, countries, the strongest tint of a country */
	INKS
} ink;

/* What a picture is wanted as. width in pixels (points in a PDF): DRAWING_WIDE or DRAWING_NARROW for the web. */
typedef struct drawing_form {
	drawing_format format;
	drawing_scheme scheme;
	double width;
	gboolean plain; /* for a page that has a sheet and a caption around it: no paper of its own; a chart leaves its words to the page */
} drawing_form;

#define DRAWING_WIDE 720.0
#define DRAWING_NARROW 358.0 /* a phone of 390 pixels without its margins */

typedef enum text_align { TEXT_START, TEXT_MIDDLE, TEXT_END } text_align;

typedef struct text_style {
	double size; /* pixels */
	gboolean bold;
	ink ink;
	text_align align; /* about x */
	double width;     /* wraps at this width; 0: one line */
	gboolean cover;   /* paper under the text, so that lines behind it do not cross it */
} text_style;

typedef struct drawing drawing;

/* Paints a picture of form->width and gives the height it needs. Called twice with the same data: once to measure, once to draw. */
typedef double (*drawing_paint)(drawing *d, gconstpointer data);

/* Title and description are what a screen reader says (SVG: <title>, <desc>). Free with g_bytes_unref; NULL with an error if Cairo fails. */
GBytes *drawing_make(const drawing_form *form, const char *title, const char *description, drawing_paint paint, gconstpointer data,
	GError **error);

/* Width and height a text takes on one line, before there is anything to draw on; either may be NULL. */
void drawing_measure(const text_style *style, const char *text, double *width, double *height);

double drawing_width(const drawing *d);
gboolean drawing_is_plain(const drawing *d);

/* Text with its top at y; gives its height. Extent: width and height it would take. */
double drawing_text(drawing *d, const text_style *style, double x, double y, const char *text);
void drawing_text_extent(drawing *d, const text_style *style, const char *text, double *width, double *height);

void drawing_fill(drawing *d, ink colour, double opacity, double x, double y, double width, double height);
/* A line through n points, x and y in turn; dash 0 is a whole line. */
void drawing_line(drawing *d, ink colour, double thickness, double dash, const double *xy, gsize n);
/* A bar, an area under n points (down to y), a dot: in the mark of its trust. */
void drawing_bar(drawing *d, trust mark, ink colour, double x, double y, double width, double height);
void drawing_area(drawing *d, trust mark, ink colour, const double *xy, gsize n, double base);
void drawing_dot(drawing *d, trust mark, ink colour, double x, double y, double radius);
/* The interval of a measured value, with end ticks. */
void drawing_whisker(drawing *d, ink colour, double x1, double y1, double x2, double y2);

/* Rings of a polygon: begin, points, then fill (even-odd) with an outline. */
void drawing_move(drawing *d, double x, double y);
void drawing_to(drawing *d, double x, double y);
void drawing_shape(drawing *d, ink fill, double opacity, ink outline, double thickness);
/* Or their outline alone; dash 0 is a whole line. */
void drawing_outline(drawing *d, ink colour, double thickness, double dash);
/* Or what is drawn from here on shows only inside them (even-odd), or only outside, until drawing_unclip. */
void drawing_clip_shape(drawing *d, gboolean inside);
/* What is drawn from here on shows only inside this rectangle, until drawing_unclip. */
void drawing_clip(drawing *d, double x, double y, double width, double height);
void drawing_unclip(drawing *d);
