/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-directive.h"

#include <string.h>

#include "base/request/kslurm-setting.h"
#include "unit.h"

/* how backslashes and '#' go was asked of a real sbatch */
static void
test_split(void)
{
  static const struct {
    const char *text, *words;
  } cases[] = {{" -c 2 --mem=4G", "-c|2|--mem=4G"},
               {"", ""},
               {" \t ", ""},
               {" # all a comment", ""},
               {" -c2 # two", "-c2"},
               {" -J a#b -c2", "-J|a"},
               {" -J \"a#b\" -c2", "-J|a#b|-c2"},
               {" -J a\\#b", "-J|a#b"},
               {" -J 'a b' \"c 'd'\"", "-J|a b|c 'd'"},
               {" -J a\"b c\"d", "-J|ab cd"},
               {" -J 'a\\'b' -c2", "-J|a'b|-c2"},
               {" -J 'a\\\\b'", "-J|a\\b"},
               {" -J \"a\\b\"", "-J|ab"},
               {" -J \"open", "-J|open"},
               {" -J end\\", "-J|end\\"},
               {" -J '' -c2", "-J||-c2"},
               {" -c2\r", "-c2"},
               {" -c2\n#SBATCH -c3", "-c2"},
               {" -J été\xff", "-J|été\xff"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GPtrArray) words =
        kslurm_directive_split(cases[i].text, strlen(cases[i].text));
    g_autofree char *joined = NULL;

    g_ptr_array_add(words, NULL);
    joined = g_strjoinv("|", (char **)words->pdata);
    g_assert_cmpstr(joined, ==, cases[i].words);
  }
}

static void
test_nul(void)
{
  g_autoptr(GPtrArray) words = kslurm_directive_split(" -J a\0b -c2", 11);

  g_assert_cmpuint(words->len, ==, 3);
  g_assert_cmpstr(words->pdata[1], ==, "a");
  g_assert_cmpstr(words->pdata[2], ==, "-c2");
}

static void
test_options(void)
{
  static const struct {
    const char *text, *settings;
    guint taken;
  } cases[] = {{"--mem=4G x", "memory:--mem=4G", 1},
               {"--mem 4G x", "memory:--mem=4G", 2},
               {"--mem= x", "memory:--mem=", 1},
               {"--cpus-per-t=2", "cpus:--cpus-per-task=2", 1},
               {"--acco x", "account:--account=x", 2},
               {"--mem-per x", "", 1},
               {"--no-such-thing=1 x", "", 1},
               {"--comment -c2", "-:--comment=-c2", 2},
               {"--time", "time:--time", 1},
               {"--hold x", "-:--hold", 1},
               {"--gres=gpu:2", "gpu:--gres=gpu:2", 1},
               {"--gres lscratch:10", "-:--gres=lscratch:10", 2},
               {"-c 2 x", "cpus:--cpus-per-task=2", 2},
               {"-c2 x", "cpus:--cpus-per-task=2", 1},
               {"-Hc2 x", "-:--hold cpus:--cpus-per-task=2", 1},
               {"-Hc 2", "-:--hold cpus:--cpus-per-task=2", 2},
               {"-Q-", "", 1},
               {"-%c2 x", "", 1},
               {"- x", "", 1},
               {"-- x", "", 1},
               {"word x", "", 1}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GPtrArray) words =
        kslurm_directive_split(cases[i].text, strlen(cases[i].text));
    g_autoptr(GPtrArray) settings =
        g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_setting_free);
    g_autofree char *text = NULL;

    g_test_message("%s", cases[i].text);
    g_assert_cmpuint(kslurm_directive_take(words, 0, settings), ==, cases[i].taken);
    text = unit_join_settings(settings);
    g_assert_cmpstr(text, ==, cases[i].settings);
  }
}

static void
test_append(void)
{
  static const char *const words[] = {"plain", "",      "two words", "it's",    "a\"b",
                                      "a\\b",  "\\",    "a#b",       "été",     "tab\there",
                                      "\xff",  "--x=y", "\"\\\"",    "cr\rhere"};
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GPtrArray) read = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    kslurm_directive_append(text, words[i]);
  read = kslurm_directive_split(text->str, text->len);
  g_assert_cmpuint(read->len, ==, G_N_ELEMENTS(words));
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    g_assert_cmpstr(read->pdata[i], ==, words[i]);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/directive/split", test_split);
  g_test_add_func("/directive/nul", test_nul);
  g_test_add_func("/directive/options", test_options);
  g_test_add_func("/directive/append", test_append);
  return g_test_run();
}
