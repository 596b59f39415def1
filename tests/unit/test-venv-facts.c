/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/util/kslurm-error.h"
#include "base/venv/kslurm-venv-facts.h"
#include "unit.h"

static void
assert_read(const char *prefix, const char *cfg, const char *python)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmVenvFacts) facts = NULL;

  unit_write(prefix, "pyvenv.cfg", cfg);
  facts = kslurm_venv_facts_read(prefix, &error);
  if (python == NULL) {
    g_assert_null(facts);
    g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT);
    return;
  }
  g_assert_no_error(error);
  g_assert_cmpstr(facts->python, ==, python);
}

static void
test_versions(void)
{
  g_autofree char *prefix = unit_dup_folder();

  assert_read(prefix, "home = /usr/bin\nversion = 3.11.7\n", "3.11.7");
  assert_read(prefix, "version_info = 3.9.18.final.0\n", "3.9.18");
  assert_read(prefix, "version_info = 3.12.1\n", "3.12.1");
  assert_read(prefix, "version = 3.14.0a1\n", "3.14.0a1");
  assert_read(prefix, "version = 3.13.0rc2+\n", "3.13.0rc2+");
  assert_read(prefix, "version = three\n", NULL);
  assert_read(prefix, "home = /usr/bin\n", NULL);
  assert_read(prefix, "", NULL);
}

static void
test_read(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *prefix = g_build_filename(folder, "real", NULL);
  g_autofree char *logical = g_build_filename(folder, "logical", NULL);
  g_autofree char *python = g_build_filename(prefix, "bin", "python", NULL);
  g_autoptr(KslurmVenvFacts) facts = NULL;
  struct utsname system;

  g_assert_cmpint(uname(&system), ==, 0);
  unit_write(folder, "base/python3.11", "");
  unit_write(prefix, "pyvenv.cfg", "version = 3.11.7\nprompt = 'my env'\n");
  unit_write(prefix, "bin/", "");
  unit_write(prefix, "lib/python3.11/site-packages/pip-23.0.dist-info/METADATA", "");
  g_assert_cmpint(symlink("../../base/python3.11", python), ==, 0);
  g_assert_cmpint(symlink("real", logical), ==, 0);
  facts = kslurm_venv_facts_read(logical, NULL);
  g_assert_cmpstr(facts->name, ==, "my env");
  g_assert_cmpstr(facts->machine, ==, system.machine);
  g_assert_true(g_str_has_suffix(facts->base, "/base/python3.11"));
  g_assert_cmpstr(facts->places[0], ==, logical);
  g_assert_cmpstr(facts->places[1], ==, prefix);
  g_assert_null(facts->places[2]);
  g_assert_cmpstr(facts->packages[0], ==, "pip==23.0");
  g_assert_null(facts->hits);
  g_assert_cmpint(facts->created, >, 0);
}

/* virtualenv --copies, and a base that is not on this machine */
static void
test_base(void)
{
  g_autofree char *prefix = unit_dup_folder();
  g_autofree char *python = g_build_filename(prefix, "bin", "python", NULL);
  g_autoptr(KslurmVenvFacts) copied = NULL;
  g_autoptr(KslurmVenvFacts) missing = NULL;

  unit_write(prefix, "bin/python", "");
  unit_write(prefix, "pyvenv.cfg", "version = 3.11.7\nbase-executable = /usr/bin/py\n");
  copied = kslurm_venv_facts_read(prefix, NULL);
  g_assert_cmpstr(copied->base, ==, "/usr/bin/py");
  g_assert_cmpint(unlink(python), ==, 0);
  g_assert_cmpint(symlink("/nowhere/python3", python), ==, 0);
  unit_write(prefix, "pyvenv.cfg", "version = 3.11.7\n");
  missing = kslurm_venv_facts_read(prefix, NULL);
  g_assert_null(missing->base);
}

static KslurmVenvFacts *
make_facts(const char *name, const char *place, const char *hit)
{
  KslurmVenvFacts *facts = g_new0(KslurmVenvFacts, 1);

  facts->name = g_strdup(name);
  facts->python = g_strdup("3.11.7");
  facts->machine = g_strdup("x86_64");
  facts->places = g_strsplit(place, "|", -1);
  facts->packages = g_strsplit("numpy==1.26.4", "|", -1);
  facts->hits = g_strsplit(hit, "|", -1);
  facts->bytes = G_MAXINT64;
  facts->files = 2;
  facts->created = 1700000000;
  return facts;
}

static void
test_round_trip(void)
{
  g_autoptr(KslurmVenvFacts) facts =
      make_facts("my env", "/a b|/c\n\"é", "bin/activate|é\n");
  g_autofree char *json = kslurm_venv_facts_to_json(facts);
  g_autoptr(KslurmVenvFacts) same = kslurm_venv_facts_from_json(json, -1, NULL);
  g_autofree char *again = kslurm_venv_facts_to_json(same);

  g_assert_cmpstr(again, ==, json);
  g_assert_cmpstr(same->name, ==, "my env");
  g_assert_null(same->base);
  g_assert_cmpstrv(same->places, facts->places);
  g_assert_cmpstrv(same->packages, facts->packages);
  g_assert_cmpstrv(same->hits, facts->hits);
  g_assert_cmpuint(same->bytes, ==, G_MAXINT64);
  g_assert_cmpint(same->created, ==, 1700000000);
}

static void
test_not_utf8(void)
{
  g_autoptr(KslurmVenvFacts) facts = make_facts("\xff", "/\xff|/a", "bin/activate|\xff");
  g_autofree char *json = kslurm_venv_facts_to_json(facts);
  g_autoptr(KslurmVenvFacts) same = kslurm_venv_facts_from_json(json, -1, NULL);

  g_assert_nonnull(same);
  g_assert_null(same->hits);
  g_assert_cmpstr(same->places[0], ==, "/a");
  g_assert_null(same->places[1]);
}

#define FACTS                                                                              \
  "{\"version\":1,\"name\":\"n\",\"python\":\"3.11\",\"machine\":\"m\","                   \
  "\"places\":[\"/p\"],\"packages\":[],\"hits\":[\"a\"],\"bytes\":1}"

/* each pair: what is replaced in facts that hold, and by what */
static void
test_hostile(void)
{
  static const char *const changes[][2] = {{"\"n\"", "\"\\u001b[2J\""},
                                           {"\"n\"", "7"},
                                           {"\"3.11\"", "null"},
                                           {"\"3.11\"", "\"3\\n11\""},
                                           {"\"m\"", "[]"},
                                           {"[\"/p\"]", "[\"/\"]"},
                                           {"[\"/p\"]", "[\"p\"]"},
                                           {"[\"/p\"]", "[\"//p\"]"},
                                           {"[\"/p\"]", "[\"/p/../q\"]"},
                                           {"[\"/p\"]", "[\"/p/\"]"},
                                           {"[\"/p\"]", "null"},
                                           {"[]", "[\"a\\u009bb\"]"},
                                           {"[]", "{}"},
                                           {"[\"a\"]", "[\"../a\"]"},
                                           {"[\"a\"]", "[\"/a\"]"},
                                           {"[\"a\"]", "[\"\"]"},
                                           {"[\"a\"]", "[\"a//b\"]"},
                                           {"[\"a\"]", "[1]"},
                                           {":1}", ":-1}"},
                                           {"\"version\":1", "\"v\":1"},
                                           {"\"version\":1", "\"version\":0"}};
  g_autoptr(KslurmVenvFacts) right = kslurm_venv_facts_from_json(FACTS, -1, NULL);

  g_assert_nonnull(right);
  for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
    g_autoptr(GString) text = g_string_new(FACTS);
    g_autoptr(GError) error = NULL;

    g_assert_cmpuint(g_string_replace(text, changes[i][0], changes[i][1], 1), ==, 1);
    g_assert_null(kslurm_venv_facts_from_json(text->str, -1, &error));
    unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT,
                      "what is known about this environment is damaged");
  }
}

static void
test_newer(void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null(kslurm_venv_facts_from_json("{\"version\":2}", -1, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                    "what is known about this environment was written by a newer kslurm");
}

/* an archive must not be refused for a name that its own pyvenv.cfg gave */
static void
test_odd_prompt(void)
{
  g_autofree char *prefix = unit_dup_folder();
  g_autoptr(KslurmVenvFacts) facts = NULL, same = NULL;
  g_autofree char *json = NULL;
  g_autoptr(GError) error = NULL;

  unit_write(prefix, "pyvenv.cfg", "version = 3.11.2\nprompt = 'a\033[2Jb'\n");
  facts = kslurm_venv_facts_read(prefix, NULL);
  json = kslurm_venv_facts_to_json(facts);
  same = kslurm_venv_facts_from_json(json, -1, &error);
  g_assert_no_error(error);
  g_assert_null(same->name);
  g_assert_cmpstr(same->python, ==, "3.11.2");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/venv-facts/versions", test_versions);
  g_test_add_func("/venv-facts/read", test_read);
  g_test_add_func("/venv-facts/base", test_base);
  g_test_add_func("/venv-facts/round-trip", test_round_trip);
  g_test_add_func("/venv-facts/not-utf8", test_not_utf8);
  g_test_add_func("/venv-facts/hostile", test_hostile);
  g_test_add_func("/venv-facts/newer", test_newer);
  g_test_add_func("/venv-facts/odd-prompt", test_odd_prompt);
  return g_test_run();
}
