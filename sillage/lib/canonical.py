"""One way to write a JSON value as bytes, so that its hash is the same everywhere."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces. Decimals and instants are the caller's to write as text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(value: Any) -> bytes:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(value)).digest()
