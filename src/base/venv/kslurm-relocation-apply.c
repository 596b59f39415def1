/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/venv/kslurm-relocation-private.h"

typedef struct {
  const char *end; /* of the name; with a '/', it is the whole last part */
  KslurmRelocate relocate;
} Kind;

static const Kind kinds[] = {{"/pyvenv.cfg", kslurm_relocate_lines},
                             {"/activate", kslurm_relocate_sh},
                             {"/RECORD", kslurm_relocate_record},
                             {"/SOURCES.txt", kslurm_relocate_lines},
                             {"/installed-files.txt", kslurm_relocate_lines},
                             {"/Makefile", kslurm_relocate_plain},
                             {".pth", kslurm_relocate_pth},
                             {".egg-link", kslurm_relocate_lines},
                             {".py", kslurm_relocate_python},
                             {".xsh", kslurm_relocate_python},
                             {".json", kslurm_relocate_json},
                             {".sh", kslurm_relocate_sh},
                             {".bash", kslurm_relocate_sh},
                             {".zsh", kslurm_relocate_sh},
                             {".csh", kslurm_relocate_csh},
                             {".fish", kslurm_relocate_fish},
                             {".nu", kslurm_relocate_nu},
                             {".ps1", kslurm_relocate_powershell},
                             {".bat", kslurm_relocate_batch},
                             {".pc", kslurm_relocate_plain},
                             {".cmake", kslurm_relocate_plain},
                             {".la", kslurm_relocate_plain},
                             {".mk", kslurm_relocate_plain},
                             {".cfg", kslurm_relocate_plain},
                             {".conf", kslurm_relocate_plain},
                             {".ini", kslurm_relocate_plain},
                             {".toml", kslurm_relocate_plain}};

static gboolean
is_compiled(const char *name)
{
  return g_str_has_suffix(name, ".pyc") || g_str_has_suffix(name, ".pyo");
}

static KslurmRelocate
find_kind(const char *name, const char *text, gsize length)
{
  const char *slash = strrchr(name, '/');
  g_autofree char *last = g_strconcat("/", slash != NULL ? slash + 1 : name, NULL);

  if (length > 2 && text[0] == '#' && text[1] == '!')
    return kslurm_relocate_script;
  if (memchr(text, '\0', length) != NULL)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (g_str_has_suffix(last, kinds[i].end))
      return kinds[i].relocate;
  return NULL;
}

static gboolean
may_name(KslurmRelocation *self, const char *text, gsize length)
{
  for (guint i = 0; i < self->needles->len; i++) {
    const char *needle = self->needles->pdata[i];

    if (memmem(text, length, needle, strlen(needle)) != NULL)
      return TRUE;
  }
  return FALSE;
}

/**
 * kslurm_relocation_apply: (skip)
 * @relocation: a relocation
 * @name: of the file, relative to the environment
 * @bytes: its content
 * @changed: (out) (optional) (nullable): its new content, or %NULL: it stays
 *
 * Decides what becomes of a file. A place counts only as a whole path or the beginning of
 * one: `/tmp/env2` does not name `/tmp/env`. What Python compiled stays, it is valid by
 * its source's size and time.
 *
 * Returns: whether the file changes; or %KSLURM_RELOCATED_UNKNOWN: it still names a place,
 *   because nobody knows how its kind spells paths, or how it could spell the new one
 */
KslurmRelocated
kslurm_relocation_apply(KslurmRelocation *relocation,
                        const char *name,
                        GBytes *bytes,
                        GBytes **changed)
{
  gsize length = 0;
  const char *text = g_bytes_get_data(bytes, &length);
  g_autoptr(GString) out = NULL;
  KslurmRelocate relocate = NULL;
  gboolean done = FALSE;
  gboolean same = FALSE;

  if (changed != NULL)
    *changed = NULL;
  if (length == 0 || is_compiled(name) || !may_name(relocation, text, length))
    return KSLURM_RELOCATED_NOT;
  relocate = find_kind(name, text, length);
  if (relocate == NULL)
    return kslurm_relocation_is_named(relocation, text, length) ? KSLURM_RELOCATED_UNKNOWN
                                                                : KSLURM_RELOCATED_NOT;
  out = g_string_sized_new(length);
  done = relocate(relocation, text, length, out);
  same = out->len == length && memcmp(out->str, text, length) == 0;
  if (changed != NULL && !same)
    *changed = g_string_free_to_bytes(g_steal_pointer(&out));
  return !done  ? KSLURM_RELOCATED_UNKNOWN
         : same ? KSLURM_RELOCATED_NOT
                : KSLURM_RELOCATED_YES;
}
