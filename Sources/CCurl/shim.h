// The system's libcurl, and the parts that Swift cannot import: its setters and getters are variadic.
#pragma once

#include <curl/curl.h>

#if LIBCURL_VERSION_NUM < 0x075500
#error "libcurl 7.85 or newer is required"
#endif

static inline CURLcode pup_curl_set_long(CURL *_Nonnull easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

/// libcurl copies the text.
static inline CURLcode pup_curl_set_text(CURL *_Nonnull easy, CURLoption option, const char *_Nullable value) {
  return curl_easy_setopt(easy, option, value);
}

/// libcurl keeps the pointer.
static inline CURLcode pup_curl_set_pointer(CURL *_Nonnull easy, CURLoption option, void *_Nullable value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode pup_curl_set_headers(CURL *_Nonnull easy, struct curl_slist *_Nullable headers) {
  return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
}

/// libcurl copies the bytes.
static inline CURLcode pup_curl_set_body(CURL *_Nonnull easy, const void *_Nonnull bytes, long count) {
  CURLcode code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, count);
  return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
}

typedef size_t (*pup_curl_writer)(char *_Nullable bytes, size_t size, size_t count, void *_Nullable context);
static inline CURLcode pup_curl_set_writer(CURL *_Nonnull easy, pup_curl_writer _Nonnull writer, void *_Nullable context) {
  CURLcode code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, writer);
  return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
}

static inline long pup_curl_status(CURL *_Nonnull easy) {
  long status = 0;
  return curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0;
}

/// The errno of the last failed connect; 0 if there is none.
static inline long pup_curl_os_error(CURL *_Nonnull easy) {
  long number = 0;
  return curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number) == CURLE_OK ? number : 0;
}

/// The seconds from a Retry-After header; 0 if there is none.
static inline long long pup_curl_retry_after(CURL *_Nonnull easy) {
  curl_off_t seconds = 0;
  return curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK ? (long long)seconds : 0;
}

/// Valid until the handle is reused; NULL if there is none.
static inline const char *_Nullable pup_curl_content_type(CURL *_Nonnull easy) {
  char *type = NULL;
  return curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK ? type : NULL;
}

static inline CURLMcode pup_curl_multi_set_long(CURLM *_Nonnull multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

/// The next finished transfer: returns 1 with `easy` and `result` set, or 0 if there is none.
static inline int pup_curl_multi_next(CURLM *_Nonnull multi, CURL *_Nullable *_Nonnull easy, CURLcode *_Nonnull result) {
  int left = 0;
  struct CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left)) != NULL) {
    if (message->msg != CURLMSG_DONE) continue;
    *easy = message->easy_handle;
    *result = message->data.result;
    return 1;
  }
  return 0;
}
