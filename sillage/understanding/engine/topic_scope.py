"""Which set of posts or comments a topic map is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Kind = Literal["posts", "comments"]
KINDS: tuple[Kind, ...] = ("posts", "comments")


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything that is given must hold; nothing given is the whole workspace. Comments are those under such posts.

    `theme` counts with its sub-themes; `since` and `until` are days, both included, of the post or the comment itself.
    """

    kind: Kind = "posts"
    accounts: tuple[int, ...] = ()
    brand: str = ""
    theme: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "accounts": [str(a) for a in self.accounts],
            "brand": self.brand,
            "theme": self.theme,
            "language": self.language,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Scope:
        """The inverse of `as_json`."""
        since, until = (date.fromisoformat(given[name]) if given[name] else None for name in ("since", "until"))
        return cls(
            kind=given["kind"],
            accounts=tuple(int(a) for a in given["accounts"]),
            brand=given["brand"],
            theme=given["theme"],
            language=given["language"],
            since=since,
            until=until,
        )
