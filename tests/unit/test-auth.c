/* SPDX-License-Identifier: MIT */
#include "image/kslurm-auth-private.h"

#include <glib/gstdio.h>

#include "base/util/kslurm-error.h"
#include "unit.h"

#define AUTHS(name) "{\"auths\":{\"a.org\":{\"username\":\"" name "\",\"password\":\"p\"}}}"

static const struct {
  const char *answer, *token;
  gint64 life;
} tokens[] = {{"{\"token\":\"abc\",\"expires_in\":300}", "abc", 300},
              {"{\"access_token\":\"abc\"}", "abc", 60},
              {"{\"token\":\"\",\"access_token\":\"b\",\"expires_in\":0}", "b", 60},
              {"{\"token\":\"a\",\"expires_in\":99999999}", "a", 86400},
              {"{\"token\":\"a\",\"expires_in\":\"soon\"}", "a", 60},
              {"{\"token\":\"a\\r\\nX: y\"}", NULL, 0},
              {"{\"token\":7}", NULL, 0},
              {"{}", NULL, 0},
              {"", NULL, 0}};

static void
test_token(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(tokens); i++) {
    gint64 life = 0;
    g_autofree char *token = kslurm_auth_read_token(tokens[i].answer, -1, &life);

    g_assert_cmpstr(token, ==, tokens[i].token);
    if (token != NULL)
      g_assert_cmpint(life, ==, tokens[i].life);
  }
}

static void
test_basic(void)
{
  const KslurmCredential both = {(char *)"lab", (char *)"secret", NULL, NULL};
  const KslurmCredential name = {(char *)"lab", NULL, NULL, NULL};
  g_autofree char *header = kslurm_auth_dup_basic(&both);
  g_autofree char *bare = kslurm_auth_dup_basic(&name);

  g_assert_cmpstr(header, ==, "Basic bGFiOnNlY3JldA==");
  g_assert_cmpstr(bare, ==, "Basic bGFiOg==");
}

static char *
find(const char *host)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmCredential) credential = NULL;

  if (!kslurm_auth_find_credential(host, "x/y", &credential, NULL, &error))
    return g_strdup(error->message);
  if (credential == NULL)
    return NULL;
  return g_strdup(credential->user != NULL ? credential->user : credential->identity);
}

static void
assert_found(const char *host, const char *user)
{
  g_autofree char *found = find(host);

  g_assert_cmpstr(found, ==, user);
}

static void
write_below(const char *folder, const char *name, const char *text)
{
  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  unit_write(folder, name, text);
}

/* each file that is read before another hides its entry */
static void
test_order(void)
{
  g_autofree char *docker = g_build_filename(g_get_home_dir(), ".docker", NULL);
  g_autofree char *user = g_build_filename(g_get_user_config_dir(), "containers", NULL);
  g_autofree char *runtime = unit_dup_folder();
  g_autofree char *run = g_build_filename(runtime, "containers", NULL);
  g_autofree char *given = g_build_filename(docker, "given.json", NULL);
  g_autofree char *damaged = NULL;

  g_setenv("XDG_RUNTIME_DIR", runtime, TRUE);
  assert_found("a.org", NULL);
  write_below(docker, "config.json", AUTHS("docker"));
  assert_found("a.org", "docker");
  write_below(user, "auth.json", AUTHS("user"));
  assert_found("a.org", "user");
  write_below(run, "auth.json", AUTHS("run"));
  assert_found("a.org", "run");
  assert_found("b.org", NULL);
  g_setenv("REGISTRY_AUTH_FILE", given, TRUE);
  assert_found("a.org", NULL);
  write_below(docker, "given.json", "{\"auths\":");
  damaged = find("a.org");
  g_assert_true(g_str_has_prefix(damaged, "'/"));
  g_unsetenv("REGISTRY_AUTH_FILE");
}

#define HELPER                                                                             \
  "#!/bin/sh\nread -r host\n"                                                              \
  "[ \"$1 $host\" = 'get c.org' ] || { echo 'credentials not found'; exit 1; }\n"          \
  "echo '{\"Username\":\"<token>\",\"Secret\":\"kept\"}'\n"

static void
test_helper(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *program = g_build_filename(folder, "docker-credential-test", NULL);
  g_autofree char *file = g_build_filename(folder, "auth.json", NULL);
  g_autofree char *path = g_strconcat(folder, ":", g_getenv("PATH"), NULL);

  unit_write(folder, "docker-credential-test", HELPER);
  g_assert_cmpint(g_chmod(program, 0700), ==, 0);
  unit_write(folder, "auth.json",
             "{\"credsStore\":\"test\",\"credHelpers\":{\"d.org\":\"gone\"},"
             "\"auths\":{\"d.org\":{\"auth\":\"dTpw\"}}}");
  g_setenv("PATH", path, TRUE);
  g_setenv("REGISTRY_AUTH_FILE", file, TRUE);
  assert_found("c.org", "kept");
  assert_found("d.org", "u");
  assert_found("e.org", NULL);
  g_unsetenv("REGISTRY_AUTH_FILE");
}

int
main(int argc, char **argv)
{
  g_unsetenv("REGISTRY_AUTH_FILE");
  g_unsetenv("DOCKER_CONFIG");
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/auth/token", test_token);
  g_test_add_func("/auth/basic", test_basic);
  g_test_add_func("/auth/order", test_order);
  g_test_add_func("/auth/helper", test_helper);
  return g_test_run();
}
