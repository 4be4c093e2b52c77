/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fonts: a fontconfig of our own that knows these files and nothing else; no configuration file is read.
 */
#include "printer/drawing.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>

#include <stdlib.h>
#include <unistd.h>

#define FOLDER "/usr/share/fonts/truetype/noto/"

static const char *const files[] = {
    FOLDER "NotoSans-Regular.ttf", FOLDER "NotoSans-Bold.ttf", FOLDER "NotoSansKhmer-Regular.ttf", FOLDER "NotoSansKhmer-Bold.ttf",
    FOLDER "NotoSansThai-Regular.ttf", FOLDER "NotoSansThai-Bold.ttf", FOLDER "NotoSansLao-Regular.ttf", FOLDER "NotoSansLao-Bold.ttf",
};

struct fonts {
    FcConfig *config;
    PangoFontMap *map;
};

const char *fonts_families(void)
{
    return "Noto Sans,Noto Sans Khmer,Noto Sans Thai,Noto Sans Lao";
}

static enum status add_files(FcConfig *config, struct fault *fault)
{
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (access(files[i], R_OK) != 0 || !FcConfigAppFontAddFile(config, (const FcChar8 *)files[i])) {
            return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the font %s is not there or cannot be read: it is in Debian's package fonts-noto-core",
                             files[i]);
        }
    }
    return STATUS_OK;
}

enum status fonts_open(struct fonts **out, struct fault *fault)
{
    struct fonts *fonts = calloc(1, sizeof *fonts);
    enum status status = STATUS_OK;

    if (fonts != NULL) {
        fonts->config = FcConfigCreate();
        fonts->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    }
    if (fonts == NULL || fonts->config == NULL || fonts->map == NULL) {
        fonts_close(fonts);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    status = add_files(fonts->config, fault);
    if (status != STATUS_OK) {
        fonts_close(fonts);
        return status;
    }
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(fonts->map), fonts->config);
    *out = fonts;
    return STATUS_OK;
}

void fonts_close(struct fonts *fonts)
{
    if (fonts == NULL) {
        return;
    }
    if (fonts->map != NULL) {
        g_object_unref(fonts->map);
    }
    if (fonts->config != NULL) {
        FcConfigDestroy(fonts->config);
    }
    free(fonts);
}

bool fonts_have(const struct fonts *fonts, uint32_t code_point)
{
    const FcFontSet *set = FcConfigGetFonts(fonts->config, FcSetApplication);

    for (int i = 0; set != NULL && i < set->nfont; i++) {
        FcCharSet *glyphs = NULL;
        if (FcPatternGetCharSet(set->fonts[i], FC_CHARSET, 0, &glyphs) == FcResultMatch && FcCharSetHasChar(glyphs, code_point)) {
            return true;
        }
    }
    return false;
}

PangoContext *fonts_context(struct fonts *fonts)
{
    PangoContext *context = pango_font_map_create_context(fonts->map);
    cairo_font_options_t *options = cairo_font_options_create();

    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    pango_cairo_context_set_resolution(context, 72.0);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
    cairo_font_options_destroy(options);
    return context;
}
