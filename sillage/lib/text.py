"""Text made comparable: folded to lower case without accents."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Combining characters of the first plane, where nearly all are; an expression is slow on sets that reach beyond it.
_MARK = re.compile("[" + "".join(chr(c) for c in range(0x300, 0x10000) if unicodedata.combining(chr(c))) + "]")
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def folded(text: str) -> str:
    """Lower case, without accents, in compatibility form: “Été à l’Île” becomes “ete a l'ile”."""
    if text.isascii():
        return text.lower()
    return without_marks(unicodedata.normalize("NFKD", text.replace("’", "'"))).casefold()


def without_marks(decomposed: str) -> str:
    """A decomposed text without its combining characters, accents among them."""
    return _BEYOND.sub(lambda found: "" if unicodedata.combining(found[0]) else found[0], _MARK.sub("", decomposed))


def without_controls(text: str) -> str:
    """Text that PostgreSQL and a page can hold: no control characters but tab and line ends, no lone surrogates."""
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode("utf-8")


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word, with an ellipsis where something was left out."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    cut = flat[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + "…"


def harmless_cell(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text
