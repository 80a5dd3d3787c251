"""Signatures of a workspace: Ed25519 (RFC 8032) over the canonical JSON of what is said (`lib/canonical.py`).

Keys are 32 raw bytes. A key is named by the first 16 hexadecimal characters of the SHA-256 of its public half.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict

from sillage.lib.canonical import canonical, digest


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A workspace's signing key, its private half open: it lives as long as the action that signs."""

    private: bytes

    @property
    def public(self) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()

    @property
    def name(self) -> str:
        return key_name(self.public)

    def sign(self, said: Mapping[str, Any]) -> str:
        """The signature in hexadecimal, 128 characters."""
        return Ed25519PrivateKey.from_private_bytes(self.private).sign(canonical(dict(said))).hex()


def key_name(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


def is_signed(public: bytes, said: Mapping[str, Any], signature: str) -> bool:
    """True when the signature was made over exactly this, by the private half of this key."""
    try:
        raw = bytes.fromhex(signature)
        Ed25519PublicKey.from_public_bytes(public).verify(raw, canonical(dict(said)))
    except (InvalidSignature, ValueError):
        return False
    return raw.hex() == signature  # in capitals it is another file


class Statement(BaseModel):
    """What a key says of a document: the SHA-256 of each of its parts, by name, so that a changed part can be named."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: str
    key: str
    at: str  # ISO 8601, in UTC
    parts: dict[str, str]
    signature: str = ""

    @property
    def said(self) -> dict[str, Any]:
        return self.model_dump(exclude={"signature"})

    def holds(self, public: bytes) -> bool:
        return is_signed(public, self.said, self.signature)

    def differing(self, parts: Mapping[str, Any]) -> list[str]:
        """The names of parts that are not what was signed, or are missing, or were added."""
        now = digests_of(parts)
        return [name for name in dict.fromkeys([*self.parts, *now]) if self.parts.get(name) != now.get(name)]


def digests_of(parts: Mapping[str, Any]) -> dict[str, str]:
    """The SHA-256 of the canonical form of each part, in hexadecimal."""
    return {name: digest(value).hex() for name, value in parts.items()}


def stated(pair: KeyPair, *, form: str, at: str, parts: Mapping[str, Any]) -> Statement:
    """Sign the parts of a document."""
    unsigned = Statement(format=form, key=pair.name, at=at, parts=digests_of(parts))
    return unsigned.model_copy(update={"signature": pair.sign(unsigned.said)})


def unpinned(keys: Mapping[str, bytes], pinned: Collection[str]) -> list[str]:
    """The names of keys that are not among the pinned ones (each given by name, or as 64 hexadecimal characters)."""
    return [name for name, public in keys.items() if not {name, public.hex()} & {p.lower() for p in pinned}]
