/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/request/kslurm-words.h"

static KslurmTake
take_array(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  const char *value = text + strlen("array:");

  if (!g_str_has_prefix(text, "array:"))
    return KSLURM_TAKE_NO;
  if (arg->help == NULL)
    return kslurm_words_refuse(error, text, _("only kbatch submits arrays"));
  if (!g_regex_match_simple(
          "^[0-9]+(-[0-9]+(:[0-9]+)?)?(,[0-9]+(-[0-9]+(:[0-9]+)?)?)*(%[1-9][0-9]*)?$",
          value, G_REGEX_DOLLAR_ENDONLY, 0))
    return kslurm_words_refuse(error, text, _("write a range, as in 'array:1-100%10'"));
  kslurm_words_set(call, arg, "array", value, text);
  return KSLURM_TAKE_YES;
}

static KslurmTake
take_x11(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  if (arg->kind == KSLURM_ARG_WORD && !g_str_equal(text, "x11"))
    return KSLURM_TAKE_NO;
  if (arg->help == NULL)
    return kslurm_words_refuse(error, "x11",
                               _("a batch job has no display to forward; use krun"));
  if (!kslurm_call_has(call, "x11"))
    kslurm_words_set(call, arg, "x11", NULL, "x11");
  return KSLURM_TAKE_YES;
}

static KslurmTake
take_account(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  kslurm_words_set(call, arg, "account", text, text);
  return KSLURM_TAKE_YES;
}

static KslurmTake
take_name(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  if (text[0] == '\0')
    return kslurm_words_refuse(error, "--name", _("a job's name cannot be empty"));
  kslurm_words_set(call, arg, "job-name", text, text);
  return KSLURM_TAKE_YES;
}

static KslurmTake
take_after(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  g_autofree char *value = NULL;

  if (!g_regex_match_simple("^[0-9]+(_[0-9]+)?(,[0-9]+(_[0-9]+)?)*$", text,
                            G_REGEX_DOLLAR_ENDONLY, 0))
    return kslurm_words_refuse(error, text, _("write job ids, as in '--after 1234,1235'"));
  value = g_strconcat("afterok:", text, NULL);
  g_strdelimit(value, ",", ':');
  kslurm_words_set(call, arg, "dependency", value, text);
  return KSLURM_TAKE_YES;
}

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
    {.kind = KSLURM_ARG_WORD,
     .name = N_("array"),
     .shape = "array:1-100%10",
     .help = N_("an array, 10 at a time"),
     .complete = "array:",
     .max = 1,
     .take = take_array},
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
    OPTION(0,
           N_("venv"),
           N_("NAME"),
           N_("run it in this kpy environment"),
           "environments",
           NULL),
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
