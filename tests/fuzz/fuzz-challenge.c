/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "base/image/kslurm-challenge.h"

/* each line is a header; what is taken from it is printable */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup((const char *)data, size);
  g_auto(GStrv) headers = g_strsplit(text, "\n", 8);
  g_autoptr(GPtrArray) challenges = kslurm_challenge_parse((const char *const *)headers);
  const KslurmChallenge *choice = kslurm_challenge_choose(challenges);

  for (guint i = 0; i < challenges->len; i++) {
    const KslurmChallenge *challenge = challenges->pdata[i];

    if (challenge->scheme[0] == '\0')
      __builtin_trap();
    for (const char *p = challenge->scope; p != NULL && *p != '\0'; p++)
      if (!g_ascii_isprint(*p))
        __builtin_trap();
  }
  if (choice != NULL && strcmp(choice->scheme, "bearer") == 0 && choice->realm == NULL)
    __builtin_trap();
  return 0;
}
