/* SPDX-License-Identifier: Apache-2.0 */
/*
 * media: endings of names.
 */
#include "custody/media.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

bool media_type_check(const char *type)
{
    const char *slash = strchr(type, '/');

    return slash != NULL && slash != type && slash[1] != '\0';
}

const char *media_type_of(const char *path)
{
    static const char *const types[][2] = {
        {"jpg", "image/jpeg"}, {"jpeg", "image/jpeg"}, {"png", "image/png"},       {"heic", "image/heic"},
        {"tif", "image/tiff"}, {"tiff", "image/tiff"}, {"pdf", "application/pdf"}, {"txt", "text/plain; charset=utf-8"},
        {"csv", "text/csv"},   {"mp4", "video/mp4"},   {"mp3", "audio/mpeg"},      {"wav", "audio/wav"},
    };
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++) {
        if (strcasecmp(dot + 1, types[i][0]) == 0) {
            return types[i][1];
        }
    }
    return "application/octet-stream";
}
