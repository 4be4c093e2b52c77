/* SPDX-License-Identifier: Apache-2.0 */
/* raw: see raw.h. */
#include "tests/bench/raw.h"

#include <lmdb.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/bench/table.h"

enum { THREADS_MAX = 256 };

#define MAP_BYTES ((size_t)4 << 30)

/* ---- signatures ------------------------------------------------------------------------------ */

static void verify_all(const struct raw_message *messages, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct raw_message *each = &messages[i];

        table_need(crypto_sign_verify_detached(each->signature, each->bytes, each->len, each->key) == 0,
                   "a signature by libsodium");
    }
}

double raw_sodium_s(const struct raw_message *messages, size_t count)
{
    double begin_s = table_now_s();

    verify_all(messages, count);
    return table_now_s() - begin_s;
}

double raw_openssl_s(const struct raw_message *messages, size_t count)
{
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, messages[0].key, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    double begin_s;
    double took_s;

    table_need(key != NULL && context != NULL && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1,
               "starting OpenSSL");
    begin_s = table_now_s();
    for (size_t i = 0; i < count; i++) {
        table_need(EVP_DigestVerify(context, messages[i].signature, 64, messages[i].bytes, messages[i].len) == 1,
                   "a signature by OpenSSL");
    }
    took_s = table_now_s() - begin_s;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return took_s;
}

struct work {
    const struct raw_message *messages;
    size_t count;
};

static void *worker(void *context)
{
    const struct work *work = context;

    verify_all(work->messages, work->count);
    return NULL;
}

double raw_sodium_threads_s(const struct raw_message *messages, size_t count, unsigned threads)
{
    struct work work = {messages, count};
    pthread_t each[THREADS_MAX];
    double begin_s = table_now_s();

    table_need(threads <= THREADS_MAX, "so many threads");
    for (unsigned i = 0; i < threads; i++) {
        table_need(pthread_create(&each[i], NULL, worker, &work) == 0, "a thread");
    }
    for (unsigned i = 0; i < threads; i++) {
        (void)pthread_join(each[i], NULL);
    }
    return table_now_s() - begin_s;
}

/* ---- LMDB ------------------------------------------------------------------------------------ */

struct raw_store {
    MDB_env *env;
    MDB_dbi tree;
    uint64_t next;
};

static struct raw_store *open_environment(const char *dir, unsigned flags)
{
    struct raw_store *store = calloc(1, sizeof *store);
    MDB_txn *txn = NULL;

    table_need(store != NULL && mdb_env_create(&store->env) == 0, "an LMDB environment");
    table_need((flags & MDB_RDONLY) != 0 || mdb_env_set_mapsize(store->env, MAP_BYTES) == 0, "an LMDB map");
    table_need(mdb_env_open(store->env, dir, flags, 0600) == 0, "opening an LMDB environment");
    table_need(mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn) == 0, "an LMDB transaction");
    table_need(mdb_dbi_open(txn, NULL, 0, &store->tree) == 0, "an LMDB tree");
    mdb_txn_abort(txn);
    return store;
}

struct raw_store *raw_store_open(const char *dir)
{
    table_need(mkdir(dir, 0700) == 0, "making a directory");
    return open_environment(dir, 0);
}

void raw_store_close(struct raw_store *store)
{
    mdb_env_close(store->env);
    free(store);
}

static void put(struct raw_store *store, MDB_txn *txn, const struct raw_value *value)
{
    uint8_t name[8];
    MDB_val key = {sizeof name, name};
    MDB_val room = {value->len, NULL};

    for (size_t i = 0; i < sizeof name; i++) {
        name[i] = (uint8_t)(store->next >> (56 - 8 * i));
    }
    store->next++;
    table_need(mdb_put(txn, store->tree, &key, &room, MDB_RESERVE | MDB_APPEND) == 0, "an LMDB put");
    memcpy(room.mv_data, value->bytes, value->len);
}

double raw_store_commit_s(struct raw_store *store, const struct raw_value *values, size_t count)
{
    double begin_s = table_now_s();
    MDB_txn *txn = NULL;

    table_need(mdb_txn_begin(store->env, NULL, 0, &txn) == 0, "an LMDB transaction");
    for (size_t i = 0; i < count; i++) {
        put(store, txn, &values[i]);
    }
    table_need(mdb_txn_commit(txn) == 0, "an LMDB commit");
    return table_now_s() - begin_s;
}

double raw_walk_s(const char *dir, uint64_t *bytes)
{
    struct raw_store *store = open_environment(dir, MDB_RDONLY | MDB_NOTLS);
    EVP_MD *sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    MDB_txn *txn = NULL;
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    double begin_s = table_now_s();
    double took_s;

    table_need(sha256 != NULL && context != NULL, "starting OpenSSL");
    table_need(mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn) == 0, "an LMDB transaction");
    table_need(mdb_cursor_open(txn, store->tree, &cursor) == 0, "an LMDB cursor");
    for (*bytes = 0; mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0; *bytes += value.mv_size) {
        uint8_t digest[32];

        table_need(EVP_DigestInit_ex2(context, sha256, NULL) == 1 &&
                       EVP_DigestUpdate(context, value.mv_data, value.mv_size) == 1 &&
                       EVP_DigestFinal_ex(context, digest, NULL) == 1,
                   "a hash");
    }
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    took_s = table_now_s() - begin_s;
    EVP_MD_CTX_free(context);
    EVP_MD_free(sha256);
    raw_store_close(store);
    return took_s;
}
