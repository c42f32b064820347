#include "publish/drawing.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <gio/gio.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "publish/svg.h"

struct drawing {
	cairo_t *cairo;
	PangoContext *pango;
	drawing_scheme scheme;
	double width;
	gboolean plain;
};

/* docs/design.md: ink and paper, land colours. Dark mirrors light with the same contrast. */
static const guint32 palette[][INKS] = {
	[SCHEME_LIGHT] = {
		[INK_TEXT] = 0x1D2A30, [INK_MUTED] = 0x54636B, [INK_PAPER] = 0xFBFAF6, [INK_SHEET] = 0xF4F1E8, [INK_RULE] = 0xE1DDD2, [INK_LINK] = 0x0B5A78,
		[INK_DEGRADED] = 0x9C3D2E, [INK_STABLE] = 0xD9CDB4, [INK_IMPROVED] = 0x1F6F5C, [INK_NO_DATA] = 0xB9BEC4,
		[INK_WATER] = 0xF4F1E8, [INK_LAND] = 0xE4DCC6, [INK_TINT] = 0xC2A268,
	},
	[SCHEME_DARK] = {
		[INK_TEXT] = 0xE9E5DA, [INK_MUTED] = 0xA6B2B8, [INK_PAPER] = 0x151B1F, [INK_SHEET] = 0x1C2429, [INK_RULE] = 0x343F45, [INK_LINK] = 0x84C3DF,
		[INK_DEGRADED] = 0xE0816F, [INK_STABLE] = 0x8F8468, [INK_IMPROVED] = 0x58B89F, [INK_NO_DATA] = 0x8B949B,
		[INK_WATER] = 0x1C2429, [INK_LAND] = 0x3A454A, [INK_TINT] = 0xC9A566,
	},
};

/* One font map for all threads under one lock: a map of its own per worker would cost megabytes each. */
static GMutex turn;
static PangoFontMap *fonts;

static void set_ink(drawing *d, ink colour, double opacity)
{
	guint32 c = palette[d->scheme][d->plain && colour == INK_PAPER ? INK_SHEET : colour];
	cairo_set_source_rgba(d->cairo, (c >> 16 & 255) / 255.0, (c >> 8 & 255) / 255.0, (c & 255) / 255.0, opacity);
}

double drawing_width(const drawing *d)
{
	return d->width;
}

gboolean drawing_is_plain(const drawing *d)
{
	return d->plain;
}

static PangoLayout *layout_new(drawing *d, const text_style *style, const char *text)
{
	PangoLayout *layout = pango_layout_new(d->pango);
	g_autoptr(PangoFontDescription) font = pango_font_description_new();
	pango_font_description_set_family(font, "Inter,Noto Sans,Noto Sans CJK SC,Noto Sans Arabic,sans-serif");
	pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
	pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(layout, font);
	g_autoptr(PangoAttrList) attributes = pango_attr_list_new();
	pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1"));
	pango_layout_set_attributes(layout, attributes);
	pango_layout_set_text(layout, text ? text : "", -1);
	if (style->width > 0) {
		pango_layout_set_width(layout, (int)(style->width * PANGO_SCALE));
		pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
		static const PangoAlignment alignments[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
		pango_layout_set_alignment(layout, alignments[style->align]);
	}
	pango_layout_set_line_spacing(layout, 1.12f);
	return layout;
}

void drawing_text_extent(drawing *d, const text_style *style, const char *text, double *width, double *height)
{
	g_autoptr(PangoLayout) layout = layout_new(d, style, text);
	PangoRectangle box;
	pango_layout_get_extents(layout, NULL, &box);
	if (width)
		*width = pango_units_to_double(box.width);
	if (height)
		*height = pango_units_to_double(box.height);
}

double drawing_text(drawing *d, const text_style *style, double x, double y, const char *text)
{
	g_autoptr(PangoLayout) layout = layout_new(d, style, text);
	PangoRectangle box;
	pango_layout_get_extents(layout, NULL, &box);
	double width = pango_units_to_double(box.width), height = pango_units_to_double(box.height);
	double span = style->width > 0 ? style->width : width;
	double left = x - (style->align == TEXT_START ? 0 : style->align == TEXT_MIDDLE ? span / 2 : span);
	if (style->cover)
		drawing_fill(d, INK_PAPER, 0.86, left - 2, y, span + 4, height);
	set_ink(d, style->ink, 1);
	cairo_move_to(d->cairo, left, y);
	pango_cairo_show_layout(d->cairo, layout);
	return height;
}

void drawing_fill(drawing *d, ink colour, double opacity, double x, double y, double width, double height)
{
	set_ink(d, colour, opacity);
	cairo_rectangle(d->cairo, x, y, width, height);
	cairo_fill(d->cairo);
}

static void trace(drawing *d, const double *xy, gsize n)
{
	for (gsize i = 0; i < n; i++)
		(i ? cairo_line_to : cairo_move_to)(d->cairo, xy[2 * i], xy[2 * i + 1]);
}

void drawing_line(drawing *d, ink colour, double thickness, double dash, const double *xy, gsize n)
{
	set_ink(d, colour, 1);
	cairo_set_line_width(d->cairo, thickness);
	cairo_set_line_join(d->cairo, CAIRO_LINE_JOIN_ROUND);
	cairo_set_dash(d->cairo, &dash, dash > 0 ? 1 : 0, 0);
	trace(d, xy, n);
	cairo_stroke(d->cairo);
	cairo_set_dash(d->cairo, NULL, 0, 0);
}

/* Diagonals through the current path, 5 pixels apart. */
static void hatch(drawing *d, ink colour)
{
	double x1, y1, x2, y2;
	cairo_path_extents(d->cairo, &x1, &y1, &x2, &y2);
	cairo_save(d->cairo);
	cairo_clip(d->cairo);
	set_ink(d, colour, 1);
	cairo_set_line_width(d->cairo, 1.1);
	double height = y2 - y1;
	for (double x = floor((x1 - height) / 5) * 5; x < x2; x += 5) {
		cairo_move_to(d->cairo, x, y2);
		cairo_line_to(d->cairo, x + height, y1);
	}
	cairo_stroke(d->cairo);
	cairo_restore(d->cairo);
}

static void fill_mark(drawing *d, trust mark, ink colour)
{
	if (mark == TRUST_MEASURED) {
		set_ink(d, colour, 1);
		cairo_fill_preserve(d->cairo);
	} else if (mark == TRUST_REPORTED) {
		cairo_path_t *path = cairo_copy_path(d->cairo);
		hatch(d, colour);
		cairo_new_path(d->cairo);
		cairo_append_path(d->cairo, path);
		cairo_path_destroy(path);
	}
}

void drawing_bar(drawing *d, trust mark, ink colour, double x, double y, double width, double height)
{
	if (width < 1)
		width = 1;
	cairo_rectangle(d->cairo, x + 0.75, y + 0.75, MAX(width - 1.5, 0.5), height - 1.5);
	fill_mark(d, mark, colour);
	set_ink(d, colour, 1);
	cairo_set_line_width(d->cairo, 1.5);
	cairo_stroke(d->cairo);
}

void drawing_area(drawing *d, trust mark, ink colour, const double *xy, gsize n, double base)
{
	if (n < 2)
		return;
	trace(d, xy, n);
	cairo_line_to(d->cairo, xy[2 * n - 2], base);
	cairo_line_to(d->cairo, xy[0], base);
	cairo_close_path(d->cairo);
	fill_mark(d, mark, colour);
	cairo_new_path(d->cairo);
}

void drawing_dot(drawing *d, trust mark, ink colour, double x, double y, double radius)
{
	cairo_new_sub_path(d->cairo);
	cairo_arc(d->cairo, x, y, radius, 0, 2 * G_PI);
	set_ink(d, mark == TRUST_MEASURED ? colour : INK_PAPER, 1);
	cairo_fill_preserve(d->cairo);
	set_ink(d, colour, 1);
	if (mark == TRUST_REPORTED) { /* the hatching of bars, in what room a dot has */
		const double away = radius * 0.36, half = radius * 0.62;
		cairo_path_t *circle = cairo_copy_path(d->cairo);
		cairo_new_path(d->cairo);
		for (int side = -1; side <= 1; side += 2) {
			cairo_move_to(d->cairo, x - half + side * away, y + half + side * away);
			cairo_line_to(d->cairo, x + half + side * away, y - half + side * away);
		}
		cairo_set_line_width(d->cairo, 1.1);
		cairo_stroke(d->cairo);
		cairo_append_path(d->cairo, circle);
		cairo_path_destroy(circle);
	}
	cairo_set_line_width(d->cairo, 1.5);
	cairo_stroke(d->cairo);
}

void drawing_whisker(drawing *d, ink colour, double x1, double y1, double x2, double y2)
{
	gboolean flat = fabs(x2 - x1) > fabs(y2 - y1);
	double dx = flat ? 0 : 4, dy = flat ? 4 : 0;
	drawing_line(d, colour, 1.5, 0, (double[]){x1, y1, x2, y2}, 2);
	drawing_line(d, colour, 1.5, 0, (double[]){x1 - dx, y1 - dy, x1 + dx, y1 + dy}, 2);
	drawing_line(d, colour, 1.5, 0, (double[]){x2 - dx, y2 - dy, x2 + dx, y2 + dy}, 2);
}

void drawing_move(drawing *d, double x, double y)
{
	cairo_move_to(d->cairo, x, y);
}

void drawing_to(drawing *d, double x, double y)
{
	cairo_line_to(d->cairo, x, y);
}

/* The path is kept: what fills and strokes the same one is one element of an SVG. */
static void stroke_rings(drawing *d, ink colour, double thickness)
{
	set_ink(d, colour, 1);
	cairo_set_line_width(d->cairo, thickness);
	cairo_set_line_join(d->cairo, CAIRO_LINE_JOIN_ROUND);
	cairo_stroke_preserve(d->cairo);
}

void drawing_shape(drawing *d, ink fill, double opacity, ink outline, double thickness)
{
	cairo_close_path(d->cairo);
	cairo_set_fill_rule(d->cairo, CAIRO_FILL_RULE_EVEN_ODD);
	if (opacity > 0) {
		set_ink(d, fill, opacity);
		cairo_fill_preserve(d->cairo);
	}
	if (thickness > 0)
		stroke_rings(d, outline, thickness);
	cairo_new_path(d->cairo);
}

void drawing_outline(drawing *d, ink colour, double thickness, double dash)
{
	cairo_close_path(d->cairo);
	cairo_set_dash(d->cairo, &dash, dash > 0 ? 1 : 0, 0);
	stroke_rings(d, colour, thickness);
	cairo_set_dash(d->cairo, NULL, 0, 0);
	cairo_new_path(d->cairo);
}

void drawing_clip_shape(drawing *d, gboolean inside)
{
	cairo_save(d->cairo);
	if (!inside) { /* even-odd: all that shows now, but the shape */
		double x1, y1, x2, y2;
		cairo_clip_extents(d->cairo, &x1, &y1, &x2, &y2);
		cairo_rectangle(d->cairo, x1, y1, x2 - x1, y2 - y1);
	}
	cairo_set_fill_rule(d->cairo, CAIRO_FILL_RULE_EVEN_ODD);
	cairo_clip(d->cairo);
}

void drawing_clip(drawing *d, double x, double y, double width, double height)
{
	cairo_save(d->cairo);
	cairo_rectangle(d->cairo, x, y, width, height);
	cairo_clip(d->cairo);
}

void drawing_unclip(drawing *d)
{
	cairo_restore(d->cairo);
}

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length)
{
	g_byte_array_append(closure, data, length);
	return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *surface_new(const drawing_form *form, double height, GByteArray *out)
{
	cairo_surface_t *surface;
	switch (form->format) {
	case DRAWING_PDF:
		surface = cairo_pdf_surface_create_for_stream(append, out, form->width, height);
		/* The time of making would make two equal pictures differ. */
		cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
		return surface;
	case DRAWING_PNG: /* two pixels a point: sharp on a phone and on a projector */
		surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)ceil(form->width * 2), (int)ceil(height * 2));
		cairo_surface_set_device_scale(surface, 2, 2);
		return surface;
	case DRAWING_SVG:
	default:
		surface = cairo_svg_surface_create_for_stream(append, out, form->width, height);
		cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
		return surface;
	}
}

/* Paints on a surface; gives the height. A negative height measures only. */
static double paint_on(cairo_surface_t *surface, const drawing_form *form, double height, drawing_paint paint, gconstpointer data)
{
	PangoContext *pango = pango_font_map_create_context(fonts);
	drawing d = {.cairo = cairo_create(surface), .pango = pango, .scheme = form->scheme, .width = form->width, .plain = form->plain};
	/* The same layout on every machine, whatever its screen settings. */
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(pango, options);
	pango_cairo_context_set_resolution(pango, 96);
	pango_context_set_round_glyph_positions(pango, FALSE);
	cairo_font_options_destroy(options);
	if (height >= 0 && !form->plain)
		drawing_fill(&d, INK_PAPER, 1, 0, 0, form->width, height);
	double needed = paint(&d, data);
	cairo_destroy(d.cairo);
	g_object_unref(pango);
	return needed;
}

typedef struct measuring {
	const text_style *style;
	const char *text;
	double *width, *height;
} measuring;

static double paint_nothing(drawing *d, gconstpointer data)
{
	const measuring *m = data;
	drawing_text_extent(d, m->style, m->text, m->width, m->height);
	return 0;
}

/* Needs the turn. */
static void find_fonts(void)
{
	if (!fonts)
		fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
}

void drawing_measure(const text_style *style, const char *text, double *width, double *height)
{
	const measuring m = { style, text, width, height };
	const drawing_form form = { .plain = TRUE };
	g_mutex_lock(&turn);
	find_fonts();
	cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
	paint_on(surface, &form, -1, paint_nothing, &m);
	cairo_surface_destroy(surface);
	g_mutex_unlock(&turn);
}

GBytes *drawing_make(const drawing_form *form, const char *title, const char *description, drawing_paint paint, gconstpointer data,
	GError **error)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	g_mutex_lock(&turn);
	find_fonts();
	cairo_surface_t *measure = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
	double height = ceil(paint_on(measure, form, -1, paint, data));
	cairo_surface_destroy(measure);
	cairo_surface_t *surface = surface_new(form, height, out);
	paint_on(surface, form, height, paint, data);
	cairo_status_t status = cairo_surface_status(surface);
	if (!status && form->format == DRAWING_PNG)
		status = cairo_surface_write_to_png_stream(surface, append, out);
	cairo_surface_finish(surface);
	if (!status)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	g_mutex_unlock(&turn);
	if (status) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "drawing \"%s\": %s", title, cairo_status_to_string(status));
		return NULL;
	}
	if (form->format == DRAWING_SVG)
		return svg_finish((const char *)out->data, out->len, title, description);
	return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}
