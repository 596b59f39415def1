/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-script.h"

#include <string.h>

#include "unit.h"

#define S "#!/bin/bash\n"

static GPtrArray *
new_settings(void)
{
  return g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_setting_free);
}

static GBytes *
bytes_of(const char *text)
{
  return g_bytes_new_static(text, strlen(text));
}

static void
test_is_script(void)
{
  static const struct {
    const char *text;
    gsize length;
    gboolean is;
  } cases[] = {{"#!/bin/sh\n", 10, TRUE},
               {"#!x", 3, TRUE},
               {"#!", 2, FALSE},
               {"", 0, FALSE},
               {" #!/bin/sh", 10, FALSE},
               {"\x7f"
                "ELF",
                4, FALSE},
               {"#\0!/bin/sh", 10, FALSE},
               {"\xef\xbb\xbf#!/bin/sh", 12, FALSE}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GBytes) script = g_bytes_new_static(cases[i].text, cases[i].length);

    g_assert_cmpint(kslurm_script_is_script(script), ==, cases[i].is);
  }
}

static void
test_settings(void)
{
  static const struct {
    const char *text, *settings, *directives;
  } cases[] = {
      {"", "", ""},
      {S, "", ""},
      {S "#SBATCH -c2 --mem=1G\n", "cpus:--cpus-per-task=2 memory:--mem=1G",
       "#SBATCH -c2 --mem=1G\n"},
      {S "#SBATCH\t-c2", "cpus:--cpus-per-task=2", "#SBATCH\t-c2"},
      {S "# words\n\n  \t\n#SBATCH -c2\necho\n#SBATCH -c3\n", "cpus:--cpus-per-task=2",
       "#SBATCH -c2\n"},
      {S "  # words\n#SBATCH -c2\n", "cpus:--cpus-per-task=2", "#SBATCH -c2\n"},
      {S " #SBATCH -c2\n#SBATCHx -c3\n#SBATCH\n#sbatch -c4\n##SBATCH -c5\n", "", ""},
      {S ":\n#SBATCH -c2\n", "", ""},
      {S "#SBATCH -c\n#SBATCH 2\n", "cpus:--cpus-per-task", "#SBATCH -c\n#SBATCH 2\n"},
      {S "#SBATCH -J \xff\xfe -c2\n", "name:--job-name=\xff\xfe cpus:--cpus-per-task=2",
       "#SBATCH -J \xff\xfe -c2\n"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GBytes) script = bytes_of(cases[i].text);
    g_autoptr(GPtrArray) settings = new_settings();
    g_autofree char *directives = kslurm_script_dup_directives(script);
    g_autofree char *text = NULL;

    kslurm_script_add_settings(script, settings);
    text = unit_join_settings(settings);
    g_assert_cmpstr(text, ==, cases[i].settings);
    g_assert_cmpstr(directives, ==, cases[i].directives);
  }
}

static void
test_without_beaten(void)
{
  static const struct {
    const char *option, *group; /* the user's */
    const char *text, *want, *dropped;
  } cases[] = {
      {"mem", "memory", S "#SBATCH --mem=1G\n", NULL, ""},
      {"mem", "memory", S "echo\n#SBATCH --mem-per-cpu=1G\n", NULL, ""},
      {"mem", "memory", S "#SBATCH --mem-per-cpu=1G\necho\n", S "echo\n",
       "--mem-per-cpu=1G"},
      {"mem", "memory", S "#SBATCH -c2 --mem-per-cpu 1G -J x\n", S "#SBATCH -c2 -J x\n",
       "--mem-per-cpu=1G"},
      {"mem", "memory", S "#SBATCH --mem-per-g=1 --mem-per-cpu=2\n", S,
       "--mem-per-gpu=1 --mem-per-cpu=2"},
      {"mem", "memory", S "#SBATCH -J \"été \\\"b\\\"\" --mem-per-cpu=1G\n",
       S "#SBATCH -J \"été \\\"b\\\"\"\n", "--mem-per-cpu=1G"},
      {"gres", "gpu", S "#SBATCH -HG2 -c3\n", S "#SBATCH --hold -c3\n", "--gpus=2"},
      {"gres", "gpu", S "#SBATCH -G2\nx", S "x", "--gpus=2"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GBytes) script = bytes_of(cases[i].text);
    g_autoptr(GPtrArray) settings = new_settings();
    g_autoptr(GPtrArray) dropped = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GBytes) edited = NULL;
    g_autofree char *list = NULL;

    g_ptr_array_add(settings, kslurm_setting_new(cases[i].group, cases[i].option, "9",
                                                 KSLURM_LEVEL_USER, NULL));
    kslurm_script_add_settings(script, settings);
    edited = kslurm_script_without_beaten(script, settings, dropped);
    g_ptr_array_add(dropped, NULL);
    list = g_strjoinv(" ", (char **)dropped->pdata);
    g_assert_cmpstr(list, ==, cases[i].dropped);
    g_assert_cmpint(edited != NULL, ==, cases[i].want != NULL);
    if (edited != NULL)
      g_assert_cmpmem(g_bytes_get_data(edited, NULL), g_bytes_get_size(edited),
                      cases[i].want, strlen(cases[i].want));
  }
}

/* what is no directive stays byte for byte */
static void
test_binary(void)
{
  static const char before[] = S "#SBATCH --mem-per-cpu=1\n\0\xff\r\n\0tail";
  static const char after[] = S "\0\xff\r\n\0tail";
  g_autoptr(GBytes) script = g_bytes_new_static(before, sizeof before - 1);
  g_autoptr(GPtrArray) settings = new_settings();
  g_autoptr(GPtrArray) dropped = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GBytes) edited = NULL;

  g_ptr_array_add(settings,
                  kslurm_setting_new("memory", "mem", "9", KSLURM_LEVEL_USER, NULL));
  kslurm_script_add_settings(script, settings);
  edited = kslurm_script_without_beaten(script, settings, dropped);
  g_assert_nonnull(edited);
  g_assert_cmpmem(g_bytes_get_data(edited, NULL), g_bytes_get_size(edited), after,
                  sizeof after - 1);
}

static void
test_interpreter(void)
{
  static const struct {
    const char *text, *words;
  } cases[] = {{"", ""},
               {"#!", ""},
               {"#!\n", ""},
               {"#!/bin/bash\necho", "/bin/bash"},
               {"#! /bin/sh -e\n", "/bin/sh|-e"},
               {"#!/bin/sh  \t -e -u \n", "/bin/sh|-e -u"},
               {"#!/usr/bin/env python3", "/usr/bin/env|python3"},
               {"#!/bin/bash\r\n", "/bin/bash"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GBytes) script = bytes_of(cases[i].text);
    g_auto(GStrv) words = kslurm_script_dup_interpreter(script);
    g_autofree char *joined = g_strjoinv("|", words);

    g_assert_cmpstr(joined, ==, cases[i].words);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/script/is-script", test_is_script);
  g_test_add_func("/script/settings", test_settings);
  g_test_add_func("/script/without-beaten", test_without_beaten);
  g_test_add_func("/script/binary", test_binary);
  g_test_add_func("/script/interpreter", test_interpreter);
  return g_test_run();
}
