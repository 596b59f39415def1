/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "base/image/kslurm-mirrors.h"

/* whatever a file says, what is asked is a host and a name */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const char *const names[] = {"busybox", "quay.io/org/app", "a.b.example.org/x"};
  g_autoptr(KslurmMirrors) mirrors = kslurm_mirrors_new();

  kslurm_mirrors_add_toml(mirrors, (const char *)data, (gssize)size, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(KslurmReference) reference = kslurm_reference_parse(names[i], NULL);
    g_autoptr(GPtrArray) places = kslurm_mirrors_list_places(mirrors, reference);

    for (guint j = 0; j < places->len; j++) {
      const KslurmPlace *place = places->pdata[j];
      g_autofree char *text = g_strconcat(place->host, "/", place->repository, NULL);

      for (const char *p = text; *p != '\0'; p++)
        if (!g_ascii_isgraph(*p) || strchr("\"'@?#\\%", *p) != NULL)
          __builtin_trap();
      if (place->host[0] == '\0' || strstr(text, "/..") != NULL)
        __builtin_trap();
    }
  }
  return 0;
}
