/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_text: the lines of a C2SP tlog-policy. Every refusal names the line.
 * Not here: what the policy then demands (policy).
 */
#include "verify/policy_text.h"

#include <string.h>

#include "verify/strict.h"
#include "verify/text.h"

enum { TYPE_LOG = 1, TYPE_WITNESS = 4 };

/* One line as it is being read. */
struct line {
    struct view rest;
    uint64_t number;
    struct hasher *hasher;
    struct fault *fault;
};

static enum status refuse(const struct line *line, const char *rule)
{
    return fault_set(line->fault, STATUS_DAMAGED, line->number, "policy line %llu: %s",
                     (unsigned long long)line->number, rule);
}

/* The same, naming the word; escaped and cut, for it goes to a terminal. */
static enum status refuse_word(const struct line *line, const char *rule, struct view word)
{
    struct buffer shown = {0};
    enum status status;

    text_escape(&shown, word);
    buffer_append_byte(&shown, 0);
    status = shown.failed ? buffer_status(&shown, line->fault)
                          : fault_set(line->fault, STATUS_DAMAGED, line->number, "policy line %llu: %s: %.100s",
                                      (unsigned long long)line->number, rule, (const char *)shown.ptr);
    buffer_free(&shown);
    return status;
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

static bool is_word(struct view word, const char *text)
{
    return view_equal(word, view_text(text));
}

/* The next word of the line; empty at its end. */
static struct view take_word(struct line *line)
{
    struct view rest = line->rest;
    size_t from = 0;
    size_t to;

    while (from < rest.len && is_blank(rest.ptr[from])) {
        from++;
    }
    to = from;
    while (to < rest.len && !is_blank(rest.ptr[to])) {
        to++;
    }
    line->rest = view_part(rest, to, rest.len - to);
    return view_part(rest, from, to - from);
}

/* ---- names ---- */

static int find_witness(const struct policy *policy, struct view name)
{
    for (size_t i = 0; i < policy->witness_count; i++) {
        if (view_equal(policy->witnesses[i].name, name)) {
            return (int)i;
        }
    }
    return -1;
}

static int find_group(const struct policy *policy, struct view name)
{
    for (size_t i = 0; i < policy->group_count; i++) {
        if (view_equal(policy->groups[i].name, name)) {
            return (int)i;
        }
    }
    return -1;
}

/* A name for a new witness or group. */
static enum status take_new_name(const struct policy *policy, struct line *line, struct view *name)
{
    *name = take_word(line);
    if (name->len == 0) {
        return refuse(line, "a name is missing");
    }
    if (is_word(*name, "none")) {
        return refuse(line, "the name none is reserved");
    }
    if (find_witness(policy, *name) >= 0 || find_group(policy, *name) >= 0) {
        return refuse_word(line, "the name is defined twice", *name);
    }
    return STATUS_OK;
}

static bool same_key(const struct verifier_key *a, const struct verifier_key *b)
{
    return memcmp(a->key.bytes, b->key.bytes, ED25519_BYTES) == 0;
}

/* Duplicate keys are found whatever their names and ids (tlog-policy, "Public key representation"). */
static enum status check_duplicate(const struct policy *policy, const struct line *line,
                                   const struct verifier_key *key)
{
    for (size_t i = 0; i < policy->log_count; i++) {
        if (same_key(&policy->logs[i], key)) {
            return refuse(line, key->type == TYPE_LOG ? "another log has the same key"
                                                      : "a log has the same key: nobody witnesses himself");
        }
    }
    for (size_t i = 0; i < policy->witness_count; i++) {
        if (same_key(&policy->witnesses[i].key, key)) {
            return refuse(line, key->type == TYPE_WITNESS ? "another witness has the same key"
                                                          : "a witness has the same key: nobody witnesses himself");
        }
    }
    return STATUS_OK;
}

/* "<vkey> [<url>]" to the end of the line. */
static enum status take_key(const struct policy *policy, struct line *line, uint8_t type, struct verifier_key *key,
                            struct view *url)
{
    struct fault found;
    enum status status;
    struct view word = take_word(line);

    fault_clear(&found);
    status = verifier_key_parse(line->hasher, word, key, &found);
    if (status != STATUS_OK) {
        return fault_set(line->fault, status, line->number, "policy line %llu, character %llu of the key: %s",
                         (unsigned long long)line->number, (unsigned long long)found.at + 1, found.text);
    }
    if (key->type != type) {
        return refuse(line, type == TYPE_LOG ? "a log needs a key of type 1 (Ed25519)"
                                             : "a witness needs a key of type 4 (cosignature/v1)");
    }
    *url = take_word(line);
    if (take_word(line).len != 0) {
        return refuse(line, "something follows the key and the URL");
    }
    return check_duplicate(policy, line, key);
}

/* ---- lines ---- */

static enum status parse_log(struct policy *policy, struct line *line)
{
    struct view url; /* where the log is: nobody here asks it */
    enum status status;

    if (policy->log_count == POLICY_LOGS_MAX) {
        return refuse(line, "more than 32 logs");
    }
    status = take_key(policy, line, TYPE_LOG, &policy->logs[policy->log_count], &url);
    if (status == STATUS_OK) {
        policy->log_count += 1;
    }
    return status;
}

static enum status parse_witness(struct policy *policy, struct line *line)
{
    struct policy_witness witness = {0};
    enum status status;

    if (policy->witness_count == POLICY_WITNESSES_MAX) {
        return refuse(line, "more than 64 witnesses");
    }
    status = take_new_name(policy, line, &witness.name);
    if (status == STATUS_OK && is_word(witness.name, "auditors")) {
        status = refuse(line, "the name auditors is reserved for a group");
    }
    if (status == STATUS_OK) {
        status = take_key(policy, line, TYPE_WITNESS, &witness.key, &witness.url);
    }
    if (status == STATUS_OK) {
        policy->witnesses[policy->witness_count] = witness;
        policy->witness_parents[policy->witness_count] = NO_GROUP;
        policy->witness_count += 1;
    }
    return status;
}

/* Puts a witness or an earlier group under the group that is being defined. */
static enum status add_member(struct policy *policy, struct line *line, struct view name, int group)
{
    int witness = find_witness(policy, name);
    int other = find_group(policy, name);
    int *parent;

    if (witness < 0 && other < 0) {
        return refuse_word(line, "a member is not defined above", name);
    }
    parent = witness >= 0 ? &policy->witness_parents[witness] : &policy->groups[other].parent;
    if (*parent != NO_GROUP) {
        return refuse_word(line, "a name is listed as a member twice", name);
    }
    *parent = group;
    return STATUS_OK;
}

static enum status parse_group(struct policy *policy, struct line *line)
{
    struct policy_group group = {.parent = NO_GROUP};
    struct view rule;
    uint64_t threshold = 0;
    enum status status;

    if (policy->group_count == POLICY_GROUPS_MAX) {
        return refuse(line, "more than 32 groups");
    }
    status = take_new_name(policy, line, &group.name);
    rule = take_word(line);
    for (struct view name = take_word(line); status == STATUS_OK && name.len > 0; name = take_word(line)) {
        status = add_member(policy, line, name, (int)policy->group_count);
        group.member_count += 1;
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (group.member_count == 0) {
        return refuse(line, "a group has no member");
    }
    if (is_word(rule, "any")) {
        threshold = 1;
    } else if (is_word(rule, "all")) {
        threshold = group.member_count;
    } else if (!text_decimal(rule, &threshold) || threshold < 1 || threshold > group.member_count) {
        return refuse(line, "a group's threshold is not all, any or a number from 1 to the number of its members");
    }
    group.threshold = (size_t)threshold;
    if (is_word(group.name, "auditors")) {
        policy->auditors = (int)policy->group_count;
    }
    policy->groups[policy->group_count] = group;
    policy->group_count += 1;
    return STATUS_OK;
}

static enum status parse_quorum(struct policy *policy, struct line *line)
{
    struct view name = take_word(line);
    int witness = find_witness(policy, name);
    int group = find_group(policy, name);

    if (policy->quorum != QUORUM_UNSET) {
        return refuse(line, "a second quorum line");
    }
    if (take_word(line).len != 0) {
        return refuse(line, "something follows the name of the quorum");
    }
    if (is_word(name, "none")) {
        policy->quorum = QUORUM_NONE;
    } else if (witness >= 0) {
        policy->quorum = QUORUM_WITNESS;
        policy->quorum_index = (size_t)witness;
    } else if (group >= 0) {
        policy->quorum = QUORUM_GROUP;
        policy->quorum_index = (size_t)group;
    } else {
        return refuse_word(line, "the quorum is not defined above", name);
    }
    return STATUS_OK;
}

/* SPEC 3.6: what stands between tabs is text of 2.1; tlog-policy, "Character set", allows bidirectional controls too. */
static bool characters_allowed(struct view text)
{
    struct fault ignored = {0};
    size_t from = 0;

    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && text.ptr[i] != '\t') {
            continue;
        }
        if (strict_check_text(view_part(text, from, i - from), &ignored) != STATUS_OK) {
            return false;
        }
        from = i + 1;
    }
    return true;
}

static enum status parse_line(struct policy *policy, struct line *line)
{
    struct view word;

    if (!characters_allowed(line->rest)) {
        return refuse(line, "a control character other than tab and newline, or not UTF-8");
    }
    word = take_word(line);
    if (word.len == 0 || word.ptr[0] == '#') {
        return STATUS_OK;
    }
    if (is_word(word, "log")) {
        return parse_log(policy, line);
    }
    if (is_word(word, "witness")) {
        return parse_witness(policy, line);
    }
    if (is_word(word, "group")) {
        return parse_group(policy, line);
    }
    if (is_word(word, "quorum")) {
        return parse_quorum(policy, line);
    }
    return refuse_word(line, "unknown keyword", word);
}

enum status policy_text_parse(struct policy *policy, struct hasher *hasher, struct fault *fault)
{
    struct view text = buffer_view(&policy->text);
    struct line line = {.number = 1, .hasher = hasher, .fault = fault};
    enum status status = STATUS_OK;

    for (size_t at = 0; at < text.len && status == STATUS_OK; line.number++) {
        const uint8_t *newline = memchr(text.ptr + at, '\n', text.len - at);

        if (newline == NULL) {
            return refuse(&line, "the last line does not end with a newline");
        }
        line.rest = view_part(text, at, (size_t)(newline - text.ptr) - at);
        at += line.rest.len + 1;
        status = parse_line(policy, &line);
    }
    if (status == STATUS_OK && policy->quorum == QUORUM_UNSET) {
        status = refuse(&line, "the policy ends without a quorum line");
    }
    return status;
}
