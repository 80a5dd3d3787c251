"""Law packs as data: what a rule, a label and a publication are, and what is found when one is held against the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """`pass`: nothing to do; `review`: a person must look; `block`: not to be published like this."""

    PASS = "pass"  # noqa: S105  # a verdict
    REVIEW = "review"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class Consideration(StrEnum):
    """What was given or promised for a publication."""

    PAID = "paid"
    GIFT = "gift"
    TRIP = "trip"
    AFFILIATE = "affiliate"
    OWN_BRAND = "own_brand"
    NONE = "none"
    UNKNOWN = "unknown"


CHECKS = (
    *("label", "placement", "every_item", "advertiser", "consideration", "platform_tool", "signs"),
    *("mention", "ban", "message", "reminder", "contract", "registration"),
)
FORMATS = ("article", "audio", "carousel", "image", "live", "short_video", "story", "text", "video")
VERIFIED = ("P", "S", "U")


@dataclass(frozen=True, slots=True)
class Label:
    """A wording and what it is worth: pass, review (equivalent, or by context) or fail (not enough by itself).

    `{brand}` stands for a name, `@{brand}` for a tag. `only_for` are the considerations for which it is made.
    """

    text: str
    worth: str
    language: str
    confidence: str
    only_for: tuple[Consideration, ...] = ()


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a label must stand. Severities say what a label is that stands at the end, in a row of tags, or later than
    first though visible. `first_hashtags` is how many hashtags are looked at where the label is one of them."""

    most_before: int = 0  # characters
    first_hashtags: int | None = None
    later: Severity = Severity.REVIEW
    end: Severity = Severity.REVIEW
    cluster: Severity = Severity.PASS


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a pack. `only_for` empty: any consideration. `doubtful`: considerations for which it only asks for review.

    `given` holds what its checks need: category, mentions, messages, thresholds... `advised_before`: before its date it
    is advice.
    """

    id: str
    title: Mapping[str, str]
    binds: tuple[str, ...]
    checks: tuple[str, ...]
    requirement: str
    severity: Severity
    confidence: str
    source: str
    effective_on: date
    only_for: tuple[Consideration, ...] = ()
    doubtful: tuple[Consideration, ...] = ()
    advised_before: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class LawPack:
    """`alone` is what the network's own label is without words of one's own. `presumes`: something is taken to have been
    given unless the poster shows that it was not."""

    id: str
    version: str
    name: Mapping[str, str]
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    alone: Severity
    presumes: bool
    placing: Placing
    labels: tuple[Label, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """What a network shows of a caption before “more”."""

    characters: int
    lines: int | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """What one advertiser gives one creator in a year for one objective, in euros before tax, and the contract's id."""

    year: int
    payments: tuple[Decimal, ...] = ()
    in_kind: tuple[Decimal, ...] = ()
    contract: str | None = None

    @property
    def total(self) -> Decimal:
        return sum((*self.payments, *self.in_kind), Decimal(0))


@dataclass(frozen=True, slots=True)
class Publication:
    """A draft or a post, as far as it is known: None is not known and never held against it.

    `caption` may hold the mark `<more>` where the network cuts it; else `fold` says after how many characters, else the
    network's. `hashtags` stand beside the caption. `brands` are names and handles of the advertiser. `creator` holds
    figures that thresholds ask for. `registration` is of the advertiser (a register's number).
    """

    caption: str = ""
    title: str = ""
    consideration: Consideration = Consideration.UNKNOWN
    hashtags: tuple[str, ...] = ()
    language: str | None = None
    network: str | None = None
    format: str | None = None
    fold: int | None = None
    slides: int | None = None
    labelled_slides: tuple[int, ...] | None = None
    platform_flag: bool | None = None
    brands: tuple[str, ...] = ()
    category: str | None = None
    altered: str | None = None  # retouched, synthetic
    depicts: str | None = None  # face, silhouette, model
    registration: str | None = None
    deal: Deal | None = None
    creator: Mapping[str, float] = field(default_factory=dict)
    is_registered: bool | None = None
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class LawFinding:
    """What a rule says of a publication. `seen` quotes the publication, `requirement` the law.

    `change` is a key of `law_words.CHANGES`, with the parameters of its sentence in `about`. `unseen` names what could not
    be looked at (overlay, slides, spoken), so that a pass is not taken for more than it is.
    """

    rule: str
    pack: str
    pack_version: str
    check: str
    severity: Severity
    requirement: str
    seen: str
    change: str
    about: Mapping[str, str]
    source: str
    confidence: str
    effective_on: date
    unseen: tuple[str, ...] = ()
