#include "ldn/area.h"

#include <math.h>

static const double a = 6378137.0;
static const double b = 6356752.3142;
static const double pi = 3.14159265358979323846;
static const double radian = 0.017453292519943295769;

static double eccentricity(void)
{
	return sqrt(1.0 - (b / a) * (b / a));
}

static double cut_latitude(double degrees)
{
	return degrees > 90.0 ? 90.0 : degrees < -90.0 ? -90.0 : degrees;
}

double ldn_area_cell(double lat_a, double lat_b, double width_deg)
{
	double e = eccentricity(), e2 = e * e;
	double south = cut_latitude(lat_a < lat_b ? lat_a : lat_b), north = cut_latitude(lat_a < lat_b ? lat_b : lat_a);
	if (isnan(lat_a) || isnan(lat_b))
		return NAN;

	/* sin n - sin s by its product, atanh n - atanh s as one atanh, the cosine counted from the pole: nothing of like size is
	 * subtracted but the latitudes themselves, in degrees, where they are as exact as they came. */
	double pole = north + south < 0.0 ? -90.0 : 90.0;
	double half = 0.5 * (north - south) * radian, from_pole = 0.5 * fabs((pole - north) + (pole - south)) * radian;
	double sn = sin(north * radian), ss = sin(south * radian), step = 2.0 * sin(from_pole) * sin(half);
	double band = atanh(e * step / (1.0 - e2 * sn * ss)) / e;
	band += step * (1.0 + e2 * sn * ss) / ((1.0 - e2 * sn * sn) * (1.0 - e2 * ss * ss));
	return pi * b * b * band * fabs(width_deg) / 360.0;
}

static double area_from_equator(double degrees)
{
	double e = eccentricity();
	double s = sin(degrees * radian);
	return pi * b * b * (2.0 * atanh(e * s) / (2.0 * e) + s / ((1.0 + e * s) * (1.0 - e * s)));
}

double ldn_area_cell_subtracted(double lat_south, double lat_north, double width_deg)
{
	return fabs(width_deg) / 360.0 * (area_from_equator(lat_north) - area_from_equator(lat_south));
}

ldn_status ldn_area_rows(double top, double height_deg, double width_deg, size_t first_row, size_t rows, double *area)
{
	if (!isfinite(top) || !isfinite(height_deg) || !isfinite(width_deg) || height_deg == 0.0 || width_deg == 0.0)
		return LDN_ERROR_ARGUMENT;
	for (size_t k = 0; k < rows; k++) {
		double row = (double)(first_row + k);
		area[k] = ldn_area_cell(top + row * height_deg, top + (row + 1.0) * height_deg, width_deg);
	}
	return LDN_OK;
}

/* The area between phi0 and phi, for one degree of longitude; negative to the south. */
static double band_from(double phi0, double phi)
{
	return phi < phi0 ? -ldn_area_cell(phi0, phi, 1.0) : ldn_area_cell(phi0, phi, 1.0);
}

/* Mean of band_from over the latitudes from..to. */
static double band_mean(double phi0, double from, double to)
{
	static const double node3[] = {-0.77459666924148337704, 0.0, 0.77459666924148337704}, weight3[] = {5.0 / 18.0, 8.0 / 18.0, 5.0 / 18.0};
	static const double node5[] = {-0.90617984593866399280, -0.53846931010568309104, 0.0, 0.53846931010568309104, 0.90617984593866399280};
	static const double weight5[] = {0.11846344252809454376, 0.23931433524968323402, 64.0 / 225.0, 0.23931433524968323402, 0.11846344252809454376};
	double middle = 0.5 * (from + to), half = 0.5 * (to - from), sum = 0.0;
	int small = fabs(half) <= 0.5;
	for (int i = 0; i < (small ? 3 : 5); i++)
		sum += (small ? weight3 : weight5)[i] * band_from(phi0, middle + half * (small ? node3 : node5)[i]);
	return sum;
}

double ldn_area_ring(size_t n, const double *lon, const double *lat)
{
	double sum = 0.0, lost = 0.0;
	for (size_t i = 0; n >= 3 && i < n; i++) {
		size_t next = i + 1 < n ? i + 1 : 0;
		double width = lon[next] - lon[i], rise = lat[next] - lat[i];
		if (!isfinite(width) || !isfinite(rise))
			return NAN;
		int steps = fabs(rise) > 20.0 ? (int)ceil(fmin(fabs(rise), 360.0) / 20.0) : 1;
		for (int k = 0; k < steps && width != 0.0; k++) {
			double term = -width / steps * band_mean(lat[0], lat[i] + rise * k / steps, lat[i] + rise * (k + 1) / steps);
			double total = sum + term;
			lost += fabs(sum) >= fabs(term) ? (sum - total) + term : (term - total) + sum;
			sum = total;
		}
	}
	return sum + lost;
}

double ldn_area_projected(const double geotransform[6], double metres_per_unit)
{
	double cell = geotransform[1] * geotransform[5] - geotransform[2] * geotransform[4];
	return fabs(cell) * metres_per_unit * metres_per_unit;
}
