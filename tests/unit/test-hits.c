/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "archive/kslurm-hits.h"

static const char *const places[] = {"/tmp/my venv\303\251", "/scratch/venv", "/s/it's",
                                     NULL};

typedef struct {
  const char *text;
  gboolean is_hit;
} Case;

static const Case cases[] = {
    {"", FALSE},
    {"/scratch/ven", FALSE},
    {"/scratch/venv", TRUE},
    {"#!/scratch/venv/bin/python\n", TRUE},
    {"VIRTUAL_ENV=/scratch/venv\n", TRUE},
    {"-I/scratch/venv/include", TRUE},
    {"file:///scratch/venv/x", TRUE},
    {"it is in /scratch/venv.", TRUE},
    {"it is in /scratch/venv...\n", TRUE},
    {"/scratch/venv.old/bin", FALSE},
    {"/scratch/venv2", FALSE},
    {"/scratch/venv-2", FALSE},
    {"/scratch/venv%s", TRUE},
    {"/scratch/venv@2", FALSE},
    {"/scratch/venv_2 /scratch/venv2 /scratch/venv:", TRUE},
    {"/scratch/venv_2 /scratch/venv2 /scratch/venvs:", FALSE},
    {"'/tmp/my venv\303\251'", TRUE},
    {"file:///tmp/my%20venv%C3%A9/x", TRUE},
    {"{\"argv\": [\"/tmp/my venv\\u00e9/bin/python\"]}", TRUE},
    {"/tmp/my venv", FALSE},
    {"VIRTUAL_ENV=\"/s/it's\"", TRUE},
    {"VIRTUAL_ENV='/s/it'\"'\"'s'", TRUE},
    {"VIRTUAL_ENV='/s/it'\\''s'", TRUE},
    {"set -gx VIRTUAL_ENV '/s/it\\'s'", TRUE},
    {"/s/it''s", FALSE},
};

static gboolean
search(KslurmHits *hits, const char *text, gsize length, gsize step)
{
  kslurm_hits_begin(hits, TRUE);
  for (gsize at = 0; at < length; at += step)
    kslurm_hits_add(hits, text + at, MIN(step, length - at));
  return kslurm_hits_end(hits);
}

/* the same at every size of the pieces, and at every place in a larger text */
static void
test_pieces(void)
{
  g_autoptr(KslurmHits) hits = kslurm_hits_new(places);

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    for (gsize step = 1; step < 64; step++)
      for (gsize before = 0; before < 70; before += 7) {
        g_autofree char *filler = g_strnfill(before, '\n');
        g_autofree char *text = g_strconcat(filler, cases[i].text, "\n", filler, NULL);

        g_assert_cmpint(search(hits, text, strlen(text), step), ==, cases[i].is_hit);
      }
}

static void
test_end(void)
{
  g_autoptr(KslurmHits) hits = kslurm_hits_new(places);

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpint(search(hits, cases[i].text, strlen(cases[i].text), 1000), ==,
                    cases[i].is_hit);
}

static void
test_binary(void)
{
  static const char text[] = "\0\0/scratch/venv\0\0";
  g_autoptr(KslurmHits) hits = kslurm_hits_new(places);

  g_assert_true(search(hits, text, sizeof text, 3));
  kslurm_hits_begin(hits, FALSE);
  kslurm_hits_add(hits, text, sizeof text);
  g_assert_false(kslurm_hits_end(hits));
  g_assert_false(kslurm_hits_is_searched("a.cpython-311.pyc"));
  g_assert_true(kslurm_hits_is_searched("a.py"));
}

static void
test_no_place(void)
{
  static const char *const none[] = {NULL};
  g_autoptr(KslurmHits) hits = kslurm_hits_new(none);

  g_assert_false(search(hits, "/scratch/venv", 13, 4));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/hits/pieces", test_pieces);
  g_test_add_func("/hits/end", test_end);
  g_test_add_func("/hits/binary", test_binary);
  g_test_add_func("/hits/no-place", test_no_place);
  return g_test_run();
}
