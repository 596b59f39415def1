/* SPDX-License-Identifier: MIT */
#include "base/config/kslurm-key.h"

#include <string.h>

#include "unit.h"

static void
test_find(void)
{
  static const struct {
    const char *name, *found;
  } cases[] = {{"account", "account"},
               {"account.gpu", "account.gpu"},
               {"template.x", "template."},
               {"template.a.b", "template."},
               {"template", NULL},
               {"account.", NULL},
               {"Account", NULL},
               {"accounts", NULL},
               {"", NULL},
               {"\xff", NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const KslurmKey *key = kslurm_key_find(cases[i].name);

    g_assert_cmpstr(key != NULL ? key->name : NULL, ==, cases[i].found);
  }
}

static void
test_closest(void)
{
  g_autofree char *endless = unit_repeat("account", 10000);

  g_assert_cmpstr(kslurm_key_find_closest("acount"), ==, "account");
  g_assert_cmpstr(kslurm_key_find_closest("gpu.stile"), ==, "gpu.style");
  g_assert_null(kslurm_key_find_closest("whatever"));
  g_assert_null(kslurm_key_find_closest(""));
  g_assert_null(kslurm_key_find_closest(endless));
}

static const struct {
  const char *name, *value, *message;
} values[] = {
    {"account", "anything \xff at all", NULL},
    {"no.such.key", "x", NULL},
    {"template.x", "nonsense", NULL},
    {"gpu.style", "gres", NULL},
    {"gpu.style", "gpus-per-node", NULL},
    {"gpu.style", "GRES",
     "'GRES' is no value for 'gpu.style'; write it as gres|gpus-per-node"},
    {"compute.network", "yes", NULL},
    {"compute.network", "true",
     "'true' is no value for 'compute.network'; write it as yes|no"},
    {"default.cpus", "4", NULL},
    {"default.cpus", "0", "'0' is no value for 'default.cpus'; write it as 4"},
    {"default.cpus", "04", "'04' is no value for 'default.cpus'; write it as 4"},
    {"default.cpus", "-1", "'-1' is no value for 'default.cpus'; write it as 4"},
    {"default.cpus", "65533", NULL},
    {"default.cpus", "65534", "'65534' is no value for 'default.cpus'; write it as 4"},
    {"default.cpus", "99999999999999999999",
     "'99999999999999999999' is no value for 'default.cpus'; write it as 4"},
    {"default.memory", "4G", NULL},
    {"default.memory", "4", "'4' is no value for 'default.memory'; write it as 4G"},
    {"default.memory", "0G", "'0G' is no value for 'default.memory'; write it as 4G"},
    {"default.time", "3:00", NULL},
    {"default.time", "", "'' is no value for 'default.time'; write it as 3:00"},
    {"interactive.max-time", "8",
     "'8' is no value for 'interactive.max-time'; write it "
     "as 8h"},
    {"pipdir", "/x y", NULL},
    {"pipdir", "$HOME/x", NULL},
    {"pipdir", "x", "'x' is no value for 'pipdir'; write it as /FOLDER"},
    {"scratch", "~/x", "'~/x' is no value for 'scratch'; write it as /FOLDER"}};

static void
test_check(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
    g_autoptr(GError) error = NULL;
    gboolean good = kslurm_key_check(values[i].name, values[i].value, &error);

    g_assert_cmpint(good, ==, values[i].message == NULL);
    unit_assert_usage(error, values[i].message);
  }
}

#define NO_KEY(name) "'" name "' is no key; use letters, digits, '.', '-' and '_'"

static void
test_split(void)
{
  static const struct {
    const char *name, *group, *key, *message;
  } cases[] = {
      {"account", "kslurm", "account", NULL},
      {"account.gpu", "account", "gpu", NULL},
      {"template.a.b-c_D9", "template", "a.b-c_D9", NULL},
      {"", NULL, NULL, NO_KEY("")},
      {".", NULL, NULL, NO_KEY(".")},
      {".a", NULL, NULL, NO_KEY(".a")},
      {"a.", NULL, NULL, NO_KEY("a.")},
      {"a b", NULL, NULL, NO_KEY("a b")},
      {"a=b", NULL, NULL, NO_KEY("a=b")},
      {"[a]", NULL, NULL, NO_KEY("[a]")},
      {"é", NULL, NULL, NO_KEY("é")},
      {"a\n", NULL, NULL, NO_KEY("a\n")},
      {"kslurm.account", NULL, NULL, "'kslurm.account' is no key; leave 'kslurm.' out"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *group = NULL;
    g_autofree char *key = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(kslurm_key_split(cases[i].name, &group, &key, &error), ==,
                    cases[i].message == NULL);
    unit_assert_usage(error, cases[i].message);
    g_assert_cmpstr(group, ==, cases[i].group);
    g_assert_cmpstr(key, ==, cases[i].key);
  }
}

static void
test_variable(void)
{
  static const char *const cases[][2] = {
      {"account", "KSLURM_ACCOUNT"},
      {"gpu.style", "KSLURM_GPU_STYLE"},
      {"interactive.max-time", "KSLURM_INTERACTIVE_MAX_TIME"},
      {"neuroglia_profile", "KSLURM_NEUROGLIA_PROFILE"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *variable = kslurm_key_dup_variable(cases[i][0]);

    g_assert_cmpstr(variable, ==, cases[i][1]);
  }
}

/* two keys of one variable could not be told apart */
static void
test_table(void)
{
  g_autoptr(GHashTable) variables =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

  for (const KslurmKey *key = kslurm_keys; key->name != NULL; key++) {
    g_assert_true(g_hash_table_add(variables, kslurm_key_dup_variable(key->name)));
    g_assert_nonnull(key->shape);
    g_assert_nonnull(key->help);
    if (key[1].name != NULL)
      g_assert_cmpint(strcmp(key->name, key[1].name), <, 0);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/key/find", test_find);
  g_test_add_func("/key/closest", test_closest);
  g_test_add_func("/key/check", test_check);
  g_test_add_func("/key/split", test_split);
  g_test_add_func("/key/variable", test_variable);
  g_test_add_func("/key/table", test_table);
  return g_test_run();
}
