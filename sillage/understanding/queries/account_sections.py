"""What pages, the API and the command line show of an account's authenticity, originality and expected results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Account, Post
from sillage.understanding.models import AccountSignal, Contest
from sillage.understanding.queries.account_signals import (
    AUTHENTICITY,
    EXPECTED,
    ORIGINALITY,
    find_account_signal,
    list_contests,
)
from sillage.understanding.queries.expecting import INTERACTIONS, VIEWS


@dataclass(frozen=True, slots=True)
class PartSeen:
    """A check with its statements. `state` is "sign", "fits" or "unknown"."""

    name: str
    known: float
    state: str
    statements: list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class AuthenticitySection:
    account: Account
    signal: AccountSignal | None
    parts: list[PartSeen]
    contests: list[Contest]

    @property
    def is_known(self) -> bool:
        return self.signal is not None and self.signal.value["low"] is not None

    @property
    def signs(self) -> int:
        return sum(part.state == "sign" for part in self.parts)


def authenticity_section(account: Account) -> AuthenticitySection:
    signal = find_account_signal(account.pk, AUTHENTICITY)
    evidence = signal.evidence if signal else []
    parts = []
    for part in signal.value["parts"] if signal else []:
        own = [line for line in evidence if line["part"] == part["name"]]
        fits = {line["fits"] for line in own}
        state = "sign" if False in fits else "fits" if True in fits else "unknown"
        parts.append(PartSeen(part["name"], part["known"], state, own))
    return AuthenticitySection(account, signal, parts, list_contests(account.pk, AUTHENTICITY))


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """What a next post of a format may come to; counts. `full` is the largest `high` of its measure, for pictures."""

    measure: str
    format: str
    low: int
    point: int
    high: int
    posts: int
    full: int


@dataclass(frozen=True, slots=True)
class ExpectedSection:
    account: Account
    signal: AccountSignal | None
    lines: list[ExpectedLine]


def expected_section(account: Account) -> ExpectedSection:
    signal = find_account_signal(account.pk, EXPECTED)
    lines = []
    for measure in (VIEWS, INTERACTIONS):
        formats = signal.value.get(measure, {}) if signal else {}
        full = max((f["high"] for f in formats.values()), default=1)
        lines += [
            ExpectedLine(measure, name, f["low"], f["point"], f["high"], f["posts"], full)
            for name, f in sorted(formats.items(), key=lambda pair: -pair[1]["posts"])
        ]
    return ExpectedSection(account, signal, lines)


@dataclass(frozen=True, slots=True)
class EchoSeen:
    """Two posts that say nearly the same; a post that is gone meanwhile is None. `brand` is of an archived text."""

    kind: str
    similarity: float
    days: int | None
    post: Post | None
    of_post: Post | None
    of_account: Account | None
    brand: str


@dataclass(frozen=True, slots=True)
class OriginalitySection:
    account: Account
    signal: AccountSignal | None
    echoes: list[EchoSeen]
    contests: list[Contest]


def originality_section(account: Account) -> OriginalitySection:
    signal = find_account_signal(account.pk, ORIGINALITY)
    examples = signal.value["examples"] if signal else []
    own = [(account.pk, int(e["post"])) for e in examples]
    others = [(int(e["of_account"]), int(e["of_post"])) for e in examples if e["of_account"] and e["of_post"]]
    posts = catalogue.list_posts_by_id([*own, *others])
    accounts = catalogue.list_accounts(account.workspace_id, {a for a, _ in others})
    seen = [
        EchoSeen(
            e["kind"],
            e["similarity"],
            e["days"],
            posts.get((account.pk, int(e["post"]))),
            posts.get((int(e["of_account"]), int(e["of_post"]))) if e["of_account"] and e["of_post"] else None,
            accounts.get(int(e["of_account"])) if e["of_account"] else None,
            e["brand"],
        )
        for e in examples
    ]
    return OriginalitySection(account, signal, seen, list_contests(account.pk, ORIGINALITY))
