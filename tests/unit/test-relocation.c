/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/util/kslurm-error.h"
#include "base/venv/kslurm-relocation.h"
#include "unit.h"

typedef struct {
  const char *name;
  const char *before;
  const char *after; /* NULL: unknown, and it stays */
} Case;

static KslurmRelocation *
make_relocation(const char *places, const char *to)
{
  g_auto(GStrv) words = g_strsplit(places, "|", -1);
  g_autoptr(GError) error = NULL;
  KslurmRelocation *relocation =
      kslurm_relocation_new((const char *const *)words, to, &error);

  g_assert_no_error(error);
  return relocation;
}

static char *
apply(KslurmRelocation *relocation,
      const char *name,
      const char *text,
      KslurmRelocated *what)
{
  g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
  g_autoptr(GBytes) changed = NULL;
  GBytes *result = NULL;

  *what = kslurm_relocation_apply(relocation, name, bytes, &changed);
  if (*what != KSLURM_RELOCATED_UNKNOWN)
    g_assert_cmpint(*what == KSLURM_RELOCATED_YES, ==, changed != NULL);
  result = changed != NULL ? changed : bytes;
  return g_strndup(g_bytes_get_size(result) > 0 ? g_bytes_get_data(result, NULL) : "",
                   g_bytes_get_size(result));
}

/* what was relocated is not relocated again */
static void
check(KslurmRelocation *relocation, const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    const Case *c = &cases[i];
    KslurmRelocated what = KSLURM_RELOCATED_NOT;
    g_autofree char *once = apply(relocation, c->name, c->before, &what);
    g_autofree char *twice = NULL;

    g_assert_cmpstr(once, ==, c->after != NULL ? c->after : c->before);
    g_assert_cmpint(what, ==,
                    c->after == NULL                   ? KSLURM_RELOCATED_UNKNOWN
                    : g_str_equal(c->before, c->after) ? KSLURM_RELOCATED_NOT
                                                       : KSLURM_RELOCATED_YES);
    twice = apply(relocation, c->name, once, &what);
    g_assert_cmpstr(twice, ==, once);
  }
}

static void
test_boundaries(void)
{
  static const Case cases[] = {
      {"a.pth", "/tmp/env", "/new/p"},
      {"a.pth", "/tmp/env/", "/new/p/"},
      {"a.pth", "/tmp/env/src\n/tmp/env/b", "/new/p/src\n/new/p/b"},
      {"a.pth", "/tmp/env2\n/tmp/env-2\n/tmp/env.bak\n/tmp/env_\n/tmp/env\xc3\xa9",
       "/tmp/env2\n/tmp/env-2\n/tmp/env.bak\n/tmp/env_\n/tmp/env\xc3\xa9"},
      {"a.pth", "/x/tmp/env\n../tmp/env\n$X/tmp/env\n${X}/tmp/env\n",
       "/x/tmp/env\n../tmp/env\n$X/tmp/env\n${X}/tmp/env\n"},
      {"a.pth", "in /tmp/env.\n/tmp/env..\n/tmp/env./a",
       "in /new/p.\n/tmp/env..\n/tmp/env./a"},
      {"x.pc", "prefix=/tmp/env\nCflags: -I/tmp/env/include",
       "prefix=/new/p\nCflags: -I/new/p/include"},
      {"x.cfg", "url = sqlite:////tmp/env/db, sqlite:///tmp/env",
       "url = sqlite:////new/p/db, sqlite:///new/p"},
      {"x.cfg", "/tmp/env:/tmp/env/lib:/usr", "/new/p:/new/p/lib:/usr"},
      {"x.cfg", "(/tmp/env) </tmp/env> [/tmp/env] {/tmp/env} @/tmp/env",
       "(/new/p) </new/p> [/new/p] {/new/p} @/new/p"},
      {"x.cfg", "/tmp/env/tmp/env", "/new/p/tmp/env"},
      {"x.cfg", "", ""},
      {"pyvenv.cfg",
       "home = /usr/bin\ncommand = /usr/bin/python3 -m venv /tmp/env\nprompt = env\n",
       "home = /usr/bin\ncommand = /usr/bin/python3 -m venv /new/p\nprompt = env\n"},
      {"lib/a.egg-link", "/tmp/env/src/a\n../", "/new/p/src/a\n../"},
      {"lib/a.dist-info/RECORD", "/tmp/env/etc/a,sha256=x,3\n",
       "/new/p/etc/a,sha256=x,3\n"},
      {"notes", "/tmp/env/a", NULL},
      {"notes", "/tmp/env2/a", "/tmp/env2/a"},
      {"lib/__pycache__/a.pyc", "/tmp/env/a", "/tmp/env/a"}};
  g_autoptr(KslurmRelocation) relocation = make_relocation("/tmp/env", "/new/p");

  check(relocation, cases, G_N_ELEMENTS(cases));
}

static void
test_urls(void)
{
  static const Case cases[] = {
      {"direct_url.json", "{\"url\": \"file:///tmp/my%20env/src/%C3%A9\"}",
       "{\"url\": \"file:///new/a%20%26%25%C3%A9/src/%C3%A9\"}"},
      {"direct_url.json", "{\"url\": \"file:///tmp/my%20env\"}",
       "{\"url\": \"file:///new/a%20%26%25%C3%A9\"}"},
      {"direct_url.json", "{\"url\": \"file://localhost/tmp/my%20env#egg=a\"}",
       "{\"url\": \"file://localhost/new/a%20%26%25%C3%A9#egg=a\"}"},
      {"direct_url.json",
       "{\"url\": \"file:///tmp/my%20env%202\", \"u\": \"https://tmp/my%20env\"}",
       "{\"url\": \"file:///tmp/my%20env%202\", \"u\": \"https://tmp/my%20env\"}"},
      {"kernel.json", "{\"argv\": [\"/tmp/my env/bin/python\", \"-m\"]}",
       "{\"argv\": [\"/new/a &%\xc3\xa9/bin/python\", \"-m\"]}"},
      {"kernel.json", "[\"\\/tmp\\/my\\u0020env\\/bin\"]", "[\"/new/a &%\xc3\xa9\\/bin\"]"},
      {"x.pc", "prefix=/tmp/my env", NULL},
      {"activate.bat", "@for %%i in (\"/tmp/my env\") do",
       "@for %%i in (\"/new/a &%%\xc3\xa9\") do"}};
  g_autoptr(KslurmRelocation) relocation =
      make_relocation("/tmp/my env", "/new/a &%\xc3\xa9");

  check(relocation, cases, G_N_ELEMENTS(cases));
  g_assert_false(kslurm_relocation_is_plain(relocation));
}

static void
test_json_letters(void)
{
  static const Case cases[] = {
      {"kernel.json", "[\"/tmp/\\u00e9\\ud83d\\ude00/bin\"]", "[\"/n/bin\"]"},
      {"kernel.json", "[\"/tmp/\\u00e9\\ud83d/bin\", \"/tmp/\\u00e\"]",
       "[\"/tmp/\\u00e9\\ud83d/bin\", \"/tmp/\\u00e\"]"}};
  g_autoptr(KslurmRelocation) relocation =
      make_relocation("/tmp/\xc3\xa9\xf0\x9f\x98\x80", "/n");

  check(relocation, cases, G_N_ELEMENTS(cases));
}

/* two spellings, of which one holds the other, and a new place below the old one */
static void
test_nested(void)
{
  g_autoptr(KslurmRelocation) down = make_relocation("/a|/a/b/|/a/b", "/a/b/c");
  g_autoptr(KslurmRelocation) up = make_relocation("/a/b/c|/a/b", "/a/b/");
  KslurmRelocated what = KSLURM_RELOCATED_NOT;
  g_autofree char *below = apply(down, "x.pth", "/a/b/x\n/a/x\n/a/b/c\n", &what);
  g_autofree char *above = apply(up, "x.pth", "/a/b/c/x\n/a/b/x\n", &what);

  g_assert_cmpstr(below, ==, "/a/b/c/x\n/a/b/c/x\n/a/b/c/c\n");
  g_assert_cmpstr(above, ==, "/a/b/x\n/a/b/x\n");
}

static void
test_target(void)
{
  g_autoptr(KslurmRelocation) relocation = make_relocation("/tmp/env", "/new");
  g_autofree char *inside = kslurm_relocation_dup_target(relocation, "/tmp/env/bin/python");
  g_autofree char *whole = kslurm_relocation_dup_target(relocation, "/tmp/env");

  g_assert_cmpstr(inside, ==, "/new/bin/python");
  g_assert_cmpstr(whole, ==, "/new");
  g_assert_null(kslurm_relocation_dup_target(relocation, "/tmp/env2/bin"));
  g_assert_null(kslurm_relocation_dup_target(relocation, "python3"));
  g_assert_null(kslurm_relocation_dup_target(relocation, "/x/tmp/env"));
}

static void
test_refused(void)
{
  static const char *const none[] = {NULL};
  static const char *const wrong[] = {"", "env", "/", "//", "x/y"};
  static const char *const to[] = {"",      "x",     "/",         "/a\nb", "/a:b",  "/a\"b",
                                   "/a\\b", "/a\tb", "/\xff\xfe", "/a ",   "/a'''b"};

  for (gsize i = 0; i < G_N_ELEMENTS(to); i++) {
    g_autoptr(GError) error = NULL;

    g_assert_null(kslurm_relocation_new(none, to[i], &error));
    g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    const char *places[] = {"/a", wrong[i], NULL};
    g_autoptr(GError) error = NULL;

    g_assert_null(kslurm_relocation_new(places, "/b", &error));
    g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT);
  }
}

static void
test_binary(void)
{
  static const char elf[] = "\177ELF\0\0/tmp/env/lib\0";
  g_autoptr(KslurmRelocation) relocation = make_relocation("/tmp/env", "/new");
  g_autoptr(GBytes) bytes = g_bytes_new_static(elf, sizeof elf);
  g_autoptr(GBytes) other = g_bytes_new_static(elf, 6);
  g_autoptr(GBytes) changed = NULL;

  g_assert_cmpint(kslurm_relocation_apply(relocation, "bin/ruff", bytes, &changed), ==,
                  KSLURM_RELOCATED_UNKNOWN);
  g_assert_cmpint(kslurm_relocation_apply(relocation, "bin/activate", other, NULL), ==,
                  KSLURM_RELOCATED_NOT);
  g_assert_null(changed);
  g_assert_true(kslurm_relocation_is_plain(relocation));
}

/* what is large is not read byte by byte, and not copied */
static void
test_large(void)
{
  static const gsize at[] = {0, 4095, 4097, 8193, 70000, 99990};
  g_autoptr(KslurmRelocation) relocation = make_relocation("/tmp/env", "/new");
  g_autofree char *text = g_malloc0(100000);

  for (gsize i = 0; i < 100000 - 16; i += 16)
    memcpy(text + i, "\0/tmp/env2\0\0\0\0\0", 16);
  for (gsize i = 0; i < G_N_ELEMENTS(at); i++) {
    g_autofree char *copy = g_memdup2(text, 100000);
    g_autoptr(GBytes) before = g_bytes_new_static(text, 100000);
    g_autoptr(GBytes) after = NULL;

    memcpy(copy + at[i], "\0/tmp/env", 10);
    after = g_bytes_new_static(copy, 100000);
    g_assert_cmpint(kslurm_relocation_apply(relocation, "lib/a.so", before, NULL), ==,
                    KSLURM_RELOCATED_NOT);
    g_assert_cmpint(kslurm_relocation_apply(relocation, "lib/a.so", after, NULL), ==,
                    KSLURM_RELOCATED_UNKNOWN);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/relocation/boundaries", test_boundaries);
  g_test_add_func("/relocation/urls", test_urls);
  g_test_add_func("/relocation/json-letters", test_json_letters);
  g_test_add_func("/relocation/nested", test_nested);
  g_test_add_func("/relocation/target", test_target);
  g_test_add_func("/relocation/refused", test_refused);
  g_test_add_func("/relocation/binary", test_binary);
  g_test_add_func("/relocation/large", test_large);
  return g_test_run();
}
