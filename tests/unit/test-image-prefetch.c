/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-prefetch.h"

#include "unit.h"

static char *
join(GPtrArray *array)
{
  GString *text = g_string_new(NULL);

  for (guint i = 0; i < array->len; i++)
    g_string_append_printf(text, "%s%s", i > 0 ? " | " : "", (char *)array->pdata[i]);
  return g_string_free(text, FALSE);
}

static void
check(KslurmPrefetchKind kind, const char *text, const char *uris, const char *skipped)
{
  g_autoptr(KslurmPrefetch) prefetch = kslurm_image_prefetch_new();
  g_autofree char *found = NULL;
  g_autofree char *left = NULL;

  kslurm_image_prefetch_scan(prefetch, kind, text, -1);
  found = join(prefetch->uris);
  left = join(prefetch->skipped);
  g_assert_cmpstr(found, ==, uris);
  g_assert_cmpstr(left, ==, skipped);
}

static void
test_snakemake(void)
{
  static const struct {
    const char *text, *uris, *skipped;
  } cases[] = {
      {"rule a:\n    container: \"docker://x:1\"\n", "docker://x:1", ""},
      {"rule a:\n    singularity: 'docker://ghcr.io/o/x:1'  # why\n    shell: 'true'\n",
       "docker://ghcr.io/o/x:1", ""},
      {"containerized: \"docker://x:1\"\n\nrule a:\n  container:\n      # later\n\n"
       "      'docker://y:1'\n  output: 'z'\n",
       "docker://x:1 | docker://y:1", ""},
      {"  container: \"docker://\" 'o/x:1'\n", "docker://o/x:1", ""},
      {"  container: ('docker://'\n      'o/x:1')\n", "docker://o/x:1", ""},
      {"  container: r\"docker://x:1\"", "docker://x:1", ""},
      {"  container: 'https://h/x.sif'\n", "https://h/x.sif", ""},
      {"  container: 'x:1'\n", "x:1", ""},
      {"  container: 'images/x.sif'\n  singularity: '/abs/x.simg'\n", "", ""},
      {"  container: None\n", "", ""},
      {"  container: config['image']\n", "", "1: container: config['image']"},
      {"  container:\n      config['a']['b']\n\n  container:  config['a']['b']\n  shell: "
       "'x'\n",
       "", "1: container: config['a']['b']"},
      {"\n  container: f'docker://x:{version}'\n", "",
       "2: container: f'docker://x:{version}'"},
      {"  container: 'docker://x:1' if a else 'docker://y:1'\n",
       "docker://x:1 | docker://y:1", ""},
      {"  container: 'docker://X:1'\n", "", "1: container: 'docker://X:1'"},
      {"# container: 'docker://x:1'\n\"\"\"\n  container: 'docker://y:1'\n\"\"\"\n", "",
       ""},
      {"  message: \"container: 'docker://x:1'\"\n  my_container: 'docker://x:1'\n", "",
       ""},
      {"d = {'a':\n container : 'docker://x:1'}", "docker://x:1", ""},
      {"  shell: '''\n  container: \"docker://x:1\"\n  '''\n  container: 'docker://y:1'",
       "docker://y:1", ""},
      {"  container: 'docker://x:1", "docker://x:1", ""},
      {"  container:", "", ""},
      {"  container: 'docker://x:1'\n  container: 'docker://x:1'\n", "docker://x:1", ""}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    check(KSLURM_PREFETCH_SNAKEMAKE, cases[i].text, cases[i].uris, cases[i].skipped);
}

#define NF_CORE                                                                            \
  "process FASTQC {\n"                                                                     \
  "    conda \"${moduleDir}/environment.yml\"\n"                                           \
  "    container \"${ workflow.containerEngine == 'singularity' && "                       \
  "!task.ext.singularity_pull_docker_container ?\n"                                        \
  "        'https://depot.galaxyproject.org/singularity/fastqc:0.12.1--hdfd78af_0' :\n"    \
  "        'biocontainers/fastqc:0.12.1--hdfd78af_0' }\"\n"

static void
test_nextflow(void)
{
  static const struct {
    const char *text, *uris, *skipped;
  } cases[] = {
      {NF_CORE, "https://depot.galaxyproject.org/singularity/fastqc:0.12.1--hdfd78af_0",
       ""},
      {"container \"${ x ? 'oras://c.org/a:1' : 'c.org/a:1' }\"", "oras://c.org/a:1", ""},
      {"process.container = 'quay.io/nextflow/bash'\n", "quay.io/nextflow/bash", ""},
      {"process {\n  withName: FOO { container = 'o/x:1' }\n"
       "  withLabel:'bar' { container = \"y\" ; cpus = 2 }\n}\n",
       "o/x:1 | y", ""},
      {"process A {\n  container 'o/x:1' // why\n  containerOptions '--nv'\n  /* container "
       "'no'"
       " */\n}",
       "o/x:1", ""},
      {"  container workflow.containerEngine == 'singularity' ?\n    'https://h/x:1' :\n"
       "    'o/x:1'\n  cpus 2\n",
       "https://h/x:1", ""},
      {"  container { task.x ? 'o/x:1' : 'o/y:1' }\n", "o/x:1 | o/y:1", ""},
      {"  container = \"o/x:${params.version}\"\n", "",
       "1: container = \"o/x:${params.version}\""},
      {"\ncontainer = params.image\n", "", "2: container = params.image"},
      {"  container = null\n  container '/data/x.sif'\n  container \"file:///x.sif\"\n", "",
       ""},
      {"x = \"container 'o/x:1'\"\n", "", ""},
      {"container.x('o/x:1'); my.container == 'o/x:1'", "", ""},
      {"container(\"o/x:1\")", "o/x:1", ""},
      {"container '''o/x:1'''", "o/x:1", ""},
      {"container \"o/x:1", "o/x:1", ""},
      {"container \"${\"", "", "1: container \"${\""}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    check(KSLURM_PREFETCH_NEXTFLOW, cases[i].text, cases[i].uris, cases[i].skipped);
}

static void
test_list(void)
{
  check(KSLURM_PREFETCH_LIST,
        "# images\nbusybox\n\n  o/x:1  # why\n- 'docker://y:1'\r\nnot an image\nbusybox",
        "busybox | o/x:1 | docker://y:1", "6: not an image");
  check(KSLURM_PREFETCH_LIST, "https://h/a#b\n", "", "1: https://h/a#b");
  check(KSLURM_PREFETCH_LIST, "\xff\n\0", "", "1: \357\277\275");
}

static void
test_text(void)
{
  check(KSLURM_PREFETCH_TEXT,
        "a: docker://o/x:1\nb: {c: \"oras://h/y:1\", d: docker://Z}\nsee docker://z:1.\n"
        "e: https://h/x.sif\n",
        "docker://o/x:1 | oras://h/y:1 | docker://z:1", "2: docker://Z}");
}

static void
test_includes(void)
{
  g_autoptr(KslurmPrefetch) prefetch = kslurm_image_prefetch_new();
  g_autofree char *includes = NULL;
  g_autofree char *skipped = NULL;

  kslurm_image_prefetch_scan(
      prefetch, KSLURM_PREFETCH_SNAKEMAKE,
      "configfile: 'c.yml'\ninclude: 'rules/a.smk'\ninclude: path('b')\nmodule m:\n"
      "  snakefile: \"m/Snakefile\"\n",
      -1);
  kslurm_image_prefetch_scan(prefetch, KSLURM_PREFETCH_NEXTFLOW,
                             "includeConfig 'conf/base.config'\n"
                             "include { FASTQC; B as C } from '../modules/fastqc/main'\n"
                             "includeConfig \"${base}/x.config\"\n"
                             "includeConfig x ? 'a.config' : '/dev/null'\n"
                             "include { y } from 'plugin/z'\nChannel.from('a')\n",
                             -1);
  includes = join(prefetch->includes);
  skipped = join(prefetch->skipped);
  g_assert_cmpstr(
      includes, ==,
      "c.yml | rules/a.smk | m/Snakefile | conf/base.config | ../modules/fastqc/main | "
      "a.config");
  g_assert_cmpstr(skipped, ==,
                  "3: include: path('b') | 3: includeConfig \"${base}/x.config\"");
}

static void
test_registry(void)
{
  g_autoptr(KslurmPrefetch) prefetch = kslurm_image_prefetch_new();
  g_auto(GStrv) uris = NULL;
  g_autofree char *line = NULL;

  kslurm_image_prefetch_scan(
      prefetch, KSLURM_PREFETCH_NEXTFLOW,
      "singularity.registry = 'quay.io/'\ndocker.registry = 'd.io'\n"
      "podman { registry = params.x }\ncontainer = 'biocontainers/x:1'\n",
      -1);
  kslurm_image_prefetch_scan(prefetch, KSLURM_PREFETCH_LIST,
                             "ghcr.io/o/x:1\nlocalhost:5000/x\ndocker://o/x:1\nx:1\n", -1);
  uris = kslurm_image_prefetch_list(prefetch);
  line = g_strjoinv(" ", uris);
  g_assert_cmpstr(line, ==,
                  "quay.io/biocontainers/x:1 ghcr.io/o/x:1 localhost:5000/x docker://o/x:1 "
                  "quay.io/x:1");
}

static void
test_guess(void)
{
  static const struct {
    const char *path;
    KslurmPrefetchKind kind;
  } cases[] = {{"workflow/Snakefile", KSLURM_PREFETCH_SNAKEMAKE},
               {"rules/a.smk", KSLURM_PREFETCH_SNAKEMAKE},
               {"nextflow.config", KSLURM_PREFETCH_NEXTFLOW},
               {"main.nf", KSLURM_PREFETCH_NEXTFLOW},
               {"config.yaml", KSLURM_PREFETCH_TEXT},
               {"images.txt", KSLURM_PREFETCH_LIST},
               {"", KSLURM_PREFETCH_LIST}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpint(kslurm_image_prefetch_guess(cases[i].path), ==, cases[i].kind);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/image-prefetch/snakemake", test_snakemake);
  g_test_add_func("/image-prefetch/nextflow", test_nextflow);
  g_test_add_func("/image-prefetch/list", test_list);
  g_test_add_func("/image-prefetch/text", test_text);
  g_test_add_func("/image-prefetch/includes", test_includes);
  g_test_add_func("/image-prefetch/registry", test_registry);
  g_test_add_func("/image-prefetch/guess", test_guess);
  return g_test_run();
}
