/* SPDX-License-Identifier: MIT */
#include "base/shell/kslurm-pip-config.h"

#include <string.h>

static void
add(GHashTable *settings, const char *text)
{
  kslurm_pip_config_add(settings, text, strlen(text));
}

/* what pip itself makes of each was compared with 'pip config list' */
static const struct {
  const char *text, *command, *value;
} cases[] = {
    {"", "install", NULL},
    {"find-links = /a\n", "install", NULL},
    {"[global]\nfind-links = /a /b\n", "install", "/a /b"},
    {"[global]\nfind_links: /a\n", "wheel", "/a"},
    {"[global]\nFIND-LINKS=/a", "wheel", "/a"},
    {"[global]\r\nfind-links = /a\r\n", "wheel", "/a"},
    {"[global]\n--find-links = /a\n", "wheel", "/a"},
    {"[global]\nfind-links = file:///a=b\n", "wheel", "file:///a=b"},
    {"[install]\nfind-links = /a\n", "install", "/a"},
    {"[install]\nfind-links = /a\n", "wheel", NULL},
    {"[global]\nfind-links = /g\n[install]\nfind-links = /i\n", "install", "/i"},
    {"[global]\nfind-links = /g\n[install]\nfind-links = /i\n", "download", "/g"},
    {"[global]\nfind-links = /g\n[install]\nfind-links =\n", "install", "/g"},
    {"[global]\nfind-links =\n    /a\n    /b\n", "install", "\n/a\n/b"},
    {"[global]\nfind-links = /a\n\n  # not this\n  ; nor this\n\t/b\nother = x\n",
     "install", "/a\n/b"},
    {"[global]\n  find-links = /a\n  other = /b\n", "install", "/a"},
    {"[global]\nother = x\n  find-links = /a\n", "install", NULL},
    {"[global]\n# find-links = /a\n", "install", NULL},
    {"[global]\nfind-links = /a # no comment\n", "install", "/a # no comment"},
    {"[global]\n no delimiter\nfind-links = /a\n", "install", "/a"},
    {"[global\nfind-links = /a\n", "install", NULL},
    {"[Global]\nfind-links = /a\n", "install", NULL},
    {"[a]b]\nfind-links = /a\n[global]\nfind-links = /g\n", "install", "/g"},
    {"[DEFAULT]\nfind-links = /d\n", "install", NULL},
    {"[DEFAULT]\nfind-links = /d\n[wheel]\n", "wheel", "/d"},
    {"[wheel]\nfind-links = /w\n[DEFAULT]\nfind-links = /d\n", "wheel", "/w"},
    {"[global]\nfind-links = /a\nfind-links = /b\n", "install", "/b"},
};

static void
test_read(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GHashTable) settings = kslurm_pip_config_new();

    add(settings, cases[i].text);
    g_assert_cmpstr(kslurm_pip_config_get(settings, cases[i].command, "find-links"), ==,
                    cases[i].value);
  }
}

static void
test_a_later_file_wins(void)
{
  g_autoptr(GHashTable) settings = kslurm_pip_config_new();

  add(settings, "[global]\nfind-links = /a\nno-index = true\n");
  add(settings, "[global]\nfind-links = /b\n");
  add(settings, "");
  g_assert_cmpstr(kslurm_pip_config_get(settings, "install", "find-links"), ==, "/b");
  g_assert_cmpstr(kslurm_pip_config_get(settings, "install", "no-index"), ==, "true");
  g_assert_null(kslurm_pip_config_get(settings, "install", "index-url"));
}

static void
test_bytes(void)
{
  g_autoptr(GHashTable) settings = kslurm_pip_config_new();

  kslurm_pip_config_add(settings, NULL, 0);
  kslurm_pip_config_add(settings, "[global]\nfind-links=/\xff\0x", 23);
  g_assert_cmpstr(kslurm_pip_config_get(settings, "install", "find-links"), ==, "/\xff");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/pip-config/read", test_read);
  g_test_add_func("/pip-config/a-later-file-wins", test_a_later_file_wins);
  g_test_add_func("/pip-config/bytes", test_bytes);
  return g_test_run();
}
