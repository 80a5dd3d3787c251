"""TOML that people write: where a syntax error stands."""

from __future__ import annotations

import re
import tomllib
from typing import Any

_MARK = "\ufeff"  # some editors begin a file with it
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(text: str) -> dict[str, Any]:
    """The document, or `TOMLDecodeError` whatever is wrong with it."""
    try:
        return tomllib.loads(text.removeprefix(_MARK))
    except RecursionError as error:
        raise tomllib.TOMLDecodeError("Nested too deep (at line 1, column 1)") from error


def syntax_error_of(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, int, str]:
    """Line and column from 1, and the reason without its place."""
    found = _PLACE.search(str(error))
    reason = _PLACE.sub("", str(error)).rstrip(".")
    if found and found[1]:
        return int(found[1]), int(found[2]), reason
    lines = text.splitlines() or [""]
    return len(lines), len(lines[-1]) + 1, reason
