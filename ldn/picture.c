#include "picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ldn/performance.h"
#include "png.h"

enum { SIDE = 640, SIDE_MOST = 2048, HATCH = 8, HATCH_WIDTH = 3 };

const colour colour_degraded = {0x9C, 0x3D, 0x2E}, colour_stable = {0xD9, 0xCD, 0xB4}, colour_improved = {0x1F, 0x6F, 0x5C}, colour_missing = {0xB9, 0xBE, 0xC4};
static const colour paper = {0xFB, 0xFA, 0xF6}, ink = {0x1D, 0x2A, 0x30};

/* How cells become pixels: pixel column x shows cell column x * columns / width. */
typedef struct canvas {
	const parcel *land;
	int width, height;
	uint8_t *pixels;
} canvas;

static canvas canvas_new(const parcel *land, const grid *of)
{
	double wide = fabs(of->transform[1]), high = fabs(of->transform[5]);
	if (of->geographic) {
		double top = of->transform[3] + of->transform[5] * (land->box.y + land->box.height / 2.0);
		wide *= cos(top * 3.14159265358979323846 / 180);
	}
	double across = wide * land->box.width, down = high * land->box.height, scale = SIDE / (across > down ? across : down);
	int width = (int)(across * scale + 0.5), height = (int)(down * scale + 0.5);
	/* never fewer pixels than cells, within reason */
	int times = (int)ceil(fmax((double)land->box.width / (width ? width : 1), (double)land->box.height / (height ? height : 1)));
	times = times < 1 ? 1 : times;
	width = width * times < SIDE_MOST ? width * times : SIDE_MOST;
	height = height * times < SIDE_MOST ? height * times : SIDE_MOST;
	canvas to = {land, width < 1 ? 1 : width, height < 1 ? 1 : height, NULL};
	to.pixels = memory_new((size_t)to.width * (size_t)to.height, 3);
	return to;
}

static size_t cell_at(const canvas *to, int x, int y)
{
	size_t column = (size_t)x * (size_t)to->land->box.width / (size_t)to->width, row = (size_t)y * (size_t)to->land->box.height / (size_t)to->height;
	return row * (size_t)to->land->box.width + column;
}

static void dot(const canvas *to, int x, int y, colour of)
{
	if (x < 0 || y < 0 || x >= to->width || y >= to->height)
		return;
	uint8_t *pixel = to->pixels + ((size_t)y * (size_t)to->width + (size_t)x) * 3;
	pixel[0] = of.red, pixel[1] = of.green, pixel[2] = of.blue;
}

static colour mixed(colour a, colour b, double share)
{
	return (colour){(uint8_t)(a.red + share * (b.red - a.red) + 0.5), (uint8_t)(a.green + share * (b.green - a.green) + 0.5), (uint8_t)(a.blue + share * (b.blue - a.blue) + 0.5)};
}

static colour hatched(int x, int y)
{
	return (x + y) % HATCH < HATCH_WIDTH ? mixed(colour_missing, paper, 0.7) : colour_missing;
}

typedef struct painter {
	colour (*paint)(const struct painter *with, size_t cell, bool *missing);
	const double *const *bands;
	double low, high;
	const int16_t *classes;
	const colour *colours;
	int first;
} painter;

static void fill(const canvas *to, const painter *with)
{
	for (int y = 0; y < to->height; y++)
		for (int x = 0; x < to->width; x++) {
			size_t cell = cell_at(to, x, y);
			bool missing = false;
			colour of = with->paint(with, cell, &missing);
			if (to->land->fraction[cell] > 0)
				dot(to, x, y, missing ? hatched(x, y) : of);
			else
				dot(to, x, y, missing ? paper : mixed(of, paper, 0.55));
		}
}

/* --- outline --- */

static void line(const canvas *to, double x0, double y0, double x1, double y1)
{
	double length = fmax(fabs(x1 - x0), fabs(y1 - y0));
	if (!(length < 1e5))
		return;
	int steps = (int)length + 1;
	for (int i = 0; i <= steps; i++) {
		int x = (int)floor(x0 + (x1 - x0) * i / steps), y = (int)floor(y0 + (y1 - y0) * i / steps);
		dot(to, x, y, ink), dot(to, x + 1, y, ink), dot(to, x, y + 1, ink);
	}
}

static void outline(const canvas *to)
{
	const ldn_polygon *shape = &to->land->shape.items[0].shape;
	const window *box = &to->land->box;
	double across = (double)to->width / box->width, down = (double)to->height / box->height;
	for (size_t r = 0; r < shape->rings; r++) {
		size_t first = shape->ring_first[r], end = r + 1 < shape->rings ? shape->ring_first[r + 1] : shape->points;
		for (size_t i = first; i < end; i++) {
			size_t next = i + 1 < end ? i + 1 : first;
			line(to, (shape->x[i] - box->x) * across, (shape->y[i] - box->y) * down, (shape->x[next] - box->x) * across, (shape->y[next] - box->y) * down);
		}
	}
}

static uint8_t *paint(const parcel *land, const grid *of, const painter *with, size_t *size)
{
	canvas to = canvas_new(land, of);
	fill(&to, with);
	outline(&to);
	uint8_t *file = png_make(to.width, to.height, to.pixels, size);
	free(to.pixels);
	return file;
}

/* --- three kinds --- */

static double share_of(const painter *with, double value)
{
	double share = (value - with->low) / (with->high - with->low);
	return share > 0 ? share < 1 ? share : 1 : 0;
}

static colour paint_bands(const painter *with, size_t cell, bool *missing)
{
	double r = with->bands[0][cell], g = with->bands[1][cell], b = with->bands[2][cell];
	*missing = !(isfinite(r) && isfinite(g) && isfinite(b));
	if (*missing)
		return colour_missing;
	/* the square root lightens what is dark, as a photograph does */
	return (colour){(uint8_t)(255 * sqrt(share_of(with, r)) + 0.5), (uint8_t)(255 * sqrt(share_of(with, g)) + 0.5), (uint8_t)(255 * sqrt(share_of(with, b)) + 0.5)};
}

static colour paint_index(const painter *with, size_t cell, bool *missing)
{
	double value = with->bands[0][cell];
	*missing = !isfinite(value);
	if (*missing)
		return colour_missing;
	double share = share_of(with, value);
	return share < 0.5 ? mixed(colour_degraded, colour_stable, 2 * share) : mixed(colour_stable, colour_improved, 2 * share - 1);
}

static colour paint_class(const painter *with, size_t cell, bool *missing)
{
	*missing = with->classes[cell] == LDN_NODATA;
	return *missing ? colour_missing : with->colours[with->classes[cell] - with->first];
}

uint8_t *picture_bands(const parcel *land, const grid *of, const double *const bands[3], double dark, double bright, size_t *size)
{
	return paint(land, of, &(painter){.paint = paint_bands, .bands = bands, .low = dark, .high = bright}, size);
}

uint8_t *picture_index(const parcel *land, const grid *of, const double *values, double low, double high, size_t *size)
{
	return paint(land, of, &(painter){.paint = paint_index, .bands = &values, .low = low, .high = high}, size);
}

uint8_t *picture_classes(const parcel *land, const grid *of, const int16_t *classes, int first, const colour *colours, size_t *size)
{
	return paint(land, of, &(painter){.paint = paint_class, .classes = classes, .first = first, .colours = colours}, size);
}

static int rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

bool picture_range(const parcel *land, const double *const *bands, size_t count, double *dark, double *bright)
{
	autofree double *values = memory_grow(NULL, land->n * count, sizeof *values);
	size_t n = 0;
	for (size_t k = 0; k < count; k++)
		for (size_t i = 0; i < land->n; i++)
			if (isfinite(bands[k][i]))
				values[n++] = bands[k][i];
	if (n == 0)
		return false;
	qsort(values, n, sizeof *values, rising);
	*dark = ldn_quantile_sorted(values, n, 0.02);
	*bright = ldn_quantile_sorted(values, n, 0.98);
	*bright = *bright > *dark ? *bright : *dark + 1;
	return true;
}
