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

double ldn_area_projected(const double geotransform[6], double metres_per_unit)
{
	double cell = geotransform[1] * geotransform[5] - geotransform[2] * geotransform[4];
	return fabs(cell) * metres_per_unit * metres_per_unit;
}
