/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-dialect.h"

#include <glib/gi18n-lib.h>

#include "base/util/kslurm-error-private.h"

static const char *const names[KSLURM_N_DIALECTS] = {
    [KSLURM_DIALECT_BASH] = "bash",
    [KSLURM_DIALECT_ZSH] = "zsh",
    [KSLURM_DIALECT_FISH] = "fish",
};

/**
 * kslurm_dialect_get_name: (skip)
 * @dialect: a shell
 *
 * Returns: (transfer none): its name
 */
const char *
kslurm_dialect_get_name(KslurmDialect dialect)
{
  return names[dialect];
}

/**
 * kslurm_dialect_parse: (skip)
 * @name: a shell's name
 * @dialect: (out): the shell
 * @error: return location
 *
 * Returns: whether we have text for that shell
 */
gboolean
kslurm_dialect_parse(const char *name, KslurmDialect *dialect, GError **error)
{
  for (int i = 0; i < KSLURM_N_DIALECTS; i++) {
    if (g_str_equal(names[i], name)) {
      *dialect = (KslurmDialect)i;
      return TRUE;
    }
  }
  return kslurm_set_usage(error,
                          _("'%s' is no shell that kslurm knows; take bash, zsh or "
                            "fish"),
                          name);
}

/**
 * kslurm_dialect_guess: (skip)
 * @program: (nullable): a shell's program, as SHELL names it
 *
 * Returns: the shell, bash where it is none of ours
 */
KslurmDialect
kslurm_dialect_guess(const char *program)
{
  g_autofree char *name = g_path_get_basename(program != NULL ? program : "");
  KslurmDialect dialect = KSLURM_DIALECT_BASH;

  kslurm_dialect_parse(name, &dialect, NULL);
  return dialect;
}
