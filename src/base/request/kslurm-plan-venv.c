/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-plan-venv.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/request/kslurm-script.h"
#include "base/util/kslurm-quote.h"
#include "base/venv/kslurm-scratch.h"

/* in the environment: writes the script out beside it, under its own name, which some
 * programs look at, in a folder of its own, where Python looks for modules; Slurm's copy
 * is $1, its last lines are the script */
#define WRITE_OUT                                                                          \
  "folder=$(mktemp -d \"${VIRTUAL_ENV%%/*}/kslurm-script-XXXXXX\" 2>/dev/null || "         \
  "mktemp -d) || exit 1; script=$folder/$2; LC_ALL=C sed \"1,/^%s\\$/d\" \"$1\" %s"        \
  ">\"$script\" || exit 1; shift 2; exec%s \"$script\" \"$@\""

/**
 * kslurm_plan_venv_dup_before: (skip)
 * @plan: a plan in the making
 *
 * Returns: (transfer full) (nullable): what stands before a command that is to run in the
 *   environment; %NULL without one
 */
char **
kslurm_plan_venv_dup_before(KslurmPlan *plan)
{
  const char *venv = kslurm_request_get_venv(plan->request);
  const char *const before[] = {plan->kpy, "exec", venv, "--", NULL};

  return venv != NULL ? g_strdupv((char **)before) : NULL;
}

static char *
quote(const char *text)
{
  return kslurm_shell_quote(KSLURM_DIALECT_BASH, text);
}

static char *
dup_exec(KslurmPlan *plan)
{
  g_auto(GStrv) before = kslurm_plan_venv_dup_before(plan);

  return kslurm_shell_join(KSLURM_DIALECT_BASH, (const char *const *)before);
}

/**
 * kslurm_plan_venv_append_spread: (skip)
 * @plan: a kbatch's plan in the making
 * @text: a batch script, to add to
 *
 * Adds lines that unpack the environment on every node of the job: a batch script runs on
 * the first one only. Without an environment it adds none.
 */
void
kslurm_plan_venv_append_spread(KslurmPlan *plan, GString *text)
{
  const char *venv = kslurm_request_get_venv(plan->request);
  g_autofree char *sentence = NULL, *message = NULL, *exec = NULL;

  if (venv == NULL)
    return;
  exec = dup_exec(plan);
  sentence = g_strdup_printf(_("kbatch: the environment '%s' is not ready on every node, "
                               "so the job ends here"),
                             venv);
  message = quote(sentence);
  g_string_append_printf(
      text,
      "if [ \"${SLURM_JOB_NUM_NODES:-1}\" -gt 1 ]; then\n"
      "    srun --ntasks-per-node=1 --nodes=\"$SLURM_JOB_NUM_NODES\" "
      "--ntasks=\"$SLURM_JOB_NUM_NODES\" --cpu-bind=none --export=ALL %s true "
      "</dev/null || {\n"
      "        printf '%%s\\n' %s >&2\n"
      "        exit 1\n"
      "    }\n"
      "fi\n",
      exec, message);
}

/* sbatch takes neither a NUL nor the line ends of DOS, and this line is none of its own */
static gboolean
is_odd(GBytes *script)
{
  gsize length = 0;
  const char *data = g_bytes_get_data(script, &length);

  return memchr(data, '\0', length) != NULL || memmem(data, length, "\r\n", 2) != NULL;
}

/* a line of its own that nothing before the script may hold */
static char *
dup_mark(const char *head)
{
  GString *mark = g_string_new("KSLURM_SCRIPT");

  while (strstr(head, mark->str) != NULL)
    g_string_append_c(mark, '_');
  return g_string_free(mark, FALSE);
}

static char *
dup_arguments(KslurmPlan *plan)
{
  const char *const *words = kslurm_request_get_command(plan->request);

  return kslurm_shell_join(KSLURM_DIALECT_BASH, words + 1);
}

static char *
dup_interpreter(GBytes *script)
{
  g_auto(GStrv) interpreter = kslurm_script_dup_interpreter(script);
  g_autofree char *line =
      kslurm_shell_join(KSLURM_DIALECT_BASH, (const char *const *)interpreter);

  return line[0] != '\0' ? g_strconcat(" ", line, NULL) : g_strdup("");
}

static void
append_bytes(GString *text, GBytes *script, gboolean odd)
{
  gsize length = 0;
  const char *data = g_bytes_get_data(script, &length);

  if (odd) {
    g_autofree char *encoded = g_base64_encode((const guchar *)data, length);

    g_string_append_printf(text, "%s\n", encoded);
  } else {
    g_string_append_len(text, data, (gssize)length);
  }
}

/**
 * kslurm_plan_venv_wrap: (skip)
 * @plan: a kbatch's plan in the making
 * @script: the user's script
 * @name: its name
 *
 * Makes a script that runs another one in the environment: that one's directives, what
 * unpacks, then its bytes as they are, which are written out on the node and run by its
 * own interpreter. So Slurm keeps the script as it is when it is submitted, and its stdin
 * is its own.
 *
 * Returns: (transfer full): the script for sbatch
 */
GBytes *
kslurm_plan_venv_wrap(KslurmPlan *plan, GBytes *script, const char *name)
{
  gboolean odd = is_odd(script);
  g_autofree char *directives = kslurm_script_dup_directives(script);
  g_autofree char *interpreter = dup_interpreter(script);
  g_autofree char *arguments = dup_arguments(plan);
  g_autofree char *file = quote(name);
  g_autofree char *exec = dup_exec(plan);
  g_autofree char *mark = NULL, *code = NULL, *quoted = NULL, *known = NULL;
  GString *text = g_string_new("#!/bin/bash\n");

  g_string_append(text, directives);
  kslurm_plan_venv_append_spread(plan, text);
  known = g_strconcat(text->str, interpreter, arguments, file, exec, NULL);
  mark = dup_mark(known);
  code = g_strdup_printf(WRITE_OUT, mark, odd ? "| base64 -d " : "", interpreter);
  quoted = quote(code);
  g_string_append_printf(text, "exec %s bash -c %s kslurm \"$0\" %s%s%s\n%s\n", exec,
                         quoted, file, arguments[0] != '\0' ? " " : "", arguments, mark);
  append_bytes(text, script, odd);
  return g_string_free_to_bytes(text);
}

static gboolean
is_below(const char *path, const char *folder)
{
  g_autofree char *inner = g_canonicalize_filename(path, "/");
  g_autofree char *outer = g_canonicalize_filename(folder, "/");

  return g_str_has_prefix(inner, outer) && inner[strlen(outer)] == '/';
}

/**
 * kslurm_plan_venv_warn: (skip)
 * @plan: a plan in the making
 * @config: the configuration
 *
 * Notes when the environment that is active here will not be there on the node.
 */
void
kslurm_plan_venv_warn(KslurmPlan *plan, KslurmConfig *config)
{
  const char *const *environ = (const char *const *)plan->environ;
  const char *active = g_environ_getenv(plan->environ, "VIRTUAL_ENV");
  const char *node = g_environ_getenv(plan->environ, "SLURMD_NODENAME");
  const char *tmpdir = g_environ_getenv(plan->environ, "TMPDIR");
  g_autofree char *scratch = NULL;

  if (active == NULL || !g_path_is_absolute(active) ||
      kslurm_request_get_venv(plan->request) != NULL ||
      (plan->step_of != NULL && node != NULL && node[0] != '\0'))
    return;
  scratch = kslurm_scratch_dup_path(config, environ, NULL);
  if (tmpdir == NULL || !g_path_is_absolute(tmpdir))
    tmpdir = "/tmp";
  if (is_below(active, tmpdir) || (scratch != NULL && is_below(active, scratch)))
    kslurm_plan_note(plan,
                     _("the active environment '%s' is on this machine's own disk, which a "
                       "job does not see; keep it with 'kpy save NAME' and give '--venv "
                       "NAME'"),
                     active);
}
