/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crude: changes to a bundle file by someone without any key: nothing is hashed or signed anew but the whole-file check.
 *
 *   crude NAME BUNDLE OUT [--record N] [--item N] [--from BUNDLE]
 *
 * Time-stamp tokens are not carried over: the bundles of these tests have none.
 */
#include "tests/attack/crude.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void crude_read(const char *path, struct buffer *out)
{
    uint8_t chunk[65536];
    size_t n = 0;
    FILE *file = path == NULL ? NULL : fopen(path, "rb");
    if (file == NULL) {
        forge_die("%s cannot be read", path == NULL ? "--from" : path);
    }
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0) {
        buffer_append(out, chunk, n);
    }
    (void)fclose(file);
}

void crude_open(struct crude *crude, const char *path)
{
    struct fault fault = { 0 };
    memset(crude, 0, sizeof *crude);
    forge_must(hasher_open(&crude->hasher, &fault), &fault);
    crude->record = forge_make(1, sizeof *crude->record);
    crude->act = forge_make(1, sizeof *crude->act);
    crude_read(path, &crude->file);
    if (bundle_decode(crude->hasher, buffer_view(&crude->file), &crude->bundle, &fault) != BUNDLE_OK) {
        forge_die("%s: %s", path, fault.text);
    }
}

void crude_close(struct crude *crude)
{
    for (size_t i = 0; i < crude->made_count; i++) {
        buffer_free(&crude->made[i]);
    }
    bundle_close(&crude->bundle);
    buffer_free(&crude->file);
    free(crude->record);
    free(crude->act);
    hasher_close(crude->hasher);
}

struct buffer *crude_room(struct crude *crude)
{
    if (crude->made_count == MADE_MAX) {
        forge_die("too many changes");
    }
    return &crude->made[crude->made_count++];
}

size_t crude_find(struct crude *crude, const struct request *request)
{
    uint64_t index = request_number(request->record, "--record");
    struct fault fault = { 0 };
    for (size_t i = 0; i < crude->bundle.record_count; i++) {
        forge_must(record_decode(crude->bundle.records[i].bytes, crude->record, &fault), &fault);
        if (crude->record->index == index) {
            return i;
        }
    }
    forge_die("record %llu is not in the bundle", (unsigned long long)index);
}

void crude_put(struct crude *crude, size_t i)
{
    struct buffer *bytes = crude_room(crude);
    record_encode(crude->record, bytes);
    crude->bundle.records[i].bytes = buffer_view(bytes);
}

/* --- the file --- */

static struct merkle_path path_of(const struct crude *crude, struct bundle_path path)
{
    struct merkle_path nodes;
    if (!bundle_path_nodes(&crude->bundle, path, &nodes)) {
        forge_die("a path is too long");
    }
    return nodes;
}

static void put_views(const struct crude *crude, struct bundle_writer *writer)
{
    const struct bundle *bundle = &crude->bundle;
    bundle_put_view(writer, bundle->view.note, NULL, 0);
    for (size_t i = 0; i < bundle->seen_count; i++) {
        struct merkle_path path = path_of(crude, bundle->seen[i].path);
        bundle_put_seen(writer, bundle->seen[i].size, &path);
    }
    for (size_t i = 0; i < bundle->anchor_count; i++) {
        struct merkle_path path = path_of(crude, bundle->anchors[i].path);
        bundle_put_anchor(writer, bundle->anchors[i].view.note, NULL, 0, &path);
    }
}

static void crude_write(const struct crude *crude, struct buffer *out)
{
    const struct bundle *bundle = &crude->bundle;
    struct bundle_writer *writer = NULL;
    struct fault fault = { 0 };
    forge_must(bundle_writer_open(crude->hasher, &writer, &fault), &fault);
    put_views(crude, writer);
    for (size_t i = 0; i < bundle->record_count; i++) {
        struct merkle_path path = path_of(crude, bundle->records[i].path);
        bundle_put_record(writer, bundle->records[i].bytes, &path);
    }
    for (size_t i = 0; i < bundle->asked_count; i++) {
        bundle_put_asked(writer, bundle->asked[i]);
    }
    for (size_t i = 0; i < bundle->leaf_count; i++) {
        struct merkle_path path = path_of(crude, bundle->leaves[i].path);
        bundle_put_leaf(writer, bundle->leaves[i].bytes, &path);
    }
    for (size_t i = 0; i < bundle->sheet_count; i++) {
        bundle_put_sheet(writer, bundle->sheets[i]);
    }
    for (size_t i = 0; i < bundle->disclosure_count; i++) {
        bundle_put_disclosure(writer, bundle->disclosures[i]);
    }
    for (size_t i = 0; i < bundle->attachment_count; i++) {
        bundle_put_attachment(writer, bundle->attachments[i]);
    }
    forge_must(bundle_write(writer, out, &fault), &fault);
    bundle_writer_close(writer);
}

int main(int argc, char **argv)
{
    struct request request;
    struct crude crude;
    struct buffer out = { 0 };
    request_read(argc, argv, &request);
    crude_open(&crude, request.in);
    crude_change(&crude, &request);
    crude_write(&crude, &out);
    request_write(request.out, buffer_view(&out));
    buffer_free(&out);
    crude_close(&crude);
    return 0;
}
