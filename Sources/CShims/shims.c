#include "CShims.h"

CURLcode ccurl_set_long(CURL *h, CURLoption o, long v) { return curl_easy_setopt(h, o, v); }
CURLcode ccurl_set_offset(CURL *h, CURLoption o, curl_off_t v) { return curl_easy_setopt(h, o, v); }
CURLcode ccurl_set_string(CURL *h, CURLoption o, const char *v) { return curl_easy_setopt(h, o, v); }
CURLcode ccurl_set_pointer(CURL *h, CURLoption o, void *v) { return curl_easy_setopt(h, o, v); }
CURLcode ccurl_set_list(CURL *h, CURLoption o, struct curl_slist *v) { return curl_easy_setopt(h, o, v); }
CURLcode ccurl_set_data_fn(CURL *h, CURLoption o, ccurl_data_fn v) { return curl_easy_setopt(h, o, v); }

CURLcode ccurl_set_ssl_ctx_fn(CURL *h, ccurl_ssl_ctx_fn v, void *context) {
    CURLcode rc = curl_easy_setopt(h, CURLOPT_SSL_CTX_FUNCTION, v);
    return rc == CURLE_OK ? curl_easy_setopt(h, CURLOPT_SSL_CTX_DATA, context) : rc;
}

CURLcode ccurl_get_long(CURL *h, CURLINFO i, long *v) { return curl_easy_getinfo(h, i, v); }
CURLcode ccurl_get_offset(CURL *h, CURLINFO i, curl_off_t *v) { return curl_easy_getinfo(h, i, v); }
CURLcode ccurl_get_string(CURL *h, CURLINFO i, const char **v) { return curl_easy_getinfo(h, i, (char **)v); }
CURLcode ccurl_get_certinfo(CURL *h, struct curl_certinfo **v) { return curl_easy_getinfo(h, CURLINFO_CERTINFO, v); }

void *ccurl_current_ssl(CURL *h) {
    const struct curl_tlssessioninfo *info = NULL;
    if (curl_easy_getinfo(h, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK || info == NULL) return NULL;
    return info->backend == CURLSSLBACKEND_OPENSSL ? info->internals : NULL;
}

CURLcode ccurl_get_socket(CURL *h, curl_socket_t *v) {
    *v = CURL_SOCKET_BAD;
    return curl_easy_getinfo(h, CURLINFO_ACTIVESOCKET, v);
}

CURLMcode ccurl_multi_set_long(CURLM *h, CURLMoption o, long v) { return curl_multi_setopt(h, o, v); }
CURLSHcode ccurl_share_connections(CURLSH *h) { return curl_share_setopt(h, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT); }

