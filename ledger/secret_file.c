/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret_file: key files: one line with the public key, then PKCS#8 in PEM, which `openssl pkey` reads too.
 * Encrypted files are PBES2 with scrypt and AES-256-CBC. OpenSSL 3.0 refuses scrypt above 32 MiB when it reads PKCS#8,
 * which N = 2^15 with r = 8 just passes; so r = 7 (28 MiB) and p = 2: more work than 2^15, 8, 1.
 */
#include "ledger/secret_pkcs8.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <sodium.h>

enum { SCRYPT_N = 32768, SCRYPT_R = 7, SCRYPT_P = 2, SALT_LEN = 16, IV_LEN = 16, KEY_FILE_MAX = 65536, LINE_MAX_BYTES = 128 };

static enum status fault_errno(struct fault *fault, const char *what, const char *path)
{
    enum status status = errno == ENOSPC || errno == EDQUOT ? STATUS_FULL : STATUS_ENVIRONMENT;

    return fault_set(fault, status, FAULT_NOWHERE, "%s: %s: %s", path, what, strerror(errno));
}

/* A library context of our own: OPENSSL_CONF and providers of the machine have no say over private keys. */
static OSSL_LIB_CTX *context_new(void)
{
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    return OSSL_LIB_CTX_new();
}

/* ---- writing -------------------------------------------------------------------------------- */

static X509_SIG *encrypt(OSSL_LIB_CTX *context, PKCS8_PRIV_KEY_INFO *info, struct view passphrase)
{
    uint8_t salt[SALT_LEN];
    uint8_t iv[IV_LEN];
    X509_ALGOR *pbe;
    X509_SIG *sealed;

    randombytes_buf(salt, sizeof salt);
    randombytes_buf(iv, sizeof iv);
    pbe = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt, SALT_LEN, iv, SCRYPT_N, SCRYPT_R, SCRYPT_P);
    if (pbe == NULL || passphrase.len > INT_MAX) {
        X509_ALGOR_free(pbe);
        return NULL;
    }
    sealed = PKCS8_set0_pbe_ex((const char *)passphrase.ptr, (int)passphrase.len, info, pbe, context, NULL);
    if (sealed == NULL) {
        X509_ALGOR_free(pbe);
    }
    return sealed;
}

/* The PEM block, in memory that is wiped when the BIO is freed. */
static BIO *pem_encode(const struct secret *secret, struct view passphrase)
{
    OSSL_LIB_CTX *context = context_new();
    EVP_PKEY *pkey = context == NULL ? NULL : secret_to_pkey(context, secret);
    PKCS8_PRIV_KEY_INFO *info = pkey == NULL ? NULL : EVP_PKEY2PKCS8(pkey);
    X509_SIG *sealed = NULL;
    BIO *pem = BIO_new(BIO_s_secmem());
    int written = 0;

    if (info != NULL && pem != NULL && passphrase.len > 0) {
        sealed = encrypt(context, info, passphrase);
        written = sealed != NULL && PEM_write_bio_PKCS8(pem, sealed) == 1;
    } else if (info != NULL && pem != NULL) {
        written = PEM_write_bio_PKCS8_PRIV_KEY_INFO(pem, info) == 1;
    }
    if (!written) {
        BIO_free(pem);
        pem = NULL;
    }
    X509_SIG_free(sealed);
    PKCS8_PRIV_KEY_INFO_free(info);
    EVP_PKEY_free(pkey);
    OSSL_LIB_CTX_free(context);
    return pem;
}

static bool write_all(int fd, struct view bytes)
{
    size_t done = 0;

    while (done < bytes.len) {
        ssize_t n = write(fd, bytes.ptr + done, bytes.len - done);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            errno = n == 0 ? ENOSPC : errno;
            return false;
        }
        done += (size_t)n;
    }
    return true;
}

/* A new name is on disk only when its directory is. */
static bool sync_directory_of(const char *path)
{
    char *copy = strdup(path);
    int fd = copy == NULL ? -1 : open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0) {
        (void)close(fd);
    }
    free(copy);
    return good;
}

enum status secret_save(const struct secret *secret, const char *path, struct view passphrase, struct fault *fault)
{
    enum status status = STATUS_OK;
    struct buffer head = {0};
    BIO *pem = pem_encode(secret, passphrase);
    char *text = NULL;
    long len = pem == NULL ? 0 : BIO_get_mem_data(pem, &text);
    int fd = -1;

    public_key_print(secret_public(secret), &head);
    buffer_append_byte(&head, '\n');
    if (pem == NULL || len <= 0 || head.failed) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%s: OpenSSL cannot write PKCS#8", path);
        goto done;
    }
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && (errno == EEXIST || errno == ELOOP)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: exists; a key file is never overwritten", path);
        goto done;
    }
    if (fd < 0) {
        status = fault_errno(fault, "cannot be made", path);
        goto done;
    }
    if (!write_all(fd, buffer_view(&head)) || !write_all(fd, view_of(text, (size_t)len)) || fsync(fd) != 0 ||
        !sync_directory_of(path)) {
        status = fault_errno(fault, "cannot be written", path);
        (void)unlink(path);
    }
done:
    if (fd >= 0) {
        (void)close(fd);
    }
    BIO_free(pem);
    buffer_free(&head);
    return status;
}

/* ---- reading -------------------------------------------------------------------------------- */

/* The whole file into memory that is wiped when freed. private: mode & 077 is refused. */
static enum status read_file(const char *path, bool private, uint8_t **out, size_t *len, struct fault *fault)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    enum status status = STATUS_OK;
    uint8_t *bytes = NULL;
    struct stat info;
    ssize_t n = 0;

    if (fd < 0) {
        return errno == ENOENT ? fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "%s: there is no such file", path)
                               : fault_errno(fault, "cannot be read", path);
    }
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > KEY_FILE_MAX) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s: is not a key file", path);
    } else if (private && (info.st_mode & 077) != 0) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: others may read it (mode %03o, want 600)", path,
                           (unsigned)info.st_mode & 0777);
    } else {
        bytes = sodium_init() < 0 ? NULL : sodium_malloc(KEY_FILE_MAX);
        status = bytes == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "no protected memory") : STATUS_OK;
    }
    *len = 0;
    while (status == STATUS_OK && *len < KEY_FILE_MAX) {
        n = read(fd, bytes + *len, KEY_FILE_MAX - *len);
        if (n == 0) {
            break;
        }
        if (n < 0 && errno != EINTR) {
            status = fault_errno(fault, "cannot be read", path);
            break;
        }
        *len += n < 0 ? 0 : (size_t)n;
    }
    (void)close(fd);
    if (status != STATUS_OK && bytes != NULL) {
        sodium_free(bytes);
        bytes = NULL;
    }
    *out = bytes;
    return status;
}

/* The public key in the file's first line. */
static bool first_line(const uint8_t *bytes, size_t len, struct public_key *out)
{
    size_t end = 0;

    while (end < len && end < LINE_MAX_BYTES && bytes[end] != '\n' && bytes[end] != '\r') {
        end++;
    }
    return public_key_parse(view_of(bytes, end), out, NULL) == STATUS_OK;
}

static enum status pem_decode(OSSL_LIB_CTX *context, const char *path, BIO *pem, struct view passphrase, EVP_PKEY **out,
                              struct fault *fault)
{
    char *name = NULL;
    char *header = NULL;
    unsigned char *data = NULL;
    const unsigned char *at;
    long len = 0;
    enum status status = STATUS_DAMAGED;
    PKCS8_PRIV_KEY_INFO *info = NULL;
    X509_SIG *sealed = NULL;

    if (PEM_read_bio(pem, &name, &header, &data, &len) == 1) {
        at = data;
        if (strcmp(name, PEM_STRING_PKCS8) == 0) {
            sealed = d2i_X509_SIG(NULL, &at, len);
        } else if (strcmp(name, PEM_STRING_PKCS8INF) == 0) {
            info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, len);
        }
    }
    if (sealed != NULL && passphrase.len <= INT_MAX) {
        info = PKCS8_decrypt_ex(sealed, passphrase.len == 0 ? "" : (const char *)passphrase.ptr, (int)passphrase.len,
                                context, NULL);
        status = info == NULL ? STATUS_UNTRUSTED : status;
    }
    *out = info == NULL ? NULL : EVP_PKCS82PKEY_ex(info, context, NULL);
    if (*out != NULL) {
        status = STATUS_OK;
    } else if (status == STATUS_UNTRUSTED) {
        (void)fault_set(fault, status, FAULT_NOWHERE, "%s: the passphrase is wrong", path);
    } else {
        (void)fault_set(fault, status, FAULT_NOWHERE, "%s: is not a key file", path);
    }
    X509_SIG_free(sealed);
    PKCS8_PRIV_KEY_INFO_free(info);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, len > 0 ? (size_t)len : 0);
    return status;
}

enum status secret_load(const char *path, struct view passphrase, struct secret **out, struct fault *fault)
{
    struct public_key told = {0};
    struct secret *secret = NULL;
    OSSL_LIB_CTX *context = NULL;
    EVP_PKEY *pkey = NULL;
    uint8_t *bytes = NULL;
    size_t len = 0;
    BIO *pem = NULL;
    enum status status = read_file(path, true, &bytes, &len, fault);

    if (status != STATUS_OK) {
        return status;
    }
    context = context_new();
    pem = BIO_new_mem_buf(bytes, (int)len);
    if (context == NULL || pem == NULL) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        goto done;
    }
    status = pem_decode(context, path, pem, passphrase, &pkey, fault);
    if (status == STATUS_OK) {
        status = secret_from_pkey(context, pkey, &secret, fault);
        context = NULL; /* taken over */
    }
    /* The line in clear is what others enrol: it must be this key's. */
    if (status == STATUS_OK && first_line(bytes, len, &told) &&
        (told.algorithm != secret_public(secret)->algorithm ||
         memcmp(told.bytes, secret_public(secret)->bytes, told.len) != 0)) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE,
                           "%s: its first line gives another public key than its private key has", path);
    }
    if (status == STATUS_OK) {
        *out = secret;
        secret = NULL;
    }
done:
    secret_close(secret);
    BIO_free(pem);
    OSSL_LIB_CTX_free(context);
    sodium_free(bytes);
    return status;
}

enum status secret_read_public(const char *path, struct public_key *out, struct fault *fault)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    enum status status = read_file(path, false, &bytes, &len, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (!first_line(bytes, len, out)) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE,
                           "%s: its first line is not a public key (ed25519:BASE64 or p256:BASE64)", path);
    }
    sodium_free(bytes);
    return status;
}
