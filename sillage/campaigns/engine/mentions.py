"""Who is meant by “@ada” in a note."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sillage.lib.text import folded

_SIGN = re.compile(r"(?<![\w.])@([\w.+-]*\w(?:@[\w-]+(?:\.[\w-]+)+)?)")


def called(name: str, email: str) -> tuple[str, ...]:
    """How a member may be called after “@”: the address, what stands before its “@”, the first name, the whole name."""
    words = folded(name).split()
    local = folded(email).partition("@")[0]
    return tuple(dict.fromkeys((*filter(None, (local, *words[:1], ".".join(words), "".join(words))), folded(email))))


def mentioned(text: str, members: Mapping[int, tuple[str, ...]]) -> frozenset[int]:
    """Ids of the members whom a text calls. A word that fits two members calls neither: it is not clear who is meant."""
    said = {folded(word) for word in _SIGN.findall(text)}
    found: dict[str, list[int]] = {}
    for member, names in members.items():
        for name in said.intersection(names):
            found.setdefault(name, []).append(member)
    return frozenset(ids[0] for ids in found.values() if len(ids) == 1)


def marker(names: tuple[str, ...], members: Mapping[int, tuple[str, ...]]) -> str:
    """The shortest way to call a member that calls nobody else."""
    everybody = [name for others in members.values() for name in others]
    clear = [name for name in names if everybody.count(name) == 1]
    return "@" + min(clear or [names[-1]], key=len)
