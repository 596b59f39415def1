/* SPDX-License-Identifier: MIT */
#include "base/config/kslurm-key.h"

#include <string.h>

#include "base/util/kslurm-error.h"

static void
test_find(void)
{
  static const struct {
    const char *name, *row, *closest;
  } cases[] = {{"account", "account", NULL},
               {"account.gpu", "account.gpu", NULL},
               {"template.Fat", "template.", NULL},
               {"template.a.b", "template.", NULL},
               {"template", NULL, "template."},
               {"templates.Fat", NULL, NULL},
               {"acount", NULL, "account"},
               {"default.tim", NULL, "default.time"},
               {"gpu.styles", NULL, "gpu.style"},
               {"Account", NULL, "account"},
               {"account.", NULL, "account"},
               {"elephant", NULL, NULL},
               {"\xff\xfe", NULL, NULL},
               {"", NULL, NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const KslurmKey *key = kslurm_key_find(cases[i].name);

    g_test_message("case %u", (guint)i);
    g_assert_cmpstr(key != NULL ? key->name : NULL, ==, cases[i].row);
    if (key == NULL)
      g_assert_cmpstr(kslurm_key_find_closest(cases[i].name), ==, cases[i].closest);
  }
}

static void
test_rows(void)
{
  for (const KslurmKey *key = kslurm_keys; key->name != NULL; key++) {
    g_assert_true(kslurm_key_find(key->name) == key);
    g_assert_true(strlen(key->help) > 0 && strlen(key->shape) > 0);
    g_assert_true(key == kslurm_keys || strcmp(key[-1].name, key->name) < 0);
  }
}

#define NO(key, value, shape)                                                              \
  {                                                                                        \
    key, value, "'" value "' is no value for '" key "'; write it as " shape                \
  }
#define YES(key, value)                                                                    \
  {                                                                                        \
    key, value, NULL                                                                       \
  }

static const struct {
  const char *key, *value, *message; /* NULL: it is taken */
} checks[] = {
    YES("default.cpus", "1"),
    YES("default.cpus", "65533"),
    NO("default.cpus", "65534", "4"),
    NO("default.cpus", "99999999999999999999", "4"),
    NO("default.cpus", "0", "4"),
    NO("default.cpus", "-1", "4"),
    NO("default.cpus", "4 ", "4"),
    NO("default.cpus", "four", "4"),
    NO("default.cpus", "", "4"),
    YES("default.memory", "4G"),
    YES("default.memory", "4GiB/cpu"),
    NO("default.memory", "0G", "4G"),
    NO("default.memory", "90m", "4G"),
    NO("default.memory", "4", "4G"),
    YES("default.time", "3:00"),
    NO("default.time", "soon", "3:00"),
    NO("default.time", "0:00", "3:00"),
    NO("interactive.max-time", "8", "8h"),
    YES("gpu.style", "gpus-per-node"),
    NO("gpu.style", "both", "gres|gpus-per-node"),
    YES("compute.network", "no"),
    NO("compute.network", "YES", "yes|no"),
    YES("pipdir", "/a b"),
    YES("scratch", "$SLURM_TMPDIR"),
    NO("pipdir", "a/b", "/FOLDER"),
    NO("scratch", "", "/FOLDER"),
    NO("neuroglia.dir", "~/x", "/FOLDER"),
    YES("account", "\xff"),
    YES("not-declared", "anything"),
};

static void
test_check(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(checks); i++) {
    g_autoptr(GError) error = NULL;
    gboolean taken = kslurm_key_check(checks[i].key, checks[i].value, &error);

    g_test_message("%s=%s", checks[i].key, checks[i].value);
    g_assert_cmpint(taken, ==, checks[i].message == NULL);
    g_assert_cmpstr(error != NULL ? error->message : NULL, ==, checks[i].message);
    g_assert_true(taken || g_error_matches(error, KSLURM_ERROR, KSLURM_ERROR_USAGE));
  }
}

#define LETTERS(name)                                                                      \
  {                                                                                        \
    name, NULL, NULL, "'" name "' is no key; use letters, digits, '.', '-' and '_'"        \
  }

static void
test_split(void)
{
  static const struct {
    const char *name, *group, *key, *message;
  } cases[] = {
      {"account", "kslurm", "account", NULL},
      {"account.gpu", "account", "gpu", NULL},
      {"template.a.b", "template", "a.b", NULL},
      {"neuroglia_profile", "kslurm", "neuroglia_profile", NULL},
      {"compute-nodes", "kslurm", "compute-nodes", NULL},
      {"kslurm.account", NULL, NULL, "'kslurm.account' is no key; leave 'kslurm.' out"},
      LETTERS(""),
      LETTERS("."),
      LETTERS(".x"),
      LETTERS("x."),
      LETTERS("a b"),
      LETTERS("[a]"),
      LETTERS("a=b"),
      LETTERS("a\nb"),
      LETTERS("é"),
      LETTERS("\xff")};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *group = NULL;
    g_autofree char *key = NULL;
    g_autoptr(GError) error = NULL;
    gboolean done = kslurm_key_split(cases[i].name, &group, &key, &error);

    g_test_message("case %u", (guint)i);
    g_assert_cmpint(done, ==, cases[i].message == NULL);
    g_assert_cmpstr(group, ==, cases[i].group);
    g_assert_cmpstr(key, ==, cases[i].key);
    g_assert_cmpstr(error != NULL ? error->message : NULL, ==, cases[i].message);
  }
}

static void
test_variable(void)
{
  static const struct {
    const char *name, *variable;
  } cases[] = {{"account", "KSLURM_ACCOUNT"},
               {"account.gpu", "KSLURM_ACCOUNT_GPU"},
               {"interactive.max-time", "KSLURM_INTERACTIVE_MAX_TIME"},
               {"neuroglia_profile", "KSLURM_NEUROGLIA_PROFILE"},
               {"template.aB", "KSLURM_TEMPLATE_AB"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *variable = kslurm_key_dup_variable(cases[i].name);

    g_assert_cmpstr(variable, ==, cases[i].variable);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/key/find", test_find);
  g_test_add_func("/key/rows", test_rows);
  g_test_add_func("/key/check", test_check);
  g_test_add_func("/key/split", test_split);
  g_test_add_func("/key/variable", test_variable);
  return g_test_run();
}
