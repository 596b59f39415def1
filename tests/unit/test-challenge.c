/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-challenge.h"

#include <string.h>

#include "unit.h"

/* "scheme realm|service|scope|failure", parted by commas */
static char *
describe(GPtrArray *challenges)
{
  GString *text = g_string_new(NULL);

  for (guint i = 0; i < challenges->len; i++) {
    const KslurmChallenge *c = challenges->pdata[i];

    g_string_append_printf(
        text, "%s%s %s|%s|%s|%s", i > 0 ? ", " : "", c->scheme,
        c->realm != NULL ? c->realm : "-", c->service != NULL ? c->service : "-",
        c->scope != NULL ? c->scope : "-", c->failure != NULL ? c->failure : "-");
  }
  return g_string_free(text, FALSE);
}

static const struct {
  const char *header, *described;
} cases[] = {
    {"Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\","
     "scope=\"repository:library/busybox:pull\"",
     "bearer "
     "https://auth.docker.io/token|registry.docker.io|repository:library/busybox:pull|-"},
    {"Basic realm=\"Registry Realm\"", "basic Registry Realm|-|-|-"},
    {"BEARER Realm = \"https://a/t\" , SERVICE=x , error=\"invalid_token\"",
     "bearer https://a/t|x|-|invalid_token"},
    {"Bearer realm=\"a, b=\\\"c\\\" d\",service=s", "bearer a, b=\"c\" d|s|-|-"},
    {"Basic realm=\"a\", Bearer realm=\"https://b\",scope=\"x,y\"",
     "basic a|-|-|-, bearer https://b|-|x,y|-"},
    {"Negotiate, Basic realm=\"a\"", "negotiate -|-|-|-, basic a|-|-|-"},
    {"Negotiate YIIB/ab+c==, Basic realm=a",
     "negotiate -|-|-|-, yiib -|-|-|-, basic a|-|-|-"},
    {"Bearer realm=https://a/t,service=s", "bearer https://a/t|s|-|-"},
    {"Bearer realm=\"one\",realm=\"two\"", "bearer one|-|-|-"},
    {"Bearer realm=\"a\\\r\nX: y\"", "bearer -|-|-|-"},
    {"Bearer realm=\"never ends", "bearer -|-|-|-"},
    {"realm=\"of nothing\", Basic", "basic -|-|-|-"},
    {",, ,Basic,,", "basic -|-|-|-"},
    {"Basic realm=", "basic |-|-|-"},
    {"=\"x\" (), @", ""},
    {"", ""}};

static void
test_parse(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *const headers[] = {cases[i].header, NULL};
    g_autoptr(GPtrArray) challenges = kslurm_challenge_parse(headers);
    g_autofree char *described = describe(challenges);

    g_assert_cmpstr(described, ==, cases[i].described);
  }
}

static void
test_choose(void)
{
  static const char *const headers[] = {
      "Negotiate",
      "Basic realm=\"a\"",
      "Bearer service=\"x\"",
      "Bearer realm=\"ftp://a/t\", Bearer realm=\"https://u:p@a/t\"",
      "Bearer realm=\"https://a/t\"",
      NULL};
  const char *const nothing[] = {"Negotiate", "Digest realm=\"x\"", NULL};
  g_autoptr(GPtrArray) challenges = kslurm_challenge_parse(headers);
  g_autoptr(GPtrArray) others = kslurm_challenge_parse(nothing);
  const KslurmChallenge *choice = kslurm_challenge_choose(challenges);

  g_assert_cmpstr(choice->realm, ==, "https://a/t");
  g_ptr_array_set_size(challenges, (int)challenges->len - 1);
  g_assert_cmpstr(kslurm_challenge_choose(challenges)->scheme, ==, "basic");
  g_assert_null(kslurm_challenge_choose(others));
}

static void
test_many(void)
{
  g_autofree char *many = unit_repeat("Basic realm=\"a\", ", 100);
  g_autofree char *huge = unit_repeat("Basic realm=\"a\", ", 1000);
  const char *const headers[] = {many, huge, NULL};
  const char *const large[] = {huge, NULL};
  g_autoptr(GPtrArray) challenges = kslurm_challenge_parse(headers);
  g_autoptr(GPtrArray) none = kslurm_challenge_parse(large);

  g_assert_cmpuint(challenges->len, ==, 16);
  g_assert_cmpuint(none->len, ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/challenge/parse", test_parse);
  g_test_add_func("/challenge/choose", test_choose);
  g_test_add_func("/challenge/many", test_many);
  return g_test_run();
}
