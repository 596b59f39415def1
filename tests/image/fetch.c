/* SPDX-License-Identifier: MIT */
#include <locale.h>
#include <signal.h>
#include <string.h>

#include "base/image/kslurm-descriptor.h"
#include "image/kslurm-fetch.h"
#include "image/kslurm-registry.h"

/* drives the downloads without a registry: fetch [OPTION…] PORT PIPDIR DIGEST=SIZE… gets
 * '/DIGEST' of a plain server on loopback; fetch --image URI PIPDIR all blobs of an image
 */

static gboolean opt_progress;
static char *opt_image;
static int opt_workers, opt_retry;

static const GOptionEntry entries[] = {
    {"image", 'i', 0, G_OPTION_ARG_STRING, &opt_image, NULL, NULL},
    {"progress", 'p', 0, G_OPTION_ARG_NONE, &opt_progress, NULL, NULL},
    {"retry", 'r', 0, G_OPTION_ARG_INT, &opt_retry, NULL, NULL},
    {"workers", 'w', 0, G_OPTION_ARG_INT, &opt_workers, NULL, NULL},
    {NULL}};

static GCancellable *cancellable;
static KslurmProgress *progress;
static int ended;

static void *
await_interrupt(void *data)
{
  int number = 0;

  sigwait(data, &number);
  g_cancellable_cancel(cancellable);
  return NULL;
}

static void *
draw(void *data)
{
  while (!g_atomic_int_get(&ended)) {
    g_autoptr(GPtrArray) lines =
        kslurm_progress_to_lines(progress, g_get_monotonic_time(), 200, 99);

    for (guint i = 0; lines != NULL && i < lines->len; i++)
      g_printerr("%s\n", (char *)lines->pdata[i]);
    g_usleep(20000);
  }
  return NULL;
}

/* keeps the connection for as long as the stream */
static GInputStream *
read_answer(GSocketConnection *connection, guint64 *start, GError **error)
{
  GInputStream *raw = g_io_stream_get_input_stream(G_IO_STREAM(connection));
  g_autoptr(GDataInputStream) stream = g_data_input_stream_new(raw);
  g_autofree char *line = NULL;

  g_data_input_stream_set_newline_type(stream, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  g_object_set_data_full(G_OBJECT(stream), "connection", g_object_ref(connection),
                         g_object_unref);
  *start = 0;
  for (;;) {
    g_free(line);
    line = g_data_input_stream_read_line(stream, NULL, cancellable, error);
    if (line == NULL && *error == NULL)
      g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "no answer");
    if (line == NULL)
      return NULL;
    if (line[0] == '\0')
      return G_INPUT_STREAM(g_steal_pointer(&stream));
    if (g_str_has_prefix(line, "Content-Range: bytes "))
      *start = g_ascii_strtoull(line + strlen("Content-Range: bytes "), NULL, 10);
  }
}

static GInputStream *
open_blob(const char *digest,
          guint64 offset,
          guint64 *start,
          GCancellable *local,
          gpointer data,
          GError **error)
{
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GError) failure = NULL;
  g_autoptr(GSocketConnection) connection = NULL;
  g_autofree char *request = g_strdup_printf(
      "GET /%s HTTP/1.0\r\nRange: bytes=%" G_GUINT64_FORMAT "-\r\n\r\n", digest, offset);
  GInputStream *stream = NULL;

  g_socket_client_set_enable_proxy(client, FALSE);
  connection = g_socket_client_connect_to_host(client, "127.0.0.1", *(const guint16 *)data,
                                               local, &failure);
  if (connection != NULL &&
      g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(connection)),
                                request, strlen(request), NULL, local, &failure))
    stream = read_answer(connection, start, &failure);
  if (stream == NULL)
    g_propagate_error(error, g_steal_pointer(&failure));
  return stream;
}

static gboolean
fetch_blobs(const char *pipdir,
            GPtrArray *blobs,
            KslurmFetchOpen open,
            gpointer data,
            GError **error)
{
  g_autoptr(KslurmImageStore) store = kslurm_image_store_new(pipdir);
  const KslurmFetchSetup setup = {.store = store,
                                  .open = open,
                                  .data = data,
                                  .label = "all",
                                  .progress = progress,
                                  .workers = (guint)opt_workers,
                                  .retry_ms = (guint)opt_retry};
  g_autoptr(KslurmFetch) fetch = kslurm_fetch_new(&setup, blobs, cancellable, error);

  return fetch != NULL && kslurm_fetch_wait_all(fetch, error);
}

static gboolean
fetch_all(int argc, char **argv, GError **error)
{
  guint16 port = (guint16)g_ascii_strtoull(argv[1], NULL, 10);
  g_autoptr(GPtrArray) blobs =
      g_ptr_array_new_with_free_func((GDestroyNotify)kslurm_descriptor_free);

  for (int i = 3; i < argc; i++) {
    g_auto(GStrv) words = g_strsplit(argv[i], "=", 2);

    g_ptr_array_add(
        blobs, kslurm_descriptor_new("", words[0], g_ascii_strtoull(words[1], NULL, 10)));
  }
  return fetch_blobs(argv[2], blobs, open_blob, &port, error);
}

typedef struct {
  KslurmRegistry *registry;
  KslurmReference *reference;
} Remote;

static GInputStream *
open_remote(const char *digest,
            guint64 offset,
            guint64 *start,
            GCancellable *local,
            gpointer data,
            GError **error)
{
  const Remote *remote = data;

  return kslurm_registry_open_blob(remote->registry, remote->reference, digest, offset,
                                   start, local, error);
}

static gboolean
fetch_image(const char *pipdir, GError **error)
{
  g_autoptr(KslurmReference) reference = kslurm_reference_parse(opt_image, error);
  g_autoptr(KslurmRegistry) registry = kslurm_registry_new(kslurm_mirrors_new(), 8);
  g_autofree char *digest =
      reference != NULL ? kslurm_registry_resolve(registry, reference, cancellable, error)
                        : NULL;
  g_autoptr(KslurmRegistryManifest) found =
      digest != NULL ? kslurm_registry_get_manifest(registry, reference, digest, NULL,
                                                    cancellable, error)
                     : NULL;
  GPtrArray *layers = found != NULL ? found->manifest->layers : NULL;
  g_autoptr(GPtrArray) blobs = g_ptr_array_new();
  Remote remote = {registry, reference};

  if (found == NULL)
    return FALSE;
  g_ptr_array_add(blobs, found->manifest->config);
  for (guint i = layers->len; i > 0; i--)
    g_ptr_array_add(blobs, layers->pdata[i - 1]);
  return fetch_blobs(pipdir, blobs, open_remote, &remote, error);
}

int
main(int argc, char **argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_autoptr(GError) error = NULL;
  GThread *drawer = NULL;
  sigset_t interrupt;

  setlocale(LC_ALL, "");
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  sigprocmask(SIG_BLOCK, &interrupt, NULL);
  cancellable = g_cancellable_new();
  progress = kslurm_progress_new();
  g_thread_unref(g_thread_new("interrupt", await_interrupt, &interrupt));
  g_option_context_add_main_entries(context, entries, NULL);
  if (!g_option_context_parse(context, &argc, &argv, &error) || argc < 2)
    return 2;
  drawer = opt_progress ? g_thread_new("draw", draw, NULL) : NULL;
  if (opt_image != NULL)
    fetch_image(argv[1], &error);
  else
    fetch_all(argc, argv, &error);
  g_atomic_int_set(&ended, 1);
  g_clear_pointer(&drawer, g_thread_join);
  if (error == NULL)
    return 0;
  g_printerr("%s %d: %s\n", g_quark_to_string(error->domain), error->code, error->message);
  return 1;
}
