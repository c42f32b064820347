/* aftermine measure: what images, or a table, show of sites; one measurement record a site. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/instance.h"
#include "cli/measuring_keep.h"

static char **stack_option, **column_option, *table_option, *author_option, *program_option;
static char *bands, *index_option, *legend, *quality, *season, *years, *scale, *offset, *observations, *cover, *percent, *loss_least, *disturbed, *restored, *seed;
static gboolean dry_run_option, json_option;

#define PASSED(name, target, help, argument) { name, 0, 0, G_OPTION_ARG_STRING, &target, help, argument }
static const GOptionEntry options[] = {
	{ "stack", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &stack_option, N_("Images; more may follow, and it may be given again"), "FILE..." },
	{ "table", 't', 0, G_OPTION_ARG_FILENAME, &table_option, N_("Instead of images: a CSV table with site, date, value and, where known, reference, rain, cells"), "FILE" },
	{ "column", 0, 0, G_OPTION_ARG_STRING_ARRAY, &column_option, N_("Table: which heading is what, where it cannot be told: value=ndvi_max; may be given again"), "ROLE=HEADING" },
	PASSED("bands", bands, N_("What files hold: red=B04,nir=B08,quality=SCL by a part of their names, red=3,nir=4 by number"), "LIST"),
	PASSED("index", index_option, N_("Vegetation index (default: NDVI)"), "NAME"),
	PASSED("legend", legend, N_("Classes of the maps of land cover (cover=... of --bands): esa (the default) or unccd"), "NAME"),
	PASSED("quality", quality, N_("How the quality band says what is clear: scl, fmask, hls, qa-pixel"), "KIND"),
	PASSED("season", season, N_("Only images of these days"), "MM-DD..MM-DD"),
	PASSED("years", years, N_("Years of the layers of every file; dates of layers stand in a list among the images (dates.csv)"), "LIST"),
	PASSED("scale", scale, N_("Reflectance, or the index, is value * scale + offset"), "X"),
	PASSED("offset", offset, N_("See --scale"), "X"),
	PASSED("observations", observations, N_("Clear observations that a cell needs in a year"), "N"),
	PASSED("cover", cover, N_("Share of the land that must have a value in a year"), "SHARE"),
	PASSED("percent", percent, N_("Percent of the target that counts as recovered"), "P"),
	PASSED("loss-least", loss_least, N_("The least fall of the fitted index that is a disturbance"), "X"),
	PASSED("disturbed", disturbed, N_("First year of disturbance (default: as the site says)"), "YEAR"),
	PASSED("restored", restored, N_("First year of restoration (default: as the site says)"), "YEAR"),
	PASSED("seed", seed, N_("Of the bootstrap"), "N"),
	{ "author", 0, 0, G_OPTION_ARG_STRING, &author_option, N_("Id of the organisation or role that answers for them (default: measurement)"), "ID" },
	{ "ldn", 0, 0, G_OPTION_ARG_FILENAME, &program_option, N_("The program ldn that measures (default: the one beside this program, or on PATH)"), "PROGRAM" },
	{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run_option, N_("Only measure and tell; keep nothing"), NULL },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json_option, N_("Answer in JSON"), NULL },
	{ NULL }
};

/* A line on standard error. */
G_GNUC_PRINTF(1, 2) static void say(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

/* The values of measuring_option_names, in its order. */
static char **const passed[] = { &index_option, &bands, &legend, &years, &season, &quality, &scale, &offset, &observations, &cover, &percent, &loss_least, &disturbed, &restored, &seed };

/* A table is scaled when it is read, and has neither bands nor seasons. */
static gboolean for_tables(const char *name)
{
	static const char *const names[] = { "index", "percent", "loss-least", "disturbed", "restored", "seed", NULL };
	return g_strv_contains(names, name);
}

static GPtrArray *passed_on(void)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	for (gsize i = 0; i < G_N_ELEMENTS(passed); i++)
		if (*passed[i] && (!table_option || for_tables(measuring_option_names[i]))) {
			g_ptr_array_add(list, g_strconcat("--", measuring_option_names[i], NULL));
			g_ptr_array_add(list, g_strdup(*passed[i]));
		}
	g_ptr_array_add(list, NULL);
	return list;
}

typedef struct target {
	record *site;
	const char *called; /* in the table */
} target;

static void target_free(gpointer data)
{
	target *t = data;
	record_free(t->site);
	g_free(t);
}

typedef struct run {
	store *s;
	store_reader *r;
	GPtrArray *targets, *names; /* names: as typed */
	GPtrArray *images;
	measuring_table table;
	gboolean every; /* no site was named */
	json_t *told;
	guint kept, same, failed;
} run_state;

static void run_clear(run_state *r)
{
	g_ptr_array_unref(r->targets);
	g_ptr_array_unref(r->names);
	g_ptr_array_unref(r->images);
	measuring_table_clear(&r->table);
	json_decref(r->told);
	store_reader_close(r->r);
	store_close(r->s);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(run_state, run_clear)

/* ---- which sites ---- */

static void add_target(run_state *r, record *site, const char *called)
{
	target *t = g_new0(target, 1);
	t->site = site;
	t->called = called;
	g_ptr_array_add(r->targets, t);
}

/* Says it where it belongs, and counts it. */
static void failed(run_state *r, const char *what, const char *why)
{
	r->failed++;
	if (json_option)
		json_array_append_new(r->told, json_pack("{s:s,s:s}", "site", what, "error", why));
	else
		say("%s: %s", what, why);
}

static gboolean add_named(run_state *r, const char *said, const char *called, GError **error)
{
	GError *why = NULL;
	record *site = measuring_site(r->r, said, &why);
	if (why) {
		g_propagate_error(error, why);
		return FALSE;
	}
	if (site)
		add_target(r, site, called);
	else
		failed(r, said, _("no published site has this id, name or identifier, or several have it. Import it, or name it by its id."));
	return TRUE;
}

static gboolean add_mapped(const record *site, gpointer data)
{
	if (json_object_get(site->body, "geometry"))
		add_target(data, record_copy(site), NULL);
	return TRUE;
}

static gboolean wanted(const run_state *r, const site_series *s, const record *site)
{
	for (guint i = 0; i < r->names->len; i++)
		if (strcmp(r->names->pdata[i], s->site) == 0 || (site && strcmp(r->names->pdata[i], site->id) == 0))
			return TRUE;
	return r->names->len == 0;
}

/* Every site the table names, or those of them that were asked for. A table without a column of sites is of the one site that was named. */
static gboolean targets_of_table(run_state *r, GError **error)
{
	const GPtrArray *list = r->table.series->sites;
	if (!r->table.series->headings[SERIES_SITE]) {
		if (r->names->len != 1) {
			g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s has no column of sites: name the one site it is of."), table_option);
			return FALSE;
		}
		return add_named(r, r->names->pdata[0], "", error);
	}
	for (guint i = 0; i < list->len; i++) {
		const site_series *s = g_ptr_array_index(list, i);
		guint before = r->targets->len, failures = r->failed;
		if (r->names->len == 0 || wanted(r, s, NULL)) {
			if (!add_named(r, s->site, s->site, error))
				return FALSE;
			continue;
		}
		g_autoptr(record) site = measuring_site(r->r, s->site, error);
		if (site && wanted(r, s, site) && r->targets->len == before && r->failed == failures)
			add_target(r, g_steal_pointer(&site), s->site);
	}
	return TRUE;
}

static gboolean targets_of_images(run_state *r, GError **error)
{
	for (guint i = 0; i < r->names->len; i++)
		if (!add_named(r, r->names->pdata[i], NULL, error))
			return FALSE;
	r->every = r->names->len == 0;
	return !r->every || store_each(r->r, &(store_query){ .kind = "site" }, add_mapped, r, error);
}

/* ---- measuring ---- */

static void tell(run_state *r, const measuring_answer *answer, gboolean changed)
{
	g_autofree char *id = measuring_id(answer->body);
	if (json_option) {
		json_array_append_new(r->told, json_pack("{s:s,s:b,s:O}", "id", id, "changed", changed, "body", answer->body));
		return;
	}
	g_autofree char *summary = measuring_summary(answer->body);
	printf("%s  /measurements/%s%s\n", summary, id, dry_run_option ? _(" (not kept: --dry-run)") : changed ? "" : _(" (as it was)"));
	fflush(stdout);
}

static gboolean measure_one(run_state *r, const target *t, const char *program, const char *const *passed_options, GError **error)
{
	g_auto(measuring_answer) answer = { 0 };
	g_autoptr(GError) why = NULL;
	measuring_job job = { .program = program, .site = t->site, .images = (char **)r->images->pdata, .table = table_option ? &r->table : NULL, .table_site = t->called,
		.options = passed_options };
	gboolean changed = TRUE;
	if (!measuring_run(&job, &answer, &why)) {
		failed(r, t->site->id, why->message);
		return TRUE;
	}
	if (!dry_run_option && !measuring_keep(r->s, r->r, &answer, author_option ? author_option : "measurement", &changed, error))
		return FALSE;
	r->kept += changed;
	r->same += !changed;
	tell(r, &answer, changed);
	return TRUE;
}

static outcome measure_all(run_state *r, GError **error)
{
	g_autofree char *program = measuring_program(program_option, error);
	g_autoptr(GPtrArray) passed_options = passed_on();
	gboolean terminal = isatty(STDERR_FILENO) && r->targets->len > 1;
	if (!program)
		return OUTCOME_FAILED;
	for (guint i = 0; i < r->targets->len; i++) {
		const target *t = g_ptr_array_index(r->targets, i);
		if (terminal)
			say(_("%u of %u: %s"), i + 1, r->targets->len, t->site->id);
		if (!measure_one(r, t, program, (const char *const *)passed_options->pdata, error))
			return OUTCOME_FAILED;
	}
	return OUTCOME_DONE;
}

static void tell_end(const run_state *r)
{
	if (json_option) {
		json_auto_t *answer = json_pack("{s:b,s:b,s:i,s:i,s:i,s:O}", "ok", r->failed == 0, "dry_run", dry_run_option, "kept", (int)r->kept, "unchanged", (int)r->same, "failed",
		    (int)r->failed, "sites", r->told);
		json_dumpf(answer, stdout, JSON_INDENT(2));
		putchar('\n');
		return;
	}
	printf(_("%u measured, %u as they were, %u could not be measured."), r->kept, r->same, r->failed);
	putchar('\n');
}

/* ---- the table ---- */

static void tell_table(const measuring_table *t)
{
	if (json_option)
		return;
	for (int role = 0; role < SERIES_COLUMNS; role++)
		if (t->series->headings[role])
			say(_("%s: column %s taken as %s"), t->name, t->series->headings[role], series_column_names[role]);
	if (t->series->missing)
		say(_("%s: %u rows without a value"), t->name, t->series->missing);
}

static outcome table_open(run_state *r, GError **error)
{
	g_autoptr(GPtrArray) faults = faults_new();
	char *end = NULL;
	series_options how = { .columns = column_option, .index = index_option, .scale = scale ? g_ascii_strtod(scale, &end) : 1 };
	if (scale && (end == scale || *end || !(how.scale > 0)))
		return usage_error(error, _("--scale %s: is not a number above 0."), scale);
	if (!measuring_table_read(&r->table, table_option, &how, faults, error))
		return OUTCOME_FAILED;
	for (guint i = 0; i < faults->len; i++) {
		const fault *f = g_ptr_array_index(faults, i);
		say(_("%s, line %s: %s. %s"), table_option, f->pointer, f->message, f->remedy);
	}
	if (faults->len) {
		say(_("Nothing was measured."));
		return OUTCOME_NO;
	}
	tell_table(&r->table);
	return OUTCOME_DONE;
}

/* Arguments that are no ids are images: "--stack a.tif b.tif". */
static outcome arguments_sort(run_state *r, char **arguments, GError **error)
{
	for (char **image = stack_option; image && *image; image++)
		g_ptr_array_add(r->images, g_strdup(*image));
	for (char **said = arguments; *said; said++)
		g_ptr_array_add(stack_option && !id_is_valid(*said) && g_file_test(*said, G_FILE_TEST_EXISTS) ? r->images : r->names, g_strdup(*said));
	g_ptr_array_add(r->images, NULL);
	if (!stack_option == !table_option)
		return usage_error(error, _("say what to measure from: --stack FILE... for images, or --table FILE for a table of values."));
	return OUTCOME_DONE;
}

static outcome run(char **arguments, GError **error)
{
	g_auto(run_state) r = { .targets = g_ptr_array_new_with_free_func(target_free), .names = g_ptr_array_new_with_free_func(g_free),
		.images = g_ptr_array_new_with_free_func(g_free), .told = json_array() };
	outcome done = arguments_sort(&r, arguments + 1, error);
	if (done == OUTCOME_DONE && table_option)
		done = table_open(&r, error);
	if (done != OUTCOME_DONE)
		return done;
	r.s = instance_open(arguments[0], error);
	r.r = r.s ? store_reader_open(r.s, error) : NULL;
	if (!r.r || !(table_option ? targets_of_table(&r, error) : targets_of_images(&r, error)))
		return *error && g_error_matches(*error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE) ? OUTCOME_USAGE : OUTCOME_FAILED;
	if (r.targets->len == 0 && r.failed == 0) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("no published site has a boundary. Import boundaries (aftermine import DIR FILE.geojson --as site), or measure from a table (--table)."));
		return OUTCOME_FAILED;
	}
	done = measure_all(&r, error);
	if (done != OUTCOME_DONE)
		return done;
	tell_end(&r);
	return r.failed ? OUTCOME_NO : OUTCOME_DONE;
}

const command command_measure = {
	.name = "measure",
	.summary = N_("measure sites from images or a table of values"),
	.arguments = "DIR [SITE...] --stack FILE...|--table FILE",
	.description = N_("Computes with `ldn site` what satellites show of sites and keeps it as measurement records, published, with pictures, checksums of every input and all "
	                  "parameters: anyone who has the files gets the same figures (aftermine verify DIR --recompute ID). Without SITE: every site with a boundary, or every "
	                  "site the table names. The years of disturbance and restoration and the reference area are the site's. Measuring again changes nothing if nothing changed."),
	.example = "  aftermine measure instance my-mine --stack composites/20??.tif\n"
	           "  aftermine measure instance my-mine --bands red=B04,nir=B08,quality=SCL --quality scl --season 10-01..03-31 --stack s2/*.tif\n"
	           "  aftermine measure instance --table earth-engine.csv --dry-run\n",
	.options = options,
	.minimum = 1,
	.maximum = -1,
	.run = run,
};
