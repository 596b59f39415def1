/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-self-locate.h"

#include <string.h>

#include "base/venv/kslurm-self-locate-private.h"

/* An image is read-only and is mounted where its user likes: it cannot be relocated, so it
 * is made to find itself. A fixed path for every image would need none of this, but its
 * parent would have to be one that no other user can make first on any node, so it would
 * hold the user's number, and a group's image could be used by one of them */

#define HERE(file) "\"$(dirname -- \"$(dirname -- \"$(realpath -- " file ")\")\")\""

typedef struct {
  const char *ending;
  const char *word;
} Activation;

/* csh and xonsh do not tell a script where it is */
static const Activation activations[] = {
    {"/activate", HERE("\"${BASH_SOURCE:-$0}\"")},
    {"/activate.fish", "(dirname (dirname (realpath (status filename))))"},
    {"/activate.csh", "\"${" KSLURM_MOUNT_VARIABLE "}\""},
    {"/activate.nu", "(path self | path dirname | path dirname)"},
    {"/activate.xsh", "$" KSLURM_MOUNT_VARIABLE},
};

static const char *
find_activation(const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS(activations); i++) {
    if (g_str_has_suffix(name, activations[i].ending))
      return activations[i].word;
  }
  return NULL;
}

/* what only tells where something came from, or is not for this system */
static gboolean
does_no_harm(const char *name, const char *base)
{
  return g_str_has_suffix(base, ".pyc") || g_str_has_suffix(base, ".bat") ||
         g_str_equal(base, "direct_url.json") || g_str_equal(base, "RECORD") ||
         g_str_equal(base, "SOURCES.txt") || g_str_equal(base, "installed-files.txt") ||
         g_str_equal(name, "pyvenv.cfg");
}

static gboolean
locate(const char *place, const char *name, const char *text, gsize length, GString *out)
{
  g_autofree char *base = g_path_get_basename(name);
  const char *word = find_activation(name);

  if (length > 2 && memcmp(text, "#!", 2) == 0)
    return kslurm_self_locate_script(place, name, text, length, out);
  if (memchr(text, '\0', length) != NULL)
    return FALSE;
  if (word != NULL)
    return kslurm_self_locate_words(place, word, text, length, out);
  if (g_str_has_suffix(base, ".pth") || g_str_has_suffix(base, ".egg-link"))
    return kslurm_self_locate_lines(place, name, text, length, out);
  if (g_str_has_suffix(base, ".py") && strstr(base, "editable") != NULL)
    return kslurm_self_locate_literals(place, name, text, length, out);
  return g_str_equal(base, "kernel.json") &&
         kslurm_self_locate_kernel(place, name, text, length, out);
}

/**
 * kslurm_self_locate: (skip)
 * @place: the environment's path as @bytes spell it, without quotes or escapes
 * @name: the file's name below the environment
 * @bytes: what it holds
 * @changed: (out) (nullable): what it should hold
 *
 * Makes a file find its environment wherever that is mounted.
 *
 * Returns: whether it does
 */
KslurmSelfLocated
kslurm_self_locate(const char *place, const char *name, GBytes *bytes, GBytes **changed)
{
  g_autofree char *base = g_path_get_basename(name);
  g_autoptr(GString) out = g_string_new(NULL);
  gsize length = 0;
  const char *text = g_bytes_get_data(bytes, &length);

  *changed = NULL;
  if (length == 0 || kslurm_self_locate_find(place, text, text, text + length) == NULL ||
      does_no_harm(name, base))
    return KSLURM_SELF_LOCATED_NOT;
  if (!locate(place, name, text, length, out))
    return KSLURM_SELF_LOCATED_UNKNOWN;
  *changed = g_string_free_to_bytes(g_steal_pointer(&out));
  return KSLURM_SELF_LOCATED_YES;
}

/**
 * kslurm_self_locate_dup_target: (skip)
 * @place: the environment's path
 * @name: a symlink's name below the environment
 * @target: where it leads
 *
 * Returns: (transfer full) (nullable): where it should lead, or %NULL: it stays
 */
char *
kslurm_self_locate_dup_target(const char *place, const char *name, const char *target)
{
  g_autofree char *up = kslurm_self_locate_dup_up(name);
  gsize length = strlen(place);

  if (!g_str_has_prefix(target, place) || (target[length] != '/' && target[length] != '\0'))
    return NULL;
  return g_strdup_printf("%s.%s", up, target + length);
}
