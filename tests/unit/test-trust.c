/* SPDX-License-Identifier: MIT */
#include "image/kslurm-trust.h"

#include "unit.h"

static void
test_bundle(void)
{
  const char *const given[] = {"SSL_CERT_FILE=/nowhere/ca.pem", NULL};
  const char *const empty[] = {"SSL_CERT_FILE=", NULL};
  const char *const none[] = {NULL};
  g_autofree char *path = kslurm_trust_dup_bundle(given);
  g_autofree char *usual = kslurm_trust_dup_bundle(none);
  g_autofree char *same = kslurm_trust_dup_bundle(empty);

  g_assert_cmpstr(path, ==, "/nowhere/ca.pem");
  g_assert_nonnull(usual);
  g_assert_cmpstr(usual, ==, same);
}

static void
test_database(void)
{
  const char *const given[] = {"SSL_CERT_FILE=/nowhere/ca.pem", NULL};
  const char *const none[] = {NULL};
  g_autoptr(GError) error = NULL;
  g_autoptr(GTlsDatabase) missing = kslurm_trust_new_database(given, &error);
  g_autoptr(GTlsDatabase) usual = NULL;

  g_assert_null(missing);
  g_assert_nonnull(g_strstr_len(error->message, -1, "/nowhere/ca.pem"));
  g_clear_error(&error);
  usual = kslurm_trust_new_database(none, &error);
  g_assert_no_error(error);
  g_assert_nonnull(usual);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/trust/bundle", test_bundle);
  g_test_add_func("/trust/database", test_database);
  return g_test_run();
}
