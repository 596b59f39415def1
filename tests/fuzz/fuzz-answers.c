/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "image/kslurm-auth-private.h"
#include "image/kslurm-complaint.h"
#include "image/kslurm-range.h"
#include "image/kslurm-retry.h"

static void
check_retry(const char *text)
{
  const KslurmRetry retry = {429, text, text, text};
  g_autoptr(GError) error = NULL;

  if (kslurm_retry_get_pause(&retry, 1, 1700000000) > KSLURM_RETRY_PATIENCE * 1000)
    __builtin_trap();
  kslurm_retry_set_error(&retry, "x", "", 1700000000, &error);
  if (error == NULL)
    __builtin_trap();
}

/* what a server says is shown on one line, waited for within reason, and sent on as a
 * header only when it can be one
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup((const char *)data, size);
  g_autofree char *words = kslurm_complaint_dup((const char *)data, (gssize)size);
  gint64 life = 1;
  g_autofree char *token = kslurm_auth_read_token((const char *)data, (gssize)size, &life);
  guint64 start = 0;

  if (words != NULL && (!g_utf8_validate(words, -1, NULL) || words[0] == '\0' ||
                        strpbrk(words, "\n\t\x1b\r") != NULL))
    __builtin_trap();
  for (const char *p = token; p != NULL && *p != '\0'; p++)
    if (!g_ascii_isgraph(*p))
      __builtin_trap();
  if (life < 1 || life > 24 * 3600)
    __builtin_trap();
  kslurm_range_parse(text, &start);
  check_retry(text);
  return 0;
}
