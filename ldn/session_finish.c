/* The end of a run: what it was made of and from (manifest, provenance in the raster), what people see, and the order in which all of it is written. */
#include "session_inside.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rank.h"
#include "whole.h"

static json_t *option_value(const option *row, const void *settings)
{
	const void *place = (const char *)settings + row->offset;
	switch (row->kind) {
	case OPTION_FLAG:
		return *(const bool *)place ? json_true() : NULL;
	case OPTION_TEXT:
		return *(const char *const *)place ? json_string(*(const char *const *)place) : NULL;
	case OPTION_WHOLE:
	case OPTION_SIZE:
		return *(const int64_t *)place ? json_integer(*(const int64_t *)place) : NULL;
	case OPTION_NUMBER:
		return *(const double *)place != 0 && isfinite(*(const double *)place) ? json_real(*(const double *)place) : NULL;
	case OPTION_CHOICE:
		return json_string(row->choices[*(const int *)place]);
	case OPTION_LIST: {
		const text_list *list = place;
		json_t *items = list->count ? json_array() : NULL;
		for (size_t i = 0; i < list->count; i++)
			json_array_append_new(items, json_string(list->items[i]));
		return items;
	}
	}
	return NULL;
}

/* Options given, from their declarations; names of outputs and how the run was divided say nothing about the result. */
static json_t *parameters(const session *run)
{
	static const char *const names_of_outputs[] = {"output", "table", "manifest"};
	json_t *all = json_object();
	for (const option *const *group = run->command->options; *group; group++) {
		if (*group == running_options)
			continue;
		for (const option *row = *group; row->name; row++) {
			bool skip = false;
			for (size_t i = 0; i < sizeof names_of_outputs / sizeof *names_of_outputs; i++)
				skip = skip || strcmp(row->name, names_of_outputs[i]) == 0;
			json_t *value = skip ? NULL : option_value(row, run->settings);
			if (value)
				json_object_set_new(all, row->name, value);
		}
	}
	return all;
}

static json_t *inputs_list(const session *run)
{
	json_t *inputs = json_array();
	for (size_t i = 0; i < run->input_count; i++) {
		const session_input *input = &run->inputs[i];
		json_t *one = json_object(), *bands = json_array(), *years = input->years ? json_array() : NULL;
		json_object_set_new(one, "role", json_string(input->role));
		for (size_t b = 0; b < input->bands.count; b++) {
			json_array_append_new(bands, json_string(sources_band_name(run->sources, input->bands.first + b)));
			if (years)
				json_array_append_new(years, json_integer(input->years[b]));
		}
		json_object_set_new(one, "bands", bands);
		if (years)
			json_object_set_new(one, "years", years);
		json_array_append_new(inputs, one);
	}
	return inputs;
}

static json_t *files_list(const session *run)
{
	json_t *files = json_array();
	for (size_t i = 0; i < digest_count(run->digest); i++)
		json_array_append_new(files, json_pack("{sssIss}", "path", digest_path(run->digest, i), "bytes", (json_int_t)digest_bytes(run->digest, i), "sha256",
			digest_hex(run->digest, i)));
	return files;
}

static json_t *grid_record(const session *run)
{
	const grid *where = &run->grid;
	json_t *transform = json_array();
	for (int i = 0; i < 6; i++)
		json_array_append_new(transform, json_real(where->transform[i]));
	return json_pack("{sisisossss}", "width", where->width, "height", where->height, "transform", transform, "reference", where->reference, "areas",
		grid_area_note(where));
}

static json_t *manifest_make(const session *run)
{
	json_t *all = json_object(), *layers = json_array();
	json_object_set_new(all, "program", json_string("ldn"));
	json_object_set_new(all, "version", json_string(AFTERMINE_VERSION));
	json_object_set_new(all, "gdal", json_string(GDALVersionInfo("RELEASE_NAME")));
	json_object_set_new(all, "command", json_string(run->command->name));
	json_object_set_new(all, "profile", json_pack("{ssss}", "name", run->profile->name, "title", run->profile->title));
	json_object_set_new(all, "parameters", parameters(run));
	json_object_set_new(all, "inputs", inputs_list(run));
	json_object_set_new(all, "files", files_list(run));
	json_object_set_new(all, "grid", grid_record(run));
	for (size_t k = 0; k < run->chosen_count; k++)
		json_array_append_new(layers, json_pack("{ssss}", "name", run->chosen[k].name, "title", _(run->chosen[k].title)));
	json_object_set_new(all, "layers", layers);
	json_object_set_new(all, "no_data", json_real(run->no_data));
	json_object_set(all, "notes", run->notes);
	json_object_set(all, "citations", run->citations);
	return all;
}

/* What the raster itself says about where it comes from. */
static char **provenance(const session *run)
{
	size_t files = digest_count(run->digest), cites = json_array_size(run->citations), count = 0;
	char **lines = memory_new(files + cites + 4, sizeof *lines);
	lines[count++] = text_format("TIFFTAG_SOFTWARE=ldn %s", AFTERMINE_VERSION);
	json_t *options = parameters(run);
	char *plain = json_dumps(options, JSON_COMPACT);
	json_decref(options);
	lines[count++] = text_format("LDN_COMMAND=%s %s", run->command->name, plain ? plain : "");
	free(plain);
	for (size_t i = 0; i < files; i++) {
		const char *path = digest_path(run->digest, i), *slash = strrchr(path, '/');
		lines[count++] = text_format("LDN_INPUT_%zu=sha256:%s %s", i + 1, digest_hex(run->digest, i), slash ? slash + 1 : path);
	}
	for (size_t i = 0; i < cites; i++)
		lines[count++] = text_format("LDN_CITATION_%zu=%s", i + 1, json_string_value(json_array_get(run->citations, i)));
	return lines;
}

static bool raster_close(session *run, failure *why)
{
	if (!run->raster)
		return true;
	char **lines = provenance(run);
	raster *out = run->raster;
	run->raster = NULL;
	bool fine = raster_finish(out, (const char *const *)lines, run->plan.threads, why);
	for (size_t i = 0; lines[i]; i++)
		free(lines[i]);
	free(lines);
	return fine;
}

static bool manifest_write(session *run, const json_t *manifest, failure *why)
{
	autofree char *name = run->common->manifest ? text_copy(run->common->manifest) : run->common->output ? text_format("%s.json", run->common->output) : NULL;
	if (!name)
		return true;
	autofree char *text = json_text(manifest);
	return whole_write(name, text, strlen(text), why);
}

static void report(const session *run, const json_t *manifest)
{
	size_t i;
	json_t *note;
	bool on_stdout = run->common->table && strcmp(run->common->table, "-") == 0;
	if (run->common->json && !on_stdout) {
		autofree char *text = tables_text(&run->tables, manifest);
		fputs(text, stdout);
		return;
	}
	if (run->common->quiet || on_stdout)
		return;
	for (i = 0; i < run->tables.count; i++) {
		table_print(run->tables.items[i], stdout);
		putchar('\n');
	}
	json_array_foreach(run->notes, i, note)
		printf("%s %s\n", _("Note:"), json_string_value(note));
	if (run->common->output)
	{
		autofree char *name = raster_vrt_name(run->common->output);
		printf(_("Written: %s\n"), name);
	}
}

/* Tables, and their text when it is one document: of many zones both are long, so a thread of their own makes them while the raster is put together. */
typedef struct tables_job {
	session *run;
	char *text;
	pthread_t thread;
	bool begun;
} tables_job;

static void *tables_do(void *given)
{
	tables_job *job = given;
	session *run = job->run;
	if (run->tables_make)
		run->tables_make(run->tables_context, run);
	if (run->common->table && tables_are_json(run->common->table))
		job->text = tables_text(&run->tables, NULL);
	return NULL;
}

static void tables_begin(tables_job *job)
{
	if (rank_number() > 0)
		return;
	job->begun = job->run->raster && job->run->plan.threads > 1 && pthread_create(&job->thread, NULL, tables_do, job) == 0;
	if (!job->begun)
		tables_do(job);
}

static void tables_end(tables_job *job)
{
	if (job->begun)
		pthread_join(job->thread, NULL);
}

int session_finish(session *run, failure *why)
{
	tables_job tables = {.run = run};
	/* Ranks speak with each other in digest_check and in the table: none may be missing there. */
	if (!rank_agree(why))
		return why->code;
	digest_check(run->digest, why);
	session_areas_table(run, why);
	if (!rank_agree(why))
		return why->code;
	session_note(run, "%s", grid_area_note(&run->grid));
	tables_begin(&tables);
	raster_close(run, why);
	tables_end(&tables);
	autofree char *text = tables.text;
	if (!rank_agree(why) || rank_number() > 0)
		return why->code;
	if (run->common->output && rank_count() > 1 && !raster_join(run->common->output, why))
		return why->code;
	if (!run->common->output && run->tables.count == 0) {
		failure_usage(why, _("no table comes of these layers: name a raster with --output"));
		return why->code;
	}
	json_t *manifest = manifest_make(run);
	if ((!run->common->table || tables_write(&run->tables, run->common->table, text, why)) && manifest_write(run, manifest, why))
		report(run, manifest);
	json_decref(manifest);
	return why->code;
}
