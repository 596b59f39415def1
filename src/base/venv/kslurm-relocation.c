/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-relocation.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-text.h"
#include "base/venv/kslurm-relocation-private.h"

/* no shell's PATH holds a colon, no shebang or .pth file a newline, and a backslash or a
 * quotation mark has no one spelling in scripts of six languages */
static gboolean
is_spellable(const char *path)
{
  gsize length = strlen(path);

  for (gsize i = 0; i < length; i++)
    if ((guchar)path[i] < 0x20 || path[i] == 0x7f || strchr(":\"\\", path[i]) != NULL)
      return FALSE;
  return g_utf8_validate(path, -1, NULL) && path[length - 1] != ' ' &&
         strstr(path, "'''") == NULL;
}

static int
compare_lengths(gconstpointer a, gconstpointer b)
{
  gsize la = strlen(*(const char *const *)a);
  gsize lb = strlen(*(const char *const *)b);

  return la < lb   ? 1
         : la > lb ? -1
                   : strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* what no spelling changes: the longest part without blanks, quotes and the like */
static char *
dup_needle(const char *place)
{
  const char *best = place;
  gsize length = 0;

  for (const char *p = place; *p != '\0'; p++) {
    const char *start = p;

    while (g_ascii_isalnum(*p) || *p == '-' || *p == '_' || *p == '.')
      p++;
    if ((gsize)(p - start) > length) {
      best = start;
      length = (gsize)(p - start);
    }
    if (*p == '\0')
      break;
  }
  return kslurm_path_is_plain(place) ? g_strdup(place) : g_strndup(best, length);
}

static gboolean
add_place(KslurmRelocation *self, const char *text, GError **error)
{
  g_autofree char *place = g_strdup(text);
  gsize length = strlen(place);

  while (length > 1 && place[length - 1] == '/')
    place[--length] = '\0';
  if (place[0] != '/' || length < 2) {
    g_autofree char *clean = kslurm_text_clean(text);

    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                _("'%s' is not where an environment can have been"), clean);
    return FALSE;
  }
  if (g_str_equal(place, self->to) ||
      g_ptr_array_find_with_equal_func(self->places, place, g_str_equal, NULL))
    return TRUE;
  self->is_plain = self->is_plain && kslurm_path_is_plain(place);
  g_ptr_array_add(self->needles, dup_needle(place));
  g_ptr_array_add(self->places, g_steal_pointer(&place));
  return TRUE;
}

/**
 * kslurm_relocation_check_place: (skip)
 * @to: where an environment is to be
 * @error: return location
 *
 * Returns: whether its files can name that place
 */
gboolean
kslurm_relocation_check_place(const char *to, GError **error)
{
  g_autofree char *place =
      g_path_is_absolute(to) ? g_canonicalize_filename(to, "/") : g_strdup("/");
  g_autofree char *clean = NULL;

  if (place[1] != '\0' && is_spellable(place))
    return TRUE;
  clean = kslurm_text_clean(to);
  g_set_error(
      error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
      _("no environment can be at '%s': its scripts need an absolute path in UTF-8, "
        "without colons, quotation marks, backslashes and control characters; "
        "choose another folder"),
      clean);
  return FALSE;
}

/**
 * kslurm_relocation_new: (skip)
 * @places: (array zero-terminated=1): where the environment was, in all spellings
 * @to: where it is now
 * @error: return location
 *
 * Decides nothing but whether the files of an environment can name @to.
 *
 * Returns: (transfer full) (nullable): a relocation, or %NULL with @error set
 */
KslurmRelocation *
kslurm_relocation_new(const char *const *places, const char *to, GError **error)
{
  g_autoptr(KslurmRelocation) self = g_new0(KslurmRelocation, 1);

  self->places = g_ptr_array_new_with_free_func(g_free);
  self->needles = g_ptr_array_new_with_free_func(g_free);
  self->is_plain = TRUE;
  if (!kslurm_relocation_check_place(to, error))
    return NULL;
  self->to = g_canonicalize_filename(to, "/");
  for (; *places != NULL; places++)
    if (!add_place(self, *places, error))
      return NULL;
  g_ptr_array_sort(self->places, compare_lengths);
  return g_steal_pointer(&self);
}

/**
 * kslurm_relocation_free: (skip)
 * @relocation: (transfer full): a relocation
 */
void
kslurm_relocation_free(KslurmRelocation *relocation)
{
  g_clear_pointer(&relocation->places, g_ptr_array_unref);
  g_clear_pointer(&relocation->needles, g_ptr_array_unref);
  g_free(relocation->to);
  g_free(relocation);
}

/**
 * kslurm_relocation_is_plain: (skip)
 * @relocation: a relocation
 *
 * Returns: whether a search for the bytes of the places finds every file that names one;
 *   blanks, quotes and letters beyond ASCII are spelled otherwise in URLs and JSON
 */
gboolean
kslurm_relocation_is_plain(KslurmRelocation *relocation)
{
  return relocation->is_plain;
}

/**
 * kslurm_relocation_dup_target: (skip)
 * @relocation: a relocation
 * @target: of a symlink
 *
 * Returns: (transfer full) (nullable): its new target, or %NULL: it stays
 */
char *
kslurm_relocation_dup_target(KslurmRelocation *relocation, const char *target)
{
  for (guint i = 0; i < relocation->places->len; i++) {
    const char *place = relocation->places->pdata[i];
    gsize length = strlen(place);

    if (g_str_has_prefix(target, place) &&
        (target[length] == '/' || target[length] == '\0'))
      return g_strconcat(relocation->to, target + length, NULL);
  }
  return NULL;
}
