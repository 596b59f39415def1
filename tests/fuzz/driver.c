/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* runs a target over the files of a folder, where there is no libFuzzer */
int
main(int argc, char **argv)
{
  g_autoptr(GDir) folder = argc > 1 ? g_dir_open(argv[1], 0, NULL) : NULL;
  const char *name = NULL;
  int count = 0;

  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
    g_autofree char *path = g_build_filename(argv[1], name, NULL);
    g_autofree char *data = NULL;
    gsize size = 0;

    if (g_file_get_contents(path, &data, &size, NULL)) {
      LLVMFuzzerTestOneInput((const uint8_t *)data, size);
      count++;
    }
  }
  return count > 0 ? 0 : 1;
}
