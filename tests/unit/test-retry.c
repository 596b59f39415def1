/* SPDX-License-Identifier: MIT */
#include "image/kslurm-retry.h"

#include "base/util/kslurm-error.h"
#include "unit.h"

#define NOW 1700000000 /* Tue, 14 Nov 2023 22:13:20 GMT */

static const struct {
  guint status;
  const char *retry_after;
  guint attempt;
  int pause;
} pauses[] = {{503, NULL, 1, 500},
              {503, NULL, 2, 1000},
              {500, NULL, 3, 2000},
              {502, NULL, 4, -1},
              {503, "7", 1, 7000},
              {503, "0", 2, 1000},
              {503, "61", 1, -1},
              {501, NULL, 1, -1},
              {404, "7", 1, -1},
              {200, "7", 1, -1},
              {429, NULL, 1, -1},
              {429, "soon", 1, -1},
              {429, "60", 1, 60000},
              {429, "61", 1, -1},
              {429, "99999999999999999999", 1, -1},
              {429, "1", 4, -1},
              {429, "Tue, 14 Nov 2023 22:13:50 GMT", 1, 30000},
              {429, "Tue, 14 Nov 2023 22:13:00 GMT", 1, 500},
              {429, "Tue, 14 Nov 2023 23:13:50 GMT", 1, -1}};

static void
test_pause(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(pauses); i++) {
    const KslurmRetry retry = {pauses[i].status, pauses[i].retry_after, NULL, NULL};

    g_assert_cmpint(kslurm_retry_get_pause(&retry, pauses[i].attempt, NOW), ==,
                    pauses[i].pause);
  }
}

static const struct {
  const char *retry_after, *limit, *remaining, *words, *message;
} errors[] = {
    {NULL, NULL, NULL, "",
     "'docker.io' was asked too often; come back later, or use 'kapp login docker.io'"},
    {NULL, "100;w=21600", "0;w=21600", ": enough",
     "'docker.io' was asked too often: enough; pulls left: 0 of 100 in 6 h; come back "
     "within 6 h, or use 'kapp login docker.io'"},
    {"3600", NULL, "3;w=60", "",
     "'docker.io' was asked too often; pulls left: 3; come back at 2023-11-14 23:13, or "
     "use 'kapp login docker.io'"},
    {NULL, NULL, "0;w=100", "",
     "'docker.io' was asked too often; pulls left: 0; come back within 2 min, or use "
     "'kapp login docker.io'"},
    {"x", "y", ";w=z", "",
     "'docker.io' was asked too often; come back later, or use 'kapp login docker.io'"}};

static void
test_error(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(errors); i++) {
    const KslurmRetry retry = {429, errors[i].retry_after, errors[i].limit,
                               errors[i].remaining};
    g_autoptr(GError) error = NULL;

    kslurm_retry_set_error(&retry, "docker.io", errors[i].words, NOW, &error);
    unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_DENIED, errors[i].message);
  }
}

int
main(int argc, char **argv)
{
  g_setenv("TZ", "UTC", TRUE);
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/retry/pause", test_pause);
  g_test_add_func("/retry/error", test_error);
  return g_test_run();
}
