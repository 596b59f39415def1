/* SPDX-License-Identifier: MIT */
#include "base/request/kslurm-request-private.h"

#include <string.h>

#include "base/request/kslurm-setting.h"
#include "unit.h"

static gboolean
is_here(const char *path, gpointer data)
{
  return g_str_has_suffix(path, (const char *)data);
}

static KslurmConfig *
make_config(void)
{
  KslurmConfig *config = kslurm_config_new();

  kslurm_config_override(config, "template.mine", "2 gpu:2 1G", "test");
  kslurm_config_override(config, "template.Fat", "gpu", "test");
  kslurm_config_override(config, "template.bad", "2 nonsense", "test");
  kslurm_config_override(config, "template.open", "2 'x", "test");
  kslurm_config_override(config, "gpu.style", "gpus-per-node", "test");
  return config;
}

static KslurmRequest *
parse(const char *line, GError **error)
{
  g_auto(GStrv) argv = g_strsplit(line, " ", -1);
  g_autoptr(KslurmConfig) config = make_config();

  return kslurm_request_parse(
      g_str_equal(argv[0], "kbatch") ? KSLURM_REQUEST_BATCH : KSLURM_REQUEST_RUN,
      (const char *const *)argv, "/work", config, is_here, (gpointer) "/here", error);
}

typedef struct {
  const char *line, *want; /* "GROUP:--OPTION=VALUE… | COMMAND…" or the message */
} Case;

static void
check(const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(KslurmRequest) request = parse(cases[i].line, &error);
    g_autofree char *settings = NULL;
    g_autofree char *command = NULL;
    g_autofree char *text = NULL;

    if (request == NULL) {
      g_assert_cmpstr(error->message, ==, cases[i].want);
      continue;
    }
    g_assert_no_error(error);
    settings = unit_join_settings(kslurm_request_get_settings(request));
    command = g_strjoinv(" ", (char **)kslurm_request_get_command(request));
    text = g_strconcat(settings, command[0] != '\0' ? " | " : "", command, NULL);
    g_assert_cmpstr(text, ==, cases[i].want);
  }
}

static void
test_options(void)
{
  static const Case cases[] = {
      {"krun", ""},
      {"krun -a def-x echo", "account:--account=def-x | echo"},
      {"krun x11 --name a.b", "x11:--x11 name:--job-name=a.b"},
      {"krun x11 --x11", "x11:--x11"},
      {"krun --x11=first", "x11:--x11=first"},
      {"kbatch array:1-10:2,20%5 x", "array:--array=1-10:2,20%5 | x"},
      {"kbatch --after 12,13_4 x", "after:--dependency=afterok:12:13_4 | x"},
      {"krun gpu:a100:2 x", "gpu:--gpus-per-node=a100:2 | x"},
      {"krun 4 -c2", "cpus given twice: '4' and '-c2'"},
      {"krun -c2 -c3", "cpus given twice: '-c2' and '-c3'"},
      {"krun -p debug --qos=high x", "-:--partition=debug -:--qos=high | x"},
      {"krun --site-thing=1", "-:--"},
      {"krun -- -x --", " | -x --"},
      {"krun \xff \xfe", " | \xff \xfe"},
      {"krun --name=", "'--name': a job's name cannot be empty"},
      {"krun --after x", "'x': write job ids, as in '--after 1234,1235'"},
      {"krun --after 1,", "'1,': write job ids, as in '--after 1234,1235'"},
      {"krun array:1-2 x", "'array:1-2': only kbatch submits arrays"},
      {"kbatch array:1- x", "'array:1-': write a range, as in 'array:1-100%10'"},
      {"kbatch array:1%0 x", "'array:1%0': write a range, as in 'array:1-100%10'"},
      {"kbatch x11 y", "'x11': a batch job has no display to forward; use krun"},
      {"kbatch --x11 y", "'x11': a batch job has no display to forward; use krun"},
      {"kbatch -a 1-10 x", "'-a 1-10' would be an account; an array is the word "
                           "'array:1-10'"},
      {"krun -a a -a b", "account given twice: '-a a' and '-a b'"},
      {"krun -a a -A b", "account given twice: 'a' and '-Ab'"}};

  check(cases, G_N_ELEMENTS(cases));
}

static void
test_templates(void)
{
  static const Case cases[] = {
      {"krun -j Quick x",
       "cpus:--cpus-per-task=1 memory:--mem=4000M time:--time=00:10:00 | x"},
      {"krun 7 -j Quick 1G x",
       "cpus:--cpus-per-task=7 memory:--mem=1000M time:--time=00:10:00 | x"},
      {"krun -j mine", "cpus:--cpus-per-task=2 memory:--mem=1000M gpu:--gpus-per-node=2"},
      {"krun -j mine gpu",
       "gpu:--gpus-per-node=1 cpus:--cpus-per-task=2 memory:--mem=1000M"},
      {"krun -j mine --gres=gpu:1",
       "gpu:--gres=gpu:1 cpus:--cpus-per-task=2 memory:--mem=1000M"},
      {"krun -j Fat", "gpu:--gpus-per-node=1 cpus:--cpus-per-task=32 memory:--mem=128000M "
                      "time:--time=1-00:00:00"},
      {"krun -j none", "there is no template 'none'; '-J' lists them"},
      {"krun -j", "'-j' needs a value: -j TEMPLATE"},
      {"krun -j bad", "template 'bad': 'nonsense' is one word too many; '-h' shows what is "
                      "taken"}};

  check(cases, G_N_ELEMENTS(cases));
}

static void
test_open_quote(void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null(parse("krun -j open", &error));
  g_assert_error(error, G_SHELL_ERROR, G_SHELL_ERROR_BAD_QUOTING);
  g_assert_true(g_str_has_prefix(error->message, "template 'open': "));
}

static void
test_notes(void)
{
  static const Case cases[] = {
      {"krun -t 3:00", "'-t' only shows what would be run; the time is the word '3:00' by "
                       "itself"},
      {"krun -t 3:00 x", ""},
      {"krun --test 3:00", ""},
      {"kbatch -J name x", "'-J' lists the templates; a job's name is '--name name'"},
      {"krun a > b", "'>' reaches the program as it is; for a line of shell, quote the "
                     "whole command as one word"},
      {"krun a b", ""}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(KslurmRequest) request = parse(cases[i].line, &error);
    g_autofree char *notes = NULL;

    g_assert_no_error(error);
    notes = g_strjoinv("\n", (char **)kslurm_request_get_notes(request));
    g_assert_cmpstr(notes, ==, cases[i].want);
  }
}

static void
test_values(void)
{
  g_autoptr(KslurmRequest) plain = parse("krun --venv= x", NULL);
  g_autoptr(KslurmRequest) batch =
      parse("kbatch ./here --venv e --json --dry-run --test x", NULL);

  g_assert_cmpint(kslurm_request_get_kind(batch), ==, KSLURM_REQUEST_BATCH);
  g_assert_cmpstr(kslurm_request_get_directory(batch), ==, "/work/here");
  g_assert_cmpstr(kslurm_request_get_venv(batch), ==, "e");
  g_assert_true(kslurm_request_has(batch, "json"));
  g_assert_true(kslurm_request_has(batch, "dry-run"));
  g_assert_true(kslurm_request_has(batch, "test"));
  g_assert_false(kslurm_request_has(batch, "new"));
  g_assert_cmpint(kslurm_request_get_kind(plain), ==, KSLURM_REQUEST_RUN);
  g_assert_cmpstr(kslurm_request_get_directory(plain), ==, "/work");
  g_assert_null(kslurm_request_get_venv(plain));
}

/* an option that no table knows goes as it was typed */
static void
test_unknown(void)
{
  g_autoptr(KslurmRequest) request = parse("krun --site-thing=1", NULL);
  const KslurmSetting *setting = kslurm_request_get_settings(request)->pdata[0];

  g_assert_cmpstr(setting->origin, ==, "--site-thing=1");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/request/options", test_options);
  g_test_add_func("/request/templates", test_templates);
  g_test_add_func("/request/open-quote", test_open_quote);
  g_test_add_func("/request/notes", test_notes);
  g_test_add_func("/request/values", test_values);
  g_test_add_func("/request/unknown", test_unknown);
  return g_test_run();
}
