// libmicrohttpd and what Swift cannot call of it: functions with variable arguments, and constants that the importer skips.
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#pragma clang assume_nonnull begin

/// Keeps escape sequences as they were sent: a decoded NUL would cut the C string that carries the path.
static inline size_t pup_mhd_keep_escapes(void *_Nullable context, struct MHD_Connection *connection, char *text) {
  (void)context;
  (void)connection;
  return __builtin_strlen(text);
}

/// Debian 12's version takes bare line feeds for ends of lines, cuts a value at a NUL, and joins a folded line to the *name* of its header; where
/// it refuses something while it reads the headers, it sends the head of its answer twice. On the other hand it leaves the head as it came,
/// only with NULs for what separates its parts, so that we can look ourselves. Newer versions are strict when they are told to be.
static inline bool pup_mhd_is_lenient(void) {
  const char *version = MHD_get_version();
  return strncmp(version, "0.9.75", 6) == 0;
}

typedef struct {
  int listener;
  unsigned int connections;
  size_t memory_per_connection;
  void *context;
  MHD_AccessHandlerCallback access;
  MHD_RequestCompletedCallback completed;
  MHD_NotifyConnectionCallback connection;
  void *_Nullable (*_Nonnull uri)(void *_Nullable context, const char *_Nonnull uri, struct MHD_Connection *_Nullable connection);
  const char *_Nullable certificate;  // PEM
  const char *_Nullable key;          // PEM
} pup_mhd_settings;

static void pup_mhd_no_log(void *_Nullable context, const char *format, va_list arguments) {
  (void)context;
  (void)format;
  (void)arguments;
}

/// A server whose descriptor is polled by the caller (epoll inside epoll); null when it cannot start. MHD_start_daemon takes variable arguments.
static inline struct MHD_Daemon *_Nullable pup_mhd_start(const pup_mhd_settings *settings) {
  unsigned int flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE | MHD_USE_TURBO | MHD_USE_ERROR_LOG;
  bool secure = settings->certificate && settings->key;
  struct MHD_OptionItem tls[] = {
    {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)settings->certificate},
    {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)settings->key},
    {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
    {MHD_OPTION_END, 0, NULL},
  };
  struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
  if (secure) flags |= MHD_USE_TLS;
  return MHD_start_daemon(
    flags, 0, NULL, NULL, settings->access, settings->context,
    MHD_OPTION_EXTERNAL_LOGGER, pup_mhd_no_log, NULL,
    MHD_OPTION_LISTEN_SOCKET, settings->listener,
    MHD_OPTION_CONNECTION_LIMIT, settings->connections,
    MHD_OPTION_CONNECTION_MEMORY_LIMIT, settings->memory_per_connection,
    MHD_OPTION_NOTIFY_COMPLETED, settings->completed, settings->context,
    MHD_OPTION_NOTIFY_CONNECTION, settings->connection, settings->context,
    MHD_OPTION_URI_LOG_CALLBACK, settings->uri, settings->context,
    MHD_OPTION_UNESCAPE_CALLBACK, pup_mhd_keep_escapes, NULL,
    MHD_OPTION_STRICT_FOR_CLIENT, pup_mhd_is_lenient() ? 0 : 1,
    MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
    MHD_OPTION_ARRAY, secure ? tls : plain,
    MHD_OPTION_END);
}

/// The epoll descriptor that says when MHD_run has something to do; -1 when there is none.
static inline int pup_mhd_epoll(struct MHD_Daemon *daemon) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
  return info ? info->epoll_fd : -1;
}

/// Whether MHD_run has work left that epoll does not tell.
static inline bool pup_mhd_has_more(struct MHD_Daemon *daemon) {
  MHD_UNSIGNED_LONG_LONG timeout = 0;
  return MHD_get_timeout(daemon, &timeout) == MHD_YES && timeout == 0;
}

static inline int pup_mhd_socket(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

/// What MHD_NotifyConnectionCallback stored for the connection.
static inline void *_Nullable pup_mhd_socket_context(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

static inline void pup_mhd_close_upgraded(struct MHD_UpgradeResponseHandle *handle) {
  (void)MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
}

/// A body of unknown length. (MHD_SIZE_UNKNOWN is a cast that the importer skips.)
static inline struct MHD_Response *_Nullable pup_mhd_stream(
  MHD_ContentReaderCallback reader, void *_Nullable context, MHD_ContentReaderFreeCallback _Nullable release) {
  return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 8192, reader, context, release);
}
static const ssize_t PUP_MHD_END_OF_STREAM = MHD_CONTENT_READER_END_OF_STREAM;

#pragma clang assume_nonnull end
