/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/request/kslurm-duration.h"
#include "base/request/kslurm-gpus.h"
#include "base/request/kslurm-memory.h"
#include "base/request/kslurm-setting.h"
#include "base/util/kslurm-error-private.h"

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

/**
 * kslurm_words_set: (skip)
 * @call: the call that is scanned
 * @arg: the row that was given
 * @option: Slurm's long option for it, without dashes
 * @value: (nullable): that option's value
 * @text: as the user wrote it
 *
 * Keeps what a row stands for.
 */
void
kslurm_words_set(KslurmCall *call,
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

    kslurm_words_set(call, arg, "time", value, text);
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
  if (cpus == 0 || cpus > KSLURM_MOST_CPUS) {
    kslurm_set_usage(error, _("'%s' is no number of cpus; Slurm takes 1 to %d"), text,
                     KSLURM_MOST_CPUS);
    return KSLURM_TAKE_ERROR;
  }
  value = g_strdup_printf("%" G_GUINT64_FORMAT, cpus);
  kslurm_words_set(call, arg, "cpus-per-task", value, text);
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

    kslurm_words_set(call, arg, per_cpu ? "mem-per-cpu" : "mem", value, text);
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

/**
 * kslurm_words_refuse: (skip)
 * @error: return location
 * @text: what the user wrote
 * @sentence: what is wrong with it, and what to write instead
 *
 * Returns: %KSLURM_TAKE_ERROR, so that a take function can return it
 */
KslurmTake
kslurm_words_refuse(GError **error, const char *text, const char *sentence)
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
    return kslurm_words_refuse(
        error, text, _("write a number, as in 'nodes:2', or two, as in 'nodes:2-4'"));
  kslurm_words_set(call, arg, "nodes", value, text);
  return KSLURM_TAKE_YES;
}

static KslurmTake
take_tasks(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  const char *value = text + strlen("tasks:");

  if (!g_str_has_prefix(text, "tasks:"))
    return KSLURM_TAKE_NO;
  if (!g_regex_match_simple("^[1-9][0-9]{0,7}$", value, G_REGEX_DOLLAR_ENDONLY, 0))
    return kslurm_words_refuse(error, text, _("write a number, as in 'tasks:8'"));
  kslurm_words_set(call, arg, "ntasks", value, text);
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
    return kslurm_words_refuse(error, text, _("there is no such directory"));
  }
  if (words->directory == NULL) {
    kslurm_words_set(call, arg, "chdir", path, text);
    words->directory = g_steal_pointer(&path);
  }
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
