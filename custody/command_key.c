/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key: making and showing keys. The private half never leaves its file.
 */
#include <stdio.h>

#include "custody/commands.h"
#include "custody/wholefile.h"
#include "custody/passphrase.h"
#include "ledger/secret.h"
#include "verify/text.h"

static void show(const struct public_key *key, struct hasher *hasher, bool json)
{
    struct buffer text = {0};
    struct buffer hex = {0};
    struct hash kid;

    public_key_print(key, &text);
    public_key_id(hasher, key, &kid);
    text_hex(&hex, hash_view(&kid));
    if (json) {
        (void)printf("{\"key\": \"%.*s\", \"kid\": \"%.*s\"}\n", (int)text.len, (const char *)text.ptr, (int)hex.len,
                     (const char *)hex.ptr);
    } else {
        (void)printf("%.*s\n", (int)text.len, (const char *)text.ptr);
    }
    buffer_free(&text);
    buffer_free(&hex);
}

static enum status show_key(const struct public_key *key, bool json, struct fault *fault)
{
    struct hasher *hasher = NULL;
    enum status status = hasher_open(&hasher, fault);

    if (status == STATUS_OK) {
        show(key, hasher, json);
    }
    hasher_close(hasher);
    return status;
}

static enum status run_new(struct args *args, struct fault *fault)
{
    const char *path = args->arguments[0];
    const char *file = args_value(args, "--passphrase-file");
    struct passphrase *passphrase = NULL;
    struct secret *secret = NULL;
    enum status status;

    if (wholefile_exists(path)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: exists; a key file is never overwritten", path);
    }
    status = file != NULL ? passphrase_read(file, &passphrase, fault) : passphrase_ask(path, true, &passphrase, fault);
    if (status == STATUS_REFUSED && file == NULL) {
        args_hint(args, "--passphrase-file FILE");
    }
    if (status == STATUS_OK) {
        status = secret_new(&secret, fault);
    }
    if (status == STATUS_OK) {
        status = secret_save(secret, path, passphrase_view(passphrase), fault);
    }
    if (status == STATUS_OK) {
        status = show_key(secret_public(secret), false, fault);
    }
    secret_close(secret);
    passphrase_close(passphrase);
    return status;
}

static enum status run_show(struct args *args, struct fault *fault)
{
    struct public_key key;
    enum status status = secret_read_public(args->arguments[0], &key, fault);

    return status == STATUS_OK ? show_key(&key, args_flag(args, "--json"), fault) : status;
}

static const struct option new_options[] = {
    {"--passphrase-file", OPTION_VALUE, "FILE", "its first line is the passphrase; otherwise asked twice on the terminal"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_key[] = {
    {.words = "key new", .arguments = "FILE", .summary = "make a signing key (Ed25519), encrypted with a passphrase",
     .at_least = 1, .at_most = 1, .options = new_options, .example = "unbroken key new sok-dara.key", .run = run_new},
    {.words = "key show", .arguments = "FILE", .summary = "print a key's public half, as `person enrol` takes it",
     .at_least = 1, .at_most = 1, .shared = ARGS_JSON, .example = "unbroken key show sok-dara.key",
     .json = "{\"key\": \"ed25519:BASE64\", \"kid\": HEX}", .run = run_show},
    {.words = NULL},
};
