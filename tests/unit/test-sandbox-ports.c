/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox-ports.h"

#include <gio/gio.h>

static void
test_reserved(void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) ports = kslurm_sandbox_ports_reserve(50, &error);
  g_autoptr(GArray) none = kslurm_sandbox_ports_reserve(0, &error);

  g_assert_no_error(error);
  g_assert_cmpuint(none->len, ==, 0);
  g_assert_cmpuint(ports->len, ==, 50);
  for (guint i = 0; i < ports->len; i++) {
    guint port = g_array_index(ports, guint, i);

    g_assert_cmpuint(port, >, 1023);
    g_assert_cmpuint(port, <, 65536);
    g_assert_true(g_hash_table_add(seen, GUINT_TO_POINTER(port)));
    g_assert_false(kslurm_sandbox_ports_answers(port));
  }
}

/* a daemon takes its port although we hold it */
static void
test_taken(void)
{
  g_autoptr(GArray) ports = kslurm_sandbox_ports_reserve(1, NULL);
  guint port = g_array_index(ports, guint, 0);
  g_autoptr(GSocket) socket = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                           G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new(loopback, (guint16)port);
  g_autoptr(GError) error = NULL;

  g_assert_false(g_socket_bind(socket, address, FALSE, NULL));
  g_assert_true(g_socket_bind(socket, address, TRUE, &error));
  g_assert_no_error(error);
  g_assert_false(kslurm_sandbox_ports_answers(port));
  g_assert_true(g_socket_listen(socket, NULL));
  g_assert_true(kslurm_sandbox_ports_answers(port));
  g_assert_true(g_socket_close(socket, NULL));
  g_assert_false(kslurm_sandbox_ports_answers(port));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sandbox/ports/reserved", test_reserved);
  g_test_add_func("/sandbox/ports/taken", test_taken);
  return g_test_run();
}
