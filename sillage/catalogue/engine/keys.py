"""Sillage's own ids, derived from what the network calls things, so that the same thing always gets the same id.

An id is the first 63 bits of a BLAKE2b digest. Among 10 million accounts of one installation the chance that any two share
an id is about 5e-6 (birthday bound n²/2⁶⁴); the upsert checks the natural key and refuses such a pair instead of merging it.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from hashlib import blake2b


def _id(*parts: str) -> int:
    digest = blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def account_id(workspace_id: int, network: str, network_id: str) -> int:
    """The id of an account: unique by itself, and the column by which big tables would be distributed."""
    return _id("account", str(workspace_id), network, network_id)


def post_id(account: int, network_id: str) -> int:
    """The id of a post, unique within its account."""
    return _id("post", str(account), network_id)


def comment_id(account: int, network_id: str) -> int:
    return _id("comment", str(account), network_id)


def observation_id(account: int, subject: int, measure: str, source_class: str, observed_at: datetime) -> int:
    """The same number observed at the same instant is the same observation. `subject` is 0 for the account itself."""
    return _id("observation", str(account), str(subject), measure, source_class, observed_at.isoformat())


def plain_handle(name: str) -> str:
    """A handle as it is compared: exports write “@Chiara.Verde” where the network says “chiara.verde”.

    Characters that nobody sees, and other shapes of the same letters, make no other handle.
    """
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return name.strip().removeprefix("@").casefold()


def creator_key_hash(salt: bytes, network: str, network_id: str) -> bytes:
    """What a tombstone keeps of a forgotten account: a keyed hash that cannot be read back without the salt."""
    return blake2b(f"{network}\x1f{network_id}".encode(), key=salt, digest_size=16).digest()
