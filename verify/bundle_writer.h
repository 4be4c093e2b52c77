/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle_writer: what the writer of bundles has collected. Internal to bundle_collect.c, which fills it, and
 * bundle_write.c, which writes it out.
 */
#ifndef UNBROKEN_VERIFY_BUNDLE_WRITER_H
#define UNBROKEN_VERIFY_BUNDLE_WRITER_H

#include "verify/bundle.h"
#include "verify/nodes.h"

/* Copies of what was given; they never move. */
struct chunk {
    struct chunk *next;
    size_t room;
    uint8_t bytes[];
};

/* An item of a list that the file has in the order of digests. */
struct listed {
    struct hash digest;
    struct view bytes;
};

/* The buffers hold arrays of the type that is said beside them. Paths are runs in `uses`. */
struct bundle_writer {
    struct hasher *hasher; /* borrowed */
    struct chunk *chunks;
    size_t chunk_left;
    uint64_t len_bytes; /* of all that was kept: the file is longer than this */
    bool out_of_memory;
    struct nodes nodes;
    struct buffer pool;    /* nodes in the order in which they were put */
    struct buffer uses;    /* uint32_t: positions in that pool */
    struct buffer tokens;  /* struct view */
    struct buffer records; /* struct bundle_proof */
    struct buffer asked;   /* uint64_t */
    struct buffer leaves;  /* struct bundle_proof */
    struct buffer seen;    /* struct bundle_seen */
    struct buffer anchors; /* struct bundle_anchor */
    struct buffer sheets;  /* struct listed */
    struct buffer disclosures;
    struct buffer attachments;
    struct buffer others; /* struct view */
    bool has_view, has_vouched;
    struct bundle_view view;
    struct bundle_anchor vouched;
};

#endif
