/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-docker-config.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/util/kslurm-error.h"
#include "unit.h"

/* 'u:p', 'u:p:q', 'hub:x', 'part:x' */
#define CONFIG                                                                             \
  "{\"auths\":{"                                                                           \
  "\"ghcr.io\":{\"auth\":\"dTpwOnE=\"},"                                                   \
  "\"https://index.docker.io/v1/\":{\"auth\":\"aHViOng=\",\"email\":\"e\"},"               \
  "\"quay.io\":{\"auth\":\"dTpw\"},"                                                       \
  "\"quay.io/org\":{\"auth\":\"cGFydDp4\"},"                                               \
  "\"https://node:5000/v2/\":{\"username\":\"n\",\"password\":\"w\"},"                     \
  "\"id.io\":{\"auth\":\"dTpw\",\"identitytoken\":\"abc.def\"},"                           \
  "\"token.io\":{\"registrytoken\":\"xyz\"},"                                              \
  "\"store.io\":{},"                                                                       \
  "\"null.io\":null,"                                                                      \
  "\"bad1.io\":{\"auth\":\"!\"},"                                                          \
  "\"bad2.io\":{\"auth\":\"dXA=\"},"                                                       \
  "\"bad3.io\":{\"auth\":\"dQA6cA==\"},"                                                   \
  "\"bad4.io\":[],"                                                                        \
  "\"bad5.io\":{\"registrytoken\":\"a\\r\\nX: y\"}},"                                      \
  "\"credHelpers\":{\"ecr.aws\":\"ecr-login\",\"evil.io\":\"../sh\",\"none.io\":\"\"},"    \
  "\"credsStore\":\"secretservice\"}"

static const struct {
  const char *host, *repository, *user, *password, *identity, *token;
} found[] = {{"ghcr.io", "o/x", "u", "p:q"},
             {"docker.io", "library/x", "hub", "x"},
             {"quay.io", "other/x", "u", "p"},
             {"quay.io", "org/x", "part", "x"},
             {"quay.io", "org", "part", "x"},
             {"quay.io", "organic/x", "u", "p"},
             {"quay.io", NULL, "u", "p"},
             {"node:5000", "x", "n", "w"},
             {"id.io", "x", "u", "p", "abc.def"},
             {"token.io", "x", NULL, NULL, NULL, "xyz"},
             {"store.io", "x"},
             {"null.io", "x"},
             {"other.io", "x"},
             {"node", "x"},
             {"io", "x"}};

static void
test_find(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmDockerConfig) config = kslurm_docker_config_parse(CONFIG, -1, &error);

  g_assert_no_error(error);
  for (gsize i = 0; i < G_N_ELEMENTS(found); i++) {
    g_autoptr(KslurmCredential) credential = NULL;

    g_assert_true(kslurm_docker_config_find(config, found[i].host, found[i].repository,
                                            &credential, &error));
    g_assert_no_error(error);
    if (found[i].user == NULL && found[i].token == NULL) {
      g_assert_null(credential);
      continue;
    }
    g_assert_cmpstr(credential->user, ==, found[i].user);
    g_assert_cmpstr(credential->password, ==, found[i].password);
    g_assert_cmpstr(credential->identity, ==, found[i].identity);
    g_assert_cmpstr(credential->token, ==, found[i].token);
  }
}

static void
test_damaged(void)
{
  static const char *const hosts[] = {"bad1.io", "bad2.io", "bad3.io", "bad4.io",
                                      "bad5.io"};
  static const char *const none[] = {"", "[]", "{\"auths\":", "{"};
  g_autoptr(KslurmDockerConfig) config = kslurm_docker_config_parse(CONFIG, -1, NULL);
  g_autoptr(KslurmDockerConfig) odd = kslurm_docker_config_parse(
      "{\"auths\":[],\"credHelpers\":1,\"credsStore\":{}}", -1, NULL);
  KslurmCredential *credential = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *message =
        g_strdup_printf("what is kept to log in to '%s' is damaged; use 'kapp login %s'",
                        hosts[i], hosts[i]);

    g_assert_false(kslurm_docker_config_find(config, hosts[i], "x", &credential, &error));
    unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT, message);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(none); i++)
    g_assert_null(kslurm_docker_config_parse(none[i], -1, NULL));
  g_assert_true(kslurm_docker_config_find(odd, "ghcr.io", "x", &credential, NULL));
  g_assert_null(credential);
  g_assert_null(kslurm_docker_config_get_helper(odd, "ghcr.io", "x"));
}

static void
test_helpers(void)
{
  g_autoptr(KslurmDockerConfig) config = kslurm_docker_config_parse(CONFIG, -1, NULL);

  g_assert_cmpstr(kslurm_docker_config_get_helper(config, "ecr.aws", "x"), ==, "ecr-login");
  g_assert_cmpstr(kslurm_docker_config_get_helper(config, "a.io", NULL), ==,
                  "secretservice");
  g_assert_null(kslurm_docker_config_get_helper(config, "none.io", "x"));
  g_assert_null(kslurm_docker_config_get_helper(config, "evil.io", "x"));
  g_assert_cmpstr(kslurm_docker_config_get_key("docker.io"), ==,
                  "https://index.docker.io/v1/");
  g_assert_cmpstr(kslurm_docker_config_get_key("ghcr.io"), ==, "ghcr.io");
}

static void
test_answers(void)
{
  static const char *const wrong[] = {"", "{}", "{\"Username\":\"u\"}",
                                      "{\"Username\":\"u\",\"Secret\":1}",
                                      "{\"Username\":\"<token>\",\"Secret\":\"a\\nb\"}"};
  g_autoptr(KslurmCredential) password = kslurm_credential_from_helper(
      "{\"ServerURL\":\"s\",\"Username\":\"u\",\"Secret\":\"p w\"}\n", -1, NULL);
  g_autoptr(KslurmCredential) token = kslurm_credential_from_helper(
      "{\"Username\":\"<token>\",\"Secret\":\"abc\"}", -1, NULL);

  g_assert_cmpstr(password->user, ==, "u");
  g_assert_cmpstr(password->password, ==, "p w");
  g_assert_null(token->user);
  g_assert_cmpstr(token->identity, ==, "abc");
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(GError) error = NULL;

    g_assert_null(kslurm_credential_from_helper(wrong[i], -1, &error));
    g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT);
  }
}

static void
assert_text(const char *path, const char *wanted)
{
  g_autofree char *text = NULL;
  g_autofree char *compact = NULL;
  g_autoptr(JsonNode) root = NULL;
  struct stat st;

  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  root = json_from_string(text, NULL);
  compact = json_to_string(root, FALSE);
  g_assert_cmpstr(compact, ==, wanted);
  g_assert_cmpint(stat(path, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 0777, ==, 0600);
}

static void
test_login(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *path = g_build_filename(folder, "new", "config.json", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true(kslurm_docker_config_login(path, "ghcr.io", "u", "p", NULL, &error));
  assert_text(path, "{\"auths\":{\"ghcr.io\":{\"auth\":\"dTpw\"}}}");
  g_assert_true(kslurm_docker_config_logout(path, "ghcr.io", NULL, &error));
  assert_text(path, "{\"auths\":{}}");
  g_assert_false(kslurm_docker_config_logout(path, "ghcr.io", NULL, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                    "you are not logged in to 'ghcr.io'");
  g_clear_error(&error);
  g_assert_false(kslurm_docker_config_login(path, "ghcr.io", "a:b", "p", NULL, &error));
  unit_assert_usage(error, "'a:b' is no user name: it may not be empty or hold ':'");
}

/* what we do not know stays, all names of docker.io become docker's */
static void
test_change(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *path = g_build_filename(folder, "config.json", NULL);
  g_autoptr(GError) error = NULL;

  unit_write(folder, "config.json",
             "{\"HttpHeaders\":{\"a\":1.5},\"auths\":{\"docker.io\":{\"auth\":\"x\"},"
             "\"quay.io/o\":{}},\"z\":[null,true]}");
  g_assert_cmpint(g_chmod(path, 0644), ==, 0);
  g_assert_true(kslurm_docker_config_login(path, "docker.io", "hub", "x", NULL, &error));
  assert_text(path, "{\"HttpHeaders\":{\"a\":1.5},\"auths\":{\"quay.io/o\":{},"
                    "\"https://index.docker.io/v1/\":{\"auth\":\"aHViOng=\"}},"
                    "\"z\":[null,true]}");
  g_assert_false(kslurm_docker_config_logout(path, "quay.io", NULL, NULL));
  g_assert_true(kslurm_docker_config_logout(path, "docker.io", NULL, NULL));
  unit_write(folder, "config.json", "{\"auths\":[]}");
  g_assert_false(kslurm_docker_config_login(path, "docker.io", "u", "p", NULL, NULL));
  unit_write(folder, "config.json", "not json");
  g_assert_false(kslurm_docker_config_login(path, "docker.io", "u", "p", NULL, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT);
  g_assert_nonnull(strstr(error->message, path));
}

static gpointer
log_in(gpointer data)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *path = g_build_filename(folder, "config.json", NULL);

  for (int i = 0; i < 10; i++) {
    g_autofree char *host = g_strdup_printf("%s%d.io", (const char *)data, i);

    g_assert_true(kslurm_docker_config_login(path, host, "u", "p", NULL, NULL));
  }
  return NULL;
}

static void
test_at_once(void)
{
  g_autofree char *folder = unit_dup_folder();
  g_autofree char *path = g_build_filename(folder, "config.json", NULL);
  GThread *one = g_thread_new("one", log_in, (gpointer) "a");
  GThread *two = g_thread_new("two", log_in, (gpointer) "b");
  g_autoptr(GPtrArray) hosts = g_ptr_array_new_with_free_func(g_free);

  g_thread_join(one);
  g_thread_join(two);
  for (int i = 0; i < 10; i++) {
    g_ptr_array_add(hosts, g_strdup_printf("a%d.io", i));
    g_ptr_array_add(hosts, g_strdup_printf("b%d.io", i));
  }
  for (guint i = 0; i < hosts->len; i++)
    g_assert_true(kslurm_docker_config_logout(path, hosts->pdata[i], NULL, NULL));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/docker-config/find", test_find);
  g_test_add_func("/docker-config/damaged", test_damaged);
  g_test_add_func("/docker-config/helpers", test_helpers);
  g_test_add_func("/docker-config/answers", test_answers);
  g_test_add_func("/docker-config/login", test_login);
  g_test_add_func("/docker-config/change", test_change);
  g_test_add_func("/docker-config/at-once", test_at_once);
  return g_test_run();
}
