/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-relocation.h"
#include "base/venv/kslurm-venv-places.h"
#include "base/venv/kslurm-venv-record.h"
#include "tests/fuzz/fuzz.h"

static GBytes *
find_any(const char *name, gpointer data)
{
  return strlen(name) % 2 == 0 ? data : NULL;
}

/* what was relocated must not change again, and must not name a place any more */
static void
check_relocation(const char *const *places, const char *to, const char *name, GBytes *bytes)
{
  g_autoptr(KslurmRelocation) relocation = kslurm_relocation_new(places, to, NULL);
  g_autoptr(GBytes) changed = NULL;
  g_autoptr(GBytes) again = NULL;
  KslurmRelocated what = kslurm_relocation_apply(relocation, name, bytes, &changed);

  if (what == KSLURM_RELOCATED_YES && changed == NULL)
    __builtin_trap();
  if (what == KSLURM_RELOCATED_NOT && changed != NULL)
    __builtin_trap();
  if (what == KSLURM_RELOCATED_YES &&
      kslurm_relocation_apply(relocation, name, changed, &again) != KSLURM_RELOCATED_NOT)
    __builtin_trap();
}

static void
check_readers(GBytes *bytes)
{
  g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  g_autofree char *activate = kslurm_venv_places_dup_activate(text);
  g_autofree char *command = kslurm_venv_places_dup_command(text);
  g_autofree char *script = kslurm_venv_places_dup_script(text);
  g_autofree char *record =
      kslurm_venv_record_update(text, "lib/site-packages", find_any, bytes);
}

/* the first line is the name of the file */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const char *const plain[] = {"/tmp/env", NULL};
  static const char *const odd[] = {"/a b/it's \xc3\xa9", "/a b", NULL};
  const uint8_t *newline = size > 0 ? memchr(data, '\n', size) : NULL;
  g_autofree char *name = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (newline == NULL)
    return 0;
  name = g_strndup((const char *)data, (gsize)(newline - data));
  bytes = g_bytes_new(newline + 1, size - (gsize)(newline - data) - 1);
  check_relocation(plain, "/new", name, bytes);
  check_relocation(plain, "/n w/i't$ {!%\xc3\xa9", name, bytes);
  check_relocation(odd, "/new", name, bytes);
  if (g_bytes_get_size(bytes) > 0)
    check_readers(bytes);
  return 0;
}
