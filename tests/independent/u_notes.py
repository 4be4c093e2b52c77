# SPDX-License-Identifier: Apache-2.0
"""Signed notes, checkpoints, cosignatures and policies (SPEC 3.6 and the C2SP documents it cites)."""
import base64
import binascii
import re

import u_cbor
import u_crypto as c

MAX_NOTE = 65536


class NoteError(Exception):
    pass


class PolicyError(Exception):
    pass


def b64(text):
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("base64") from None
    if base64.b64encode(raw) != text:
        raise NoteError("base64 not canonical")
    return raw


def shown(name):
    """A name as 16.1 says: escaped. It is text of 2.1."""
    return name.decode("utf-8").replace("\\", "\\x5c")


def key_id(name, kind, key):
    return c.H(name, b"\n", bytes([kind]), key)[:4]


def good_name(name):
    text = name.decode("utf-8")
    return bool(text) and "+" not in text and not any(ch.isspace() for ch in text)


class Checkpoint:
    """A signed note whose text is exactly the three lines of a checkpoint."""

    def __init__(self, note):
        if len(note) > MAX_NOTE:
            raise NoteError("too long")
        try:
            note.decode("utf-8")
        except UnicodeDecodeError:
            raise NoteError("UTF-8") from None
        if not all(u_cbor.text_allowed(line) for line in note.decode("utf-8").split("\n")):
            raise NoteError("text")
        cut = note.rfind(b"\n\n")
        if cut < 0 or not note.endswith(b"\n"):
            raise NoteError("form")
        self.text = note[:cut + 1]
        lines = self.text.split(b"\n")
        if len(lines) != 4 or not all(lines[:3]):
            raise NoteError("not three lines")
        self.origin = lines[0]
        if not re.fullmatch(rb"0|[1-9][0-9]{0,15}", lines[1]) or int(lines[1]) >= 2 ** 53:
            raise NoteError("size")
        self.size = int(lines[1])
        self.root = b64(lines[2])
        if len(self.root) != 32:
            raise NoteError("root")
        signatures = note[cut + 2:].split(b"\n")[:-1]
        if not 1 <= len(signatures) <= 64:
            raise NoteError("signatures")
        self.lines = [self._line(line) for line in signatures]

    @staticmethod
    def _line(line):
        if not line.startswith("— ".encode()):
            raise NoteError("signature line")
        parts = line[4:].split(b" ")
        if len(parts) != 2 or not good_name(parts[0]):
            raise NoteError("signature line")
        raw = b64(parts[1])
        if len(raw) < 5:
            raise NoteError("signature line")
        return parts[0], raw[:4], raw[4:]

    def of(self, name, kid):
        return [sig for n, k, sig in self.lines if n == name and k == kid]

    def log_line(self, key):
        """None: no line of this log key; True or False: there is one, and it is valid or not."""
        found = self.of(key.name, key.id)
        if not found:
            return None
        return len(found) == 1 and c.ed25519_valid(key.key, found[0], self.text)

    def cosigned(self, key):
        """None: no line; False: not valid, or standing twice; otherwise the time of the cosignature."""
        found = self.of(key.name, key.id)
        if not found:
            return None
        if len(found) != 1 or len(found[0]) != 72:
            return False
        sig = found[0]
        time = int.from_bytes(sig[:8], "big")
        message = b"cosignature/v1\ntime %d\n" % time + self.text
        return time if time < 2 ** 53 and c.ed25519_valid(key.key, sig[8:], message) else False


class Key:
    """A verifier key ("vkey")."""

    def __init__(self, name, kind, key):
        self.name, self.kind, self.key = name, kind, key
        self.id = key_id(name, kind, key)

    @classmethod
    def parse(cls, text, kind):
        parts = text.split(b"+", 2)
        if len(parts) != 3 or not re.fullmatch(rb"[0-9a-f]{8}", parts[1]):
            raise PolicyError("vkey")
        try:
            raw = b64(parts[2])
            if not good_name(parts[0]) or len(parts[0]) > 255 or not u_cbor.text_allowed(parts[0].decode("utf-8")):
                raise PolicyError("key name")
        except (NoteError, UnicodeDecodeError):
            raise PolicyError("vkey") from None
        if len(raw) != 33 or raw[0] != kind or not c.key_valid([-19, raw[1:]]):
            raise PolicyError("key")
        key = cls(parts[0], kind, raw[1:])
        if key.id != bytes.fromhex(parts[1].decode()):
            raise PolicyError("key id")
        return key


class Policy:
    """A tlog-policy file."""

    def __init__(self, data):
        try:
            if not u_cbor.text_allowed(data.decode("utf-8").replace("\t", "").replace("\n", "")):
                raise PolicyError("character")
        except UnicodeDecodeError:
            raise PolicyError("UTF-8") from None
        if len(data) > 65536 or (data and not data.endswith(b"\n")):
            raise PolicyError("length, or no newline at the end")
        self.hash = c.H(data)
        self.logs, self.witnesses, self.groups = [], {}, {}
        self.quorum, self._members = None, set()
        for line in data.split(b"\n"):
            words = [w for w in re.split(rb"[ \t]+", line) if w]
            if words and not words[0].startswith(b"#"):
                self._line(words)
        if self.quorum is None or len(self.logs) > 32 or len(self.witnesses) > 64 or len(self.groups) > 32:
            raise PolicyError("no quorum, or too many")

    def _new(self, name):
        if name == b"none" or name in self.witnesses or name in self.groups:
            raise PolicyError("name")

    def _key(self, key):
        if any(k.key == key.key for k in [*self.logs, *self.witnesses.values()]):
            raise PolicyError("a key twice")

    def _line(self, words):
        what, args = words[0], words[1:]
        if what == b"log" and len(args) in (1, 2):
            key = Key.parse(args[0], 1)
            self._key(key)
            self.logs.append(key)
        elif what == b"witness" and len(args) in (2, 3):
            self._new(args[0])
            key = Key.parse(args[1], 4)
            if args[0] == b"auditors":
                raise PolicyError("auditors is a group")
            self._key(key)
            self.witnesses[args[0]] = key
        elif what == b"group" and len(args) >= 3:
            self._group(args[0], args[1], args[2:])
        elif what == b"quorum" and len(args) == 1 and self.quorum is None:
            if args[0] != b"none" and args[0] not in self.witnesses and args[0] not in self.groups:
                raise PolicyError("quorum")
            self.quorum = args[0]
        else:
            raise PolicyError("line")

    def _group(self, name, count, members):
        self._new(name)
        for member in members:
            if (member not in self.witnesses and member not in self.groups) or member in self._members:
                raise PolicyError("group member")
            self._members.add(member)
        if count in (b"all", b"any"):
            k = len(members) if count == b"all" else 1
        elif re.fullmatch(rb"[1-9][0-9]{0,5}", count):
            k = int(count)
        else:
            raise PolicyError("group threshold")
        if k > len(members):
            raise PolicyError("group threshold")
        self.groups[name] = (k, members)

    def met(self, name, cosigners):
        if name == b"none":
            return True
        if name in self.witnesses:
            return name in cosigners
        k, members = self.groups[name]
        return sum(self.met(m, cosigners) for m in members) >= k

    def inside(self, name):
        """The witnesses of a group, directly or through others."""
        if name in self.witnesses:
            return {name}
        return set().union(*(self.inside(member) for member in self.groups[name][1]))

    def cosigners(self, checkpoint):
        """name of witness: time of its valid cosignature, or False for one that is not valid."""
        out = {}
        for name, key in self.witnesses.items():
            result = checkpoint.cosigned(key)
            if result is not None:
                out[name] = result
        return out

    def logs_named(self, origin):
        return [k for k in self.logs if k.name == origin]

    def log_keys(self, checkpoint):
        """Keys of the policy's log lines with a valid line; None if one is there that is not valid."""
        valid = []
        for key in self.logs_named(checkpoint.origin):
            result = checkpoint.log_line(key)
            if result is False:
                return None
            if result:
                valid.append(key.key)
        return valid
