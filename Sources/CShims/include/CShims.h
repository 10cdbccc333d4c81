#ifndef CSHIMS_H
#define CSHIMS_H

#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call: one typed function for each
// kind of argument the library documents.
typedef size_t (*ccurl_data_fn)(char *data, size_t size, size_t count, void *context);
typedef CURLcode (*ccurl_ssl_ctx_fn)(CURL *handle, void *ssl_ctx, void *context);

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode ccurl_set_data_fn(CURL *handle, CURLoption option, ccurl_data_fn value);
CURLcode ccurl_set_ssl_ctx_fn(CURL *handle, ccurl_ssl_ctx_fn value, void *context);

CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode ccurl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value);
CURLcode ccurl_get_string(CURL *handle, CURLINFO info, const char **value);
CURLcode ccurl_get_certinfo(CURL *handle, struct curl_certinfo **value);
/// The connection's `SSL *`, valid only inside a transfer callback. Null when the connection has no TLS.
void *ccurl_current_ssl(CURL *handle);

/// The socket of a CURLOPT_CONNECT_ONLY handle; CURL_SOCKET_BAD when there is none.
CURLcode ccurl_get_socket(CURL *handle, curl_socket_t *value);

CURLMcode ccurl_multi_set_long(CURLM *handle, CURLMoption option, long value);
/// Gives the share a cache of connections. Without lock functions: for handles of one thread.
CURLSHcode ccurl_share_connections(CURLSH *handle);


#endif
