/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/venv/kslurm-venv-places.h"

typedef struct {
  const char *text;
  const char *place;
} Case;

static void
check(char *(*dup)(const char *text), const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_autofree char *place = dup(cases[i].text);

    g_assert_cmpstr(place, ==, cases[i].place);
  }
}

static void
test_activate(void)
{
  static const Case cases[] = {
      {"VIRTUAL_ENV=\"/tmp/a b\"\nexport VIRTUAL_ENV\n", "/tmp/a b"},
      {"    unset VIRTUAL_ENV\nVIRTUAL_ENV='/tmp/a'\n", "/tmp/a"},
      {"if x; then\n  VIRTUAL_ENV=$(cygpath \"/wrong\")\nelse\n  export "
       "VIRTUAL_ENV=/tmp/a\n",
       "/tmp/a"},
      {"  VIRTUAL_ENV=\"$CURRENT_ENV\"\n  VIRTUAL_ENV='/tmp/a'\"'\"'b'", "/tmp/a'b"},
      {"setenv VIRTUAL_ENV \"/tmp/a\"\n", "/tmp/a"},
      {"set -gx VIRTUAL_ENV '/tmp/a'\n", "/tmp/a"},
      {"VIRTUAL_ENV=\"$(dirname \"$(dirname \"$x\")\")\"\nVIRTUAL_ENV=\"\n", NULL},
      {"# don't VIRTUAL_ENV=/a\necho \"$VIRTUAL_ENV\" /x\n", NULL},
      {"", NULL}};

  check(kslurm_venv_places_dup_activate, cases, G_N_ELEMENTS(cases));
}

static void
test_command(void)
{
  static const Case cases[] = {
      {"home = /usr/bin\ncommand = /usr/bin/python3 -m venv --upgrade-deps /tmp/a b\n",
       "/tmp/a b"},
      {"command=/t o/venv /python -m virtualenv -p /usr/bin/python3 /tmp/a\r\n", "/tmp/a"},
      {"command = /usr/bin/virtualenv env\n", NULL},
      {"home = /usr/bin\n", NULL}};

  check(kslurm_venv_places_dup_command, cases, G_N_ELEMENTS(cases));
}

static void
test_script(void)
{
  static const Case cases[] = {
      {"#!/tmp/a/bin/python3.11\nx", "/tmp/a"},
      {"#! /tmp/a/bin/python -Es\r\nx", "/tmp/a"},
      {"#!/bin/sh\n'''exec' \"/tmp/a b/bin/pypy3\" \"$0\" \"$@\"\n' '''\n", "/tmp/a b"},
      {"#!/bin/sh\n'''exec' '/tmp/a'\"'\"'b/bin/python' \"$0\" \"$@\"\n' '''\n",
       "/tmp/a'b"},
      {"#!/bin/sh\n'''exec' \"$(dirname -- \"$0\")\"/python3 \"$0\" \"$@\"\n' '''\n", NULL},
      {"#!/usr/bin/env python3\n", NULL},
      {"#!/bin/bash\n", NULL},
      {"#!", NULL},
      {"\177ELF", NULL}};

  check(kslurm_venv_places_dup_script, cases, G_N_ELEMENTS(cases));
}

static void
write_file(const char *prefix, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(prefix, name, NULL);
  g_autofree char *folder = g_path_get_dirname(path);

  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
test_find(void)
{
  const char *prefix = g_get_user_cache_dir();
  g_autofree char *gone = g_build_filename(prefix, "gone", NULL);
  g_autofree char *link = g_build_filename(prefix, "bin", "x", NULL);
  g_autofree char *all = NULL;
  g_auto(GStrv) places = NULL;
  g_autoptr(GError) error = NULL;

  write_file(prefix, "pyvenv.cfg", "home = /opt/py/bin\ncommand = python -m venv /made\n");
  write_file(prefix, "bin/activate", "VIRTUAL_ENV=/real\n");
  write_file(prefix, "bin/activate.csh", "setenv VIRTUAL_ENV /real\n");
  write_file(prefix, "bin/a", "#!/opt/py/bin/python3\n");
  write_file(prefix, "bin/b", "#!/usr/bin/python3\n");
  write_file(prefix, "bin/c", "#!/moved/bin/python3\n");
  g_assert_cmpint(symlink("/dev/zero", link), ==, 0);
  places = kslurm_venv_find_places(prefix, &error);
  g_assert_no_error(error);
  all = g_strjoinv(" ", places);
  g_assert_cmpstr(all, ==, "/real /moved /made");
  g_assert_null(kslurm_venv_find_places(gone, &error));
  g_assert_nonnull(strstr(error->message, gone));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/venv-places/activate", test_activate);
  g_test_add_func("/venv-places/command", test_command);
  g_test_add_func("/venv-places/script", test_script);
  g_test_add_func("/venv-places/find", test_find);
  return g_test_run();
}
