/* Areas of grid cells: on the WGS 84 ellipsoid for grids in degrees, plain products for equal-area projected grids.
 *
 * Formula: the area of the ellipsoid between two parallels, F(phi) = pi b^2 [ atanh(e sin phi) / e + sin phi / (1 - e^2 sin^2 phi) ],
 * a = 6378137 m, b = 6356752.3142 m, e^2 = 1 - b^2/a^2 (Snyder 1987, USGS Professional Paper 1395, eq. 3-12 and 3-18).
 * Cells of one row of a grid have one area, so tables need one number a row.
 */
#ifndef LDN_AREA_H
#define LDN_AREA_H

#include "ldn/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Square metres between two parallels (degrees, either order) over width_deg of longitude. The difference of F is taken in a form
 * without cancellation, so that cells of a centimetre are as exact as cells of a degree. Latitudes outside -90..90 are cut there;
 * NaN gives NaN. */
LDN_API double ldn_area_cell(double lat_a, double lat_b, double width_deg);

/* The same as Trends.Earth computes it: F of both parallels, subtracted. Loses up to eight digits near the poles. */
LDN_API double ldn_area_cell_subtracted(double lat_south, double lat_north, double width_deg);

/* area[k] for rows first_row .. first_row + rows - 1 of a grid in degrees whose row r spans top + r * height .. top + (r + 1) * height
 * (height negative for north-up). Latitude is multiplied, never accumulated. LDN_ERROR_ARGUMENT: a size that is not finite or zero. */
LDN_API ldn_status ldn_area_rows(double top, double height_deg, double width_deg, size_t first_row, size_t rows, double *area);

/* Square metres inside a ring whose edges are straight in longitude and latitude (RFC 7946, section 3.1.1), on the ellipsoid; above 0
 * anticlockwise, below 0 clockwise. The last point may repeat the first. Longitudes must run on across the date line (179, 181), not jump.
 * By Green's theorem the area is the integral of -(F(phi) - F(phi0)) / 2 pi along the ring; phi0 is the latitude of the first point, so that
 * small rings lose no digits; each edge by Gauss-Legendre quadrature of 3 points (5 above 1 degree, in steps of at most 20 degrees), whose error
 * is below 1e-16 of the edge's share; sums are compensated (Neumaier). Fewer than 3 points: 0; not finite: NaN. */
LDN_API double ldn_area_ring(size_t n, const double *lon, const double *lat);

/* Cell area of a projected grid with the geotransform's six numbers (GDAL order), in square metres when metres_per_unit is right:
 * |gt1 gt5 - gt2 gt4| metres_per_unit^2. Right only in an equal-area projection; the caller warns or reprojects otherwise. */
LDN_API double ldn_area_projected(const double geotransform[6], double metres_per_unit);

#ifdef __cplusplus
}
#endif
#endif
