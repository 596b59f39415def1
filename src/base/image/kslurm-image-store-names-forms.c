/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-store-names.h"

#include <string.h>

#define OFFICIAL "library/"
#define MAX_NAME 255

static void
add(GPtrArray *forms, char *form)
{
  if (g_ptr_array_find_with_equal_func(forms, form, g_str_equal, NULL))
    g_free(form);
  else
    g_ptr_array_add(forms, form);
}

/* what stands after the name; 'latest' may be left out */
static void
add_endings(GPtrArray *forms, const KslurmReference *reference, const char *before)
{
  const char *tag = kslurm_reference_get_tag(reference);
  const char *digest = kslurm_reference_get_digest(reference);
  const char *mark = digest != NULL ? "@" : "";
  const char *fixed = digest != NULL ? digest : "";

  if (tag != NULL)
    add(forms, g_strconcat(before, ":", tag, mark, fixed, NULL));
  if (digest != NULL || g_strcmp0(tag, "latest") == 0)
    add(forms, g_strconcat(before, mark, fixed, NULL));
}

static void
add_hub(GPtrArray *forms, const KslurmReference *reference, const char *repository)
{
  static const char *const beginnings[] = {"docker://docker.io/",
                                           "docker://index.docker.io/", "docker.io/"};

  for (gsize i = 0; i < G_N_ELEMENTS(beginnings); i++) {
    g_autofree char *before = g_strconcat(beginnings[i], repository, NULL);

    add_endings(forms, reference, before);
  }
}

static void
add_repository(GPtrArray *forms, const KslurmReference *reference, const char *name)
{
  g_autofree char *whole =
      g_strconcat(kslurm_reference_get_scheme(reference), "://", name, NULL);

  add_endings(forms, reference, whole);
  if (g_str_equal(kslurm_reference_get_scheme(reference), "docker"))
    add_endings(forms, reference, name);
}

/**
 * kslurm_image_names_list_forms: (skip)
 * @reference: a reference
 * @typed: (nullable): as the user wrote it
 *
 * Lists the ways in which a workflow may write the same reference: with 'docker://' and
 * without, with docker.io and 'library/' and without, 'latest' left out.
 *
 * Returns: (transfer full): the forms, the canonical one first
 */
char **
kslurm_image_names_list_forms(const KslurmReference *reference, const char *typed)
{
  g_autoptr(GPtrArray) forms = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *name = kslurm_reference_dup_name(reference);
  const char *repository = kslurm_reference_get_repository(reference);

  add(forms, kslurm_reference_to_string(reference));
  if (!kslurm_reference_is_url(reference))
    add_repository(forms, reference, name);
  if (kslurm_reference_is_hub(reference)) {
    add_hub(forms, reference, repository);
    if (!g_str_equal(name, repository) && g_str_has_prefix(repository, OFFICIAL)) {
      add_repository(forms, reference, repository);
      add_hub(forms, reference, name);
    }
  }
  if (typed != NULL)
    add(forms, g_strdup(typed));
  g_ptr_array_add(forms, NULL);
  return (char **)g_ptr_array_steal(forms, NULL);
}

/**
 * kslurm_image_names_dup_snakemake: (skip)
 * @form: an image as a Snakefile writes it
 *
 * Returns: (transfer full): the file that Snakemake looks for
 */
char *
kslurm_image_names_dup_snakemake(const char *form)
{
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_MD5, form, -1);

  return g_strconcat(hash, ".simg", NULL);
}

/**
 * kslurm_image_names_dup_nextflow: (skip)
 * @form: an image as a pipeline writes it
 *
 * Returns: (transfer full) (nullable): the file that Nextflow looks for, or %NULL when its
 *   name would be too long for any file system
 */
char *
kslurm_image_names_dup_nextflow(const char *form)
{
  const char *mark = strstr(form, "://");
  GString *name = g_string_new(mark != NULL ? mark + strlen("://") : form);
  const char *extension = ".img";

  if (strstr(name->str, ".sif:") != NULL) {
    g_string_replace(name, ".sif:", "-", 0);
    extension = ".sif";
  } else if (g_str_has_suffix(name->str, ".sif")) {
    g_string_truncate(name, name->len - strlen(".sif"));
    extension = ".sif";
  }
  g_string_append(name, extension);
  g_strdelimit(name->str, ":/", '-');
  return g_string_free(name, name->len > MAX_NAME || name->str[0] == '.');
}
