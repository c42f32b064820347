/* What session.c (inputs, plan, run), session_output.c (sheets, areas, tables) and session_finish.c (manifest, end) share. */
#pragma once

#include "command.h"
#include "session.h"

typedef struct session_input {
	char *role;
	range bands;
	int *years; /* NULL for a map */
} session_input;

struct session {
	const command *command;
	const void *settings;
	const common_settings *common;
	const ldn_profile *profile;
	digest *digest;
	sources *sources;
	session_input *inputs;
	size_t input_count;
	bool has_stack;
	grid grid; /* of the region */
	double *cell_areas; /* [row]; NULL: the grid gives none */
	window window;
	polygons region;
	bool small_region; /* no cell centre inside: one cell stands for it */
	int small_column, small_row;
	polygon_cursor *cursors; /* [thread] */
	blocks plan;
	uint64_t memory;
	raster *raster;
	const layer_spec *layers; /* chosen, in the command's order */
	layer_spec *chosen;
	cell_class **classes_shifted;
	size_t chosen_count;
	cell_type type;
	double no_data;
	int shift; /* added to classes for a palette */
	ldn_table *areas; /* [thread * chosen_count + layer], bins 0: none */
	table_list tables;
	json_t *citations, *notes;
	void (*tables_make)(const void *context, session *run); /* NULL: no more tables than there are */
	const void *tables_context;
	/* of session_blocks */
	block_function work;
	void *context;
};

bool session_areas_table(session *run, failure *why);
