/* SPDX-License-Identifier: MIT */
#include "base/config/kslurm-folder.h"

#include "base/util/kslurm-error.h"
#include "unit.h"

static const char *const environ_of_a_user[] = {"USER=ana", "EMPTY=", "HOME=/home/a na",
                                                NULL};

typedef struct {
  const char *text;
  const char *path;
  const char *unset;
} Case;

static const Case cases[] = {
    {"/project/$USER", "/project/ana", NULL},
    {"/project/${USER}s/x", "/project/anas/x", NULL},
    {"$HOME/p", "/home/a na/p", NULL},
    {"/a/$", "/a/$", NULL},
    {"/a/${USER", "/a/${USER", NULL},
    {"/a/$-b", "/a/$-b", NULL},
    {"/plain", "/plain", NULL},
    {"$NOTHING/", NULL, "NOTHING"},
    {"/a/${EMPTY}/b", NULL, "EMPTY"},
    {"$USERS", NULL, "USERS"},
};

static void
test_expand(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *unset = NULL;
    g_autofree char *path = kslurm_folder_expand(cases[i].text, environ_of_a_user, &unset);

    g_assert_cmpstr(path, ==, cases[i].path);
    g_assert_cmpstr(unset, ==, cases[i].unset);
  }
}

static void
test_dup(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  g_assert_null(kslurm_folder_dup(config, "pipdir", environ_of_a_user, &error));
  g_assert_no_error(error);
  kslurm_config_override(config, "pipdir", "/project/$USER", "test");
  path = kslurm_folder_dup(config, "pipdir", environ_of_a_user, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(path, ==, "/project/ana");
}

static void
test_errors(void)
{
  static const char *const wrong[] = {"$NOTHING/x", "relative", "$USER/x"};

  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(KslurmConfig) config = kslurm_config_new();
    g_autoptr(GError) error = NULL;

    kslurm_config_override(config, "pipdir", wrong[i], "test");
    g_assert_null(kslurm_folder_dup(config, "pipdir", environ_of_a_user, &error));
    g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_CONFIGURED);
    g_assert_nonnull(strstr(error->message, "pipdir"));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/folder/expand", test_expand);
  g_test_add_func("/folder/dup", test_dup);
  g_test_add_func("/folder/errors", test_errors);
  return g_test_run();
}
