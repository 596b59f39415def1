/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/util/kslurm-error.h"
#include "base/util/kslurm-text.h"
#include "base/venv/kslurm-python-private.h"

/* packages are compiled for one, and the folder of them is named after it: "3.11" */
static char *
dup_minor(const char *version)
{
  gsize length = strspn(version, "0123456789");

  if (version[length] == '.')
    length += 1 + strspn(version + length + 1, "0123456789");
  return g_strndup(version, length);
}

static gboolean
check_machine(const KslurmVenvFacts *facts, GError **error)
{
  struct utsname system;

  if (facts->machine == NULL || facts->machine[0] == '\0' || uname(&system) != 0 ||
      g_str_equal(facts->machine, system.machine))
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
              _("the environment is for %s, and this node is %s; load it on a node of that "
                "kind, or create it anew here"),
              facts->machine, system.machine);
  return FALSE;
}

/* a link that leads nowhere: where it should lead, as far as anybody knows */
static char *
dup_wanted(const char *python, const KslurmVenvFacts *facts)
{
  g_autofree char *target = g_file_read_link(python, NULL);

  if (target != NULL && g_path_is_absolute(target))
    return kslurm_text_clean(target);
  return kslurm_text_clean(facts->base != NULL ? facts->base : python);
}

static gboolean
check_exists(const char *python, const KslurmVenvFacts *facts, GError **error)
{
  g_autofree char *minor = dup_minor(facts->python);
  g_autofree char *wanted = NULL;

  if (g_file_test(python, G_FILE_TEST_EXISTS))
    return TRUE;
  wanted = dup_wanted(python, facts);
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
              _("the environment needs Python %s at '%s', which this node does not have; "
                "load the module that has it, or create the environment anew with 'kpy "
                "create %s'"),
              minor, wanted, minor);
  return FALSE;
}

static gboolean
check_version(const char *python, const KslurmVenvFacts *facts, GError **error)
{
  g_autofree char *version = NULL;
  g_autofree char *found = kslurm_python_ask(python, &version, NULL);
  g_autofree char *wanted = dup_minor(facts->python);
  g_autofree char *minor = version != NULL ? dup_minor(version) : NULL;

  if (found == NULL)
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM,
                _("the environment's Python %s, '%s', does not run on this node; load the "
                  "module that it is from, or create the environment anew with 'kpy create "
                  "%s'"),
                wanted, python, wanted);
  else if (!g_str_equal(minor, wanted))
    g_set_error(
        error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
        _("the environment is for Python %s, and '%s' is Python %s on this node; load "
          "the module of Python %s, or create the environment anew with 'kpy create "
          "%s'"),
        wanted, found, minor, wanted, wanted);
  else
    return TRUE;
  return FALSE;
}

/**
 * kslurm_venv_check_python: (skip)
 * @prefix: an environment, unpacked and relocated
 * @facts: (nullable): what is known about it, or %NULL to read that
 * @error: return location
 *
 * Starts the environment's Python: it must be there, run on this machine, and be of the
 * minor version that the packages are for. One of another version starts as well, but
 * finds no package.
 *
 * Returns: whether the environment can be used on this node
 */
gboolean
kslurm_venv_check_python(const char *prefix, const KslurmVenvFacts *facts, GError **error)
{
  g_autofree char *python = g_build_filename(prefix, "bin", "python", NULL);
  g_autoptr(KslurmVenvFacts) own = NULL;

  if (facts == NULL || facts->python == NULL) {
    own = kslurm_venv_facts_read(prefix, error);
    if (own == NULL)
      return FALSE;
    facts = own;
  }
  return check_machine(facts, error) && check_exists(python, facts, error) &&
         check_version(python, facts, error);
}
