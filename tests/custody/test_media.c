/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when an ending is taken for another's, or a name without a known ending gets a type. */
#include "custody/media.h"

#include "tests/support/custody_suite.h"

#define UNKNOWN "application/octet-stream"

START_TEST(endings)
{
    ck_assert_str_eq(media_type_of("scene.jpg"), "image/jpeg");
    ck_assert_str_eq(media_type_of("scene.jpeg"), "image/jpeg");
    ck_assert_str_eq(media_type_of("SCENE.JPG"), "image/jpeg");
    ck_assert_str_eq(media_type_of("/a.b/receipt.v2.PdF"), "application/pdf");
    ck_assert_str_eq(media_type_of("x.png"), "image/png");
    ck_assert_str_eq(media_type_of("x.heic"), "image/heic");
    ck_assert_str_eq(media_type_of("x.tif"), media_type_of("x.tiff"));
    ck_assert_str_eq(media_type_of("x.txt"), "text/plain; charset=utf-8");
    ck_assert_str_eq(media_type_of("x.csv"), "text/csv");
    ck_assert_str_eq(media_type_of("x.mp4"), "video/mp4");
    ck_assert_str_eq(media_type_of("x.mp3"), "audio/mpeg");
    ck_assert_str_eq(media_type_of("x.wav"), "audio/wav");
}
END_TEST

START_TEST(nothing_known)
{
    ck_assert_str_eq(media_type_of(""), UNKNOWN);
    ck_assert_str_eq(media_type_of("jpg"), UNKNOWN);
    ck_assert_str_eq(media_type_of("photos.jpg/scene"), UNKNOWN);
    ck_assert_str_eq(media_type_of("scene.jpg."), UNKNOWN);
    ck_assert_str_eq(media_type_of("scene.jpg.exe"), UNKNOWN);
    ck_assert_str_eq(media_type_of("scene.jp"), UNKNOWN);
    ck_assert_str_eq(media_type_of("scene.jpgx"), UNKNOWN);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {endings, nothing_known, NULL};

    return suite_run("media", tests, NULL);
}
