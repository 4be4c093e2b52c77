# SPDX-License-Identifier: Apache-2.0
"""The numbers of SPEC 5 and 7 under names, for readable vectors."""

KIND = {name: number for number, name in enumerate(
    "found enrol appoint end rekey revoke station clock place open allot void seize register move pack unpack "
    "seal unseal reseal release accept refuse withdraw handout takeback shelve stocktake weigh examine identify "
    "sample split animal consume dispose attach note label disclose correct same lodge adopt order erase".split())}

REGISTRAR, OFFICER, CUSTODIAN, EXPERT, CARER, CARRIER, PROSECUTOR, COURT = range(1, 9)
OFFICE = {"registrar": 1, "officer": 2, "custodian": 3, "expert": 4, "carer": 5, "carrier": 6, "prosecutor": 7,
          "court": 8}
LEDGER, PERSON, PLACE, CASE, ITEM, CONTAINER = range(1, 7)

DETAIL = {
    "note": 1, "remarks": 2, "reason": 3, "description": 4, "attachment": 5, "photograph": 6, "document": 7,
    "receipt": 8, "authority": 9, "order": 10, "person_name": 20, "agency": 21, "place_name": 30, "docket": 40, "court": 45,
    "law": 41, "seizure_time": 50, "seizure_place": 51, "suspect": 61, "owner": 62, "witness": 63, "ref": 70,
    "species": 72, "specimen": 73, "length_mm": 75, "scale": 90, "drift_explanation": 92, "counterparty": 100,
    "finding": 110, "identification": 112, "cause_of_death": 120, "health": 121, "recipient": 140, "disclosed": 141,
    "orphan_act": 150, "cosigned_checkpoint": 160, "beacon": 161}

# payload keys
LID, KINDKEY, NONCE, CLAIMED, SEEN, SIGNERS, ENTRIES, FROM, TO, ANSWERS, AMENDS, AT, CODE, SHEET, FOUNDING, \
    FOREIGN, CLOCK, OFFLINE, DEVIATION, DUE = range(1, 21)

# facts
TYPE, OFCASE, PIECES, GROSS, TARE, NET, FOUND, REMOVED, PUTON, OUTCOME, PUBKEY, TOOFFICE, DOUBTED, PRINT, \
    STATIONKEY, NAMES = range(16)

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def check_character(text):
    """ISO 7064 MOD 37,36 over code and number without hyphens."""
    product = 36
    for char in text:
        product = (product + ALPHABET.index(char)) % 36 or 36
        product = product * 2 % 37
    return ALPHABET[(37 - product) % 36]
