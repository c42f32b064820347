/* What recovery is measured against, and summaries over polygons. */
#include "ldn/recovery.h"
#include "ldn/trend.h"

#include <math.h>

/* NaN to the back; the number of others. -0 becomes 0, so that equal values are the same bits. */
static size_t missing_last(double *values, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(values[i])) {
			double v = values[i] + 0.0;
			values[i] = values[kept];
			values[kept++] = v;
		}
	return kept;
}

static void heap_sink(double *values, size_t root, size_t n)
{
	double sunk = values[root];

	for (size_t child; (child = 2 * root + 1) < n; root = child) {
		child += child + 1 < n && values[child + 1] > values[child];
		if (values[child] <= sunk)
			break;
		values[root] = values[child];
	}
	values[root] = sunk;
}

/* In place and without recursion, in n log n steps whatever the order. */
static void heap_sort(double *values, size_t n)
{
	for (size_t root = n / 2; root-- > 0;)
		heap_sink(values, root, n);
	for (size_t end = n; end-- > 1;) {
		double largest = values[0];
		values[0] = values[end];
		values[end] = largest;
		heap_sink(values, 0, end);
	}
}

static double middle(const double *sorted, size_t n)
{
	return n == 0 ? (double)NAN : n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

double ldn_median(double *values, size_t n)
{
	size_t kept = missing_last(values, n);

	heap_sort(values, kept);
	return middle(values, kept);
}

/* Few values: inserted where they belong. */
static size_t insert_sorted(double *sorted, size_t n, double value)
{
	size_t k = n;

	if (isnan(value))
		return n;
	for (; k > 0 && sorted[k - 1] > value; k--)
		sorted[k] = sorted[k - 1];
	sorted[k] = value;
	return n + 1;
}

ldn_status ldn_median_years(const double *series, size_t n, ldn_span rows, double *median)
{
	if (rows.count < 1 || rows.count > LDN_YEARS_MAX)
		return LDN_ERROR_ARGUMENT;
	for (size_t i = 0; i < n; i++) {
		double sorted[LDN_YEARS_MAX];
		size_t kept = 0;
		for (size_t k = rows.first; k < rows.first + rows.count; k++)
			kept = insert_sorted(sorted, kept, series[k * n + i]);
		median[i] = middle(sorted, kept);
	}
	return LDN_OK;
}

/* Rows or columns of the block around `at` that lie in the image. */
static ldn_span block_span(size_t at, size_t size, size_t end)
{
	size_t half = size / 2, first = at > half ? at - half : 0, last = at + half < end ? at + half : end - 1;

	return (ldn_span){first, last - first + 1};
}

static double block_mean(const double *image, size_t width, ldn_span columns, ldn_span rows, bool skip_missing)
{
	double sum = 0;
	size_t count = 0;

	for (size_t y = rows.first; y < rows.first + rows.count; y++)
		for (size_t x = columns.first; x < columns.first + columns.count; x++) {
			double v = image[y * width + x];
			if (skip_missing && isnan(v))
				continue;
			sum += v;
			count++;
		}
	return count ? sum / (double)count : (double)NAN;
}

ldn_status ldn_window_mean(const double *image, size_t width, size_t height, size_t size, bool skip_missing, size_t first, size_t rows,
			   double *out)
{
	if (size % 2 == 0 || first > height || rows > height - first)
		return LDN_ERROR_ARGUMENT;
	for (size_t y = first; y < first + rows; y++) {
		ldn_span down = block_span(y, size, height);
		for (size_t x = 0; x < width; x++) {
			ldn_span across = block_span(x, size, width);
			bool leaves = down.count < size || across.count < size;
			out[(y - first) * width + x] = leaves && !skip_missing ? (double)NAN : block_mean(image, width, across, down, skip_missing);
		}
	}
	return LDN_OK;
}

ldn_summary ldn_summarise(ldn_metric metric, double *values, size_t n)
{
	ldn_summary s = {.pixels = n, .mean = NAN, .median = NAN, .min = NAN, .max = NAN, .deviation = NAN};
	size_t valid = missing_last(values, n), from = 0;
	double sum = 0, squares = 0;

	s.missing = n - valid;
	heap_sort(values, valid);
	while (from < valid && values[from] == -INFINITY)
		from++;
	while (valid > from && values[valid - 1] == INFINITY)
		valid--;
	s.infinite = n - s.missing - (valid - from);
	while (metric == LDN_Y2R && from < valid && values[from] == LDN_NOT_REACHED) {
		s.not_reached++;
		from++;
	}
	s.used = valid - from;
	if (s.used == 0)
		return s;
	for (size_t i = from; i < valid; i++)
		sum += values[i];
	s.mean = sum / (double)s.used;
	for (size_t i = from; i < valid; i++)
		squares += (values[i] - s.mean) * (values[i] - s.mean);
	s.deviation = sqrt(squares / (double)s.used);
	s.median = middle(values + from, s.used);
	s.min = values[from];
	s.max = values[valid - 1];
	return s;
}
