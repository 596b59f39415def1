/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-name.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-text.h"

/* leaves room for endings in the 255 bytes of a file's name */
#define MAX_BYTES 128

/* what the older kslurm took: letters and digits of all scripts, '_', '-', '.', blanks */
static gboolean
has_name_characters(const char *name)
{
  if (!g_utf8_validate(name, -1, NULL))
    return FALSE;
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);

    if (!g_unichar_isalnum(c) && !(g_unichar_ismark(c) && p > name) &&
        !(c < 0x80 && strchr("_-. ", (int)c) != NULL))
      return FALSE;
  }
  return TRUE;
}

static const char *
get_ending(const char *name)
{
  static const char *const endings[] = {".tar.zst", ".tar.gz"};

  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
    if (g_str_has_suffix(name, endings[i]))
      return endings[i];
  return NULL;
}

/**
 * kslurm_venv_name_check: (skip)
 * @name: what a user calls an environment
 * @error: return location
 *
 * Returns: whether an environment can be made under that name
 */
gboolean
kslurm_venv_name_check(const char *name, GError **error)
{
  g_autofree char *clean = kslurm_text_clean(name);
  const char *ending = get_ending(name);

  if (name[0] == '\0')
    return kslurm_set_usage(error, _("the name of an environment is empty"));
  if (g_str_equal(name, ".") || g_str_equal(name, ".."))
    return kslurm_set_usage(error, _("'%s' cannot be the name of an environment"), name);
  if (strlen(name) > MAX_BYTES)
    return kslurm_set_usage(error, _("the name of an environment has at most %d bytes"),
                            MAX_BYTES);
  if (!has_name_characters(name))
    return kslurm_set_usage(error,
                            _("'%s' cannot be the name of an environment: it may have "
                              "letters, digits, '.', '_', '-' and blanks"),
                            clean);
  if (ending != NULL)
    return kslurm_set_usage(error,
                            _("'%s' is the name of a file; give the environment's, "
                              "without '%s'"),
                            name, ending);
  return TRUE;
}

/**
 * kslurm_venv_name_dup_free: (skip)
 * @taken: (array zero-terminated=1): names that are in use
 *
 * Returns: (transfer full): "venv", "venv1" and so on, the first that is free
 */
char *
kslurm_venv_name_dup_free(const char *const *taken)
{
  g_autofree char *name = g_strdup("venv");

  for (guint i = 1; g_strv_contains(taken, name); i++) {
    g_free(name);
    name = g_strdup_printf("venv%u", i);
  }
  return g_steal_pointer(&name);
}
