/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-facts.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/util/kslurm-error-private.h"
#include "base/venv/kslurm-pyvenv.h"
#include "base/venv/kslurm-venv-packages.h"

/* 'version = 3.11.7' of the standard library; 'version_info = 3.11.7.final.0' of
 * virtualenv, 'version_info = 3.11.7' of uv */
static char *
dup_version(const char *text)
{
  g_autofree char *version = kslurm_pyvenv_dup_value(text, "version");
  g_autofree char *info = kslurm_pyvenv_dup_value(text, "version_info");
  char *found = version != NULL ? version : info;
  gsize length = 0;

  if (found == NULL || !g_ascii_isdigit(found[0]))
    return NULL;
  length = strspn(found, "0123456789.");
  /* 3.14.0a1 keeps its letters, 3.11.7.final.0 loses its words */
  if (length > 0 && found[length - 1] == '.')
    length--;
  else
    while (g_ascii_isalnum(found[length]) || found[length] == '+')
      length++;
  return g_strndup(found, length);
}

static gboolean
is_inside(const char *path, const char *folder)
{
  gsize length = strlen(folder);

  return strncmp(path, folder, length) == 0 && path[length] == '/';
}

/* an interpreter that was copied into the environment has its base in pyvenv.cfg only */
static char *
dup_base(const char *prefix, const char *real, const char *text)
{
  static const char *const keys[] = {"base-executable", "executable"};
  g_autofree char *python = g_build_filename(prefix, "bin", "python", NULL);
  g_autofree char *target = realpath(python, NULL);

  if (target != NULL && !is_inside(target, real))
    return g_strdup(target);
  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
    g_autofree char *value = kslurm_pyvenv_dup_value(text, keys[i]);

    if (value != NULL && g_path_is_absolute(value))
      return g_steal_pointer(&value);
  }
  return NULL;
}

static char **
dup_places(const char *prefix, const char *real)
{
  g_autofree char *logical = g_canonicalize_filename(prefix, NULL);
  const char *places[3] = {logical, real, NULL};

  if (g_str_equal(logical, real))
    places[1] = NULL;
  return g_strdupv((char **)places);
}

static char *
dup_machine(void)
{
  struct utsname system;

  return g_strdup(uname(&system) == 0 ? system.machine : "");
}

/**
 * kslurm_venv_facts_read: (skip)
 * @prefix: the folder of an environment
 * @error: return location
 *
 * Looks at an environment without starting its Python. Nothing is searched or counted:
 * there are no hits, bytes and files yet.
 *
 * Returns: (transfer full) (nullable): the facts, or %NULL with @error set
 */
KslurmVenvFacts *
kslurm_venv_facts_read(const char *prefix, GError **error)
{
  g_autoptr(KslurmVenvFacts) facts = g_new0(KslurmVenvFacts, 1);
  g_autofree char *text = kslurm_pyvenv_read(prefix, error);
  g_autofree char *real = text != NULL ? realpath(prefix, NULL) : NULL;

  if (text == NULL)
    return NULL;
  facts->python = dup_version(text);
  if (facts->python == NULL || real == NULL) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                _("the file 'pyvenv.cfg' in '%s' names no Python version"), prefix);
    return NULL;
  }
  facts->packages = kslurm_venv_packages_list(prefix, error);
  if (facts->packages == NULL)
    return NULL;
  facts->name = kslurm_pyvenv_dup_value(text, "prompt");
  facts->machine = dup_machine();
  facts->base = dup_base(prefix, real, text);
  facts->places = dup_places(prefix, real);
  facts->created = g_get_real_time() / G_USEC_PER_SEC;
  return g_steal_pointer(&facts);
}

/**
 * kslurm_venv_facts_free: (skip)
 * @facts: (transfer full): facts
 */
void
kslurm_venv_facts_free(KslurmVenvFacts *facts)
{
  g_free(facts->name);
  g_free(facts->python);
  g_free(facts->machine);
  g_free(facts->base);
  g_strfreev(facts->places);
  g_strfreev(facts->packages);
  g_strfreev(facts->hits);
  g_free(facts);
}
