/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/image/kslurm-image-store.h"

G_BEGIN_DECLS

/* the digests of two images, with 'one' and 'two!' for data */
#define ONE "1111111111111111111111111111111111111111111111111111111111111111"
#define TWO "2222222222222222222222222222222222222222222222222222222222222222"

KslurmImageStore *images_make_store(void);
KslurmReference *images_parse(const char *text);
void images_link(KslurmImageStore *store, const char *text, const char *digest);
void images_assert_content(KslurmImageStore *store, const char *name, const char *wanted);

G_END_DECLS
