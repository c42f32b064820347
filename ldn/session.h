/* One run of a command that turns rasters into a raster, tables and a manifest: what all of them share.
 *
 *   session_open    reads the common options
 *   session_stack, session_map, ...   add the inputs
 *   session_start   fixes region, blocks and threads, opens the output
 *   session_blocks  runs a function over every block, which fills a sheet and puts it
 *   session_finish  checks the inputs, writes raster, tables and manifest, prints what people want to see
 *   session_close   whatever happened */
#pragma once

#include <jansson.h>

#include "blocks.h"
#include "ldn/profile.h"
#include "ldn/zonal.h"
#include "option.h"
#include "polygons.h"
#include "raster.h"
#include "sources.h"
#include "table.h"

#define YEARS_MAX 128

/* First member of the settings of every such command. */
typedef struct common_settings {
	const char *output, *table, *manifest, *region, *layers, *no_data, *align, *season;
	int profile;
	bool zero_is_missing, annual_mean, palette, stored, quiet, json;
	double scale;
	int64_t threads, memory, block;
} common_settings;

extern const option common_options[];  /* what goes in and comes out: recorded in the manifest */
extern const option running_options[]; /* how it runs: does not change the result, not recorded */
void common_defaults(common_settings *common);

/* Are a layer's classes added up in the table of areas: not by the session, only for who names the layer, or always? */
typedef enum layer_areas { AREAS_NONE, AREAS_NAMED, AREAS } layer_areas;

/* A layer a command can put out. */
typedef struct layer_spec {
	const char *name;
	const char *title;
	const cell_class *classes; /* NULL: numbers */
	cell_type type;            /* CELL_INT16, CELL_INT32 or CELL_FLOAT */
	bool chosen;               /* unless --layers says otherwise */
	layer_areas areas;         /* of layers with classes */
} layer_spec;

/* The axis of a layer's classes, for tables over them. */
ldn_axis layer_axis(const layer_spec *layer);

/* The colours of visual.md for the three classes, and the classes of others. */
extern const cell_class classes_of_three[], classes_of_lpd5[], classes_of_status[], classes_of_cover[], classes_of_response[];

typedef struct stack {
	range bands;
	int years[YEARS_MAX];
} stack;

typedef struct session session;
struct command;

session *session_open(const struct command *command, const void *settings, failure *why);
void session_close(session *run);

const ldn_profile *session_profile(const session *run);
const grid *session_grid(const session *run); /* of the region */
sources *session_sources(session *run);
/* Areas of a cell of each row from the given one on, m2. NULL with a failure: the grid gives none. After session_start. */
const double *session_cell_areas(const session *run, int row, failure *why);
int session_threads(const session *run);
const blocks *session_plan(const session *run);
uint64_t session_memory(const session *run); /* what is left for a command's own stores */
const char *session_scratch(const session *run); /* a path beside which scratch files may stand */

/* A stack of years. --scale and --no-data hold for stacks; for maps too where a command has no stack. */
bool session_stack(session *run, const char *role, const text_list *names, int band, const char *years, stack *out, failure *why);
/* One band of a file: NAME or NAME:BAND. */
bool session_map(session *run, const char *role, const char *name, range *out, failure *why);

/* A file the run depends on besides rasters (legend, matrix): hashed into the manifest. NULL, or a name that is no file: nothing. */
bool session_file(session *run, const char *path, failure *why);

/* Layers the command offers; bytes_a_cell: what its function needs besides the sheet. Then region, plan, output. */
bool session_start(session *run, const layer_spec *layers, size_t count, size_t bytes_a_cell, failure *why);

/* Did the user choose the layer? After session_start. */
bool session_wants(const session *run, const char *layer);

/* Every block, several at once. */
typedef bool (*block_function)(void *context, session *run, int worker, size_t index, window part, failure *why);
bool session_blocks(session *run, const char *doing, block_function work, void *context, failure *why);

/* inside[i] = 1 for the cells of a window in the region; NULL when there is no polygon: all are. Free it. */
bool session_inside(session *run, int worker, window part, unsigned char **inside, failure *why);

/* The output of a block. */
typedef struct sheet sheet;
sheet *sheet_new(session *run, window part);
bool sheet_wants(const sheet *page, const char *layer);
void sheet_int16(sheet *page, const char *layer, const int16_t *values);
void sheet_int16_piece(sheet *page, const char *layer, window piece, const int16_t *values); /* of the sheet's window; pieces fill it together */
void sheet_int32(sheet *page, const char *layer, const int32_t *values);
void sheet_double(sheet *page, const char *layer, const double *values); /* NaN: no data */
/* A layer's cells to be filled in, all no data at first (LDN_NODATA); NULL when the layer is not written. */
float *sheet_floats(sheet *page, const char *layer);
bool sheet_put(sheet *page, int worker, failure *why);                   /* masks, adds areas, writes; frees the sheet */
void sheet_free(sheet *page);

/* Add to what is printed, written and recorded. */
void session_table(session *run, result_table *one); /* takes it */
/* Many rows: make(context, run) adds its tables at the end, by a thread of its own while the raster is put together. */
void session_tables(session *run, void (*make)(const void *context, session *run), const void *context);
void session_cite(session *run, const char *citation);
void session_note(session *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Zonal tables made elsewhere must be the same for any number of ranks: rank 0 gets the sum of all. */
bool session_table_join(ldn_table *table, failure *why);

int session_finish(session *run, failure *why);
