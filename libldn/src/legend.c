#include "ldn/landcover.h"

#include <string.h>

#include "table_text.h"

static const char unccd_legend[] =
	"raw,name\n"
	"1,Tree-covered\n2,Grassland\n3,Cropland\n4,Wetland\n5,Artificial\n6,Other land\n7,Water body\n";

/* Trends.Earth LDMP/data/land_cover_nesting_unccd_esa.json. */
static const char esa_legend[] =
	"raw,class,name\n"
	"50,1,Tree-covered\n60-62,1\n70-72,1\n80-82,1\n90,1\n100,1\n"
	"110,2,Grassland\n120-122,2\n130,2\n140,2\n150-153,2\n"
	"10-12,3,Cropland\n20,3\n30,3\n40,3\n"
	"160,4,Wetland\n170,4\n180,4\n"
	"190,5,Artificial\n"
	"200-202,6,Other land\n220,6\n"
	"210,7,Water body\n";

void ldn_legend_esa(ldn_legend *legend)
{
	ldn_legend_parse(esa_legend, sizeof esa_legend - 1, legend, NULL);
}

void ldn_legend_unccd(ldn_legend *legend)
{
	ldn_legend_parse(unccd_legend, sizeof unccd_legend - 1, legend, NULL);
}

static int find_code(const ldn_legend *legend, int code)
{
	for (size_t k = 0; k < legend->count; k++)
		if (legend->classes[k].code == code)
			return (int)k + 1;
	return 0;
}

enum { RAW, CLASS, NAME, UNCCD, LEGEND_COLUMNS };

/* While a legend is read: positions are the order of appearance; EXCLUDED marks codes said to be no data. */
enum { EXCLUDED = 255 };

struct reading {
	ldn_table_text table;
	ldn_legend *legend;
	int column[LEGEND_COLUMNS]; /* the field each stands in, -1: not there */
};

static int read_header(struct reading *r)
{
	static const struct {
		const char *word;
		int column;
	} words[] = {{"raw", RAW}, {"esa_code", RAW}, {"class", CLASS}, {"unccd_code", CLASS}, {"name", NAME}, {"unccd", UNCCD}};

	for (int c = 0; c < LEGEND_COLUMNS; c++)
		r->column[c] = -1;
	if (!ldn_table_text_next(&r->table))
		return 0;
	for (size_t f = 0; f < r->table.count; f++)
		for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
			if (!ldn_field_is(&r->table.field[f], words[w].word))
				continue;
			if (r->column[words[w].column] >= 0) {
				ldn_table_text_blame(&r->table, f, "a column is named twice");
				return 0;
			}
			r->column[words[w].column] = (int)f;
		}
	if (r->column[RAW] < 0)
		ldn_table_text_blame(&r->table, 0, "the first line names no column 'raw'");
	return r->column[RAW] >= 0;
}

/* The field of a column; NULL where the line does not reach it or it is empty. */
static const ldn_field *field_of(const struct reading *r, int column)
{
	int f = r->column[column];
	return f >= 0 && (size_t)f < r->table.count && r->table.field[f].length > 0 ? &r->table.field[f] : NULL;
}

static int copy_name(struct reading *r, ldn_land_class *one)
{
	const ldn_field *name = field_of(r, NAME);
	if (!name || one->name[0] != 0)
		return 1;
	if (name->length >= LDN_LEGEND_NAME) {
		ldn_table_text_blame(&r->table, (size_t)r->column[NAME], "a class name is longer than 63 bytes");
		return 0;
	}
	memcpy(one->name, name->text, name->length);
	return 1;
}

static int read_unccd(struct reading *r, ldn_land_class *one)
{
	const ldn_field *field = field_of(r, UNCCD);
	int kind = 0;
	if (!field)
		return 1;
	if (!ldn_field_number(field, &kind) || kind < 0 || kind > LDN_COVER_WATER || (one->unccd != 0 && one->unccd != kind)) {
		ldn_table_text_blame(&r->table, (size_t)r->column[UNCCD], "'unccd' is not one number 0 to 7 for the class");
		return 0;
	}
	one->unccd = (uint8_t)kind;
	return 1;
}

/* The order number of a class, made if it is new; 0: fault noted. */
static int enter_class(struct reading *r, int code, int field)
{
	ldn_legend *legend = r->legend;
	int number = find_code(legend, code);
	if (!number && legend->count == LDN_LEGEND_CLASSES) {
		ldn_table_text_blame(&r->table, (size_t)field, "a legend has at most 100 classes");
		return 0;
	}
	if (!number) {
		legend->classes[legend->count] = (ldn_land_class){.code = (int16_t)code};
		number = (int)++legend->count;
	}
	ldn_land_class *one = &legend->classes[number - 1];
	return copy_name(r, one) && read_unccd(r, one) ? number : 0;
}

static int read_row(struct reading *r)
{
	const ldn_field *raw = field_of(r, RAW), *of = field_of(r, CLASS);
	int first = 0, last = 0, code = LDN_NODATA;
	if (!raw || !ldn_field_range(raw, &first, &last) || first < INT16_MIN || last > INT16_MAX) {
		ldn_table_text_blame(&r->table, (size_t)r->column[RAW], "'raw' is not a code or a range of codes within -32767 to 32767");
		return 0;
	}
	if (of && (!ldn_field_number(of, &code) || code < INT16_MIN || code > INT16_MAX)) {
		ldn_table_text_blame(&r->table, (size_t)r->column[CLASS], "'class' is not a whole number within -32767 to 32767");
		return 0;
	}
	for (int c = first; c <= last; c++) {
		int class_code = r->column[CLASS] < 0 ? c : code;
		if (c == LDN_NODATA)
			continue;
		if (r->legend->position[(uint16_t)c] != 0) {
			ldn_table_text_blame(&r->table, (size_t)r->column[RAW], "a raw code is given twice");
			return 0;
		}
		int number = class_code == LDN_NODATA ? EXCLUDED : enter_class(r, class_code, r->column[RAW]);
		if (!number)
			return 0;
		r->legend->position[(uint16_t)c] = (uint8_t)number;
	}
	return 1;
}

/* From order of appearance to ascending codes. */
static void settle(ldn_legend *legend, int kinds_given)
{
	uint8_t place[256] = {0};
	int seven = 1;
	for (size_t k = 0; k < legend->count; k++) {
		size_t below = 0;
		for (size_t j = 0; j < legend->count; j++)
			below += legend->classes[j].code < legend->classes[k].code;
		place[k + 1] = (uint8_t)(below + 1);
		seven = seven && legend->classes[k].code >= 1 && legend->classes[k].code <= LDN_COVER_WATER;
	}
	for (size_t k = 1; k < legend->count; k++) {
		ldn_land_class held = legend->classes[k];
		size_t j = k;
		for (; j > 0 && held.code < legend->classes[j - 1].code; j--)
			legend->classes[j] = legend->classes[j - 1];
		legend->classes[j] = held;
	}
	for (size_t k = 0; k < legend->count && seven && !kinds_given; k++)
		legend->classes[k].unccd = (uint8_t)legend->classes[k].code;
	for (size_t c = 0; c < sizeof legend->position; c++)
		legend->position[c] = place[legend->position[c]];
}

ldn_status ldn_legend_parse(const char *text, size_t length, ldn_legend *legend, ldn_text_fault *fault)
{
	struct reading r = {.legend = legend};
	memset(legend, 0, sizeof *legend);
	int good = ldn_table_text_open(&r.table, text, length) == LDN_OK && read_header(&r);
	while (good && ldn_table_text_next(&r.table))
		good = read_row(&r);
	if (!r.table.fault.what && legend->count == 0)
		ldn_table_text_blame(&r.table, 0, "there is no class in this legend");
	if (fault)
		*fault = r.table.fault;
	if (r.table.fault.what) {
		memset(legend, 0, sizeof *legend);
		return LDN_ERROR_ARGUMENT;
	}
	settle(legend, r.column[UNCCD] >= 0);
	return LDN_OK;
}
