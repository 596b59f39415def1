/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/venv/kslurm-relocation.h"
#include "unit.h"

typedef struct {
  const char *before;
  const char *after; /* NULL: unknown, and it stays */
} Case;

static void
check_bytes(KslurmRelocation *relocation,
            GBytes *before,
            GBytes *after,
            KslurmRelocated wanted)
{
  g_autoptr(GBytes) changed = NULL;
  GBytes *result = NULL;

  g_assert_cmpint(kslurm_relocation_apply(relocation, "bin/x", before, &changed), ==,
                  wanted);
  result = changed != NULL ? changed : before;
  g_assert_cmpmem(g_bytes_get_data(result, NULL), g_bytes_get_size(result),
                  g_bytes_get_data(after, NULL), g_bytes_get_size(after));
}

static void
check(const char *place, const char *to, const Case *cases, gsize n)
{
  const char *places[] = {place, NULL};
  g_autoptr(KslurmRelocation) relocation = kslurm_relocation_new(places, to, NULL);

  for (gsize i = 0; i < n; i++) {
    const char *after = cases[i].after != NULL ? cases[i].after : cases[i].before;
    gboolean same = strcmp(cases[i].before, after) == 0;
    g_autoptr(GBytes) before_bytes =
        g_bytes_new_static(cases[i].before, strlen(cases[i].before));
    g_autoptr(GBytes) after_bytes = g_bytes_new_static(after, strlen(after));

    check_bytes(relocation, before_bytes, after_bytes,
                cases[i].after == NULL ? KSLURM_RELOCATED_UNKNOWN
                : same                 ? KSLURM_RELOCATED_NOT
                                       : KSLURM_RELOCATED_YES);
    if (cases[i].after != NULL)
      check_bytes(relocation, after_bytes, after_bytes, KSLURM_RELOCATED_NOT);
  }
}

static void
test_plain(void)
{
  static const Case cases[] = {
      {"#!/tmp/env/bin/python\nimport x\n", "#!/new/bin/python\nimport x\n"},
      {"#!/tmp/env/bin/python3.11 -Es\nx", "#!/new/bin/python3.11 -Es\nx"},
      {"#! /tmp/env/bin/python\n", "#!/new/bin/python\n"},
      {"#!/tmp/env/bin/python", "#!/new/bin/python"},
      {"#!/tmp/env/bin/python\r\nx\r\n", "#!/new/bin/python\r\nx\r\n"},
      {"#!/tmp/env/bin/python\n\f\nx\f", "#!/new/bin/python\n\f\nx\f"},
      {"#!\"/tmp/env/bin/python\"\n", "#!/new/bin/python\n"},
      {"#!/tmp/env2/bin/python\n", "#!/tmp/env2/bin/python\n"},
      {"#!/usr/bin/python3\n", "#!/usr/bin/python3\n"},
      {"#!/usr/bin/env python3\n", "#!/usr/bin/env python3\n"},
      {"#!/usr/bin/env /tmp/env/bin/python\n", "#!/usr/bin/env /new/bin/python\n"},
      {"#!/usr/bin/env -S /tmp/env/bin/python -I\n",
       "#!/usr/bin/env -S /new/bin/python -I\n"},
      {"#!/tmp/env/bin/perl\nx", "#!/new/bin/perl\nx"},
      {"#!", "#!"},
      {"#!\n/tmp/env", "#!\n/new"},
      {"#!/tmp/env", "#!/new"},
      {"#!/usr/bin/env -S\n", "#!/usr/bin/env -S\n"}};

  check("/tmp/env", "/new", cases, G_N_ELEMENTS(cases));
}

static void
test_blanks(void)
{
  static const Case cases[] = {
      {"#!/tmp/env/bin/python\nx\n",
       "#!/bin/sh\n'''exec' '/n w/it'\"'\"'s/bin/python' \"$0\" \"$@\"\n' '''\nx\n"},
      {"#!/tmp/env/bin/python3 -Es\nx",
       "#!/bin/sh\n'''exec' '/n w/it'\"'\"'s/bin/python3' -Es \"$0\" \"$@\"\n' '''\nx"},
      {"#!/bin/sh\n'''exec' \"/tmp/env/bin/python\" \"$0\" \"$@\"\n' '''\nx = "
       "'/tmp/env/a'\n",
       "#!/bin/sh\n'''exec' \"/n w/it's/bin/python\" \"$0\" \"$@\"\n' '''\nx = "
       "'/n w/it\\'s/a'\n"},
      {"#!/bin/sh\n'''exec' '/tmp/env/bin/python' \"$0\" \"$@\"\n' '''\n",
       "#!/bin/sh\n'''exec' '/n w/it'\"'\"'s/bin/python' \"$0\" \"$@\"\n' '''\n"},
      {"#!/bin/sh\n'''exec' /tmp/env/bin/python \"$0\" \"$@\"\n' '''\n",
       "#!/bin/sh\n'''exec' '/n w/it'\"'\"'s'/bin/python \"$0\" \"$@\"\n' '''\n"},
      {"#!/usr/bin/env -S /tmp/env/bin/python -I\n",
       "#!/usr/bin/env -S '/n w/it'\"'\"'s'/bin/python -I\n"},
      {"#!/tmp/env/bin/python -c 'x'\n", NULL},
      {"#!/tmp/env/bin/perl\n", NULL}};

  check("/tmp/env", "/n w/it's", cases, G_N_ELEMENTS(cases));
}

static void
test_long(void)
{
  g_autofree char *name = unit_repeat("x", 120);
  g_autofree char *to = g_strconcat("/", name, NULL);
  g_autofree char *trampoline = g_strconcat("#!/bin/sh\n'''exec' '", to,
                                            "/bin/python' \"$0\" "
                                            "\"$@\"\n' '''\n",
                                            NULL);
  g_autofree char *perl = g_strconcat("#!", to, "/bin/perl\n", NULL);
  const Case cases[] = {{"#!/tmp/env/bin/python\n", trampoline},
                        {"#!/tmp/env/bin/perl\n", perl}};
  g_autofree char *farther = g_strconcat(to, "/", name, "/", name, NULL);
  const Case too_long[] = {{"#!/tmp/env/bin/perl\n", NULL}};

  check("/tmp/env", to, cases, G_N_ELEMENTS(cases));
  check("/tmp/env", farther, too_long, G_N_ELEMENTS(too_long));
}

static void
test_old_blanks(void)
{
  static const Case cases[] = {
      {"#!/bin/sh\n'''exec' \"/my env/bin/python\" \"$0\" \"$@\"\n' '''\n",
       "#!/bin/sh\n'''exec' \"/new/bin/python\" \"$0\" \"$@\"\n' '''\n"},
      {"#!/my env/bin/python -E\n", "#!/new/bin/python -E\n"},
      {"#!/bin/sh\n'''exec' /my\\ env/bin/python \"$0\" \"$@\"\n' '''\n",
       "#!/bin/sh\n'''exec' /new/bin/python \"$0\" \"$@\"\n' '''\n"}};

  check("/my env", "/new", cases, G_N_ELEMENTS(cases));
}

/* the rest of a script is of the language that its first line names */
static void
test_bodies(void)
{
  static const Case cases[] = {
      {"#!/bin/bash\ncd /tmp/env && \"/tmp/env/x\"\n",
       "#!/bin/bash\ncd '/a b' && \"/a b/x\"\n"},
      {"#!/usr/bin/fish\ncd '/tmp/env'\n", "#!/usr/bin/fish\ncd '/a b'\n"},
      {"#!/bin/csh -f\ncd /tmp/env\n", "#!/bin/csh -f\ncd '/a b'\n"},
      {"#!/usr/bin/env -S python3 -I\nx = \"/tmp/env\"\n",
       "#!/usr/bin/env -S python3 -I\nx = \"/a b\"\n"},
      {"#!/usr/bin/perl\n$x = '/tmp/env';\n", NULL}};

  check("/tmp/env", "/a b", cases, G_N_ELEMENTS(cases));
}

/* a zipped application begins with a line of text */
static void
test_zipped(void)
{
  static const char before[] = "#!/tmp/env/bin/python\nPK\3\4\0\0rest";
  static const char after[] = "#!/new/bin/python\nPK\3\4\0\0rest";
  static const char named[] = "#!/tmp/env/bin/python\nPK\3\4\0/tmp/env";
  static const char kept[] = "#!/new/bin/python\nPK\3\4\0/tmp/env";
  const char *places[] = {"/tmp/env", NULL};
  g_autoptr(KslurmRelocation) relocation = kslurm_relocation_new(places, "/new", NULL);
  g_autoptr(GBytes) before_bytes = g_bytes_new_static(before, sizeof before);
  g_autoptr(GBytes) after_bytes = g_bytes_new_static(after, sizeof after);
  g_autoptr(GBytes) named_bytes = g_bytes_new_static(named, sizeof named);
  g_autoptr(GBytes) kept_bytes = g_bytes_new_static(kept, sizeof kept);

  check_bytes(relocation, before_bytes, after_bytes, KSLURM_RELOCATED_YES);
  check_bytes(relocation, named_bytes, kept_bytes, KSLURM_RELOCATED_UNKNOWN);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/relocation-script/plain", test_plain);
  g_test_add_func("/relocation-script/blanks", test_blanks);
  g_test_add_func("/relocation-script/long", test_long);
  g_test_add_func("/relocation-script/old-blanks", test_old_blanks);
  g_test_add_func("/relocation-script/bodies", test_bodies);
  g_test_add_func("/relocation-script/zipped", test_zipped);
  return g_test_run();
}
