/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

/* runs a fuzz target over its corpus, in builds without libFuzzer */
int
main(int argc, char **argv)
{
  g_autoptr(GDir) folder = g_dir_open(argv[1], 0, NULL);
  const char *name = NULL;
  guint n = 0;

  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
    g_autofree char *path = g_build_filename(argv[1], name, NULL);
    g_autofree char *data = NULL;
    gsize length = 0;

    if (!g_file_get_contents(path, &data, &length, NULL))
      return 1;
    LLVMFuzzerTestOneInput((const uint8_t *)data, length);
    g_print("ok %u - %s\n", ++n, name);
  }
  g_print("1..%u\n", n);
  return n > 0 ? 0 : 1;
}
