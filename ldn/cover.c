#include "cover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text file of a reasonable size. */
static char *text_read(const char *path, size_t *length, failure *why)
{
	enum { LIMIT = 4 << 20 };
	FILE *in = fopen(path, "rb");
	if (!in) {
		failure_system(why, _("cannot be read"), path);
		return NULL;
	}
	char *text = memory_grow(NULL, LIMIT + 1, 1);
	*length = fread(text, 1, LIMIT + 1, in);
	bool fine = !ferror(in) && *length <= LIMIT;
	fclose(in);
	if (fine)
		return text;
	free(text);
	failure_set(why, _("%s: cannot be read, or is larger than 4 MB"), path);
	return NULL;
}

bool cover_legend_open(ldn_legend *out, const char *name, failure *why)
{
	ldn_text_fault fault;
	size_t length;
	if (!name || strcmp(name, "esa") == 0) {
		ldn_legend_esa(out);
		return true;
	}
	if (strcmp(name, "unccd") == 0) {
		ldn_legend_unccd(out);
		return true;
	}
	autofree char *text = text_read(name, &length, why);
	if (!text)
		return false;
	if (ldn_legend_parse(text, length, out, &fault) != LDN_OK)
		return failure_set(why, _("%s, line %zu, column %zu: %s"), name, fault.line, fault.column, fault.what);
	return true;
}

static bool matrix_open(cover *out, const char *name, failure *why)
{
	ldn_text_fault fault;
	size_t length;
	if (!name) {
		ldn_matrix_unccd(&out->matrix);
		if (out->legend.count == out->matrix.count)
			return true;
		return failure_usage(why, _("the legend has %zu classes, the UNCCD's matrix 7: give a matrix with --matrix"), out->legend.count);
	}
	autofree char *text = text_read(name, &length, why);
	if (!text)
		return false;
	if (ldn_matrix_parse(text, length, &out->legend, &out->matrix, &fault) != LDN_OK)
		return failure_set(why, _("%s, line %zu, column %zu: %s"), name, fault.line, fault.column, fault.what);
	return true;
}

bool cover_open(cover *out, session *run, const char *legend, const char *matrix, bool compares, failure *why)
{
	if (!cover_legend_open(&out->legend, legend, why) || (compares && !matrix_open(out, matrix, why)) || !session_file(run, legend, why) || !session_file(run, matrix, why))
		return false;
	out->multiplier = ldn_transition_multiplier(out->legend.count);
	out->classes = memory_new(out->legend.count + 1, sizeof *out->classes);
	for (size_t i = 0; i < out->legend.count; i++) {
		const ldn_land_class *one = &out->legend.classes[i];
		cell_class *to = &out->classes[i];
		*to = (cell_class){(int)i + 1, one->name[0] ? one->name : "", 0x80, 0x80, 0x80};
		if (one->unccd >= 1 && one->unccd <= 7) {
			const cell_class *kind = &classes_of_cover[one->unccd - 1];
			*to = (cell_class){(int)i + 1, one->name[0] ? one->name : kind->name, kind->red, kind->green, kind->blue};
		}
	}
	return true;
}

void cover_free(cover *which)
{
	free(which->classes);
	which->classes = NULL;
}

bool cover_read(const cover *which, session *run, int worker, range maps, window part, uint8_t *position, size_t stride, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	autofree int16_t *raw = memory_grow(NULL, n, sizeof *raw);
	for (size_t k = 0; k < maps.count; k++) {
		if (!sources_read_int16(session_sources(run), worker, (range){maps.first + k, 1}, part, raw, n, why))
			return false;
		ldn_landcover_nest(&which->legend, n, raw, position + k * stride);
	}
	return true;
}

result_table *cover_transitions_table(const cover *which, const ldn_table *sum)
{
	size_t bins = which->legend.count + 1;
	result_table *out = table_new("transitions", _("Land cover from and to"));
	table_column(out, "from", "");
	table_column(out, "to", "");
	table_column(out, "from_class", "");
	table_column(out, "to_class", "");
	table_column(out, "meaning", "");
	table_column(out, "cells", "");
	table_column(out, "area", "ha");
	for (size_t from = 0; from < bins; from++)
		for (size_t to = 0; to < bins; to++) {
			size_t bin = from * bins + to;
			if (!sum->count[bin])
				continue;
			bool known = from + 1 < bins && to + 1 < bins;
			int8_t meaning = known ? which->matrix.meaning[from + 1][to + 1] : LDN_MEANING_NONE;
			table_row(out, "iisssid", from + 1 < bins ? (int64_t)which->legend.classes[from].code : (int64_t)LDN_NODATA,
				to + 1 < bins ? (int64_t)which->legend.classes[to].code : (int64_t)LDN_NODATA, from + 1 < bins ? _(which->classes[from].name) : _("no data"),
				to + 1 < bins ? _(which->classes[to].name) : _("no data"),
				meaning == LDN_MEANING_NONE ? _("no data") : _(classes_of_three[meaning + 1].name), (int64_t)sum->count[bin], ldn_table_value(sum, 0, bin) / 1e4);
		}
	return out;
}
