#include "record/value.h"

#include <math.h>
#include <string.h>

#include "base/boundary.h"
#include "record/bounds.h"
#include "record/message.h"

void field_bounds(const field *f, double *minimum, double *maximum)
{
	*minimum = f->type == FIELD_YEAR ? LIMIT_YEAR_FIRST : f->type == FIELD_COUNT ? 0 : -LIMIT_NUMBER;
	*maximum = f->type == FIELD_YEAR ? LIMIT_YEAR_LAST : LIMIT_NUMBER;
	if (f->maximum > f->minimum)
		*minimum = f->minimum, *maximum = f->maximum;
}

gboolean value_is_whole(const json_t *value, gint64 *whole)
{
	if (json_is_integer(value)) {
		*whole = json_integer_value(value);
		return TRUE;
	}
	double real = json_is_real(value) ? json_real_value(value) : NAN;
	if (!(fabs(real) <= LIMIT_NUMBER) || real != floor(real))
		return FALSE;
	*whole = (gint64)real;
	return TRUE;
}

static gboolean is_edge(gunichar c, gboolean paragraphs)
{
	return c <= 0x20 || (c >= 0x7f && c <= 0x9f) || (!paragraphs && (c == 0x2028 || c == 0x2029));
}

gboolean text_is_clean(const char *text, gsize length, gboolean paragraphs)
{
	if (length == 0 || strlen(text) != length)
		return FALSE;
	gunichar c = 0;
	for (const char *at = text; at < text + length; at = g_utf8_next_char(at)) {
		c = g_utf8_get_char(at);
		if (at == text ? is_edge(c, paragraphs) : c != ' ' && is_edge(c, paragraphs) && !(paragraphs && (c == '\t' || c == '\n')))
			return FALSE;
	}
	return !is_edge(c, paragraphs);
}

gboolean date_is_valid(const char *text)
{
	static const guint8 days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	gsize length = strlen(text);
	if (length != 4 && length != 7 && length != 10)
		return FALSE;
	for (gsize i = 0; i < length; i++)
		if (i == 4 || i == 7 ? text[i] != '-' : !g_ascii_isdigit(text[i]))
			return FALSE;
	guint year = (guint)g_ascii_strtoull(text, NULL, 10);
	if (year < LIMIT_YEAR_FIRST || year > LIMIT_YEAR_LAST)
		return FALSE;
	if (length == 4)
		return TRUE;
	guint month = (guint)g_ascii_strtoull(text + 5, NULL, 10);
	if (month < 1 || month > 12)
		return FALSE;
	if (length == 7)
		return TRUE;
	guint day = (guint)g_ascii_strtoull(text + 8, NULL, 10);
	gboolean leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return day >= 1 && day <= days[month - 1] + (leap ? 1u : 0u);
}

gboolean time_is_valid(const char *text)
{
	return strlen(text) == 5 && g_ascii_isdigit(text[0]) && g_ascii_isdigit(text[1]) && text[2] == ':' && text[3] >= '0' && text[3] <= '5' && g_ascii_isdigit(text[4])
	    && strcmp(text, "24") < 0;
}

gboolean sha256_is_valid(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

gboolean url_is_valid(const char *text)
{
	const char *at = g_str_has_prefix(text, "https://") ? text + 8 : g_str_has_prefix(text, "http://") ? text + 7 : NULL;
	if (!at)
		return FALSE;
	gsize host = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-");
	if (host == 0)
		return FALSE;
	at += host;
	if (*at == ':') {
		gsize digits = strspn(at + 1, "0123456789");
		if (digits < 1 || digits > 5)
			return FALSE;
		at += 1 + digits;
	}
	if (*at && !strchr("/?#", *at))
		return FALSE;
	for (; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		if (is_edge(c, FALSE) || (c < 0x80 && strchr("\"<>\\^`{|}", (int)c)))
			return FALSE;
	}
	return TRUE;
}

typedef struct geometry_check {
	GPtrArray *faults;
	GString *pointer;
	gsize positions;
} geometry_check;

static void geometry_fault(geometry_check *g, const char *message, const char *remedy)
{
	if (g->faults->len < 100)
		fault_add(g->faults, g->pointer->str, message, remedy);
}

static void position_validate(geometry_check *g, const json_t *position)
{
	gsize n = json_array_size(position);
	const json_t *longitude = json_array_get(position, 0), *latitude = json_array_get(position, 1), *height = json_array_get(position, 2);
	if (!json_is_array(position) || n < 2 || n > 3 || !json_is_number(longitude) || !json_is_number(latitude) || (height && !json_is_number(height)))
		geometry_fault(g, _("a position is not a pair of numbers"), _("Write positions as [longitude, latitude]."));
	else if (fabs(json_number_value(longitude)) > 180 || fabs(json_number_value(latitude)) > 90)
		geometry_fault(g, _("a position is off the Earth"), _("Use degrees of WGS 84, longitude first; project other coordinates before the import."));
	else if (height && fabs(json_number_value(height)) > LIMIT_NUMBER)
		geometry_fault(g, _("a height is out of bounds"), _("Leave heights out."));
}

static void ring_validate(geometry_check *g, const json_t *ring)
{
	gsize n = json_array_size(ring), before = g->pointer->len;
	if (!json_is_array(ring) || n < 4) {
		geometry_fault(g, _("a ring has fewer than four positions"), _("A ring is a closed line of four positions or more."));
		return;
	}
	g->positions += n;
	if (g->positions > LIMIT_POSITIONS)
		return;
	for (gsize i = 0; i < n; i++) {
		g_string_append_printf(g->pointer, "/%" G_GSIZE_FORMAT, i);
		position_validate(g, json_array_get(ring, i));
		g_string_truncate(g->pointer, before);
	}
	const json_t *first = json_array_get(ring, 0), *last = json_array_get(ring, n - 1);
	for (gsize i = 0; i < 2; i++)
		if (json_number_value(json_array_get(first, i)) != json_number_value(json_array_get(last, i))) {
			geometry_fault(g, _("a ring does not end where it begins"), _("Repeat the first position at the end."));
			break;
		}
}

static void list_validate(geometry_check *g, const json_t *list, const char *what, void (*each)(geometry_check *, const json_t *))
{
	gsize before = g->pointer->len, i;
	const json_t *entry;
	if (!json_is_array(list) || json_array_size(list) == 0) {
		g_autofree char *message = g_strdup_printf(_("the list of %s is missing or empty"), what);
		geometry_fault(g, message, _("Give coordinates as RFC 7946 describes."));
		return;
	}
	json_array_foreach(list, i, entry) {
		g_string_append_printf(g->pointer, "/%" G_GSIZE_FORMAT, i);
		each(g, entry);
		g_string_truncate(g->pointer, before);
	}
}

static void polygon_validate(geometry_check *g, const json_t *rings)
{
	list_validate(g, rings, _("rings"), ring_validate);
}

/* Rings in order one by one may still cross: what has no faults of form is read as the land it encloses. */
static void land_validate(const json_t *geometry, const char *pointer, GPtrArray *faults)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(boundary) land = boundary_read(geometry, &error);
	if (!land)
		fault_add(faults, pointer, error->message, _("Correct it there, or let ldn vector repair the file it came from."));
}

void geometry_validate(const json_t *geometry, const char *pointer, GPtrArray *faults)
{
	guint before = faults->len;
	g_autoptr(GString) at = g_string_new(pointer);
	geometry_check g = { .faults = faults, .pointer = at };
	const char *type = json_string_value(json_object_get(geometry, "type"));
	gboolean many = g_strcmp0(type, "MultiPolygon") == 0;
	if (!many && g_strcmp0(type, "Polygon") != 0) {
		geometry_fault(&g, _("the geometry is not a Polygon or MultiPolygon"), _("Give {\"type\":\"Polygon\",\"coordinates\":[...]}; for a point use longitude and latitude."));
		return;
	}
	if (json_object_size(geometry) != 2)
		geometry_fault(&g, _("the geometry has other members than type and coordinates"), _("Leave out bbox, crs and the like."));
	g_string_append(at, "/coordinates");
	const json_t *coordinates = json_object_get(geometry, "coordinates");
	if (many)
		list_validate(&g, coordinates, _("polygons"), polygon_validate);
	else
		polygon_validate(&g, coordinates);
	if (g.positions > LIMIT_POSITIONS)
		geometry_fault(&g, _("the geometry has more than 100000 positions"), _("Simplify it: a metre's detail is enough."));
	if (faults->len == before)
		land_validate(geometry, pointer, faults);
}
