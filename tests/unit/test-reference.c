/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/image/kslurm-reference.h"
#include "base/util/kslurm-error.h"
#include "unit.h"

#define HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define DIGEST "sha256:" HEX
#define NO_IMAGE(text, reason)                                                             \
  {                                                                                        \
    text, "'" text "' is no image: " reason                                                \
  }

static const struct {
  const char *text, *form, *host, *repository, *tag, *digest;
} accepted[] = {
    {"busybox:latest", "docker://busybox:latest", "docker.io", "library/busybox", "latest"},
    {"busybox", "docker://busybox:latest", "docker.io", "library/busybox", "latest"},
    {"docker.io/busybox:1", "docker://busybox:1", "docker.io", "library/busybox", "1"},
    {"index.docker.io/o/x:1", "docker://o/x:1", "docker.io", "o/x", "1"},
    {"docker://registry-1.docker.io/library/x", "docker://x:latest", "docker.io",
     "library/x", "latest"},
    {"docker:24", "docker://docker:24", "docker.io", "library/docker", "24"},
    {"library/x/y:1", "docker://library/x/y:1", "docker.io", "library/x/y", "1"},
    {"docker.io/localhost/x:1", "docker://docker.io/localhost/x:1", "docker.io",
     "localhost/x", "1"},
    {"docker.io/a.b/x:1", "docker://docker.io/a.b/x:1", "docker.io", "a.b/x", "1"},
    {"nipreps/fmriprep:21.0.2", "docker://nipreps/fmriprep:21.0.2", "docker.io",
     "nipreps/fmriprep", "21.0.2"},
    {"GHCR.io/org/name:Tag", "docker://ghcr.io/org/name:Tag", "ghcr.io", "org/name", "Tag"},
    {"quay.io/a/b/c/d:x_1", "docker://quay.io/a/b/c/d:x_1", "quay.io", "a/b/c/d", "x_1"},
    {"localhost:5000/x", "docker://localhost:5000/x:latest", "localhost:5000", "x",
     "latest"},
    {"localhost/x:1", "docker://localhost/x:1", "localhost", "x", "1"},
    {"127.0.0.1:5000/a__b/c---d.e_f:1", "docker://127.0.0.1:5000/a__b/c---d.e_f:1",
     "127.0.0.1:5000", "a__b/c---d.e_f", "1"},
    {"[::1]:5000/x:1", "docker://[::1]:5000/x:1", "[::1]:5000", "x", "1"},
    {"[FE80::1]/x:1", "docker://[fe80::1]/x:1", "[fe80::1]", "x", "1"},
    {"x@" DIGEST, "docker://x@" DIGEST, "docker.io", "library/x", NULL, DIGEST},
    {"ghcr.io/o/x:1@" DIGEST, "docker://ghcr.io/o/x:1@" DIGEST, "ghcr.io", "o/x", "1",
     DIGEST},
    {"oras://reg/img:tag", "oras://reg/img:tag", "reg", "img", "tag"},
    {"https://Depot.example.org/s/fastqc:0.11.9--0",
     "https://depot.example.org/s/fastqc:0.11.9--0", "depot.example.org",
     "s/fastqc:0.11.9--0", NULL},
    {"https://h:8443/a/B.sif?x=%2F/y", "https://h:8443/a/B.sif?x=%2F/y", "h:8443",
     "a/B.sif?x=%2F/y", NULL},
    {"https://registry-1.docker.io/x", "https://registry-1.docker.io/x",
     "registry-1.docker.io", "x", NULL},
    {"http://127.0.0.1:80/x.sif", "http://127.0.0.1:80/x.sif", "127.0.0.1:80", "x.sif",
     NULL}};

static void
test_accepted(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(accepted); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(KslurmReference) reference = kslurm_reference_parse(accepted[i].text, &error);
    g_autoptr(KslurmReference) again = NULL;
    g_autofree char *form = NULL;

    g_assert_no_error(error);
    form = kslurm_reference_to_string(reference);
    g_assert_cmpstr(form, ==, accepted[i].form);
    g_assert_cmpstr(kslurm_reference_get_host(reference), ==, accepted[i].host);
    g_assert_cmpstr(kslurm_reference_get_repository(reference), ==, accepted[i].repository);
    g_assert_cmpstr(kslurm_reference_get_tag(reference), ==, accepted[i].tag);
    g_assert_cmpstr(kslurm_reference_get_digest(reference), ==, accepted[i].digest);
    again = kslurm_reference_parse(form, &error);
    g_assert_no_error(error);
    g_assert_true(kslurm_reference_equal(reference, again));
  }
}

static const struct {
  const char *text, *message;
} refused[] = {
    NO_IMAGE("", "it is empty; write one such as 'ubuntu:24.04'"),
    NO_IMAGE("busy box:1",
             "' ' may not stand in 'busy box'; a name holds letters, digits, "
             "'.', '_' and '-'"),
    NO_IMAGE("é:1",
             "'é' may not stand in 'é'; a name holds letters, digits, '.', '_' and '-'"),
    NO_IMAGE("Org/Img:1",
             "'Org' has capital letters, which no repository has; write 'org'"),
    NO_IMAGE("org//x:1", "a part of the name is empty"),
    NO_IMAGE("docker:///x:1", "a part of the name is empty"),
    NO_IMAGE("ghcr.io/", "a part of the name is empty"),
    NO_IMAGE(":1", "a part of the name is empty"),
    NO_IMAGE("a..b:1",
             "'a..b' begins or ends with a separator, or has several between two "
             "letters"),
    NO_IMAGE("a___b",
             "'a___b' begins or ends with a separator, or has several between two "
             "letters"),
    NO_IMAGE("..:1",
             "'..' begins or ends with a separator, or has several between two "
             "letters"),
    NO_IMAGE("x:", "the tag after ':' is missing"),
    NO_IMAGE("x:.a", "the tag '.a' may not begin with '.'"),
    NO_IMAGE("x:$(id)",
             "'$' may not stand in the tag '$(id)'; a tag holds letters, digits, "
             "'_', '.' and '-'"),
    NO_IMAGE("x@tag",
             "'tag' is no digest; that is 'sha256:' and 64 of the digits 0 to 9 "
             "and a to f"),
    NO_IMAGE("/x.sif",
             "this is the path of a file, which apptainer and singularity run as "
             "it is"),
    NO_IMAGE("../x:1",
             "this is the path of a file, which apptainer and singularity run as "
             "it is"),
    NO_IMAGE("docker:busybox:1", "after 'docker' stands '://'; write 'docker://busybox:1'"),
    NO_IMAGE("docker:/x:1", "after 'docker' stands '://'; write 'docker://x:1'"),
    NO_IMAGE("://x", "nothing stands before '://'"),
    NO_IMAGE("DOCKER://x", "'DOCKER://' is written in lower case: 'docker://'"),
    NO_IMAGE("library://x",
             "'library://' is not known here; images come from 'docker://', "
             "'oras://' and 'https://'"),
    NO_IMAGE("oras://x:1", "the host is missing; write 'oras://HOST/NAME:TAG'"),
    NO_IMAGE("h:0/x", "'0' is no port: that is 1 to 65535"),
    NO_IMAGE("h:65536/x", "'65536' is no port: that is 1 to 65535"),
    NO_IMAGE("a:b/x", "'b' is no port: that is 1 to 65535"),
    NO_IMAGE("-a.b/x", "'-a.b' is no host name and no address"),
    NO_IMAGE(":5000/x", "':5000' is no host name and no address"),
    NO_IMAGE("oras:///x", "'' is no host name and no address"),
    NO_IMAGE("https://:80/x", "':80' is no host name and no address"),
    NO_IMAGE("10.0.0.256/x", "'10.0.0.256' is no host name and no address"),
    NO_IMAGE("[::1/x", "'[::1' is no host name and no address"),
    NO_IMAGE("[fe80::1%eth0]/x", "'[fe80::1%eth0]' is no host name and no address"),
    NO_IMAGE("https://h", "it names a host and no file"),
    NO_IMAGE("https://h/", "it names a host and no file"),
    NO_IMAGE("https://h?x", "it names a host and no file"),
    NO_IMAGE("https:///x", "the host is missing"),
    NO_IMAGE("https://a:b@h/x",
             "a name or a password does not belong here; use 'kapp "
             "login'"),
    NO_IMAGE("https://h/a/../b", "'..' is no part of an address"),
    NO_IMAGE("https://h/a//b", "'' is no part of an address"),
    NO_IMAGE("https://h/a b", "' ' may not stand in an address"),
    NO_IMAGE("https://h/a#b", "'#' may not stand in an address"),
    NO_IMAGE("https://h/100%", "'%' may not stand in an address")};

static void
test_refused(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
    g_autoptr(GError) error = NULL;

    g_assert_null(kslurm_reference_parse(refused[i].text, &error));
    unit_assert_usage(error, refused[i].message);
  }
}

/* what a message shows is one short line, whatever was given */
static void
test_hostile(void)
{
  g_autofree char *many = unit_repeat("x", 5000);
  g_autofree char *path = unit_repeat("x/", 125);
  g_autofree char *tag = unit_repeat("t", 128);
  g_autofree char *whole = g_strconcat("x:", tag, NULL);
  g_autofree char *more = g_strconcat(whole, "t", NULL);
  const char *const texts[] = {many, path, more, "x:a\x1b[31m", "x:a\n", "\xff\xfe", NULL};
  g_autoptr(KslurmReference) reference = kslurm_reference_parse(whole, NULL);

  g_assert_nonnull(reference);
  for (gsize i = 0; texts[i] != NULL; i++) {
    g_autoptr(GError) error = NULL;

    g_assert_null(kslurm_reference_parse(texts[i], &error));
    g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_USAGE);
    g_assert_cmpuint(strlen(error->message), <, 400);
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
    g_assert_null(strpbrk(error->message, "\x1b\n"));
  }
}

static void
test_lengths(void)
{
  g_autofree char *path = unit_repeat("x/", 122);
  g_autofree char *fits = g_strconcat(path, "x", NULL);
  g_autofree char *over = g_strconcat(path, "xxx", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmReference) reference = kslurm_reference_parse(fits, &error);

  g_assert_no_error(error);
  g_assert_null(kslurm_reference_parse(over, &error));
  g_assert_true(g_str_has_suffix(error->message, "host and name have more than 255 "
                                                 "characters"));
}

static void
test_kinds(void)
{
  static const struct {
    const char *text;
    gboolean implied, hub, sif, url, loopback;
  } cases[] = {{"x", TRUE, TRUE, FALSE, FALSE, FALSE},
               {"x:latest", FALSE, TRUE, FALSE, FALSE, FALSE},
               {"x@" DIGEST, FALSE, TRUE, FALSE, FALSE, FALSE},
               {"oras://docker.io/x", TRUE, FALSE, TRUE, FALSE, FALSE},
               {"localhost:5000/x:1", FALSE, FALSE, FALSE, FALSE, TRUE},
               {"[::1]:5000/x:1", FALSE, FALSE, FALSE, FALSE, TRUE},
               {"127.8.0.1/x:1", FALSE, FALSE, FALSE, FALSE, TRUE},
               {"localhost.evil.org/x:1", FALSE, FALSE, FALSE, FALSE, FALSE},
               {"http://r.localhost/x", FALSE, FALSE, TRUE, TRUE, TRUE},
               {"https://docker.io/x", FALSE, FALSE, TRUE, TRUE, FALSE}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(KslurmReference) reference = kslurm_reference_parse(cases[i].text, NULL);

    g_assert_cmpint(kslurm_reference_has_implied_tag(reference), ==, cases[i].implied);
    g_assert_cmpint(kslurm_reference_is_hub(reference), ==, cases[i].hub);
    g_assert_cmpint(kslurm_reference_is_sif(reference), ==, cases[i].sif);
    g_assert_cmpint(kslurm_reference_is_url(reference), ==, cases[i].url);
    g_assert_cmpint(kslurm_reference_is_loopback(reference), ==, cases[i].loopback);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/reference/accepted", test_accepted);
  g_test_add_func("/reference/refused", test_refused);
  g_test_add_func("/reference/hostile", test_hostile);
  g_test_add_func("/reference/lengths", test_lengths);
  g_test_add_func("/reference/kinds", test_kinds);
  return g_test_run();
}
