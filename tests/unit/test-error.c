/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-error.h"

#include <errno.h>
#include <gio/gio.h>

#include "unit.h"

static void
test_status(void)
{
  const struct {
    GQuark domain;
    int code;
    int status;
  } cases[] = {{KSLURM_ERROR, KSLURM_ERROR_USAGE, 2},
               {KSLURM_ERROR, KSLURM_ERROR_FAILED, 1},
               {KSLURM_ERROR, KSLURM_ERROR_PROGRAM, 1},
               {G_IO_ERROR, G_IO_ERROR_CANCELLED, 130},
               {G_IO_ERROR, KSLURM_ERROR_USAGE, 1},
               {G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_PARSE, 1}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = g_error_new_literal(cases[i].domain, cases[i].code, "x");

    g_assert_cmpint(kslurm_error_get_exit_status(error), ==, cases[i].status);
  }
}

static void
test_messages(void)
{
  g_autoptr(GError) system = NULL;
  g_autoptr(GError) usage = NULL;

  g_assert_false(kslurm_set_errno(&system, ENOENT, "cannot read '%s'", "/a%sb"));
  unit_assert_error(system, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    "cannot read '/a%sb': No such file or directory");
  g_assert_false(kslurm_set_usage(&usage, "'%s' is %d", "%n", 3));
  unit_assert_usage(usage, "'%n' is 3");
  g_assert_false(kslurm_set_errno(NULL, EPERM, "nobody asks"));
  g_assert_false(kslurm_set_usage(NULL, "nobody asks"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/error/status", test_status);
  g_test_add_func("/error/messages", test_messages);
  return g_test_run();
}
