"""Text made comparable: folded to lower case without accents."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def folded(text: str) -> str:
    """Lower case, without accents, in compatibility form: “Été à l’Île” becomes “ete a l'ile”."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


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
