/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-store-names.h"

#include <string.h>

#include "unit.h"

#define HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const struct {
  const char *text, *platform, *link;
} links[] = {
    {"busybox", NULL, "docker/library/busybox/latest.sif"},
    {"nipreps/fmriprep:21.0.2", NULL, "docker/nipreps/fmriprep/21.0.2.sif"},
    {"o/x:1", "arm64", "docker/o/x/1@arm64.sif"},
    {"o/x:1", "arm/v7", "docker/o/x/1@arm-v7.sif"},
    {"o/x:1@sha256:" HEX, NULL, "docker/o/x/@sha256-" HEX ".sif"},
    {"o/x@sha256:" HEX, "arm64", "docker/o/x/@sha256-" HEX "@arm64.sif"},
    {"ghcr.io/org/app:1.0", NULL, "docker+ghcr.io/org/app/1.0.sif"},
    {"ghcr.io/app:1.0", NULL, "docker+ghcr.io/app/1.0.sif"},
    {"docker.io/ghcr.io/app:1.0", NULL, "docker/ghcr.io/app/1.0.sif"},
    {"localhost:5000/app:1", NULL, "docker+localhost_5000/app/1.sif"},
    {"[::1]:5000/a-b:1", NULL, "docker+[--1]_5000/a-b/1.sif"},
    {"a-b.c:5000/x:1", NULL, "docker+a-b.c_5000/x/1.sif"},
    {"o/x.sif:1", NULL, "docker/o/x.sif/1.sif"},
    {"o/x/1.sif:1", NULL, "docker/o/x/1%2Esif/1.sif"},
    {"h.io/x.sif:1", NULL, "docker+h.io/x%2Esif/1.sif"},
    {"oras://reg/img:tag", NULL, "oras+reg/img/tag.sif"},
    {"https://x/y:z", NULL, "https+x/y/z.sif"},
    {"https://d.org/singularity/fastqc:0.11.9--0", NULL,
     "https+d.org/singularity/fastqc/0.11.9--0.sif"},
    {"https://d.org/a/img.sif", NULL, "https+d.org/a/img%2Esif/@.sif"},
    {"https://d.org/a/data", NULL, "https+d.org/a/data/@.sif"},
    {"https://d.org/a:b/c:d?e=f:g", NULL, "https+d.org/a%3Ab/c%3Ad%3Fe=f%3Ag/@.sif"},
    {"https://d.org/a/:b", NULL, "https+d.org/a/%3Ab/@.sif"},
    {"https://d.org/a%2F@?x=a/b", NULL, "https+d.org/a%252F%40%3Fx=a%2Fb/@.sif"},
    {"http://localhost:80/x:1@", NULL, "http+localhost_80/x/1%40.sif"}};

static void
test_links(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
    g_autoptr(KslurmReference) reference = kslurm_reference_parse(links[i].text, NULL);
    g_autofree char *link = kslurm_image_names_dup_link(reference, links[i].platform);
    g_autofree char *platform = NULL;
    g_autoptr(KslurmReference) read = NULL;

    g_assert_cmpstr(link, ==, links[i].link);
    read = kslurm_image_names_read_link(link, &platform);
    g_assert_nonnull(read);
    g_assert_cmpstr(platform, ==, links[i].platform);
    /* a tag beside a digest is not kept */
    if (strstr(links[i].text, ":1@sha256") == NULL)
      g_assert_true(kslurm_reference_equal(reference, read));
  }
}

static void
test_no_links(void)
{
  static const char *const paths[] = {"",
                                      "docker",
                                      "docker/",
                                      "docker/x.sif",
                                      "docker/o/x/.sif",
                                      "docker/o/x/@.sif",
                                      "docker/o/x/1",
                                      "docker/x/1.sif",
                                      "docker/o/../1.sif",
                                      "docker/O/x/1.sif",
                                      "docker/o/x/1@.sif",
                                      "docker/o/x/1@a@b.sif",
                                      "docker/o/x/1@../a.sif",
                                      "docker/o/x/%31.sif",
                                      "docker+docker.io/o/x/1.sif",
                                      "docker+/x/1.sif",
                                      "shub/o/x/1.sif",
                                      "oras/o/x/1.sif",
                                      "https+h/x%00/@.sif",
                                      "https+h/..%2F/@.sif",
                                      "+/+/+.sif"};

  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autofree char *platform = NULL;

    g_assert_null(kslurm_image_names_read_link(paths[i], &platform));
    g_assert_null(platform);
  }
}

static void
test_platforms(void)
{
  static const char *const right[] = {"amd64", "arm64", "arm/v7", "arm64/v8.1", "386"};
  static const char *const wrong[] = {
      "",      "/v7",  "arm/", "ARM",
      "a/b/c", "a/..", "a-b",  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};

  for (gsize i = 0; i < G_N_ELEMENTS(right); i++)
    g_assert_true(kslurm_image_names_is_platform(right[i]));
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
    g_assert_false(kslurm_image_names_is_platform(wrong[i]));
}

static void
check_forms(const char *text, const char *typed, const char *wanted)
{
  g_autoptr(KslurmReference) reference = kslurm_reference_parse(text, NULL);
  g_auto(GStrv) forms = kslurm_image_names_list_forms(reference, typed);
  g_autofree char *line = g_strjoinv(" ", forms);

  g_assert_cmpstr(line, ==, wanted);
  for (gsize i = 0; forms[i] != NULL; i++) {
    g_autoptr(KslurmReference) same = kslurm_reference_parse(forms[i], NULL);

    if (same != NULL && strchr(text, '@') == NULL)
      g_assert_true(kslurm_reference_equal(reference, same));
  }
}

static void
test_forms(void)
{
  check_forms("o/x:1", "o/x:1",
              "docker://o/x:1 o/x:1 docker://docker.io/o/x:1 "
              "docker://index.docker.io/o/x:1 docker.io/o/x:1");
  check_forms(
      "x:latest", "registry-1.docker.io/x",
      "docker://x:latest docker://x x:latest x "
      "docker://docker.io/library/x:latest docker://docker.io/library/x "
      "docker://index.docker.io/library/x:latest docker://index.docker.io/library/x "
      "docker.io/library/x:latest docker.io/library/x docker://library/x:latest "
      "docker://library/x library/x:latest library/x docker://docker.io/x:latest "
      "docker://docker.io/x docker://index.docker.io/x:latest "
      "docker://index.docker.io/x docker.io/x:latest docker.io/x registry-1.docker.io/x");
  check_forms("ghcr.io/o/x:1@sha256:" HEX, NULL,
              "docker://ghcr.io/o/x:1@sha256:" HEX " docker://ghcr.io/o/x@sha256:" HEX
              " ghcr.io/o/x:1@sha256:" HEX " ghcr.io/o/x@sha256:" HEX);
  check_forms("oras://h/x:1", NULL, "oras://h/x:1");
  check_forms("https://h/x:1", "https://H/x:1", "https://h/x:1 https://H/x:1");
}

static void
test_snakemake(void)
{
  g_autofree char *name = kslurm_image_names_dup_snakemake("docker://ubuntu:22.04");

  g_assert_cmpstr(name, ==, "aaea631dfcf687b6ead83198bc08c49d.simg");
}

static void
test_nextflow(void)
{
  static const struct {
    const char *form, *name;
  } cases[] = {{"docker://nextflow/bash:latest", "nextflow-bash-latest.img"},
               {"busybox", "busybox.img"},
               {"quay.io/biocontainers/fastqc:0.11.9--0",
                "quay.io-biocontainers-fastqc-0.11.9--0.img"},
               {"https://d.org/singularity/fastqc:0.11.9--0",
                "d.org-singularity-fastqc-0.11.9--0.img"},
               {"oras://h/x/y.sif:1", "h-x-y-1.sif"},
               {"https://h/x.sif", "h-x.sif"}};
  g_autofree char *many = unit_repeat("x/", 126);

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *made = kslurm_image_names_dup_nextflow(cases[i].form);

    g_assert_cmpstr(made, ==, cases[i].name);
  }
  g_assert_null(kslurm_image_names_dup_nextflow(many));
}

static void
test_refs(void)
{
  g_autoptr(KslurmReference) reference = kslurm_reference_parse("x", NULL);
  g_autofree char *native = kslurm_image_names_dup_ref(reference, NULL);
  g_autofree char *other = kslurm_image_names_dup_ref(reference, "arm64");

  g_assert_cmpstr(native, !=, other);
  g_assert_cmpuint(strlen(native), ==, 32 + strlen(".json"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/image-store-names/links", test_links);
  g_test_add_func("/image-store-names/no-links", test_no_links);
  g_test_add_func("/image-store-names/platforms", test_platforms);
  g_test_add_func("/image-store-names/forms", test_forms);
  g_test_add_func("/image-store-names/snakemake", test_snakemake);
  g_test_add_func("/image-store-names/nextflow", test_nextflow);
  g_test_add_func("/image-store-names/refs", test_refs);
  return g_test_run();
}
