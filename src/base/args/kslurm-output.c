/* SPDX-License-Identifier: MIT */
#include "base/args/kslurm-output.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/util/kslurm-dialect.h"

static KslurmTake
take_dialect(KslurmCall *call, const KslurmArg *arg, const char *text, GError **error)
{
  KslurmDialect dialect;

  return kslurm_dialect_parse(text, &dialect, error) ? KSLURM_TAKE_YES : KSLURM_TAKE_ERROR;
}

const KslurmArg kslurm_args_shell[] = {{.kind = KSLURM_ARG_VALUE,
                                        .name = "shell",
                                        .shape = "bash|zsh|fish",
                                        .max = 1,
                                        .take = take_dialect},
                                       {0}};

/**
 * kslurm_output_is_code: (skip)
 * @call: a call
 * @dialect: (out): the shell's
 *
 * Returns: whether a shell evaluates what is written to stdout
 */
gboolean
kslurm_output_is_code(KslurmCall *call, KslurmDialect *dialect)
{
  const char *shell = kslurm_call_get(call, "shell");

  return shell != NULL && kslurm_dialect_parse(shell, dialect, NULL);
}

/**
 * kslurm_output_print_code: (skip)
 * @call: a call whose output a shell evaluates
 * @words: (array zero-terminated=1): a command
 *
 * Writes the command; where nobody evaluates it, nothing.
 */
void
kslurm_output_print_code(KslurmCall *call, const char *const *words)
{
  g_autofree char *code = NULL;
  KslurmDialect dialect;

  if (!kslurm_output_is_code(call, &dialect))
    return;
  code = kslurm_shell_join(dialect, words);
  printf("%s\n", code);
}

/**
 * kslurm_output_print: (skip)
 * @call: a call
 * @text: what the user asked to see
 *
 * Writes @text to stdout, or the command that does so where a shell evaluates it.
 */
void
kslurm_output_print(KslurmCall *call, const char *text)
{
  KslurmDialect dialect;

  if (kslurm_output_is_code(call, &dialect))
    kslurm_output_print_code(call, (const char *const[]){"printf", "%s", text, NULL});
  else
    fputs(text, stdout);
}
