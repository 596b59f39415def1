/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-error.h"
#include "base/venv/kslurm-pyvenv.h"
#include "unit.h"

static void
test_values(void)
{
  static const struct {
    const char *text, *key, *value;
  } cases[] = {{"home = /usr/bin\nversion = 3.11.2\n", "version", "3.11.2"},
               {"home = /usr/bin\nversion_info = 3.11.2.final.0\n", "version", NULL},
               {"VERSION=3.11\r\n", "version", "3.11"},
               {"  prompt\t=  a = b  ", "prompt", "a = b"},
               {"prompt = 'my env'\nprompt = other\n", "prompt", "my env"},
               {"prompt = \"it's\"\n", "prompt", "it's"},
               {"prompt = 'a\\\\b'\n", "prompt", "a\\b"},
               {"prompt = '\n", "prompt", "'"},
               {"prompt =\n", "prompt", ""},
               {"prompt\n= x\n", "prompt", NULL},
               {"", "prompt", NULL},
               {"xprompt = a\nprompts = b\n", "prompt", NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *value = kslurm_pyvenv_dup_value(cases[i].text, cases[i].key);

    g_assert_cmpstr(value, ==, cases[i].value);
  }
}

static void
test_set(void)
{
  static const struct {
    const char *text, *value, *changed;
  } cases[] = {{"home = /x\n", "a", "home = /x\nprompt = 'a'\n"},
               {"home = /x", "a", "home = /x\nprompt = 'a'\n"},
               {"", "a", "prompt = 'a'\n"},
               {"prompt = 'old'\nhome = /x\n", "my env", "prompt = 'my env'\nhome = /x\n"},
               {"a = b\nPrompt = old", "it's\\", "a = b\nprompt = 'it\\'s\\\\'\n"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *changed =
        kslurm_pyvenv_set_value(cases[i].text, "prompt", cases[i].value);
    g_autofree char *again = kslurm_pyvenv_dup_value(changed, "prompt");

    g_assert_cmpstr(changed, ==, cases[i].changed);
    g_assert_cmpstr(again, ==, cases[i].value);
  }
}

static void
test_read(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *wanted =
      g_strdup_printf("'%s' is no Python environment: it has no file 'pyvenv.cfg'", folder);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null(kslurm_pyvenv_read(folder, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND, wanted);
  unit_write(folder, "pyvenv.cfg", "home = /x\n");
  text = kslurm_pyvenv_read(folder, NULL);
  g_assert_cmpstr(text, ==, "home = /x\n");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/pyvenv/values", test_values);
  g_test_add_func("/pyvenv/set", test_set);
  g_test_add_func("/pyvenv/read", test_read);
  return g_test_run();
}
