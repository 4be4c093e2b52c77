/* SPDX-License-Identifier: Apache-2.0 */
/* raw: what the libraries do alone, with nothing of ours around them: the other side of every ratio. */
#ifndef UNBROKEN_TESTS_BENCH_RAW_H
#define UNBROKEN_TESTS_BENCH_RAW_H

#include <stddef.h>
#include <stdint.h>

/* A signed message; borrows. */
struct raw_message {
    const uint8_t *bytes;
    size_t len;
    const uint8_t *signature; /* 64 bytes */
    const uint8_t *key;       /* 32 bytes */
};

/* Verifies all of them on this thread and returns the seconds. Every signature must hold. */
double raw_sodium_s(const struct raw_message *messages, size_t count);
/* The same by OpenSSL with context and key kept; all messages are by the key of the first. */
double raw_openssl_s(const struct raw_message *messages, size_t count);
/* Each of `threads` verifies all messages at the same time: seconds until the last is done. */
double raw_sodium_threads_s(const struct raw_message *messages, size_t count, unsigned threads);

/* An LMDB environment with its default flags: each commit is durable. */
struct raw_store;
struct raw_store *raw_store_open(const char *dir);
void raw_store_close(struct raw_store *store);
/* A value to be put under the next number; borrows. */
struct raw_value {
    const void *bytes;
    size_t len;
};
/* Puts them all in one transaction and commits: the seconds. */
double raw_store_commit_s(struct raw_store *store, const struct raw_value *values, size_t count);

/*
 * Walks every entry of the environment in dir and hashes each value by SHA-256: the seconds, and how many bytes of values. No other handle of
 * this process may be open on it.
 */
double raw_walk_s(const char *dir, uint64_t *bytes);

#endif
