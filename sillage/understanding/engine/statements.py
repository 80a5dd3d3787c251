"""What a judgement about an account rests on: statements by id with their numbers, so that pages can say them in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from json import dumps
from typing import Any

Number = int | float | str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """`id` is “part.what”, e.g. “growth.jump”. `fits`: it speaks for (True), against (False), or could not be asked."""

    id: str
    numbers: Mapping[str, Number] = field(default_factory=dict)
    fits: bool | None = None

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "fits": self.fits, "numbers": dict(self.numbers)}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Statement:
        return cls(given["id"], given["numbers"], given["fits"])


def digest_of(value: Any) -> int:
    """The first 63 bits of a BLAKE2b digest over plain data, the same on any machine."""
    text = dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big") >> 1


def ramp(value: float, start: float, full: float) -> float:
    """0 up to `start`, 1 from `full` on, straight between; `full` may lie below `start`."""
    return min(1.0, max(0.0, (value - start) / (full - start)))
