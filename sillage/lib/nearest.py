"""What somebody may have meant by a name that nothing has."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from sillage.lib.sentences import Sentence


def did_you_mean(said: str, known: Iterable[str], otherwise: Sentence) -> Sentence:
    """A hint that names the nearest known name, if one is near; `otherwise` says what else can be done."""
    names = {name.casefold(): name for name in known}
    folded = said.strip().casefold()
    near = get_close_matches(folded, names) or [name for name in names if folded and folded in name.split(".")]
    if not near:
        return otherwise
    nearest = next((name for name in near if name[0] == folded[0]), near[0])  # people err less at the beginning
    return Sentence("Did you mean “%(near)s”? %(otherwise)s", near=names[nearest], otherwise=otherwise)
