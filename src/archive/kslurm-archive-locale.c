/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-archive-locale.h"

/**
 * kslurm_archive_locale_enter: (skip)
 *
 * Gives this thread a locale with UTF-8: libarchive converts names to the charset of the
 * thread's locale, and drops those that do not fit it; with UTF-8 every name is kept byte
 * for byte.
 *
 * Returns: what kslurm_archive_locale_leave() restores
 */
KslurmArchiveLocale
kslurm_archive_locale_enter(void)
{
  static const char *const names[] = {"C.UTF-8", "C.utf8", "en_US.UTF-8"};
  KslurmArchiveLocale locale = {duplocale(uselocale((locale_t)0)), (locale_t)0};

  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    locale_t changed = newlocale(LC_CTYPE_MASK, names[i], locale.ours);

    if (changed != (locale_t)0) {
      locale.ours = changed;
      break;
    }
  }
  locale.theirs = uselocale(locale.ours);
  return locale;
}

/**
 * kslurm_archive_locale_leave: (skip)
 * @locale: of kslurm_archive_locale_enter(), in the same thread
 */
void
kslurm_archive_locale_leave(KslurmArchiveLocale *locale)
{
  uselocale(locale->theirs);
  freelocale(locale->ours);
}
