/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/request/kslurm-duration.h"
#include "base/request/kslurm-gpus.h"
#include "base/request/kslurm-memory.h"
#include "base/request/kslurm-setting.h"
#include "base/util/kslurm-error-private.h"

#define MOST_CPUS 65533 /* Slurm keeps cpus per task in 16 bits, two values aside */

static void
words_free(gpointer data)
{
  KslurmWords *words = data;

  g_ptr_array_unref(words->settings);
  g_free(words->gpu_kind);
  g_free(words->cwd);
  g_free(words->directory);
  g_free(words);
}

static gboolean
is_real_directory(const char *path, gpointer data)
{
  return g_file_test(path, G_FILE_TEST_IS_DIR);
}

/**
 * kslurm_words_set_world: (skip)
 * @call: a call that is not yet scanned
 * @cwd: the absolute working directory
 * @is_directory: (nullable): asked about words with a slash; %NULL asks the file system
 * @data: for @is_directory
 *
 * Sets what relative words are relative to.
 */
void
kslurm_words_set_world(KslurmCall *call,
                       const char *cwd,
                       KslurmIsDirectory is_directory,
                       gpointer data)
{
  KslurmWords *words = g_new0(KslurmWords, 1);

  words->settings = g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_setting_free);
  words->cwd = g_strdup(cwd);
  words->is_directory = is_directory != NULL ? is_directory : is_real_directory;
  words->data = data;
  kslurm_call_set_data(call, words, words_free);
}

/**
 * kslurm_words_of_call: (skip)
 * @call: a call
 *
 * Returns: (transfer none): the call's words; those of a program look at the real folders
 */
KslurmWords *
kslurm_words_of_call(KslurmCall *call)
{
  if (kslurm_call_get_data(call) == NULL) {
    g_autofree char *cwd = g_get_current_dir();

    kslurm_words_set_world(call, cwd, NULL, NULL);
  }
  return kslurm_call_get_data(call);
}

static void
set(KslurmCall *call,
    const KslurmArg *arg,
    const char *option,
    const char *value,
    const char *text)
{
  g_ptr_array_add(kslurm_words_of_call(call)->settings,
                  kslurm_setting_new(arg->name, option, value, KSLURM_LEVEL_USER, text));
}

static KslurmTake
take_time(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  guint64 seconds = 0;
  KslurmParse parse = kslurm_duration_parse(text, &seconds, error);

  if (parse == KSLURM_PARSE_YES) {
    g_autofree char *value = kslurm_duration_to_slurm(seconds);

    set(call, arg, "time", value, text);
  }
  return (KslurmTake)parse;
}

static KslurmTake
take_cpus(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  g_autofree char *value = NULL;
  gsize digits = strspn(text, "0123456789");
  guint64 cpus = g_ascii_strtoull(text, NULL, 10);

  if (digits == 0 || text[digits] != '\0')
    return KSLURM_TAKE_NO;
  if (cpus == 0 || cpus > MOST_CPUS) {
    kslurm_set_usage(error, _("'%s' is no number of cpus; Slurm takes 1 to %d"), text,
                     MOST_CPUS);
    return KSLURM_TAKE_ERROR;
  }
  value = g_strdup_printf("%" G_GUINT64_FORMAT, cpus);
  set(call, arg, "cpus-per-task", value, text);
  return KSLURM_TAKE_YES;
}

static KslurmTake
take_memory(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  guint64 megabytes = 0;
  gboolean per_cpu = FALSE;
  KslurmParse parse = kslurm_memory_parse(text, &megabytes, &per_cpu, error);

  if (parse == KSLURM_PARSE_YES) {
    g_autofree char *value = g_strdup_printf("%" G_GUINT64_FORMAT "M", megabytes);

    set(call, arg, per_cpu ? "mem-per-cpu" : "mem", value, text);
  }
  return (KslurmTake)parse;
}

/* repeated as it was, a flag says nothing new */
static KslurmTake
take_gpus(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  KslurmWords *words = kslurm_words_of_call(call);
  const char *before = kslurm_call_get_typed(call, arg->name);
  g_autofree char *kind = NULL;
  guint count = 0;
  KslurmParse parse = kslurm_gpus_parse(text, &kind, &count, error);

  if (parse == KSLURM_PARSE_YES && before != NULL && !g_str_equal(before, text)) {
    kslurm_set_usage(error, _("%s given twice: '%s' and '%s'"), _(arg->name), before, text);
    return KSLURM_TAKE_ERROR;
  }
  if (parse == KSLURM_PARSE_YES) {
    g_free(words->gpu_kind);
    words->gpu_kind = g_steal_pointer(&kind);
    words->gpus = count;
  }
  return (KslurmTake)parse;
}

static KslurmTake
refuse(GError **error, const char *text, const char *sentence)
{
  kslurm_set_usage(error, "'%s': %s", text, sentence);
  return KSLURM_TAKE_ERROR;
}

static KslurmTake
take_nodes(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  const char *value = text + strlen("nodes:");

  if (!g_str_has_prefix(text, "nodes:"))
    return KSLURM_TAKE_NO;
  if (!g_regex_match_simple("^[1-9][0-9]{0,6}(-[1-9][0-9]{0,6})?$", value,
                            G_REGEX_DOLLAR_ENDONLY, 0))
    return refuse(error, text,
                  _("write a number, as in 'nodes:2', or two, as in 'nodes:2-4'"));
  set(call, arg, "nodes", value, text);
  return KSLURM_TAKE_YES;
}

static KslurmTake
take_tasks(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  const char *value = text + strlen("tasks:");

  if (!g_str_has_prefix(text, "tasks:"))
    return KSLURM_TAKE_NO;
  if (!g_regex_match_simple("^[1-9][0-9]{0,7}$", value, G_REGEX_DOLLAR_ENDONLY, 0))
    return refuse(error, text, _("write a number, as in 'tasks:8'"));
  set(call, arg, "ntasks", value, text);
  return KSLURM_TAKE_YES;
}

static KslurmTake
take_array(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  const char *value = text + strlen("array:");

  if (!g_str_has_prefix(text, "array:"))
    return KSLURM_TAKE_NO;
  if (arg->help == NULL)
    return refuse(error, text, _("only kbatch submits arrays"));
  if (!g_regex_match_simple(
          "^[0-9]+(-[0-9]+(:[0-9]+)?)?(,[0-9]+(-[0-9]+(:[0-9]+)?)?)*(%[1-9][0-9]*)?$",
          value, G_REGEX_DOLLAR_ENDONLY, 0))
    return refuse(error, text, _("write a range, as in 'array:1-100%10'"));
  set(call, arg, "array", value, text);
  return KSLURM_TAKE_YES;
}

static KslurmTake
take_directory(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  KslurmWords *words = kslurm_words_of_call(call);
  g_autofree char *path = NULL;

  if (strchr(text, '/') == NULL)
    return KSLURM_TAKE_NO;
  path = g_canonicalize_filename(text, words->cwd);
  if (!words->is_directory(path, words->data)) {
    if (!g_str_has_suffix(text, "/"))
      return KSLURM_TAKE_NO;
    return refuse(error, text, _("there is no such directory"));
  }
  if (words->directory == NULL) {
    set(call, arg, "chdir", path, text);
    words->directory = g_steal_pointer(&path);
  }
  return KSLURM_TAKE_YES;
}

static KslurmTake
take_x11(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  if (arg->kind == KSLURM_ARG_WORD && !g_str_equal(text, "x11"))
    return KSLURM_TAKE_NO;
  if (arg->help == NULL)
    return refuse(error, "x11", _("a batch job has no display to forward; use krun"));
  if (!kslurm_call_has(call, "x11"))
    set(call, arg, "x11", NULL, "x11");
  return KSLURM_TAKE_YES;
}

static KslurmTake
take_account(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  set(call, arg, "account", text, text);
  return KSLURM_TAKE_YES;
}

static KslurmTake
take_name(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  if (text[0] == '\0')
    return refuse(error, "--name", _("a job's name cannot be empty"));
  set(call, arg, "job-name", text, text);
  return KSLURM_TAKE_YES;
}

static KslurmTake
take_after(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  g_autofree char *value = NULL;

  if (!g_regex_match_simple("^[0-9]+(_[0-9]+)?(,[0-9]+(_[0-9]+)?)*$", text,
                            G_REGEX_DOLLAR_ENDONLY, 0))
    return refuse(error, text, _("write job ids, as in '--after 1234,1235'"));
  value = g_strconcat("afterok:", text, NULL);
  g_strdelimit(value, ",", ':');
  set(call, arg, "dependency", value, text);
  return KSLURM_TAKE_YES;
}

#define WORD(n, s, h, c, t)                                                                \
  {                                                                                        \
    .kind = KSLURM_ARG_WORD, .name = n, .shape = s, .help = h, .complete = c, .max = 1,    \
    .take = t                                                                              \
  }

const KslurmArg kslurm_args_words[] = {
    WORD(N_("time"),
         "3:00 1-00:00 90min 2d",
         N_("time; 3:00 is three hours (default 3 h)"),
         NULL,
         take_time),
    WORD(N_("cpus"), "4", N_("cpus per task (default 1)"), NULL, take_cpus),
    WORD(N_("memory"),
         "4G 500MB 4GiB 4G/cpu",
         N_("memory (default 4 GB)"),
         NULL,
         take_memory),
    {.kind = KSLURM_ARG_WORD,
     .name = N_("gpu"),
     .shape = "gpu gpu:2 gpu:a100:2",
     .help = N_("GPUs on each node"),
     .complete = "gpu",
     .take = take_gpus},
    WORD(N_("nodes"), "nodes:2", N_("nodes"), "nodes:", take_nodes),
    WORD(N_("tasks"), "tasks:8", N_("tasks; a step each"), "tasks:", take_tasks),
    WORD(N_("directory"),
         "./dir/",
         N_("working directory: has a slash and exists"),
         "dir",
         take_directory),
    {0}};

const KslurmArg kslurm_args_krun[] = {
    {.kind = KSLURM_ARG_WORD,
     .name = "x11",
     .shape = "x11",
     .help = N_("forward X11 (also --x11)"),
     .complete = "x11",
     .take = take_x11},
    {.kind = KSLURM_ARG_WORD, .name = N_("array"), .take = take_array},
    {.kind = KSLURM_ARG_FLAG,
     .name = "new",
     .help = N_("inside a job: ask for a job of its own, not a step")},
    {.kind = KSLURM_ARG_FLAG,
     .name = "no-stdin",
     .help = N_("leave stdin alone, as in loops")},
    {.kind = KSLURM_ARG_REST,
     .name = "command",
     .shape = N_("COMMAND"),
     .complete = "command"},
    {0}};

const KslurmArg kslurm_args_kbatch[] = {
    WORD(N_("array"), "array:1-100%10", N_("an array, 10 at a time"), "array:", take_array),
    {.kind = KSLURM_ARG_WORD, .name = "x11", .take = take_x11},
    {.kind = KSLURM_ARG_FLAG, .name = "x11", .take = take_x11},
    {.kind = KSLURM_ARG_REST,
     .name = "command",
     .shape = N_("COMMAND"),
     .complete = "command|file"},
    {0}};

#define OPTION(l, n, s, h, c, t)                                                           \
  {                                                                                        \
    .kind = KSLURM_ARG_VALUE, .letter = l, .name = n, .shape = s, .help = h,               \
    .complete = c, .max = 1, .take = t                                                     \
  }
#define FLAG(l, n, h)                                                                      \
  {                                                                                        \
    .kind = KSLURM_ARG_FLAG, .letter = l, .name = n, .help = h                             \
  }

const KslurmArg kslurm_args_request[] = {
    OPTION('a',
           N_("account"),
           N_("ACCOUNT"),
           N_("the account to charge"),
           "accounts",
           take_account),
    OPTION('j',
           N_("job-template"),
           N_("TEMPLATE"),
           N_("words by name; words given here win"),
           "templates",
           NULL),
    FLAG('J', "list", N_("list the templates (--json for programs)")),
    OPTION(0, N_("venv"), N_("NAME"), N_("run it in this kpy environment"), NULL, NULL),
    OPTION(0,
           N_("name"),
           N_("NAME"),
           N_("the job's name (default: the program's)"),
           NULL,
           take_name),
    OPTION(0,
           N_("after"),
           N_("JOB,…"),
           N_("start when these jobs have succeeded"),
           "jobs",
           take_after),
    FLAG('t', "test", N_("show what would be run, and run nothing")),
    FLAG(0, "dry-run", NULL),
    FLAG(0, "json", NULL),
    {0}};
