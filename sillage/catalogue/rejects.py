"""The rejects file of an import: one JSON object per refused row.

What is in it is what the import's committed rows refused: a chunk's lines are on the disk before the chunk is
committed, and lines of a chunk that never was are cut off before the next are written.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sillage.catalogue.reading import Reject
from sillage.lib.sentences import from_stored, to_stored

_TELLING = 3  # characters that a name needs, to be looked for in a row's text


def append_rejects(path: Path, rejects: Sequence[Reject], committed: int) -> int:
    """Write a chunk's refused rows after the first `committed` bytes; the new length in bytes."""
    if not rejects and not path.exists():
        return committed
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)  # rows may hold personal data
    with open(descriptor, "r+b") as stream:
        committed = min(committed, os.fstat(descriptor).st_size)  # an erasure may have shortened it
        stream.truncate(committed)
        stream.seek(committed)
        for reject in rejects:
            stream.write(json.dumps(_as_json(reject), ensure_ascii=True).encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
        return stream.tell()


def read_rejects(path: Path, committed: int) -> Iterator[dict[str, Any]]:
    """The refused rows in the first `committed` bytes, one by one, each reason as it was given. No file has none."""
    if not path.exists():
        return
    with path.open("rb") as stream:
        for line in stream:
            committed -= len(line)
            if committed < 0:
                return
            row = json.loads(line)
            yield {**row, "reason": from_stored(row.pop("reason_said", None), row["reason"])}


@dataclass(frozen=True, slots=True)
class Named:
    """What a row may call an account. `handle` is in plain form (`engine/keys.py`)."""

    network: str
    network_id: str
    handle: str
    name: str


def kept_lines(path: Path, committed: int, forgotten: Sequence[Named]) -> tuple[list[bytes], int]:
    """Of the first `committed` bytes the lines that name none of these accounts, and how many do. No file has no lines."""
    if not path.exists():
        return [], 0
    keys = {f"{n.network}:{name}".casefold() for n in forgotten for name in (n.network_id, n.handle)}
    words = [word for n in forgotten for word in (n.handle, n.name.casefold(), n.network_id.casefold())]
    telling = "|".join(re.escape(w) for w in words if len(w) >= _TELLING and not w.isdecimal())
    named_in = re.compile(rf"(?<![\w.])(?:{telling})(?![\w.])") if telling else None
    lines = path.read_bytes()[:committed].splitlines(keepends=True)
    kept = [line for line in lines if not _names(json.loads(line), keys, named_in)]
    return kept, len(lines) - len(kept)


def _names(reject: Mapping[str, Any], keys: Set[str], named_in: re.Pattern[str] | None) -> bool:
    account, raw = (reject["account"] or "").casefold(), reject["raw"].casefold()
    return account in keys or (named_in is not None and named_in.search(raw) is not None)


def rewrite_rejects(path: Path, committed: int, forgotten: Sequence[Named]) -> int:
    """Leave out the lines that name these accounts; the new length in bytes. The file is whole at every moment."""
    kept, _ = kept_lines(path, committed, forgotten)
    made = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as stream:
        stream.writelines(kept)
        stream.flush()
        os.fsync(stream.fileno())
    made.replace(path)
    return sum(len(line) for line in kept)


def _as_json(reject: Reject) -> dict[str, object]:
    return {
        "place": reject.place,
        "line": reject.line,
        "column": reject.column,
        "field": reject.field,
        "reason": reject.reason,
        "reason_said": to_stored(reject.reason),
        "account": ":".join(reject.account) if reject.account else None,
        "raw": reject.raw,
    }
