/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-venv-activation.h"

/* '|' parts variables */
static void
assert_set(const char *before, const char *after)
{
  g_auto(GStrv) environ = g_strsplit(before, "|", -1);
  g_auto(GStrv) wanted = g_strsplit(after, "|", -1);

  environ = kslurm_venv_activation_set(g_steal_pointer(&environ), "/s/a b", "my env");
  for (gsize i = 0; wanted[i] != NULL; i++) {
    g_auto(GStrv) pair = g_strsplit(wanted[i], "=", 2);

    g_assert_cmpstr(g_environ_getenv(environ, pair[0]), ==, pair[1]);
  }
  g_assert_cmpuint(g_strv_length(environ), ==, g_strv_length(wanted));
}

#define OURS "VIRTUAL_ENV=/s/a b|VIRTUAL_ENV_PROMPT=my env|"

static void
test_set(void)
{
  assert_set("PATH=/usr/bin:/bin", OURS "PATH=/s/a b/bin:/usr/bin:/bin");
  assert_set("PATH=", OURS "PATH=/s/a b/bin:/usr/local/bin:/usr/bin:/bin");
  assert_set("A=b", OURS "A=b|PATH=/s/a b/bin:/usr/local/bin:/usr/bin:/bin");
  assert_set("PYTHONHOME=/p|PATH=/bin", OURS "PATH=/s/a b/bin:/bin");
  assert_set("PATH=:/bin:", OURS "PATH=/s/a b/bin::/bin:");
}

static void
test_again(void)
{
  assert_set("VIRTUAL_ENV=/old|VIRTUAL_ENV_PROMPT=o|PATH=/own:/old/bin:/bin:/old/bin",
             OURS "PATH=/s/a b/bin:/own:/bin");
  assert_set("VIRTUAL_ENV=/s/a b|PATH=/s/a b/bin:/bin", OURS "PATH=/s/a b/bin:/bin");
  assert_set("VIRTUAL_ENV=|PATH=/bin", OURS "PATH=/s/a b/bin:/bin");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/venv-activation/set", test_set);
  g_test_add_func("/venv-activation/again", test_again);
  return g_test_run();
}
