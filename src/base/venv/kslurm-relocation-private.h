/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/venv/kslurm-relocation.h"

G_BEGIN_DECLS

struct _KslurmRelocation {
  GPtrArray *places;  /* (element-type utf8): longest first */
  GPtrArray *needles; /* (element-type utf8): what every spelling of a place holds */
  char *to;
  gboolean is_plain; /* the places have one spelling only */
};

/* one step through a text: bytes of a value, or a quote, which is none */
typedef struct {
  gsize taken;
  guint n;
  char value[4];
  guint state;   /* after it */
  gboolean ends; /* the value ends here */
} KslurmStep;

/* how a kind of file spells a path; state 0 begins a text */
typedef struct _KslurmSyntax KslurmSyntax;
struct _KslurmSyntax {
  void (*step)(const KslurmSyntax *syntax,
               const char *text,
               const char *p,
               const char *end,
               guint state,
               KslurmStep *step);
  gboolean (*write)(
      const KslurmSyntax *syntax, GString *out, guint state, guint after, const char *path);
  const void *data;
};

/* each writes the whole text to @out; FALSE: it still names a place */
typedef gboolean (*KslurmRelocate)(KslurmRelocation *self,
                                   const char *text,
                                   gsize length,
                                   GString *out);

gboolean kslurm_path_is_plain(const char *path);

gboolean kslurm_relocation_replace(KslurmRelocation *self,
                                   const KslurmSyntax *syntax,
                                   const char *text,
                                   gsize length,
                                   GString *out);

gboolean kslurm_relocation_is_named(KslurmRelocation *self, const char *text, gsize length);

gboolean kslurm_relocate_lines(KslurmRelocation *, const char *, gsize, GString *);
gboolean kslurm_relocate_plain(KslurmRelocation *, const char *, gsize, GString *);
gboolean kslurm_relocate_record(KslurmRelocation *, const char *, gsize, GString *);
gboolean kslurm_relocate_pth(KslurmRelocation *, const char *, gsize, GString *);
gboolean kslurm_relocate_batch(KslurmRelocation *, const char *, gsize, GString *);
gboolean kslurm_relocate_json(KslurmRelocation *, const char *, gsize, GString *);
gboolean kslurm_relocate_python(KslurmRelocation *, const char *, gsize, GString *);
gboolean kslurm_relocate_script(KslurmRelocation *, const char *, gsize, GString *);
gboolean kslurm_relocate_trampoline(KslurmRelocation *, const char *, gsize, GString *);
gboolean kslurm_relocate_sh(KslurmRelocation *, const char *, gsize, GString *);
gboolean kslurm_relocate_csh(KslurmRelocation *, const char *, gsize, GString *);
gboolean kslurm_relocate_fish(KslurmRelocation *, const char *, gsize, GString *);
gboolean kslurm_relocate_nu(KslurmRelocation *, const char *, gsize, GString *);
gboolean kslurm_relocate_powershell(KslurmRelocation *, const char *, gsize, GString *);

G_END_DECLS
