// Server-side TLS with OpenSSL's libssl, between two memory buffers: the caller keeps the socket. OpenSSL's own headers consist
// largely of macros that Swift cannot import; these wrappers have plain types.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// A key protected by a passphrase is refused, because there is nobody to ask.
static inline int pup_tls_no_passphrase(char *buffer, int capacity, int writing, void *_Nullable context) {
  (void)buffer;
  (void)capacity;
  (void)writing;
  (void)context;
  return 0;
}

typedef enum {
  PUP_TLS_GOOD = 0,
  PUP_TLS_NO_MEMORY,
  PUP_TLS_BAD_CERTIFICATE,
  /// The certificate is valid but what follows it is not: the file is probably just being written.
  PUP_TLS_BAD_CHAIN,
  PUP_TLS_BAD_KEY,
  PUP_TLS_MISMATCH,
} pup_tls_problem;

static inline pup_tls_problem pup_tls_use(SSL_CTX *context, BIO *certificates, BIO *keys) {
  X509 *certificate = PEM_read_bio_X509_AUX(certificates, NULL, pup_tls_no_passphrase, NULL);
  if (!certificate) return PUP_TLS_BAD_CERTIFICATE;
  bool good = SSL_CTX_use_certificate(context, certificate) == 1;
  X509_free(certificate);
  if (!good) return PUP_TLS_BAD_CERTIFICATE;
  while (true) {
    ERR_clear_error();
    X509 *next = PEM_read_bio_X509(certificates, NULL, pup_tls_no_passphrase, NULL);
    if (!next) {
      // The end of the file, unless another certificate has begun.
      if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) return PUP_TLS_BAD_CHAIN;
      break;
    }
    if (SSL_CTX_add0_chain_cert(context, next) != 1) {
      X509_free(next);
      return PUP_TLS_BAD_CHAIN;
    }
  }
  EVP_PKEY *key = PEM_read_bio_PrivateKey(keys, NULL, pup_tls_no_passphrase, NULL);
  if (!key) return PUP_TLS_BAD_KEY;
  good = SSL_CTX_use_PrivateKey(context, key) == 1 && SSL_CTX_check_private_key(context) == 1;
  EVP_PKEY_free(key);
  return good ? PUP_TLS_GOOD : PUP_TLS_MISMATCH;
}

/// TLS 1.2 and newer with a chain of certificates and its key, both
/// PEM; null if they cannot be used, with the reason in `problem`.
static inline SSL_CTX *_Nullable pup_tls_context(
  const void *chain, size_t chain_count, const void *key, size_t key_count, pup_tls_problem *problem) {
  SSL_CTX *context = SSL_CTX_new(TLS_server_method());
  BIO *certificates = BIO_new_mem_buf(chain, (int)chain_count);
  BIO *keys = BIO_new_mem_buf(key, (int)key_count);
  bool isMade = context && certificates && keys && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1;
  *problem = isMade ? pup_tls_use(context, certificates, keys) : PUP_TLS_NO_MEMORY;
  BIO_free(certificates);
  BIO_free(keys);
  ERR_clear_error();
  if (*problem != PUP_TLS_GOOD) {
    SSL_CTX_free(context);
    return NULL;
  }
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  return context;
}

/// A connection on which the client speaks first; null if out of memory.
static inline SSL *_Nullable pup_tls_open(SSL_CTX *context) {
  SSL *session = SSL_new(context);
  BIO *incoming = BIO_new(BIO_s_mem());
  BIO *outgoing = BIO_new(BIO_s_mem());
  if (!session || !incoming || !outgoing) {
    SSL_free(session);
    BIO_free(incoming);
    BIO_free(outgoing);
    return NULL;
  }
  SSL_set_bio(session, incoming, outgoing);
  SSL_set_accept_state(session);
  return session;
}

/// Passes in bytes from the network.
static inline bool pup_tls_put(SSL *session, const void *bytes, size_t count) {
  return BIO_write(SSL_get_rbio(session), bytes, (int)count) == (int)count;
}

/// Takes bytes for the network; 0 if there are none.
static inline size_t pup_tls_take(SSL *session, void *buffer, size_t capacity) {
  int count = BIO_read(SSL_get_wbio(session), buffer, (int)capacity);
  return count > 0 ? (size_t)count : 0;
}

typedef enum { PUP_TLS_BLOCKED = 0, PUP_TLS_ENDED = -1, PUP_TLS_FAILED = -2 } pup_tls_outcome;

static inline int64_t pup_tls_result(SSL *session, int count) {
  if (count > 0) return count;
  int reason = SSL_get_error(session, count);
  ERR_clear_error();
  if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE) return PUP_TLS_BLOCKED;
  return reason == SSL_ERROR_ZERO_RETURN ? PUP_TLS_ENDED : PUP_TLS_FAILED;
}

/// Reads what the client sent: returns the number of bytes or a pup_tls_outcome. Performs the handshake if necessary.
static inline int64_t pup_tls_read(SSL *session, void *buffer, size_t capacity) {
  return pup_tls_result(session, SSL_read(session, buffer, (int)capacity));
}

/// Writes to the client: returns the number of bytes accepted or a pup_tls_outcome.
static inline int64_t pup_tls_write(SSL *session, const void *bytes, size_t count) {
  return pup_tls_result(session, SSL_write(session, bytes, (int)count));
}

/// Announces that nothing more will be sent.
static inline void pup_tls_goodbye(SSL *session) {
  if (SSL_is_init_finished(session)) (void)SSL_shutdown(session);
  ERR_clear_error();
}

#pragma clang assume_nonnull end
