/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-self-locate.h"

#include <glib/gstdio.h>
#include <string.h>

#define HERE "'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/"
#define NU "(path self | path dirname | path dirname)"
#define ARGS " \"$0\" \"$@\"\n"

typedef struct {
  const char *name;
  const char *text;
  const char *expected; /* NULL: stays as it is; "?": unknown */
} Case;

static const Case cases[] = {
    {"bin/pip", "#!/e/bin/python3\nx\n", "#!/bin/sh\n" HERE "python3" ARGS "' '''\nx\n"},
    {"bin/pip", "#! /e/bin/python -Es\nx", "#!/bin/sh\n" HERE "python -Es" ARGS "' '''\nx"},
    {"share/tool", "#!/e/bin/pypy3\n", "#!/bin/sh\n" HERE "../bin/pypy3" ARGS "' '''\n"},
    {"bin/pip", "#!/bin/sh\n'''exec' \"/e/bin/python\" \"$0\" \"$@\"\n' '''\nx\n",
     "#!/bin/sh\n" HERE "python" ARGS "' '''\nx\n"},
    {"bin/pip", "#!/bin/sh\n'''exec' /e/bin/python -I \"$0\" \"$@\"\n' '''\n",
     "#!/bin/sh\n" HERE "python -I" ARGS "' '''\n"},
    {"bin/pip", "#!/bin/sh\n'''exec' '/e/bin/python' \"$0\" \"$@\"\n' '''\n",
     "#!/bin/sh\n" HERE "python" ARGS "' '''\n"},
    {"bin/pip", "#!/e2/bin/python3\n", NULL},
    {"bin/pip", "#!/x/e/bin/python3\n", NULL},
    {"bin/pip", "#!/e/bin/python3\r\nx\n", "?"},
    {"bin/pip", "#!/e/bin/python3", "?"},
    {"bin/pip", "#!/e/bin/python3\nx = '/e'\n", "?"},
    {"bin/node", "#!/e/bin/node\n", "?"},
    {"bin/x", "#!/bin/sh\ncd /e\n", "?"},
    {"bin/activate.nu", "let v = '/e'\n", "let v = " NU "\n"},
    {"bin/activate.nu", "let v = r#'/e'# | x\n", "let v = " NU " | x\n"},
    {"bin/activate.nu", "const v = r##'/e'##", "const v = " NU},
    {"bin/activate.xsh", "x(r\"/e\", y)\n", "x($KSLURM_MOUNT, y)\n"},
    {"bin/activate.xsh", "x = bar'/e'\n", "x = bar$KSLURM_MOUNT\n"},
    {"bin/activate.csh", "setenv VIRTUAL_ENV \"/e\"\n",
     "setenv VIRTUAL_ENV \"${KSLURM_MOUNT}\"\n"},
    {"bin/activate", "VIRTUAL_ENV=/e/x\n", "?"},
    {"lib/p/s/x.pth", "/e/src/x\n/e\n/o\n", "../../.././src/x\n../../../.\n/o\n"},
    {"lib/p/s/x.pth", "import x; x.y('/e')\n", "?"},
    {"lib/p/s/__editable___x_finder.py", "M = {'a': '/e/src/a', \"b\": \"/e\"}\n",
     "M = {'a': __import__('sys').prefix + '/src/a', \"b\": __import__('sys').prefix + "
     "\"\"}\n"},
    {"lib/p/s/__editable___x_finder.py", "M = r'/e/src'\n", "?"},
    {"lib/p/s/__editable___x_finder.py", "# /e/src\n", "?"},
    {"lib/p/s/x.py", "M = '/e/src'\n", "?"},
    {"share/jupyter/kernels/k/kernel.json", "{\"argv\": [\"/e/bin/python3.11\", \"-m\"]}",
     "{\"argv\": [\"python\", \"-m\"]}"},
    {"share/jupyter/kernels/k/kernel.json", "[\"/e/bin/R\"]", "?"},
    {"pyvenv.cfg", "command = python -m venv /e\n", NULL},
    {"lib/p/s/x.dist-info/direct_url.json", "{\"url\": \"file:///e/src\"}", NULL},
    {"lib/x.pyc", "\0/e/x", NULL},
    {"share/x", "/e", "?"},
    {"share/x", "", NULL},
};

static void
test_cases(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const Case *c = &cases[i];
    g_autoptr(GBytes) bytes = g_bytes_new_static(c->text, strlen(c->text));
    g_autoptr(GBytes) changed = NULL;
    KslurmSelfLocated located = kslurm_self_locate("/e", c->name, bytes, &changed);
    gsize length = 0;
    const char *got = changed != NULL ? g_bytes_get_data(changed, &length) : NULL;
    g_autofree char *text = got != NULL ? g_strndup(got, length) : NULL;

    g_test_message("%s: %s", c->name, c->text);
    if (c->expected == NULL)
      g_assert_cmpint(located, ==, KSLURM_SELF_LOCATED_NOT);
    else if (g_str_equal(c->expected, "?"))
      g_assert_cmpint(located, ==, KSLURM_SELF_LOCATED_UNKNOWN);
    else
      g_assert_cmpint(located, ==, KSLURM_SELF_LOCATED_YES);
    if (located == KSLURM_SELF_LOCATED_YES)
      g_assert_cmpstr(text, ==, c->expected);
    else
      g_assert_null(changed);
  }
}

static void
test_bytes(void)
{
  static const char script[] = "#!/e/bin/python\nx\0y", other[] = "\0/e\n";
  g_autoptr(GBytes) bytes = g_bytes_new_static(script, sizeof script - 1);
  g_autoptr(GBytes) binary = g_bytes_new_static(other, sizeof other - 1);
  g_autoptr(GBytes) changed = NULL, none = NULL;
  gsize length = 0;
  const char *text = NULL;

  g_assert_cmpint(kslurm_self_locate("/e", "bin/x", bytes, &changed), ==,
                  KSLURM_SELF_LOCATED_YES);
  text = g_bytes_get_data(changed, &length);
  g_assert_cmpmem(text + length - 3, 3, "x\0y", 3);
  g_assert_cmpint(kslurm_self_locate("/e", "x.pth", binary, &none), ==,
                  KSLURM_SELF_LOCATED_UNKNOWN);
  g_assert_null(none);
}

static void
test_target(void)
{
  g_autofree char *inside = kslurm_self_locate_dup_target("/e", "bin/x", "/e/lib/x");
  g_autofree char *top = kslurm_self_locate_dup_target("/e", "a/b/c", "/e");

  g_assert_cmpstr(inside, ==, ".././lib/x");
  g_assert_cmpstr(top, ==, "../../.");
  g_assert_null(kslurm_self_locate_dup_target("/e", "bin/python", "/usr/bin/python3"));
  g_assert_null(kslurm_self_locate_dup_target("/e", "bin/x", "/e2/x"));
}

/* each form of 'activate' that venv, virtualenv and uv write, in the shells themselves */
static void
check_activation(const char *folder, const char *line, const char *const *argv)
{
  g_autofree char *name = g_strdup_printf("bin/%s", argv[0]);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(GBytes) bytes = g_bytes_new(line, strlen(line));
  g_autoptr(GBytes) changed = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *output = NULL;
  const char *run[] = {argv[1], argv[2], argv[3], argv[1], path, NULL};
  gsize length = 0;
  const char *text = NULL;

  g_assert_cmpint(kslurm_self_locate("/e", name, bytes, &changed), ==,
                  KSLURM_SELF_LOCATED_YES);
  text = g_bytes_get_data(changed, &length);
  g_assert_true(g_file_set_contents(path, text, (gssize)length, NULL));
  g_assert_true(g_spawn_sync("/", (char **)run, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                             &output, NULL, NULL, &error));
  g_assert_no_error(error);
  g_assert_cmpstr(output, ==, folder);
}

static void
test_activation(void)
{
  static const char *const bash[] = {"activate", "bash", "-euc",
                                     ". \"$1\"; printf %s \"$VIRTUAL_ENV\""};
  static const char *const zsh[] = {"activate", "zsh", "-euc",
                                    ". \"$1\"; printf %s \"$VIRTUAL_ENV\""};
  static const char *const fish[] = {"activate.fish", "fish", "-c",
                                     "source $argv[2]; printf %s \"$VIRTUAL_ENV\""};
  static const char *const lines[] = {"VIRTUAL_ENV=/e\n", "VIRTUAL_ENV='/e'\nexport V\n",
                                      "VIRTUAL_ENV=\"/e\"", "export VIRTUAL_ENV=/e"};
  g_autofree char *folder = g_build_filename(g_get_user_data_dir(), "a b$c'd", NULL);
  g_autofree char *bin = g_build_filename(folder, "bin", NULL);

  g_assert_no_errno(g_mkdir_with_parents(bin, 0700));
  for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
    check_activation(folder, lines[i], bash);
    check_activation(folder, lines[i], zsh);
  }
  check_activation(folder, "set -gx VIRTUAL_ENV \"/e\"\n", fish);
  check_activation(folder, "set -gx VIRTUAL_ENV '/e'\n", fish);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/self-locate/cases", test_cases);
  g_test_add_func("/self-locate/bytes", test_bytes);
  g_test_add_func("/self-locate/target", test_target);
  g_test_add_func("/self-locate/activation", test_activation);
  return g_test_run();
}
