"""The rejects file of an import: one JSON object per refused row.

What is in it is what the import's committed rows refused: a chunk's lines are on the disk before the chunk is
committed, and lines of a chunk that never was are cut off before the next are written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from sillage.catalogue.reading import Reject


def append_rejects(path: Path, rejects: Sequence[Reject], committed: int) -> int:
    """Write a chunk's refused rows after the first `committed` bytes; the new length in bytes."""
    if not rejects and not path.exists():
        return committed
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)  # rows may hold personal data
    with open(descriptor, "r+b") as stream:
        stream.truncate(committed)
        stream.seek(committed)
        for reject in rejects:
            stream.write(json.dumps(_as_json(reject), ensure_ascii=True).encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
        return stream.tell()


def _as_json(reject: Reject) -> dict[str, object]:
    return {
        "place": reject.place,
        "line": reject.line,
        "column": reject.column,
        "field": reject.field,
        "reason": reject.reason,
        "account": ":".join(reject.account) if reject.account else None,
        "raw": reject.raw,
    }
