/* SPDX-License-Identifier: Apache-2.0 */
/*
 * details: the names of details (SPEC 5.4). A name's number is never used again for another thing.
 */
#include "verify/acts.h"

#define T(number, name) { number, DETAIL_TEXT, name }
#define I(number, name) { number, DETAIL_INT, name }
#define F(number, name) { number, DETAIL_FILE, name }

static const struct detail_name names[] = {
    T(1, "note"), T(2, "remarks"), T(3, "reason"), T(4, "description"), F(5, "attachment"), F(6, "photograph"),
    F(7, "document"), F(8, "receipt"), T(9, "authority"), T(10, "order"), T(11, "initials"),
    T(20, "person-name"), T(21, "agency"), T(22, "rank"), T(23, "identity-document"), F(24, "letter-of-appointment"),
    T(30, "place-name"), T(31, "address"), T(32, "coordinates"),
    T(40, "docket"), T(41, "law"), T(42, "offence"), T(43, "authorisation"), T(44, "authorisation-time"), T(45, "court"),
    T(46, "case-number"),
    T(50, "seizure-time"), T(51, "seizure-place"), T(53, "detecting-agency"), T(54, "officer-present"),
    T(55, "detection-method"), T(56, "means-of-transport"), T(57, "concealment"), T(58, "route-origin"),
    T(59, "route-transit"), T(60, "route-destination"), T(61, "suspect"), T(62, "owner"), T(63, "witness"),
    T(64, "document-seized"), T(65, "seizure-coordinates"),
    T(70, "ref"), T(72, "species"), T(73, "specimen"), T(74, "unit"), I(75, "length-mm"), I(76, "circumference-mm"),
    T(77, "marks"), T(78, "condition"), T(79, "package"), T(80, "worked"), T(81, "hazard"), T(82, "sex"),
    T(83, "ring-or-chip"), T(84, "cites-mark"), T(85, "listed-weight"), T(86, "carer"),
    T(90, "scale"), T(91, "calibration"), T(92, "drift-explanation"),
    T(100, "counterparty"), T(101, "counterparty-identity"), T(102, "transport"), T(103, "discrepancy"),
    T(104, "seal-condition"),
    T(110, "finding"), T(111, "method"), T(112, "identification"), T(113, "confirmed-by"),
    T(120, "cause-of-death"), T(121, "health"),
    T(130, "manner"), T(131, "viewed"),
    T(140, "recipient"), T(141, "disclosed"), T(142, "printer"),
    { 150, DETAIL_BYTES, "orphan-act" },
    { 160, DETAIL_BYTES, "cosigned-checkpoint" }, T(161, "beacon"),
};

const struct detail_name *detail_names(size_t *count)
{
    *count = sizeof names / sizeof names[0];
    return names;
}

const struct detail_name *detail_by_number(uint64_t number)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].number == number) {
            return &names[i];
        }
    }
    return NULL;
}

const struct detail_name *detail_by_name(struct view name)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (view_equal(name, view_text(names[i].name))) {
            return &names[i];
        }
    }
    return NULL;
}
