/* The table of ailments, in the order in which they are looked for and mended. docs/user.md explains how to avoid them. */
#include "doctor.h"

const ailment ailments[] = {
	/* of the file as a whole; the reader notes them */
	{"crs-unstated", SEVERITY_WARNING, N_("the file does not say its reference system"), N_("longitude and latitude in WGS 84 were taken; name another with --crs"), false, NULL, NULL},
	{"crs-replaced", SEVERITY_NOTE, N_("--crs takes the place of the reference system that the file states"), N_("leave --crs out if the file is right"), false, NULL, NULL},
	{"layers-without-geometry", SEVERITY_NOTE, N_("tables without geometry were passed over"), N_("nothing is to be done, if they hold no boundaries"), false, NULL, NULL},
	/* what the reader met */
	{"empty", SEVERITY_ERROR, N_("the feature has no geometry"), N_("draw its boundary, or leave the row out"), false, look_empty, NULL},
	{"unreadable", SEVERITY_ERROR, N_("its coordinates cannot be brought to longitude and latitude"), N_("check the reference system, or name it with --crs"), false, look_unreadable, NULL},
	{"point-only", SEVERITY_WARNING, N_("there is a point where a boundary should be"), N_("draw the boundary; a point has no area and cannot be measured"), false, look_point, NULL},
	{"line-only", SEVERITY_ERROR, N_("there is a line where a boundary should be"), N_("close the line and save it as a polygon"), false, look_line, NULL},
	{"closed-line", SEVERITY_WARNING, N_("the boundary is a closed line, not a polygon"), N_("it was taken as a polygon"), false, look_loop, NULL},
	{"mixed-geometry", SEVERITY_WARNING, N_("points or lines stand beside the polygons of one feature"), N_("only the polygons were kept"), false, look_mixed, NULL},
	{"height-dropped", SEVERITY_NOTE, N_("the points have heights or measures"), N_("they were left out; a boundary has none"), false, look_height, NULL},
	{"curve", SEVERITY_NOTE, N_("the boundary has arcs"), N_("they were made straight, a point every 4 degrees of arc"), false, look_curve, NULL},
	{"text-encoding", SEVERITY_NOTE, N_("an attribute is not UTF-8"), N_("it was read as Latin-1; check accents and other scripts"), false, look_latin, NULL},
	{"text-cut", SEVERITY_NOTE, N_("an attribute is longer than 64 KiB"), N_("it was cut"), false, look_cut, NULL},
	/* coordinates */
	{"not-finite", SEVERITY_ERROR, N_("a coordinate is not a number (NaN or infinite)"), N_("the point was left out; check the boundary there"), true, look_not_finite, mend_not_finite},
	{"metres-as-degrees", SEVERITY_ERROR, N_("the coordinates are too large for degrees: they look like metres of a projection"), N_("name the reference system with --crs, such as --crs EPSG:32735"), false, look_metres, NULL},
	{"swapped-axes", SEVERITY_ERROR, N_("longitude and latitude are swapped"), N_("they were swapped back; GeoJSON and WKT have longitude first"), false, look_swapped, mend_swapped},
	/* rings */
	{"unclosed-ring", SEVERITY_WARNING, N_("a ring does not end where it began"), N_("it was closed by a straight line"), true, look_unclosed, mend_unclosed},
	{"repeated-point", SEVERITY_NOTE, N_("a point stands twice in a row"), N_("one of the two was left out"), false, look_repeated, mend_repeated},
	{"too-few-points", SEVERITY_ERROR, N_("a ring has fewer than three different points"), N_("it was left out"), true, look_few, mend_few},
	{"spike", SEVERITY_WARNING, N_("the boundary runs out and back along the same line"), N_("the spike was cut off where that changes less than a square metre"), false, look_spike, mend_spike},
	{"winds-round-pole", SEVERITY_ERROR, N_("the ring goes once round the earth"), N_("draw it as two polygons that meet at the date line"), false, look_pole, NULL},
	{"no-area", SEVERITY_ERROR, N_("a ring encloses no area"), N_("it was left out"), true, look_flat, mend_flat},
	{"longitude-range", SEVERITY_NOTE, N_("longitudes run beyond 180 degrees"), N_("they were brought back to -180..180"), false, look_range, mend_antimeridian},
	{"antimeridian", SEVERITY_NOTE, N_("the boundary crosses the date line"), N_("it was cut there (RFC 7946, section 3.1.9)"), false, look_antimeridian, mend_antimeridian},
	/* validity */
	{"duplicate-part", SEVERITY_ERROR, N_("a part or hole stands twice"), N_("one of the two was left out"), true, look_twice, mend_twice},
	{"tangled", SEVERITY_ERROR, N_("its edges lie beside each other like the teeth of slanting combs: too many pairs to tell whether they cross"), N_("draw it with fewer edges, or as several features"), false, look_tangled, NULL},
	{"self-crossing", SEVERITY_ERROR, N_("the boundary crosses itself"), N_("it was cut at the crossings; what an odd number of turns encloses is inside"), true, look_crossing, mend_valid},
	{"self-touching", SEVERITY_ERROR, N_("the boundary touches itself or runs along itself"), N_("it was cut into rings that do not"), true, look_touching, mend_valid},
	{"hole-outside", SEVERITY_ERROR, N_("a hole lies outside its boundary"), N_("the hole was left out"), true, look_hole_outside, mend_hole_outside},
	{"nested-holes", SEVERITY_ERROR, N_("a hole lies within another hole"), N_("the inner one was left out"), true, look_hole_nested, mend_hole_nested},
	{"hole-crossing", SEVERITY_ERROR, N_("a hole crosses the boundary or another hole"), N_("it was cut off the area"), true, look_hole_crossing, mend_valid},
	{"invalid", SEVERITY_ERROR, N_("the polygon is invalid in another way"), N_("it was rebuilt from its edges"), true, look_broken, mend_valid},
	{"nested-part", SEVERITY_ERROR, N_("a part lies within another part"), N_("they were united"), true, look_nested, mend_united},
	{"overlapping-parts", SEVERITY_ERROR, N_("parts overlap"), N_("they were united, so that what they share counts once"), true, look_overlapping, mend_united},
	{"adjoining-parts", SEVERITY_ERROR, N_("parts share a stretch of boundary"), N_("they were united"), true, look_adjoining, mend_united},
	{"sliver", SEVERITY_WARNING, N_("a part is a sliver, less than half a metre wide"), N_("it was left out, unless there is nothing else"), false, look_sliver, mend_sliver},
	{"gap", SEVERITY_WARNING, N_("a hole is a gap, less than half a metre wide"), N_("it was filled"), false, look_gap, mend_gap},
	/* GeoJSON's own rules */
	{"winding", SEVERITY_NOTE, N_("a ring runs the wrong way round"), N_("it was turned: shells anticlockwise, holes clockwise (RFC 7946, section 3.1.6)"), false, look_winding, mend_winding},
	/* is it the land it says it is? */
	{"null-island", SEVERITY_ERROR, N_("it lies at longitude 0, latitude 0"), N_("that is where missing coordinates end up; give the true ones"), false, look_null_island, NULL},
	{"unknown-country", SEVERITY_NOTE, N_("the outlines do not hold the country it is said to lie in"), N_("look at the map whether it lies there"), false, look_unknown_country, NULL},
	{"wrong-country", SEVERITY_ERROR, N_("it does not lie in the country it is said to"), N_("check the country, the reference system and the order of the axes"), false, look_wrong_country, NULL},
	{"at-sea", SEVERITY_WARNING, N_("it lies at sea"), N_("check the reference system and the order of the axes"), false, look_sea, NULL},
	{"country-centroid", SEVERITY_WARNING, N_("it lies at the middle of a country"), N_("such points stand for \"somewhere in the country\"; give the true place"), false, look_centroid, NULL},
	{"circle", SEVERITY_WARNING, N_("it is a circle: a point with a radius, not a boundary"), N_("draw the boundary"), false, look_circle, NULL},
	{"rectangle", SEVERITY_WARNING, N_("it is a rectangle along longitude and latitude: a map extent, not a boundary"), N_("draw the boundary"), false, look_rectangle, NULL},
	{"huge", SEVERITY_WARNING, N_("it is larger than 2,000 km2, as no mine is"), N_("check that it is not a lease, a district or a wrong unit"), false, look_huge, NULL},
	{"tiny", SEVERITY_WARNING, N_("it is smaller than 100 m2"), N_("check the reference system and units"), false, look_tiny, NULL},
	{"few-pixels", SEVERITY_NOTE, N_("it is smaller than ten cells of the images"), N_("it is too small to be measured with them"), false, look_pixels, NULL},
	{"duplicate-feature", SEVERITY_WARNING, N_("it has the same boundary as another feature"), N_("leave one of them out; a hectare counts once"), false, look_same, NULL},
	{"few-decimals", SEVERITY_WARNING, N_("its coordinates are rounded to a hundredth of a degree or coarser, about a kilometre"), N_("give at least five decimals, about a metre"), false, look_coarse, NULL},
	{"many-decimals", SEVERITY_NOTE, N_("its coordinates have more than nine decimals, less than a tenth of a millimetre"), N_("six or seven decimals are as exact as a survey"), false, look_precise, NULL},
	{"many-points", SEVERITY_WARNING, N_("it has more points than its outline needs: on average one every 10 cm, or over 100,000"), N_("simplify it to a metre"), false, look_many, NULL},
	{0}};
