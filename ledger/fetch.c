/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch: see the header. One multi handle, driven here: no thread, no callback into anything but this file.
 */
#include "ledger/fetch.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/text.h"

enum { CONNECT_MS = 5000, TOTAL_MS = 30000, HEADERS_MAX = 65536, WAIT_MS = 200, SENTENCE_BYTES = CURL_ERROR_SIZE };

struct fetcher {
    CURLM *multi;
};

/* One question on its way. */
struct fetching {
    const struct fetch_request *request;
    struct fetch_answer *answer;
    CURL *easy;
    struct curl_slist *headers;
    size_t header_bytes;
    bool too_long;
    bool headers_too_long;
    bool done;
    char why[SENTENCE_BYTES];
};

enum status fetcher_open(struct fetcher **out, struct fault *fault)
{
    struct fetcher *fetcher = calloc(1, sizeof *fetcher);

    if (fetcher == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(fetcher);
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "libcurl does not start");
    }
    fetcher->multi = curl_multi_init();
    if (fetcher->multi == NULL) {
        fetcher_close(fetcher);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    *out = fetcher;
    return STATUS_OK;
}

void fetcher_close(struct fetcher *fetcher)
{
    if (fetcher != NULL) {
        if (fetcher->multi != NULL) {
            (void)curl_multi_cleanup(fetcher->multi);
        }
        curl_global_cleanup();
        free(fetcher);
    }
}

/* ---- what comes in --------------------------------------------------------------------------- */

static size_t take_body(char *bytes, size_t one, size_t count, void *context)
{
    struct fetching *fetching = context;
    struct buffer *body = &fetching->answer->body;
    size_t len = one * count;

    if (len > fetching->request->answer_max - body->len) {
        fetching->too_long = true;
        return CURL_WRITEFUNC_ERROR;
    }
    buffer_append(body, bytes, len);
    return body->failed ? CURL_WRITEFUNC_ERROR : len;
}

/* An interim answer (1xx) begins a new head; only the bytes of all of them are counted. */
static size_t take_header(char *bytes, size_t one, size_t count, void *context)
{
    struct fetching *fetching = context;
    size_t len = one * count;

    (void)bytes;
    if (len > HEADERS_MAX - fetching->header_bytes) {
        fetching->headers_too_long = true;
        return 0;
    }
    fetching->header_bytes += len;
    return len;
}

/* "text/plain; charset=utf-8" is text/plain. */
static void keep_type(struct fetching *fetching)
{
    char *type = fetching->answer->content_type;
    const char *given = NULL;
    size_t len;

    if (curl_easy_getinfo(fetching->easy, CURLINFO_CONTENT_TYPE, &given) != CURLE_OK || given == NULL) {
        return;
    }
    len = strcspn(given, "; \t");
    if (len >= FETCH_TYPE_BYTES) {
        return;
    }
    for (size_t i = 0; i < len; i++) {
        type[i] = (char)(given[i] >= 'A' && given[i] <= 'Z' ? given[i] - 'A' + 'a' : given[i]);
    }
    type[len] = '\0';
}

/* ---- a question ------------------------------------------------------------------------------ */

static enum status refuse(struct fetching *fetching, enum status status, const char *why)
{
    struct fetch_answer *answer = fetching->answer;
    struct buffer url = {0};

    text_escape(&url, view_text(fetching->request->url));
    answer->status = fault_set(&answer->fault, status, FAULT_NOWHERE, "%.*s: %.250s", url.len > 200 ? 200 : (int)url.len,
                               url.ptr == NULL ? "" : (const char *)url.ptr, why);
    buffer_free(&url);
    return status;
}

static bool set_post(struct fetching *fetching)
{
    const struct fetch_request *request = fetching->request;
    char line[128] = "Expect:"; /* no waiting for 100 */
    struct curl_slist *list = curl_slist_append(NULL, line);
    struct curl_slist *both;

    assert(request->content_type != NULL && strlen(request->content_type) < sizeof line - sizeof "Content-Type: ");
    (void)snprintf(line, sizeof line, "Content-Type: %s", request->content_type);
    both = list == NULL ? NULL : curl_slist_append(list, line);
    fetching->headers = both == NULL ? list : both;
    return both != NULL && curl_easy_setopt(fetching->easy, CURLOPT_HTTPHEADER, fetching->headers) == CURLE_OK &&
           curl_easy_setopt(fetching->easy, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(fetching->easy, CURLOPT_POSTFIELDS, request->body.len == 0 ? "" : (const char *)request->body.ptr) == CURLE_OK &&
           curl_easy_setopt(fetching->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len) == CURLE_OK;
}

/* What the environment, or a redirect, could change is set here. */
static bool set_bounds(struct fetching *fetching)
{
    const struct fetch_request *request = fetching->request;
    CURL *easy = fetching->easy;

    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK && curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK && curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK && curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK && curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(request->connect_ms == 0 ? CONNECT_MS : request->connect_ms)) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(request->total_ms == 0 ? TOTAL_MS : request->total_ms)) == CURLE_OK;
}

static bool set_up(struct fetching *fetching)
{
    const struct fetch_request *request = fetching->request;
    CURL *easy = curl_easy_init();

    fetching->easy = easy;
    return easy != NULL && set_bounds(fetching) && curl_easy_setopt(easy, CURLOPT_URL, request->url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PRIVATE, fetching) == CURLE_OK && curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, fetching->why) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK && curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetching) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK && curl_easy_setopt(easy, CURLOPT_HEADERDATA, fetching) == CURLE_OK &&
           (request->ca_file == NULL || (curl_easy_setopt(easy, CURLOPT_CAINFO, request->ca_file) == CURLE_OK &&
                                         curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK)) &&
           (!request->post || set_post(fetching));
}

static void finish(struct fetching *fetching, CURLcode code)
{
    struct fetch_answer *answer = fetching->answer;

    fetching->done = true;
    if (fetching->too_long || fetching->headers_too_long) {
        (void)refuse(fetching, STATUS_DAMAGED, fetching->too_long ? "the answer is longer than it may be" : "the answer's headers do not end");
    } else if (answer->body.failed || code == CURLE_OUT_OF_MEMORY) {
        (void)refuse(fetching, STATUS_MEMORY, "out of memory");
    } else if (code != CURLE_OK) {
        (void)refuse(fetching, STATUS_ENVIRONMENT, fetching->why[0] != '\0' ? fetching->why : curl_easy_strerror(code));
    } else if (curl_easy_getinfo(fetching->easy, CURLINFO_RESPONSE_CODE, &answer->http_status) != CURLE_OK || answer->http_status == 0) {
        (void)refuse(fetching, STATUS_DAMAGED, "the answer is not HTTP");
    } else {
        keep_type(fetching);
        answer->status = STATUS_OK;
    }
    if (answer->status != STATUS_OK) {
        buffer_free(&answer->body);
    }
}

/* ---- all of them ----------------------------------------------------------------------------- */

static void take_messages(struct fetcher *fetcher)
{
    int left = 0;

    for (;;) {
        CURLMsg *message = curl_multi_info_read(fetcher->multi, &left);
        void *private = NULL;

        if (message == NULL) {
            return;
        }
        if (message->msg == CURLMSG_DONE && curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private) == CURLE_OK) {
            finish(private, message->data.result);
        }
    }
}

static enum status drive(struct fetcher *fetcher, struct fault *fault)
{
    int running = 1;
    CURLMcode code = CURLM_OK;

    while (running > 0 && code == CURLM_OK) {
        code = curl_multi_perform(fetcher->multi, &running);
        take_messages(fetcher);
        if (code == CURLM_OK && running > 0) {
            code = curl_multi_poll(fetcher->multi, NULL, 0, WAIT_MS, NULL);
        }
    }
    return code == CURLM_OK ? STATUS_OK : fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "libcurl: %s", curl_multi_strerror(code));
}

static enum status ask_all(struct fetcher *fetcher, struct fetching *all, size_t count, struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        if (!set_up(&all[i])) {
            all[i].done = true;
            (void)refuse(&all[i], STATUS_ENVIRONMENT, "libcurl takes no such question");
        } else if (curl_multi_add_handle(fetcher->multi, all[i].easy) != CURLM_OK) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
    }
    return drive(fetcher, fault);
}

enum status fetch_all(struct fetcher *fetcher, const struct fetch_request *requests, size_t count, struct fetch_answer *answers, struct fault *fault)
{
    struct fetching *all = calloc(count + 1, sizeof *all);
    enum status status;

    assert(count <= FETCH_AT_ONCE_MAX);
    if (all == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < count; i++) {
        answers[i] = (struct fetch_answer){0};
        all[i] = (struct fetching){.request = &requests[i], .answer = &answers[i]};
    }
    status = ask_all(fetcher, all, count, fault);
    for (size_t i = 0; i < count; i++) {
        if (!all[i].done) {
            (void)refuse(&all[i], STATUS_ENVIRONMENT, "it was not asked to the end");
        }
        if (all[i].easy != NULL) {
            (void)curl_multi_remove_handle(fetcher->multi, all[i].easy);
            curl_easy_cleanup(all[i].easy);
        }
        curl_slist_free_all(all[i].headers);
    }
    free(all);
    return status;
}

void fetch_answer_free(struct fetch_answer *answer)
{
    buffer_free(&answer->body);
    *answer = (struct fetch_answer){0};
}

char *fetch_url(struct view prefix, const char *path)
{
    size_t len = strlen(path);
    char *url;

    while (prefix.len > 0 && prefix.ptr[prefix.len - 1] == '/') {
        prefix.len--;
    }
    url = malloc(prefix.len + len + 2);
    if (url != NULL) {
        if (prefix.len > 0) {
            memcpy(url, prefix.ptr, prefix.len);
        }
        url[prefix.len] = '/';
        memcpy(url + prefix.len + 1, path, len + 1);
    }
    return url;
}
