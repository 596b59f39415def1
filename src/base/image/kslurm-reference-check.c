/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-reference-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/util/kslurm-error-private.h"

#define MAX_TAG 128
#define MAX_SHOWN 80
#define SHA256 "sha256:"

static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
/* '+' is in no registry's tags, but who has read one elsewhere may write it */
static const char tag_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789_.-+";

/**
 * kslurm_reference_dup_shown: (skip)
 * @text: a piece of what somebody wrote
 * @length: in bytes, or -1
 *
 * Returns: (transfer full): @text for a message: one line, not long, without escapes
 */
char *
kslurm_reference_dup_shown(const char *text, gssize length)
{
  g_autofree char *valid = g_utf8_make_valid(text, length);
  GString *shown = g_string_new(NULL);
  guint count = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p), count++) {
    gunichar c = g_utf8_get_char(p);

    if (count == MAX_SHOWN) {
      g_string_append(shown, "…");
      break;
    }
    if (c == '\n')
      g_string_append(shown, "\\n");
    else if (g_unichar_iscntrl(c))
      g_string_append_printf(shown, "\\x%02x", c);
    else
      g_string_append_unichar(shown, c);
  }
  return g_string_free(shown, FALSE);
}

/**
 * kslurm_digest_is_valid: (skip)
 * @text: a text
 *
 * Returns: whether @text is 'sha256:' and 64 digits, the only kind that is kept
 */
gboolean
kslurm_digest_is_valid(const char *text)
{
  return g_str_has_prefix(text, SHA256) && strlen(text) == strlen(SHA256) + 64 &&
         strspn(text + strlen(SHA256), "0123456789abcdef") == 64;
}

/**
 * kslurm_reference_dup_character: (skip)
 * @at: where something is wrong
 *
 * Returns: (transfer full): the character that stands there, for a message
 */
char *
kslurm_reference_dup_character(const char *at)
{
  gunichar c = g_utf8_get_char_validated(at, -1);
  gssize length = (gint32)c < 0 ? 1 : g_utf8_next_char(at) - at;

  return kslurm_reference_dup_shown(at, length);
}

static gboolean
check_separators(const char *component, GError **error)
{
  const char *at = component;

  /* between letters: one '.', one or two '_', any number of '-' */
  while (TRUE) {
    gsize run = strspn(at, letters);
    gsize gap = strspn(at + run, "._-");
    const char *separator = at + run;

    if (run > 0 && gap == 0)
      return TRUE;
    if (run == 0 || separator[gap] == '\0' ||
        !(gap == 1 || strspn(separator, "-") == gap ||
          (gap == 2 && g_str_has_prefix(separator, "__"))))
      return kslurm_set_usage(error,
                              _("'%s' begins or ends with a separator, or has several "
                                "between two letters"),
                              component);
    at = separator + gap;
  }
}

/**
 * kslurm_reference_check_component: (skip)
 * @component: a part of a repository's name
 * @error: return location
 *
 * Returns: whether it is as the distribution specification wants it
 */
gboolean
kslurm_reference_check_component(const char *component, GError **error)
{
  gsize good = strspn(component, "abcdefghijklmnopqrstuvwxyz0123456789._-");
  g_autofree char *shown = NULL;
  g_autofree char *lower = NULL;
  g_autofree char *character = NULL;

  if (component[0] == '\0')
    return kslurm_set_usage(error, _("a part of the name is empty"));
  if (component[good] == '\0')
    return check_separators(component, error);
  shown = kslurm_reference_dup_shown(component, -1);
  lower = g_ascii_strdown(shown, -1);
  if (g_ascii_isupper(component[good]))
    return kslurm_set_usage(
        error, _("'%s' has capital letters, which no repository has; write '%s'"), shown,
        lower);
  character = kslurm_reference_dup_character(component + good);
  return kslurm_set_usage(error,
                          _("'%s' may not stand in '%s'; a name holds letters, digits, "
                            "'.', '_' and '-'"),
                          character, shown);
}

/**
 * kslurm_reference_check_tag: (skip)
 * @tag: what stands after the colon
 * @error: return location
 *
 * Returns: whether it can be a tag
 */
gboolean
kslurm_reference_check_tag(const char *tag, GError **error)
{
  gsize good = strspn(tag, tag_letters);
  gboolean fits = strlen(tag) <= MAX_TAG;
  g_autofree char *shown = NULL;
  g_autofree char *character = NULL;

  if (tag[0] == '\0')
    return kslurm_set_usage(error, _("the tag after ':' is missing"));
  if (fits && tag[good] == '\0' && strchr(".-+", tag[0]) == NULL)
    return TRUE;
  shown = kslurm_reference_dup_shown(tag, -1);
  if (!fits)
    return kslurm_set_usage(error, _("the tag '%s' has more than %d characters"), shown,
                            MAX_TAG);
  character = kslurm_reference_dup_character(tag[good] != '\0' ? tag + good : tag);
  if (tag[good] == '\0')
    return kslurm_set_usage(error, _("the tag '%s' may not begin with '%s'"), shown,
                            character);
  return kslurm_set_usage(error,
                          _("'%s' may not stand in the tag '%s'; a tag holds letters, "
                            "digits, '_', '.' and '-'"),
                          character, shown);
}
