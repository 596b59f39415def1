/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct _KslurmCall KslurmCall;
typedef struct _KslurmArg KslurmArg;
typedef struct _KslurmVerb KslurmVerb;

/**
 * KslurmArgKind: (skip)
 * @KSLURM_ARG_WORD: a word that its take function knows by its shape
 * @KSLURM_ARG_FLAG: an option without a value
 * @KSLURM_ARG_VALUE: an option with a value: '-a V', '-aV', '--account V', '--account=V'
 * @KSLURM_ARG_OPERAND: a positional argument
 * @KSLURM_ARG_REST: everything from the first word that is none of the above
 */
typedef enum {
  KSLURM_ARG_WORD = 1,
  KSLURM_ARG_FLAG,
  KSLURM_ARG_VALUE,
  KSLURM_ARG_OPERAND,
  KSLURM_ARG_REST
} KslurmArgKind;

/**
 * KslurmTake: (skip)
 * @KSLURM_TAKE_NO: the text is not of this row's shape
 * @KSLURM_TAKE_YES: taken
 * @KSLURM_TAKE_ERROR: it is of this row's shape and wrong; the error is set
 */
typedef enum { KSLURM_TAKE_NO, KSLURM_TAKE_YES, KSLURM_TAKE_ERROR } KslurmTake;

/* rows are constant, tried in order */
struct _KslurmArg {
  KslurmArgKind kind;
  char letter;          /* 'a', or 0 */
  const char *name;     /* "account"; a word's kind: "time" */
  const char *shape;    /* N_("ACCOUNT"); "3:00 | 90min | 2d" */
  const char *help;     /* N_(), one line; NULL hides the row */
  const char *complete; /* "accounts", "file", words; several: "a|b"; NULL */
  guint min, max;       /* how often; max 0: no limit */
  KslurmTake (*take)(KslurmCall *call,
                     const KslurmArg *arg,
                     const char *text,
                     GError **error);
};

/* an option of the program that we become or start; 'sets' is the row it stands for */
typedef struct {
  const char *name;
  char letter;
  gboolean value;
  const char *sets;
  const char *complete; /* as a row's */
} KslurmForeign;

/**
 * KslurmCompleter: (skip)
 * @name: what a row's 'complete' says
 * @list: gives the candidates, each maybe with a tab and its help, (transfer full)
 *   (nullable); answers from files, or from Slurm within two seconds
 * @many: whether the value is several, parted by commas
 *
 * A source of dynamic candidates.
 */
typedef struct {
  const char *name;
  char **(*list)(void);
  gboolean many;
} KslurmCompleter;

struct _KslurmVerb {
  const char *name, *summary;
  const KslurmArg *const *args; /* groups, each ended by an empty row; NULL-terminated */
  const KslurmForeign *foreign; /* ended by an empty row, or NULL */
  const KslurmVerb *verbs;      /* ended by an empty row, or NULL */
  const KslurmCompleter *completers; /* of a program; ended by an empty row, or NULL */
  gboolean waits;                    /* long: run in the task thread, under the loop */
  int (*run)(KslurmCall *call, GCancellable *cancellable, GError **error);
};

G_END_DECLS
