/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/util/kslurm-process.h"
#include "cmd/kslurm/kslurm.h"

/* the program that was built and installed with us, not whichever PATH finds first */
static char *
dup_program(const char *name)
{
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname(self) : NULL;
  g_autofree char *beside = folder != NULL ? g_build_filename(folder, name, NULL) : NULL;

  if (beside != NULL && g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer(&beside);
  return g_strdup(name);
}

int
kslurm_run_delegate(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  const char *const *rest = kslurm_call_get_rest(call);
  g_autofree char *program = dup_program(kslurm_call_get_verb(call)->name);
  g_autoptr(GPtrArray) argv = g_ptr_array_new();

  g_ptr_array_add(argv, program);
  for (gsize i = 0; rest[i] != NULL; i++)
    g_ptr_array_add(argv, (char *)rest[i]);
  g_ptr_array_add(argv, NULL);
  kslurm_process_exec((const char *const *)argv->pdata, NULL, error);
  return 1;
}
