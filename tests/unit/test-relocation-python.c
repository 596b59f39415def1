/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/venv/kslurm-relocation.h"
#include "unit.h"

typedef struct {
  const char *before;
  const char *after; /* NULL: unknown, and it stays */
} Case;

static void
check(const char *name, const char *place, const char *to, const Case *cases, gsize n)
{
  const char *places[] = {place, NULL};
  g_autoptr(KslurmRelocation) relocation = kslurm_relocation_new(places, to, NULL);

  for (gsize i = 0; i < n; i++) {
    const char *wanted = cases[i].after != NULL ? cases[i].after : cases[i].before;
    g_autoptr(GBytes) before = g_bytes_new_static(cases[i].before, strlen(cases[i].before));
    g_autoptr(GBytes) changed = NULL;
    GBytes *result = NULL;

    g_assert_cmpint(kslurm_relocation_apply(relocation, name, before, &changed), ==,
                    cases[i].after == NULL                 ? KSLURM_RELOCATED_UNKNOWN
                    : strcmp(cases[i].before, wanted) == 0 ? KSLURM_RELOCATED_NOT
                                                           : KSLURM_RELOCATED_YES);
    result = changed != NULL ? changed : before;
    g_assert_cmpmem(g_bytes_get_data(result, NULL), g_bytes_get_size(result), wanted,
                    strlen(wanted));
  }
}

static void
test_written(void)
{
  static const Case cases[] = {
      {"MAPPING = {'a': '/tmp/env/src/a'}\n",
       "MAPPING = {'a': '/{n}/it\\'s \xc3\xa9/src/a'}\n"},
      {"x = \"/tmp/env\" '''/tmp/env'''\n",
       "x = \"/{n}/it's \xc3\xa9\" '''/{n}/it\\'s \xc3\xa9'''\n"},
      {"x = \"\"\"\n/tmp/env\n\"\"\"\n", "x = \"\"\"\n/{n}/it's \xc3\xa9\n\"\"\"\n"},
      {"x = f\"/tmp/env/{y}\"\n", "x = f\"/{{n}}/it's \xc3\xa9/{y}\"\n"},
      {"x = b\"/tmp/env\"\n", "x = b\"/{n}/it's \\xc3\\xa9\"\n"},
      {"x = r\"/tmp/env\"\n", "x = r\"/{n}/it's \xc3\xa9\"\n"},
      {"x = r'/tmp/env'\n", NULL},
      {"x = Rb\"/tmp/env\"\n", NULL},
      {"# don't: /tmp/env\nx = '/tmp/env'\n", "# don't: /{n}/it's \xc3\xa9\nx = "
                                              "'/{n}/it\\'s \xc3\xa9'\n"},
      {"x = '\\'/tmp/env'\n", "x = '\\'/{n}/it\\'s \xc3\xa9'\n"},
      {"x = '/tmp/env2' + 'a/tmp/env'\n", "x = '/tmp/env2' + 'a/tmp/env'\n"},
      {"x = '\\n/tmp/env\\n'\n", "x = '\\n/{n}/it\\'s \xc3\xa9\\n'\n"},
      {"x = 'open\ny = \"/tmp/env\"\n", "x = 'open\ny = \"/{n}/it's \xc3\xa9\"\n"}};

  check("lib/a.py", "/tmp/env", "/{n}/it's \xc3\xa9", cases, G_N_ELEMENTS(cases));
}

static void
test_read(void)
{
  static const Case cases[] = {
      {"x = '/it\\'s {\xc3\xa9}'\n", "x = '/n'\n"},
      {"x = \"/it's {\xc3\xa9}\"\n", "x = \"/n\"\n"},
      {"x = '/it\\x27s {\\xe9}/a'\n", "x = '/n/a'\n"},
      {"x = '\\057it\\u0027s\\040{\\U000000e9}/a'\n", "x = '/n/a'\n"},
      {"x = f\"/it's {{\xc3\xa9}}\"\n", "x = f\"/n\"\n"},
      {"x = b\"/it's {\\xc3\\xa9}\"\n", "x = b\"/n\"\n"},
      {"x = r\"/it's {\xc3\xa9}\\\"\"\n", "x = r\"/n\\\"\"\n"},
      {"x = '/it\\\n\\'s {\xc3\xa9}'\n", "x = '/n'\n"},
      {"x = '/it\\U00110000'\n", "x = '/it\\U00110000'\n"},
      {"x = '\\", "x = '\\"}};

  check("lib/a.py", "/it's {\xc3\xa9}", "/n", cases, G_N_ELEMENTS(cases));
}

static void
test_pth(void)
{
  static const Case cases[] = {
      {"/tmp/env/it's\nimport x; x.add('/tmp/env/it')\n# '/tmp/env'\n",
       "/it's/it's\nimport x; x.add('/it\\'s/it')\n# '/it's'\n"},
      {"/tmp/env", "/it's"}};

  check("lib/a.pth", "/tmp/env", "/it's", cases, G_N_ELEMENTS(cases));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/relocation-python/written", test_written);
  g_test_add_func("/relocation-python/read", test_read);
  g_test_add_func("/relocation-python/pth", test_pth);
  return g_test_run();
}
