/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "tests/fuzz/fuzz.h"

#include "base/venv/kslurm-self-locate-private.h"

#define PLACE "/e v"

static const char *const names[] = {"bin/tool",
                                    "bin/activate",
                                    "bin/activate.csh",
                                    "bin/activate.fish",
                                    "bin/activate.nu",
                                    "lib/python3/site-packages/x.pth",
                                    "lib/python3/site-packages/x.egg-link",
                                    "lib/python3/site-packages/__editable___x_finder.py",
                                    "share/jupyter/kernels/x/kernel.json"};

/* what says that it finds itself names the place no more; in Python the rest of a literal
 * may look like it: '/e/e' becomes prefix + '/e' */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(GBytes) changed = NULL;
    KslurmSelfLocated located = kslurm_self_locate(PLACE, names[i], bytes, &changed);
    gsize length = 0;
    const char *text = NULL;

    if ((located == KSLURM_SELF_LOCATED_YES) != (changed != NULL))
      __builtin_trap();
    if (changed == NULL || g_str_has_suffix(names[i], ".py"))
      continue;
    text = g_bytes_get_data(changed, &length);
    if (kslurm_self_locate_find(PLACE, text, text, text + length) != NULL)
      __builtin_trap();
  }
  return 0;
}
