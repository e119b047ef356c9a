// The few functions of OpenSSL's libcrypto that tokens and WebSocket handshakes need. OpenSSL's own headers consist largely of
// macros that Swift cannot import; these wrappers have plain types.
#pragma once

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// HMAC-SHA512; `mac` has room for 64 bytes. False if libcrypto fails.
static inline bool pup_hmac_sha512(
  const void *key, size_t key_count, const void *data, size_t data_count, uint8_t *mac) {
  unsigned int length = 0;
  return HMAC(EVP_sha512(), key, (int)key_count, (const unsigned char *)data, data_count, mac, &length) != NULL && length == 64;
}

/// Takes time that depends only on `count`.
static inline bool pup_equal_in_constant_time(const void *one, const void *other, size_t count) {
  return CRYPTO_memcmp(one, other, count) == 0;
}

/// SHA-1, as required by RFC 6455; `digest` has room for 20 bytes.
static inline bool pup_sha1(const void *data, size_t count, uint8_t *digest) {
  return SHA1((const unsigned char *)data, count, digest) != NULL;
}

#pragma clang assume_nonnull end
