#include "record/kinds/fields.h"

static const field input_fields[] = {
	{ .name = "name", .label = N_("Input"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = N_("Name of the file or product.") },
	{ .name = "url", .label = N_("Address"), .type = FIELD_URL, .help = N_("Where it can be had.") },
	{ .name = "sha256", .label = N_("Checksum"), .type = FIELD_SHA256, .flags = FIELD_REQUIRED, .help = N_("SHA-256 of the file, in hexadecimal.") },
	{ .name = "year", .label = N_("Year"), .type = FIELD_YEAR, .help = N_("Year it shows.") },
	{ .name = "licence", .label = N_("Licence"), .type = FIELD_LINE, .help = N_("Terms under which it may be used.") },
	FIELDS_END,
};

static const field parameter_fields[] = {
	{ .name = "name", .label = N_("Parameter"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = N_("Name of the option.") },
	{ .name = "value", .label = N_("Value"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = N_("What it was set to.") },
	FIELDS_END,
};

static const field result_fields[] = {
	{ .name = "quantity", .label = N_("Quantity"), .type = FIELD_TERM, .of = "measured-quantities", .flags = FIELD_REQUIRED, .help = N_("What was measured.") },
	{ .name = "what", .label = N_("In detail"), .type = FIELD_LINE, .help = N_("Which index, class or part of the site.") },
	{ .name = "from", .label = N_("Land cover before"), .type = FIELD_TERM, .of = "land-covers", .help = N_("Of a transition: what the land was.") },
	{ .name = "to", .label = N_("Land cover after"), .type = FIELD_TERM, .of = "land-covers", .help = N_("Of a transition: what it became, or stayed.") },
	{ .name = "year", .label = N_("Year"), .type = FIELD_YEAR, .help = N_("Year the value is for; left out for the period as a whole.") },
	{ .name = "value", .label = N_("Value"), .type = FIELD_NUMBER, .help = N_("The best estimate; left out where it is too small or too uncertain to tell.") },
	{ .name = "low", .label = N_("Low"), .type = FIELD_NUMBER, .help = N_("Lower end of the 95 per cent range.") },
	{ .name = "high", .label = N_("High"), .type = FIELD_NUMBER, .help = N_("Upper end of the 95 per cent range.") },
	{ .name = "unit", .label = N_("Unit"), .type = FIELD_TERM, .of = "units", .help = N_("Unit of value, low and high; none for an index.") },
	{ .name = "note", .label = N_("Note"), .type = FIELD_LINE, .help = N_("Such as: too small to tell.") },
	FIELDS_END,
};

static const field picture_fields[] = {
	{ .name = "title", .label = N_("Title"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = N_("What the picture shows.") },
	{ .name = "year", .label = N_("Year"), .type = FIELD_YEAR, .help = N_("Year it shows.") },
	{ .name = "sha256", .label = N_("Checksum"), .type = FIELD_SHA256, .flags = FIELD_REQUIRED, .help = N_("SHA-256 of the file, in hexadecimal.") },
	{ .name = "media_type", .label = N_("Sort of file"), .type = FIELD_LINE, .help = N_("image/png for a picture, image/tiff for a map of classes.") },
	FIELDS_END,
};

static const field fields[] = {
	{ .name = "title", .label = N_("Title"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("What was measured, where, for which years.") },
	{ .name = "site", .label = N_("Site"), .type = FIELD_REF, .of = "site", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("The measured site.") },
	{ .name = "period_from", .label = N_("From"), .type = FIELD_YEAR, .flags = FIELD_REQUIRED, .help = N_("First year of the series.") },
	{ .name = "period_until", .label = N_("Until"), .type = FIELD_YEAR, .flags = FIELD_REQUIRED | FIELD_FACET | FIELD_SORT, .help = N_("Last year of the series.") },
	{ .name = "measured_on", .label = N_("Measured on"), .type = FIELD_DATE, .help = N_("Day of the computation.") },
	{ .name = "form", .label = N_("Measured from"), .type = FIELD_TERM, .of = "measurement-forms", .flags = FIELD_FACET, .help = N_("Computed here from images, or from a table of values that cannot be recomputed from images.") },
	{ .name = "method", .label = N_("Method"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = N_("Name of the method.") },
	{ .name = "method_version", .label = N_("Version"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = N_("Program and version that computed it.") },
	{ .name = "citations", .label = N_("Citations"), .type = FIELD_TEXT, .flags = FIELD_REPEATED, .help = N_("Papers and standards the method follows.") },
	{ .name = "geometry_sha256", .label = N_("Checksum of the boundary"), .type = FIELD_SHA256, .help = N_("SHA-256 of the canonical boundary that was measured: shows when the site was redrawn since.") },
	{ .name = "inputs", .label = N_("Inputs"), .type = FIELD_GROUP, .flags = FIELD_REQUIRED | FIELD_REPEATED, .fields = input_fields, .help = N_("Files that went in, with their checksums: anyone can recompute.") },
	{ .name = "parameters", .label = N_("Parameters"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = parameter_fields, .help = N_("Options of the run.") },
	{ .name = "results", .label = N_("Results"), .type = FIELD_GROUP, .flags = FIELD_REQUIRED | FIELD_REPEATED, .fields = result_fields, .help = N_("What came out, with uncertainty.") },
	{ .name = "pictures", .label = N_("Pictures"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = picture_fields, .help = N_("Pictures of the first and the last year and of the classes, and the map of classes as a raster.") },
	{ .name = "limits", .label = N_("Limits"), .type = FIELD_TEXT, .flags = FIELD_REPEATED, .search = SEARCH_BODY, .help = N_("What the measurement cannot tell.") },
	FIELDS_END,
};

static void ranges_in_order(const json_t *body, GPtrArray *faults)
{
	const json_t *results = json_object_get(body, "results"), *result;
	gsize i;
	check_order(body, "", "period_from", "period_until", faults);
	json_array_foreach(results, i, result) {
		g_autofree char *at = g_strdup_printf("/results/%" G_GSIZE_FORMAT, i);
		check_order(result, at, "low", "value", faults);
		check_order(result, at, "value", "high", faults);
		check_order(result, at, "low", "high", faults);
		if (!json_object_get(result, "value") && !json_object_get(result, "note"))
			fault_add(faults, at, _("the result has neither a value nor a note"), _("Give the value, or say why there is none."));
	}
}

static const check checks[] = {
	{ N_("The period and every range are in order; a result has a value or a note that says why not."), ranges_in_order },
	{ NULL, NULL },
};

const kind kind_measurement = {
	.name = "measurement", .plural = "measurements", .label = N_("Measurement"), .label_plural = N_("Measurements"),
	.help = N_("What the satellites show for a site, with inputs, method and uncertainty."),
	.fields = fields, .checks = checks, .title = "title",
};
