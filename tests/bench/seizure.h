/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seizure: a ledger for the seizure of 1,026 pieces in 27 pallets (tests/data/), made by the commands that a person types, in this process
 * and in a scratch directory of its own.
 */
#ifndef UNBROKEN_TESTS_BENCH_SEIZURE_H
#define UNBROKEN_TESTS_BENCH_SEIZURE_H

#include <stdint.h>

enum { SEIZURE_ITEMS = 1026, SEIZURE_PALLETS = 27, SEIZURE_FIRST_CASE = 7 };

#define SEIZURE_LIST "tests/data/ppap-2018-12-13.csv"
/* What ends every command. */
#define SEIZURE_TAIL "--ledger", "led", "--now", "2018-12-13T10:00:00+07:00", "--passphrase-file", "pass"
#define SEIZURE_RUN(...) seizure_run((const char *const[]){__VA_ARGS__, NULL})

/* Makes a scratch directory and goes there; list becomes the whole path of the seizure's list, from where we were. */
void seizure_enter(char *list, size_t list_bytes);
/* Goes back, and deletes it. */
void seizure_leave(void);
/* Where we were before. */
const char *seizure_home(void);

/* The ledger `led`: registrars 1 and 2, officers 3 and 5, custodian 4, place 6; that many cases from 7; then items, then containers. Keys: off.key,
 * off2.key, cust.key, r1.key, r2.key. */
void seizure_prepare(unsigned cases);
/* One command; its output goes nowhere. Seconds. */
double seizure_run(const char *const *words);
/* Seconds for opening one key file. */
double seizure_open_key(const char *path);
/* KHPP-12-2. Each call's text lives until the eighth call after it. */
const char *seizure_name(uint64_t number);

#endif
