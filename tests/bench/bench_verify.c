/* SPDX-License-Identifier: Apache-2.0 */
/* How many records a second one core hashes and scans, and tree nodes it joins. Prints; judges nothing. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/table.h"
#include "verify/hash.h"
#include "verify/merkle.h"
#include "verify/strict.h"
#include "verify/writer.h"

enum { ROUNDS = 2000000 };

static void report(const char *what, double begin_s)
{
    printf("%-40s %.2f M/s\n", what, ROUNDS / (table_now_s() - begin_s) / 1e6);
}

/* About the shape and size of an act with two signatures. */
static void write_act(struct buffer *out)
{
    static const uint8_t filler[200] = {0};

    writer_array(out, 4);
    writer_bytes(out, view_of(NULL, 0));
    writer_map(out, 0);
    writer_bytes(out, view_of(filler, 180));
    writer_array(out, 2);
    for (int i = 0; i < 2; i++) {
        writer_array(out, 4);
        writer_map(out, 2);
        writer_uint(out, 1);
        writer_int(out, -19);
        writer_uint(out, 4);
        writer_bytes(out, view_of(filler, 32));
        writer_map(out, 0);
        writer_text(out, view_text("registrar of the station"));
        writer_bytes(out, view_of(filler, 64));
    }
}

int main(void)
{
    struct hasher *hasher = NULL;
    struct buffer act = {0};
    struct merkle_frontier frontier = {0};
    struct fault fault;
    struct hash hash = {{0}};
    enum status status;
    double begin_s;

    fault_clear(&fault);
    write_act(&act);
    status = buffer_status(&act, &fault);
    if (status == STATUS_OK) {
        status = hasher_open(&hasher, &fault);
    }
    if (status != STATUS_OK) {
        fprintf(stderr, "bench_verify: error: %s\n", fault.text);
        goto done;
    }
    begin_s = table_now_s();
    for (int i = 0; i < ROUNDS && status == STATUS_OK; i++) {
        status = strict_check(buffer_view(&act), &fault);
    }
    printf("act of %zu bytes\n", act.len);
    report("strict_check", begin_s);
    begin_s = table_now_s();
    for (int i = 0; i < ROUNDS; i++) {
        hash_leaf(hasher, view_part(buffer_view(&act), 0, 300), &hash);
    }
    report("hash_leaf, 300 bytes", begin_s);
    begin_s = table_now_s();
    for (int i = 0; i < ROUNDS; i++) {
        hash_node(hasher, &hash, &hash, &hash);
    }
    report("hash_node", begin_s);
    begin_s = table_now_s();
    for (int i = 0; i < ROUNDS && status == STATUS_OK; i++) {
        status = merkle_append(hasher, &frontier, &hash, NULL, NULL, &fault);
    }
    report("merkle_append", begin_s);
done:
    hasher_close(hasher);
    buffer_free(&act);
    return status == STATUS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
