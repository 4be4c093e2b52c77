/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tiles: names, contents, export, proofs, HTTP. Breaks when a name is read that tile_path does not write; when a tile is not the nodes or records of the ledger; when an
 * export shows a checkpoint before its tiles, rewrites what is there, or writes over the tiles of something else; when a disclosure gets out.
 */
#include "tests/ledger/fixture.c"

#include "ledger/files.h"
#include "ledger/tiles.h"
#include "ledger/tiles_http.h"
#include "ledger/tlog_proof.h"
#include "verify/merkle.h"
#include "verify/text.h"

static struct ledger_txn *reader(struct fixture *f)
{
    struct ledger_txn *txn = NULL;

    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    return txn;
}

/* In one commit; all of these acts have seen the same. */
static void grow(struct fixture *f, uint64_t size)
{
    struct ledger_txn *txn = NULL;

    OK(ledger_begin(f->ledger, true, &txn, FAULT));
    while (ledger_size(txn) < size) {
        struct signed_act act = noting(f, CUSTODIAN, "a note that must stay in the house", 1);
        uint64_t index;

        f->now_s += 60;
        OK(ledger_append(txn, &act.submission, f->now_s, NULL, &index, FAULT));
        signed_free(&act);
    }
    OK(ledger_commit(txn, FAULT));
    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    fixture_see(f, txn);
    ledger_abort(txn);
}

static struct tiles_report export_to(struct fixture *f, const char *name, enum status want)
{
    char dir[128];
    struct tiles_report report = {0};
    struct fault fault = {0};
    struct ledger_txn *txn = reader(f);

    (void)snprintf(dir, sizeof dir, "%s/%s", f->root, name);
    ck_assert_msg(tiles_export(txn, dir, NULL, &report, &fault) == want, "%s", fault.text);
    ledger_abort(txn);
    return report;
}

static bool read_file(struct fixture *f, const char *name, struct buffer *out)
{
    char path[192];

    (void)snprintf(path, sizeof path, "%s/%s", f->root, name);
    buffer_reset(out);
    return files_read(path, 1 << 25, out, NULL) == STATUS_OK;
}

static void shell(struct fixture *f, const char *command)
{
    char line[512];

    (void)snprintf(line, sizeof line, "cd '%s' && %s", f->root, command);
    ck_assert_int_eq(system(line), 0);
}

/* ---- names ----------------------------------------------------------------------------------- */

START_TEST(names_are_those_of_the_specification)
{
    static const struct {
        struct tile tile;
        const char *path;
    } rows[] = {
        {{TILE_HASHES, 0, 0, TILE_WIDTH}, "tile/0/000"},
        {{TILE_HASHES, 0, 1234067, TILE_WIDTH}, "tile/0/x001/x234/067"}, /* tlog-tiles' own example */
        {{TILE_HASHES, 6, 3, 1}, "tile/6/003.p/1"},
        {{TILE_ENTRIES, 0, 1000, 255}, "tile/entries/x001/000.p/255"},
        {{TILE_SHEETS, 0, 999, 17}, "tile/sheets/999.p/17"},
        {{TILE_ENTRIES, 0, NUM_MAX / TILE_WIDTH, 1}, "tile/entries/x035/x184/x372/x088/831.p/1"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[TILE_PATH_BYTES];
        struct tile tile;

        tile_path(&rows[i].tile, path);
        ck_assert_str_eq(path, rows[i].path);
        ck_assert(tile_parse(view_text(path), &tile));
        ck_assert_uint_eq(tile.kind, rows[i].tile.kind);
        ck_assert_uint_eq(tile.level, rows[i].tile.level);
        ck_assert_uint_eq(tile.index, rows[i].tile.index);
        ck_assert_uint_eq(tile.width, rows[i].tile.width);
    }
}
END_TEST

START_TEST(no_other_name_is_read)
{
    static const char *const wrong[] = {
        "", "tile", "tile/", "/tile/0/000", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/00/000", "tile/01/000", "tile/7/000", "tile/63/000", "tile/64/000",
        "tile/-1/000", "tile/0/x000/001", "tile/0/x000", "tile/0/x001/", "tile/0/x01/001", "tile/0/001/002", "tile/0/X001/002", "tile/0/000.p", "tile/0/000.p/",
        "tile/0/000.p/0", "tile/0/000.p/01", "tile/0/000.p/256", "tile/0/000.p/999", "tile/0/000.p/1/", "tile/0/000/", "tile/0/000?x", "tile/0/../0/000",
        "tile/entries/0/000", "tile/entries/000.p/-1", "tile/Entries/000", "tile/sheets", "tile//000", "tile/0//000", " tile/0/000", "tile/0/000 ",
        "tile/0/x999/x999/x999/x999/x999/x999/999", "tile/0/x999/x999/x999/x999/x999/999", "checkpoint", "tile/0/\xd9\xa0\xd9\xa0\xd9\xa0", "tile/disclosures/000",
    };
    struct tile tile;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ck_assert_msg(!tile_parse(view_text(wrong[i]), &tile), "%s", wrong[i]);
    }
    ck_assert(!tile_parse(view_of("tile/0/000\0", 11), &tile));
}
END_TEST

/* tlog-tiles: a tree of 70,000 is 273 full tiles and one of 112; one full and one of 17; one of 1. Of 256: one full, and one of 1 above it. */
START_TEST(sizes_are_those_of_the_specification)
{
    struct tile tile = tile_of(TILE_HASHES, 0, 69999, 70000);

    ck_assert_uint_eq(tile.index, 273);
    ck_assert_uint_eq(tile.width, 112);
    ck_assert_uint_eq(tile_of(TILE_HASHES, 0, 69887, 70000).width, TILE_WIDTH);
    tile = tile_of(TILE_HASHES, 1, 272, 70000);
    ck_assert_uint_eq(tile.index, 1);
    ck_assert_uint_eq(tile.width, 17);
    ck_assert_uint_eq(tile_of(TILE_HASHES, 1, 255, 70000).width, TILE_WIDTH);
    ck_assert_uint_eq(tile_of(TILE_HASHES, 2, 0, 70000).width, 1);
    ck_assert_uint_eq(tile_of(TILE_HASHES, 0, 255, 256).width, TILE_WIDTH);
    ck_assert_uint_eq(tile_of(TILE_HASHES, 1, 0, 256).width, 1);

    tile = (struct tile){TILE_HASHES, 1, 1, 17};
    ck_assert(tile_within(&tile, 70000));
    tile.width = 18;
    ck_assert(!tile_within(&tile, 70000));
    tile = (struct tile){TILE_HASHES, 3, 0, 1};
    ck_assert(!tile_within(&tile, 70000));
    tile = (struct tile){TILE_ENTRIES, 0, UINT64_MAX / 2, 1};
    ck_assert(!tile_within(&tile, NUM_MAX));
}
END_TEST

/* ---- contents -------------------------------------------------------------------------------- */

START_TEST(a_tile_is_the_nodes_records_and_sheets)
{
    struct fixture f;
    struct buffer bytes = {0};
    struct ledger_txn *txn;

    fixture_make(&f, NULL);
    grow(&f, 9);
    txn = reader(&f);
    OK(tiles_read(txn, &(struct tile){TILE_ENTRIES, 0, 0, 9}, &bytes, FAULT));
    struct view left = buffer_view(&bytes);
    struct buffer leaves = {0};
    for (uint64_t i = 0; i < 9; i++) {
        struct view record;
        struct hash hash;
        size_t len = (size_t)left.ptr[0] << 8 | left.ptr[1];

        OK(ledger_record(txn, i, &record, FAULT));
        ck_assert(view_equal(record, view_part(left, 2, len)));
        left = view_part(left, 2 + len, left.len - 2 - len);
        hash_leaf(f.hasher, record, &hash);
        buffer_append_view(&leaves, hash_view(&hash));
    }
    ck_assert_uint_eq(left.len, 0);
    buffer_reset(&bytes);
    OK(tiles_read(txn, &(struct tile){TILE_HASHES, 0, 0, 9}, &bytes, FAULT));
    ck_assert(view_equal(buffer_view(&bytes), buffer_view(&leaves)));

    /* A note has one sheet, and the founding three; what they are the digests of is not in any tile. */
    buffer_reset(&bytes);
    OK(tiles_read(txn, &(struct tile){TILE_SHEETS, 0, 0, 9}, &bytes, FAULT));
    left = buffer_view(&bytes);
    for (uint64_t i = 0; i < 9; i++) {
        struct ledger_details details;
        size_t count = (size_t)left.ptr[0] << 8 | left.ptr[1];

        OK(ledger_details(txn, i, &details, FAULT));
        ck_assert_uint_eq(details.sheet_count, count);
        left = view_part(left, 2, left.len - 2);
        for (size_t k = 0; k < count; k++) {
            size_t len = (size_t)left.ptr[0] << 24 | (size_t)left.ptr[1] << 16 | (size_t)left.ptr[2] << 8 | left.ptr[3];

            ck_assert(view_equal(details.sheets[k], view_part(left, 4, len)));
            left = view_part(left, 4 + len, left.len - 4 - len);
        }
        for (size_t k = 0; k < details.disclosure_count; k++) { /* SPEC 15.1 */
            ck_assert_ptr_null(memmem(bytes.ptr, bytes.len, details.disclosures[k].ptr, details.disclosures[k].len));
        }
        ledger_details_free(&details);
    }
    ck_assert_uint_eq(left.len, 0);
    ledger_abort(txn);
    buffer_free(&bytes);
    buffer_free(&leaves);
    fixture_remove(&f);
}
END_TEST

/* ---- export ---------------------------------------------------------------------------------- */

START_TEST(an_export_grows_and_full_tiles_stay)
{
    struct fixture f;
    struct buffer bytes = {0};
    struct buffer again = {0};
    struct tiles_report report;

    fixture_make(&f, NULL);
    (void)export_to(&f, "out", STATUS_MISSING); /* nothing is signed */
    ck_assert(!read_file(&f, "out/checkpoint", &bytes));
    grow(&f, 249);
    fixture_checkpoint(&f);
    report = export_to(&f, "out", STATUS_OK);
    ck_assert_uint_eq(report.size, 250);
    ck_assert_uint_eq(report.before, 0);
    ck_assert_uint_eq(report.written, 3);
    ck_assert(read_file(&f, "out/tile/0/000.p/250", &bytes));
    ck_assert_uint_eq(bytes.len, 250 * HASH_BYTES);

    grow(&f, 269);
    fixture_checkpoint(&f);
    report = export_to(&f, "out", STATUS_OK);
    ck_assert_uint_eq(report.size, 270);
    ck_assert_uint_eq(report.before, 250);
    ck_assert_uint_eq(report.written, 7);
    ck_assert(read_file(&f, "out/tile/1/000.p/1", &bytes));
    ck_assert(read_file(&f, "out/tile/entries/001.p/14", &bytes));
    ck_assert(read_file(&f, "out/tile/sheets/001.p/14", &bytes));
    ck_assert(read_file(&f, "out/tile/0/000", &bytes));
    ck_assert(!read_file(&f, "out/tile/0/000.p/250", &again)); /* the full one is there */

    /* A full tile is never written again: whoever spoilt it finds it spoilt. */
    shell(&f, "printf x | dd of=out/tile/entries/000 conv=notrunc status=none");
    ck_assert(read_file(&f, "out/tile/entries/000", &again));
    report = export_to(&f, "out", STATUS_OK);
    ck_assert_uint_eq(report.written, 0);
    ck_assert(read_file(&f, "out/tile/entries/000", &bytes));
    ck_assert(view_equal(buffer_view(&bytes), buffer_view(&again)));
    /* One that is missing is. */
    shell(&f, "rm out/tile/entries/000");
    report = export_to(&f, "out", STATUS_OK);
    ck_assert_uint_eq(report.written, 1);
    buffer_free(&bytes);
    buffer_free(&again);
    fixture_remove(&f);
}
END_TEST

/* What a crash left behind the checkpoint is not believed: it may be of a history that was never signed. */
START_TEST(an_export_that_was_cut_off_is_gone_over_again)
{
    struct fixture f;
    struct buffer bytes = {0};

    fixture_make(&f, NULL);
    grow(&f, 260);
    fixture_checkpoint(&f);
    shell(&f, "mkdir -p out/tile/0 out/tile/entries && head -c 8192 /dev/zero >out/tile/0/000 && echo rubbish >out/tile/entries/000 && echo >out/tile/0/000.tmp");
    ck_assert_uint_eq(export_to(&f, "out", STATUS_OK).written, 7);
    ck_assert(read_file(&f, "out/tile/0/000", &bytes));
    ck_assert(bytes.ptr[0] != 0 || bytes.ptr[1] != 0);
    ck_assert(read_file(&f, "out/tile/entries/000", &bytes));
    ck_assert_uint_gt(bytes.len, 8192);
    buffer_free(&bytes);
    fixture_remove(&f);
}
END_TEST

/* Nobody sees a checkpoint whose tiles are missing: where a tile cannot be written the folder shows what it showed. */
START_TEST(the_checkpoint_is_replaced_last)
{
    struct fixture f;
    struct buffer before = {0};
    struct buffer after = {0};

    fixture_make(&f, NULL);
    fixture_checkpoint(&f);
    (void)export_to(&f, "out", STATUS_OK);
    ck_assert(read_file(&f, "out/checkpoint", &before));
    grow(&f, 7);
    fixture_checkpoint(&f);
    shell(&f, "mkdir -p out/tile/sheets/000.p/8/in-the-way");
    (void)export_to(&f, "out", STATUS_ENVIRONMENT);
    ck_assert(read_file(&f, "out/checkpoint", &after));
    ck_assert(view_equal(buffer_view(&before), buffer_view(&after)));
    shell(&f, "rmdir out/tile/sheets/000.p/8/in-the-way out/tile/sheets/000.p/8 && find out -name '*.tmp' >left && test ! -s left");
    (void)export_to(&f, "out", STATUS_OK);
    ck_assert(read_file(&f, "out/checkpoint", &after));
    ck_assert(!view_equal(buffer_view(&before), buffer_view(&after)));
    buffer_free(&before);
    buffer_free(&after);
    fixture_remove(&f);
}
END_TEST

START_TEST(tiles_of_something_else_are_not_written_over)
{
    struct fixture f;
    struct fixture other;

    fixture_make(&f, NULL);
    fixture_make(&other, NULL);
    fixture_checkpoint(&f);
    (void)export_to(&f, "out", STATUS_OK);
    copy_dir(f.dir, "/tmp/unbroken-test-tiles-old");
    /* A folder of other things. */
    shell(&f, "mkdir home && echo mine >home/file");
    (void)export_to(&f, "home", STATUS_REFUSED);
    shell(&f, "test \"$(ls home)\" = file");
    /* Newer than the ledger: a station that was put back. */
    struct signed_act act = noting(&f, CUSTODIAN, "later", 0);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    (void)export_to(&f, "newer", STATUS_OK);
    fixture_close(&f);
    copy_dir("/tmp/unbroken-test-tiles-old", f.dir);
    OK(ledger_open(f.dir, LEDGER_READ, NULL, &f.ledger, FAULT));
    (void)export_to(&f, "newer", STATUS_REFUSED);
    (void)export_to(&f, "out", STATUS_OK);
    /* Another history: the same ledger went on otherwise. */
    fixture_close(&f);
    shell(&f, "rm ledger.head");
    adopt_head(&f);
    fixture_open(&f);
    {
        struct ledger_txn *txn = reader(&f);

        fixture_see(&f, txn);
        ledger_abort(txn);
    }
    act = noting(&f, CUSTODIAN, "otherwise", 0);
    (void)fixture_append(&f, &act);
    act = noting(&f, CUSTODIAN, "and on", 0);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    (void)export_to(&f, "newer", STATUS_REFUSED);
    shell(&f, "rm -rf /tmp/unbroken-test-tiles-old");
    fixture_remove(&other);
    fixture_remove(&f);
}
END_TEST

/* ---- proofs ---------------------------------------------------------------------------------- */

START_TEST(a_proof_leads_to_the_checkpoint_that_stands_in_it)
{
    struct fixture f;
    struct ledger_txn *txn;
    struct buffer note = {0};

    fixture_make(&f, NULL);
    grow(&f, 12);
    fixture_checkpoint(&f);
    grow(&f, 15);
    txn = reader(&f);
    OK(ledger_latest_checkpoint(txn, &note, FAULT));
    for (uint64_t index = 0; index < 13; index++) {
        struct buffer proof = {0};
        char head[64];
        struct hash path[8];
        struct hash root;
        struct hash leaf;
        struct view record;
        size_t count = 0;

        OK(tlog_proof_write(txn, index, &proof, FAULT));
        (void)snprintf(head, sizeof head, "c2sp.org/tlog-proof@v1\nindex %d\n", (int)index);
        ck_assert_uint_gt(proof.len, strlen(head) + note.len);
        ck_assert_int_eq(memcmp(proof.ptr, head, strlen(head)), 0);
        ck_assert_int_eq(memcmp(proof.ptr + proof.len - note.len, note.ptr, note.len), 0);
        struct view lines = view_part(buffer_view(&proof), strlen(head), proof.len - note.len - strlen(head));
        while (lines.len > 1) {
            struct buffer hash = {0};

            ck_assert(text_base64_decode(view_part(lines, 0, 44), &hash));
            ck_assert_uint_eq(lines.ptr[44], '\n');
            path[count++] = hash_of_view(buffer_view(&hash));
            lines = view_part(lines, 45, lines.len - 45);
            buffer_free(&hash);
        }
        ck_assert_uint_eq(lines.len, 1); /* the empty line */
        OK(ledger_record(txn, index, &record, FAULT));
        OK(ledger_root(txn, 13, &root, FAULT));
        hash_leaf(f.hasher, record, &leaf);
        ck_assert(merkle_check_inclusion(f.hasher, &leaf, index, 13, path, count, &root));
        buffer_free(&proof);
    }
    struct buffer none = {0};
    struct fault fault = {0};
    ck_assert_int_eq(tlog_proof_write(txn, 14, &none, &fault), STATUS_MISSING); /* not signed yet */
    ck_assert_ptr_nonnull(strstr(fault.text, "not covered yet"));
    ck_assert_int_eq(tlog_proof_write(txn, 99, &none, NULL), STATUS_MISSING);
    ck_assert_uint_eq(none.len, 0);
    ledger_abort(txn);
    buffer_free(&note);
    fixture_remove(&f);
}
END_TEST

/* ---- HTTP ------------------------------------------------------------------------------------ */

static struct serve_answer ask(struct fixture *f, const char *method, const char *path)
{
    struct tiles_http http = {.ledger = f->ledger};
    struct serve_request request = {.method = method, .path = path, .peer = "127.0.0.1"};
    struct serve_answer answer = {.http_status = 500, .content_type = "text/plain; charset=utf-8"};

    tiles_http_answer(&http, &request, &answer);
    return answer;
}

static void expect(struct fixture *f, const char *path, unsigned http_status)
{
    struct serve_answer answer = ask(f, "GET", path);

    ck_assert_msg(answer.http_status == http_status, "%s: %u", path, answer.http_status);
    buffer_free(&answer.body);
    buffer_free(&answer.note);
}

START_TEST(the_same_comes_over_http_as_stands_in_the_folder)
{
    struct fixture f;
    struct buffer bytes = {0};
    struct serve_answer answer;

    fixture_make(&f, NULL);
    expect(&f, "/checkpoint", 404);
    expect(&f, "/tile/0/000.p/1", 404);
    grow(&f, 8);
    fixture_checkpoint(&f);
    (void)export_to(&f, "out", STATUS_OK);
    answer = ask(&f, "GET", "/checkpoint");
    ck_assert(read_file(&f, "out/checkpoint", &bytes));
    ck_assert(view_equal(buffer_view(&answer.body), buffer_view(&bytes)));
    ck_assert_str_eq(answer.content_type, "text/plain; charset=utf-8");
    ck_assert_ptr_null(strstr(answer.cache_control, "immutable"));
    buffer_free(&answer.body);
    answer = ask(&f, "GET", "/tile/entries/000.p/9");
    ck_assert(read_file(&f, "out/tile/entries/000.p/9", &bytes));
    ck_assert(view_equal(buffer_view(&answer.body), buffer_view(&bytes)));
    ck_assert_str_eq(answer.content_type, "application/octet-stream");
    ck_assert_ptr_nonnull(strstr(answer.cache_control, "immutable"));
    buffer_free(&answer.body);
    /* Every earlier partial tile stays; none is there before a checkpoint covers it. */
    expect(&f, "/tile/0/000.p/1", 200);
    expect(&f, "/tile/0/000.p/10", 404);
    expect(&f, "/tile/0/000", 404);
    expect(&f, "/tile/1/000.p/1", 404);
    grow(&f, 20);
    expect(&f, "/tile/0/000.p/10", 404);
    expect(&f, "tile/0/000.p/1", 404);
    expect(&f, "//tile/0/000.p/1", 404);
    expect(&f, "/tile/0/000.p/1?x", 404);
    expect(&f, "/../checkpoint", 404);
    expect(&f, "", 404);
    answer = ask(&f, "POST", "/checkpoint");
    ck_assert_uint_eq(answer.http_status, 405);
    ck_assert_str_eq(answer.allow, "GET, HEAD");
    buffer_free(&answer.body);
    buffer_free(&bytes);
    fixture_remove(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {names_are_those_of_the_specification,
                                         no_other_name_is_read,
                                         sizes_are_those_of_the_specification,
                                         a_tile_is_the_nodes_records_and_sheets,
                                         an_export_grows_and_full_tiles_stay,
                                         an_export_that_was_cut_off_is_gone_over_again,
                                         the_checkpoint_is_replaced_last,
                                         tiles_of_something_else_are_not_written_over,
                                         a_proof_leads_to_the_checkpoint_that_stands_in_it,
                                         the_same_comes_over_http_as_stands_in_the_folder,
                                         NULL};

    return run_tests("tiles", tests);
}
