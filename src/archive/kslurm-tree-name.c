/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-tree-name.h"

#include <glib/gi18n-lib.h>
#include <limits.h>
#include <string.h>

#include "base/util/kslurm-error.h"

static gboolean
refuse(GError **error, const char *why)
{
  g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED, why);
  return FALSE;
}

static gboolean
add_component(GString *path, const char *text, gsize length, GError **error)
{
  if (length == 0 || (length == 1 && text[0] == '.'))
    return TRUE;
  if (length == 2 && text[0] == '.' && text[1] == '.')
    return refuse(error, _("its name leads out of the folder"));
  if (length > NAME_MAX || path->len + length + 1 >= PATH_MAX)
    return refuse(error, _("its name is too long"));
  if (path->len > 0)
    g_string_append_c(path, '/');
  g_string_append_len(path, text, (gssize)length);
  return TRUE;
}

/**
 * kslurm_tree_name_clean: (skip)
 * @name: (nullable): the name of a member, as an archive spells it
 * @error: return location
 *
 * The one place where names of an archive become paths below the destination. Absolute
 * names, '..', and what no file can be called are refused; '.', doubled and final slashes
 * are dropped.
 *
 * Returns: (transfer full) (nullable): a relative path, "" for the destination itself, or
 * %NULL with %KSLURM_ERROR_UNSUPPORTED set
 */
char *
kslurm_tree_name_clean(const char *name, GError **error)
{
  g_autoptr(GString) path = g_string_new(NULL);

  if (name == NULL || *name == '\0') {
    refuse(error, _("it has no name"));
    return NULL;
  }
  if (*name == '/') {
    refuse(error, _("its name is absolute"));
    return NULL;
  }
  while (*name != '\0') {
    gsize length = strcspn(name, "/");

    if (!add_component(path, name, length, error))
      return NULL;
    name += length;
    name += *name == '/';
  }
  return g_string_free(g_steal_pointer(&path), FALSE);
}
