/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/venv/kslurm-relocation.h"
#include "unit.h"

typedef struct {
  const char *name;
  const char *before;
  const char *after; /* NULL: unknown, and it stays */
} Case;

static void
check(const char *place, const char *to, const Case *cases, gsize n)
{
  const char *places[] = {place, NULL};
  g_autoptr(KslurmRelocation) relocation = kslurm_relocation_new(places, to, NULL);

  for (gsize i = 0; i < n; i++) {
    const Case *c = &cases[i];
    const char *wanted = c->after != NULL ? c->after : c->before;
    g_autoptr(GBytes) before = g_bytes_new_static(c->before, strlen(c->before));
    g_autoptr(GBytes) changed = NULL;
    GBytes *result = NULL;

    g_assert_cmpint(kslurm_relocation_apply(relocation, c->name, before, &changed), ==,
                    c->after == NULL                 ? KSLURM_RELOCATED_UNKNOWN
                    : strcmp(c->before, wanted) == 0 ? KSLURM_RELOCATED_NOT
                                                     : KSLURM_RELOCATED_YES);
    result = changed != NULL ? changed : before;
    g_assert_cmpmem(g_bytes_get_data(result, NULL), g_bytes_get_size(result), wanted,
                    strlen(wanted));
  }
}

/* as the standard library wrote it, and virtualenv, and uv */
static void
test_activate(void)
{
  static const Case cases[] = {
      {"bin/activate", "VIRTUAL_ENV=\"/tmp/env\"\n", "VIRTUAL_ENV=\"/n w/\\$o's\"\n"},
      {"bin/activate", "VIRTUAL_ENV='/tmp/env'\n", "VIRTUAL_ENV='/n w/$o'\"'\"'s'\n"},
      {"bin/activate", "  VIRTUAL_ENV=/tmp/env\n", "  VIRTUAL_ENV='/n w/$o'\"'\"'s'\n"},
      {"bin/activate", "if [ ! -d /tmp/env ] &&\n", "if [ ! -d '/n w/$o'\"'\"'s' ] &&\n"},
      {"bin/activate", "    export VIRTUAL_ENV=$(cygpath \"/tmp/env\")\n",
       "    export VIRTUAL_ENV=$(cygpath \"/n w/\\$o's\")\n"},
      {"bin/activate", "# don't\nX=/tmp/env/bin:$PATH # isn't /tmp/env\n",
       "# don't\nX='/n w/$o'\"'\"'s'/bin:$PATH # isn't /n w/$o's\n"},
      {"bin/activate.fish", "set -gx VIRTUAL_ENV \"/tmp/env\"\n",
       "set -gx VIRTUAL_ENV \"/n w/\\$o's\"\n"},
      {"bin/activate.fish", "set -gx VIRTUAL_ENV '/tmp/env'\n",
       "set -gx VIRTUAL_ENV '/n w/$o\\'s'\n"},
      {"bin/activate.csh", "setenv VIRTUAL_ENV \"/tmp/env\"\n",
       "setenv VIRTUAL_ENV \"/n w/\"'$'\"o's\"\n"},
      {"bin/activate.csh", "source '/tmp/env'\"/\"'bin'\"/deactivate.csh\"\n",
       "source '/n w/$o'\"'\"'s'\"/\"'bin'\"/deactivate.csh\"\n"},
      {"bin/Activate.ps1", "$a = \"/tmp/env\"; $b = '/tmp/env'; cd /tmp/env\n",
       "$a = \"/n w/`$o's\"; $b = '/n w/$o''s'; cd '/n w/$o''s'\n"},
      {"bin/activate.nu", "    let virtual_env = r#'/tmp/env'#\n",
       "    let virtual_env = r#'/n w/$o's'#\n"},
      {"bin/activate.nu", "    let virtual_env = '/tmp/env'\n", NULL},
      {"bin/activate.nu", "    let virtual_env = \"/tmp/env\"\n",
       "    let virtual_env = \"/n w/$o's\"\n"},
      {"bin/activate.xsh", "x = path('/tmp/env', required=True)\n",
       "x = path('/n w/$o\\'s', required=True)\n"},
      {"bin/activate.bat", "@set \"VIRTUAL_ENV=/tmp/env\"\r\n",
       "@set \"VIRTUAL_ENV=/n w/$o's\"\r\n"}};

  check("/tmp/env", "/n w/$o's", cases, G_N_ELEMENTS(cases));
}

/* places that had to be quoted themselves, or should have been */
static void
test_quoted(void)
{
  static const Case cases[] = {
      {"bin/activate", "VIRTUAL_ENV='/a b/it'\"'\"'s'\n", "VIRTUAL_ENV='/new'\n"},
      {"bin/activate", "VIRTUAL_ENV='/a b/it'\"'\"'s2'\n",
       "VIRTUAL_ENV='/a b/it'\"'\"'s2'\n"},
      {"bin/activate", "VIRTUAL_ENV=\"/a b/it's\"\n", "VIRTUAL_ENV=\"/new\"\n"},
      {"bin/activate", "VIRTUAL_ENV='/a b/it's'\n", "VIRTUAL_ENV='/new'\n"},
      {"bin/activate", "VIRTUAL_ENV=/a\\ b/it\\'s/x\n", "VIRTUAL_ENV=/new/x\n"},
      {"bin/activate", "cd \"/a b\"'/it'\\'s/bin\n", "cd \"/new\"/bin\n"},
      {"bin/activate.fish", "set X '/a b/it\\'s'\n", "set X '/new'\n"},
      {"bin/activate.ps1", "$a = '/a b/it''s'\n", "$a = '/new'\n"},
      {"bin/activate.nu", "let x = r#'/a b/it's'#\n", "let x = r#'/new'#\n"},
      {"bin/activate.nu", "let x = '/a b/it'\"'\"'s'\n", "let x = '/new'\n"}};

  check("/a b/it's", "/new", cases, G_N_ELEMENTS(cases));
}

static void
test_history(void)
{
  static const Case cases[] = {
      {"bin/activate.csh", "setenv V '/tmp/env'\n", "setenv V '/a\\!b'\n"},
      {"bin/activate.csh", "setenv V \"/tmp/env\"\n", "setenv V \"/a\\!b\"\n"},
      {"bin/activate.csh", "unset histchars\nsetenv V '/tmp/env'\n",
       "unset histchars\nsetenv V '/a!b'\n"},
      {"bin/activate", "V='/tmp/env'\n", "V='/a!b'\n"}};

  check("/tmp/env", "/a!b", cases, G_N_ELEMENTS(cases));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/relocation-shell/activate", test_activate);
  g_test_add_func("/relocation-shell/quoted", test_quoted);
  g_test_add_func("/relocation-shell/history", test_history);
  return g_test_run();
}
