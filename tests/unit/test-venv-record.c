/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/venv/kslurm-venv-record.h"

typedef struct {
  const char *before;
  const char *after; /* NULL: nothing changes; HASH stands for the hash of 'x' */
} Case;

static GBytes *
find_x(const char *name, gpointer data)
{
  return g_str_equal(name, "bin/x") || g_str_equal(name, "lib/s/a, \"b\"") ? data : NULL;
}

static void
test_update(void)
{
  static const Case cases[] = {
      {"", NULL},
      {"a.py,sha256=1,2\n", NULL},
      {"../../bin/x,sha256=1,2\n", "../../bin/x,HASH,1\n"},
      {"../../bin/x,sha256=1,2", "../../bin/x,HASH,1"},
      {"../../bin/x,,\n", NULL},
      {"../../bin/x\n", NULL},
      {"../../bin/x,sha256=1\na,b,c\n", "../../bin/x,HASH,1\na,b,c\n"},
      {"a,sha256=1,2\r\n../../bin/x,sha512=1,2\r\nb,,\r\n",
       "a,sha256=1,2\r\n../../bin/x,HASH,1\r\nb,,\r\n"},
      {"\"a, \"\"b\"\"\",sha256=1,2\n", "\"a, \"\"b\"\"\",HASH,1\n"},
      {"\"a\nb\",sha256=1,2\n../../bin/x,sha256=1,2\n",
       "\"a\nb\",sha256=1,2\n../../bin/x,HASH,1\n"},
      {"/bin/x,sha256=1,2\n../../../../bin/x,\"sha256=1\",\"2\"\n",
       "/bin/x,HASH,1\n../../../../bin/x,HASH,1\n"},
      {"\"open,sha256=1", NULL},
      {",,\n\n,", NULL}};
  g_autoptr(GBytes) x = g_bytes_new_static("x", 1);
  g_autofree char *hash = kslurm_venv_record_dup_hash(x);

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *after = kslurm_venv_record_update(cases[i].before, "lib/s", find_x, x);
    g_auto(GStrv) parts =
        g_strsplit(cases[i].after != NULL ? cases[i].after : "", "HASH", -1);
    g_autofree char *wanted = g_strjoinv(hash, parts);

    g_assert_cmpstr(after, ==, cases[i].after != NULL ? wanted : NULL);
  }
}

/* as the wheel format says, and as Python's base64 and hashlib give it */
static void
test_hash(void)
{
  g_autoptr(GBytes) none = g_bytes_new_static("", 0);
  g_autoptr(GBytes) some = g_bytes_new_static("kslurm", 6);
  g_autofree char *empty = kslurm_venv_record_dup_hash(none);
  g_autofree char *full = kslurm_venv_record_dup_hash(some);

  g_assert_cmpstr(empty, ==, "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
  g_assert_cmpstr(full, ==, "sha256=Q8Ci0yXQEKlY_SvXXR3tej9rPsslSCk_eg4zTvLDeKk");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/venv-record/update", test_update);
  g_test_add_func("/venv-record/hash", test_hash);
  return g_test_run();
}
