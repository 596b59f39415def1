/* SPDX-License-Identifier: MIT */
#include "base/shell/kslurm-rc.h"

#include "base/util/kslurm-error.h"
#include "unit.h"

#define BLOCK KSLURM_RC_BEGIN "\nLINE\n" KSLURM_RC_END "\n"
#define OTHER KSLURM_RC_BEGIN "\nold\nolder\n" KSLURM_RC_END "\n"
#define WINDOWS KSLURM_RC_BEGIN "\r\nold\r\n" KSLURM_RC_END "\r\n"
#define OLDER "source /u/lib/python3.9/site-packages/kslurm/bin/bash.sh"

static const struct {
  const char *text, *inserted, *removed;
} cases[] = {
    {"", BLOCK, ""},
    {"a\n", "a\n" BLOCK, "a\n"},
    {"a", "a\n" BLOCK, "a"},
    {BLOCK, BLOCK, ""},
    {"a\n" OTHER "b\n", "a\n" BLOCK "b\n", "a\nb\n"},
    {"a\n" WINDOWS "b\r\n", "a\n" BLOCK "b\r\n", "a\nb\r\n"},
    {"a\n" KSLURM_RC_BEGIN "\n" KSLURM_RC_END, "a\n" BLOCK, "a\n"},
    {"\xff\n", "\xff\n" BLOCK, "\xff\n"},
    {"echo '" KSLURM_RC_BEGIN "'\n", "echo '" KSLURM_RC_BEGIN "'\n" BLOCK,
     "echo '" KSLURM_RC_BEGIN "'\n"},
    /* the older kslurm's line */
    {"a\n" OLDER "\nb\n", "a\nb\n" BLOCK, "a\n" OLDER "\nb\n"},
    {OLDER, BLOCK, OLDER},
    {OTHER OLDER "\n", BLOCK, OLDER "\n"},
    {"  . \"/u/a b/kslurm/bin/bash.sh\" # mine\n", BLOCK,
     "  . \"/u/a b/kslurm/bin/bash.sh\" # mine\n"},
    {"source '/u/a b/kslurm/bin/bash.sh'\r\n", BLOCK,
     "source '/u/a b/kslurm/bin/bash.sh'\r\n"},
    {"# " OLDER "\n", "# " OLDER "\n" BLOCK, "# " OLDER "\n"},
    {"echo " OLDER "\n", "echo " OLDER "\n" BLOCK, "echo " OLDER "\n"},
    {OLDER "; x\n", OLDER "; x\n" BLOCK, OLDER "; x\n"},
    {OLDER ".old\n", OLDER ".old\n" BLOCK, OLDER ".old\n"},
    {"source /u/mykslurm/bin/bash.sh\n", "source /u/mykslurm/bin/bash.sh\n" BLOCK,
     "source /u/mykslurm/bin/bash.sh\n"},
};

static void
test_insert(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *once = kslurm_rc_insert(cases[i].text, "LINE", NULL);
    g_autofree char *twice = kslurm_rc_insert(once, "LINE", NULL);

    g_assert_cmpstr(once, ==, cases[i].inserted);
    g_assert_cmpstr(twice, ==, once);
  }
}

static void
test_remove(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *once = kslurm_rc_remove(cases[i].text, NULL);
    g_autofree char *twice = kslurm_rc_remove(once, NULL);

    g_assert_cmpstr(once, ==, cases[i].removed);
    g_assert_cmpstr(twice, ==, once);
  }
}

static void
test_damaged(void)
{
  static const char *const texts[] = {KSLURM_RC_BEGIN "\n",
                                      KSLURM_RC_END "\n",
                                      "a\n" KSLURM_RC_BEGIN "\nb",
                                      KSLURM_RC_END "\n" BLOCK,
                                      BLOCK BLOCK,
                                      BLOCK KSLURM_RC_END "\n",
                                      BLOCK KSLURM_RC_BEGIN "\n",
                                      KSLURM_RC_BEGIN "\n" BLOCK KSLURM_RC_END "\n"};

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GError) error = NULL;

    g_assert_null(kslurm_rc_insert(texts[i], "LINE", &error));
    unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                      "the lines '" KSLURM_RC_BEGIN "' and '" KSLURM_RC_END
                      "' are no pair; remove them, and what is kslurm's between them, "
                      "by hand");
    g_assert_null(kslurm_rc_remove(texts[i], NULL));
  }
}

static void
test_compare(void)
{
  static const struct {
    const char *before, *after, *changes;
  } rows[] = {{"", "", ""},
              {"a\nb\n", "a\nb\n", ""},
              {"a\n", "a\nb\n", "+b\n"},
              {"a\nb\nc\n", "a\nc\n", "-b\n"},
              {"a\nb\nc\n", "a\nx\ny\nc\n", "-b\n+x\n+y\n"},
              {"xa\nz\n", "ya\nz\n", "-xa\n+ya\n"},
              {"a", "a\nb\n", "-a\n+a\n+b\n"},
              {"a\na\n", "a\n", "-a\n"},
              {"", "a", "+a\n"}};

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *changes = kslurm_rc_compare(rows[i].before, rows[i].after);

    g_assert_cmpstr(changes, ==, rows[i].changes);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rc/insert", test_insert);
  g_test_add_func("/rc/remove", test_remove);
  g_test_add_func("/rc/damaged", test_damaged);
  g_test_add_func("/rc/compare", test_compare);
  return g_test_run();
}
