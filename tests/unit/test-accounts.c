/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <math.h>

#include "base/slurm/kslurm-accounts.h"

static const KslurmAccount *
nth(GPtrArray *accounts, guint n)
{
  g_assert_cmpuint(n, <, accounts->len);
  return accounts->pdata[n];
}

static void
test_order(void)
{
  g_autoptr(GPtrArray) accounts = kslurm_accounts_parse(
      "Account|User|LevelFS\n  b|me|0.5\nc|me|\n a|me|inf\nb|me|0.7\nd|me|0.7\n", NULL);

  g_assert_cmpuint(accounts->len, ==, 4);
  g_assert_cmpstr(nth(accounts, 0)->name, ==, "a");
  g_assert_true(isinf(nth(accounts, 0)->level_fs));
  g_assert_cmpstr(nth(accounts, 1)->name, ==, "b");
  g_assert_cmpfloat(nth(accounts, 1)->level_fs, ==, 0.7);
  g_assert_cmpstr(nth(accounts, 2)->name, ==, "d");
  g_assert_cmpstr(nth(accounts, 3)->name, ==, "c");
  g_assert_true(isnan(nth(accounts, 3)->level_fs));
}

static void
test_shares(void)
{
  g_autoptr(GPtrArray) accounts =
      kslurm_accounts_parse("Account|User|LevelFS\na|me|inf\nb|me|1\n",
                            "Account|User|LevelFS\nroot||9\na||0.1\na|me|5\nb||2\n");

  g_assert_cmpuint(accounts->len, ==, 2);
  g_assert_cmpstr(nth(accounts, 0)->name, ==, "b");
  g_assert_cmpfloat(nth(accounts, 0)->level_fs, ==, 2);
  g_assert_cmpfloat(nth(accounts, 1)->level_fs, ==, 0.1);
}

static void
test_nothing(void)
{
  static const char *const texts[] = {
      "",
      "\n",
      "Account|User|LevelFS\n",
      "error: whatever\nx|y|z\n",
      "|||\n|||\n",
      "Account|User|LevelFS\n-rf|me|1\n\033[2J|me|1\n|me|1\na b|me|1\n"};

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GPtrArray) accounts = kslurm_accounts_parse(texts[i], NULL);

    g_assert_cmpuint(accounts->len, ==, 0);
  }
}

static void
test_cache(void)
{
  g_autofree char *folder = g_build_filename(g_get_user_cache_dir(), "kslurm", NULL);
  g_autofree char *path = g_build_filename(folder, "accounts", NULL);
  g_auto(GStrv) names = NULL;

  g_assert_null(kslurm_accounts_list_cached());
  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, "def-a\n\033[2J\ndef-b\n", -1, NULL));
  names = kslurm_accounts_list_cached();
  g_assert_cmpuint(g_strv_length(names), ==, 2);
  g_assert_cmpstr(names[1], ==, "def-b");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/accounts/order", test_order);
  g_test_add_func("/accounts/shares", test_shares);
  g_test_add_func("/accounts/nothing", test_nothing);
  g_test_add_func("/accounts/cache", test_cache);
  return g_test_run();
}
