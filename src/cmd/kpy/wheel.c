/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>

#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-process.h"
#include "base/util/kslurm-text.h"
#include "base/venv/kslurm-python.h"
#include "cmd/kpy/kpy.h"
#include "cmd/kpy/session.h"

#define PYTHON                                                                             \
  {                                                                                        \
    .kind = KSLURM_ARG_VALUE, .name = "python", .shape = "3.x",                            \
    .help = N_("for this version (default: the active one's)"), .max = 1                   \
  }
#define FILE_OF_REQUIREMENTS                                                               \
  {                                                                                        \
    .kind = KSLURM_ARG_VALUE, .letter = 'r', .name = "requirement", .shape = N_("FILE"),   \
    .help = N_("also those that FILE lists"), .complete = "file"                           \
  }
#define REQUIREMENTS                                                                       \
  {                                                                                        \
    .kind = KSLURM_ARG_OPERAND, .name = "requirements", .shape = N_("REQUIREMENT"),        \
    .help = N_("'numpy', 'torch==2.4', a project's folder, …"), .complete = "file"         \
  }

static const KslurmArg wheel_rows[] = {PYTHON, FILE_OF_REQUIREMENTS, REQUIREMENTS, {0}};

static const KslurmArg download_rows[] = {
    PYTHON,
    {.kind = KSLURM_ARG_VALUE,
     .name = "platform",
     .shape = N_("PLATFORM"),
     .help = N_("for this platform: manylinux2014_x86_64, …"),
     .max = 0},
    FILE_OF_REQUIREMENTS,
    REQUIREMENTS,
    {0}};

const KslurmArg *const kpy_wheel_args[] = {wheel_rows, kslurm_args_common, NULL};
const KslurmArg *const kpy_download_args[] = {download_rows, kslurm_args_common, NULL};

/* the active environment's Python, or one of the version that is wanted; where none is
 * here another one's pip can still fetch what is built for it, which @other tells */
static char *
find_python(KpySession *session, gboolean *other, GCancellable *cancellable, GError **error)
{
  const char *version = kslurm_call_get(session->call, "python");
  const char *prefix = kpy_session_find_active(session);
  g_autofree char *pip =
      prefix != NULL ? g_build_filename(prefix, "bin", "pip", NULL) : NULL;
  gboolean active = pip != NULL && g_file_test(pip, G_FILE_TEST_IS_EXECUTABLE);
  g_autoptr(GError) failure = NULL;
  char *python = NULL;

  if (version != NULL)
    python = kslurm_python_find(version, cancellable, &failure);
  *other = g_error_matches(failure, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND) &&
           g_str_equal(kslurm_call_get_verb(session->call)->name, "download");
  if (failure != NULL && !*other) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  if (python != NULL)
    return python;
  return active ? g_build_filename(prefix, "bin", "python", NULL)
                : kslurm_python_find(NULL, cancellable, error);
}

static void
add_requirements(KpySession *session, GPtrArray *argv)
{
  KslurmCall *call = session->call;

  for (guint i = 0; i < kslurm_call_count(call, "requirement"); i++) {
    g_ptr_array_add(argv, g_strdup("--requirement"));
    g_ptr_array_add(argv, g_strdup(kslurm_call_get_nth(call, "requirement", i)));
  }
  for (guint i = 0; i < kslurm_call_count(call, "requirements"); i++) {
    const char *word = kslurm_call_get_nth(call, "requirements", i);

    /* pip would take 'my project' for a name that is wrong */
    g_ptr_array_add(argv, g_file_test(word, G_FILE_TEST_IS_DIR)
                              ? g_canonicalize_filename(word, NULL)
                              : g_strdup(word));
  }
}

/* prints what builds a project, a line each; pip brings a reader of TOML */
static const char read_build_requires[] =
    "import os, sys\n"
    "try:\n"
    "    import tomllib\n"
    "except ImportError:\n"
    "    from pip._vendor import tomli as tomllib\n"
    "for folder in sys.argv[1:]:\n"
    "    path = os.path.join(folder, 'pyproject.toml')\n"
    "    project = {}\n"
    "    if os.path.exists(path):\n"
    "        with open(path, 'rb') as file:\n"
    "            project = tomllib.load(file)\n"
    "    requires = project.get('build-system', {}).get('requires', ['setuptools'])\n"
    "    if any(word.lower().startswith('setuptools') for word in requires):\n"
    "        requires = [*requires, 'wheel']\n"
    "    print(*requires, sep='\\n')\n";

static char *
run(GPtrArray *argv, GCancellable *cancellable, GError **error)
{
  const KslurmProcessSpec spec = {.argv = (const char *const *)argv->pdata};
  g_autoptr(KslurmProcessResult) result = kslurm_process_run(&spec, cancellable, error);
  g_autofree char *said = NULL;

  if (result == NULL || result->status == 0)
    return result != NULL ? g_steal_pointer(&result->output) : NULL;
  said = kslurm_text_clean(result->errors);
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM, "%s", g_strstrip(said));
  return NULL;
}

/* of the projects that are named by folder: offline, 'pip install -e' needs it */
static char **
read_requires(KpySession *session,
              const char *python,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  g_autofree char *output = NULL;

  g_ptr_array_add(argv, (char *)python);
  g_ptr_array_add(argv, (char *)"-c");
  g_ptr_array_add(argv, (char *)read_build_requires);
  for (guint i = 0; i < kslurm_call_count(session->call, "requirements"); i++) {
    const char *word = kslurm_call_get_nth(session->call, "requirements", i);

    if (g_file_test(word, G_FILE_TEST_IS_DIR))
      g_ptr_array_add(argv, (char *)word);
  }
  if (argv->len == 3)
    return g_new0(char *, 1);
  g_ptr_array_add(argv, NULL);
  output = run(argv, cancellable, error);
  return output != NULL ? g_strsplit(g_strstrip(output), "\n", -1) : NULL;
}

static GPtrArray *
new_pip(const char *python, const char *verb, const char *wheels)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);
  const char *folder = g_str_equal(verb, "wheel") ? "--wheel-dir" : "--dest";
  const char *const words[] = {python, "-m",   "pip",          verb,
                               folder, wheels, "--find-links", wheels};

  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    g_ptr_array_add(argv, g_strdup(words[i]));
  return argv;
}

static gboolean
fetch_build_requires(KpySession *session,
                     const char *python,
                     const char *wheels,
                     GCancellable *cancellable,
                     GError **error)
{
  g_auto(GStrv) requires = read_requires(session, python, cancellable, error);
  g_autoptr(GPtrArray) argv = new_pip(python, "wheel", wheels);
  g_autofree char *output = NULL;

  if (requires == NULL || requires[0] == NULL)
  return requires != NULL;
  for (gsize i = 0; requires[i] != NULL; i++)
    g_ptr_array_add(argv, g_strdup(requires[i]));
  g_ptr_array_add(argv, NULL);
  output = run(argv, cancellable, error);
  return output != NULL;
}

static gboolean
check_words(KslurmCall *call, GError **error)
{
  return kslurm_call_count(call, "requirements") + kslurm_call_count(call, "requirement") >
             0 ||
         kslurm_set_usage(error, _("what is to be fetched? name a package, or a file of "
                                   "requirements with '-r'"));
}

static gboolean
check_network(KpySession *session, GError **error)
{
  if (session->network)
    return TRUE;
  g_set_error_literal(
      error, KSLURM_ERROR, KSLURM_ERROR_WRONG_NODE,
      _("this node has no internet; fill the wheelhouse on a login node, or "
        "say 'kslurm config compute.network yes'"));
  return FALSE;
}

static gboolean
check_pip(const char *python, GCancellable *cancellable, GError **error)
{
  const char *const argv[] = {python, "-m", "pip", "--version", NULL};
  const KslurmProcessSpec spec = {.argv = argv};
  g_autoptr(KslurmProcessResult) result = kslurm_process_run(&spec, cancellable, error);

  if (result == NULL || result->status == 0)
    return result != NULL;
  g_set_error(
      error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
      _("'%s' has no pip; make an environment with 'kpy create' and try again in it"),
      python);
  return FALSE;
}

/* becomes pip, whose words and progress are what its users know */
static int
fetch(KslurmCall *call,
      const char *verb,
      void (*add_options)(KslurmCall *call, gboolean other, GPtrArray *argv),
      GCancellable *cancellable,
      GError **error)
{
  g_autoptr(KpySession) session = kpy_session_new(call, error);
  g_autofree char *wheels = NULL;
  g_autofree char *python = NULL;
  g_autoptr(GPtrArray) argv = NULL;
  gboolean other = FALSE;

  if (session == NULL || !check_words(call, error))
    return session == NULL ? 1 : 2;
  if (!check_network(session, error) ||
      (wheels = kpy_session_dup_wheels(session, error)) == NULL ||
      (python = find_python(session, &other, cancellable, error)) == NULL ||
      !check_pip(python, cancellable, error) ||
      !fetch_build_requires(session, python, wheels, cancellable, error))
    return 1;
  argv = new_pip(python, verb, wheels);
  if (add_options != NULL)
    add_options(call, other, argv);
  add_requirements(session, argv);
  g_ptr_array_add(argv, NULL);
  kslurm_call_print_notes(call);
  kslurm_process_exec((const char *const *)argv->pdata, NULL, error);
  return 1;
}

int
kpy_run_wheel(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  return fetch(call, "wheel", NULL, cancellable, error);
}

/* for another machine pip only takes what is built already */
static void
add_target(KslurmCall *call, gboolean other, GPtrArray *argv)
{
  guint count = kslurm_call_count(call, "platform");

  if (count > 0 || other)
    g_ptr_array_add(argv, g_strdup("--only-binary=:all:"));
  if (other)
    g_ptr_array_add(
        argv, g_strdup_printf("--python-version=%s", kslurm_call_get(call, "python")));
  for (guint i = 0; i < count; i++)
    g_ptr_array_add(
        argv, g_strdup_printf("--platform=%s", kslurm_call_get_nth(call, "platform", i)));
}

int
kpy_run_download(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  return fetch(call, "download", add_target, cancellable, error);
}
