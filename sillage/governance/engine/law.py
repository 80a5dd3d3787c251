"""Law packs as data: what a rule, a label and a publication are, and what is found when one is held against the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How a publication stands, in three, as pages count: fine, a person must look, not to be published like this."""

    PASS = "pass"  # noqa: S105  # a verdict
    REVIEW = "review"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class Verdict(StrEnum):
    """What a rule says, from good to bad.

    `ask`: a fact that it needs is not known; `review`: a person decides whether something is equivalent; `warn`: it is not
    as it should be; `block`: not to be published, signed or exported like this.
    """

    PASS = "pass"  # noqa: S105  # a verdict
    INFO = "info"
    ASK = "ask"
    REVIEW = "review"
    WARN = "warn"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        return list(Verdict).index(self)

    @property
    def severity(self) -> Severity:
        if self is Verdict.BLOCK:
            return Severity.BLOCK
        return Severity.REVIEW if self.needs_person else Severity.PASS

    @property
    def needs_person(self) -> bool:
        return self in (Verdict.ASK, Verdict.REVIEW, Verdict.WARN)

    @property
    def stops(self) -> bool:
        return self is Verdict.BLOCK


class RuleSeverity(StrEnum):
    """The worst that a rule may say when it is broken, as its pack has it."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"

    @property
    def at_most(self) -> Verdict:
        return Verdict(self.value)


class Consideration(StrEnum):
    """What was given or promised for a publication."""

    PAID = "paid"
    GIFT = "gift"
    TRIP = "trip"
    AFFILIATE = "affiliate"
    OWN_BRAND = "own_brand"
    NONE = "none"
    UNKNOWN = "unknown"


FORMATS = ("article", "audio", "carousel", "image", "live", "short_video", "story", "text", "video")
PLACES = ("start", "overlay_throughout", "overlay_part", "end", "behind_more", "bio")
VERIFIED = ("P", "S", "U")  # official text read, secondary source read, not verified
PRODUCT = "product"  # the confidence of a rule that is Sillage's own choice, not law
COPIES = ("mirror", "copy", "verbatim", "recital")  # where the official words were read, if not at their source


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
    """Where a label must stand. Verdicts say what a label is that stands at the end, in a row of tags, later than first
    though visible, or on a part of a video only. `first_hashtags`: how many hashtags are looked at where it is one."""

    most_before: int = 0  # characters
    first_hashtags: int | None = None
    later: Verdict = Verdict.REVIEW
    end: Verdict = Verdict.REVIEW
    cluster: Verdict = Verdict.PASS
    part: Verdict = Verdict.REVIEW


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a pack. `only_for` empty: any consideration. `doubtful`: considerations for which it only asks for review.

    `when`: facts and the values for which it speaks at all. `needs`: facts without which it asks. `given` holds what its
    checks need: mentions, messages, thresholds... `advised_before`: before its day it is advice. It applies from
    `effective_on` to `until`, both included; None: it has no end. `confidence` has two letters where its two parts differ.
    """

    id: str
    title: Mapping[str, str]
    binds: tuple[str, ...]
    checks: tuple[str, ...]
    requirement: str  # the law's words, or where they were only summed up that in English
    severity: RuleSeverity
    confidence: str
    source: str
    effective_on: date
    until: date | None = None
    when: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    only_for: tuple[Consideration, ...] = ()
    doubtful: tuple[Consideration, ...] = ()
    advised_before: bool = False
    text_from: str = ""
    note: Mapping[str, str] = field(default_factory=dict)
    summed_up: Mapping[str, str] = field(default_factory=dict)  # the requirement per language, where it is no quotation
    given: Mapping[str, Any] = field(default_factory=dict)

    def is_verified(self, part: int = 0) -> bool:
        """Whether anybody read the source of this part of the rule: the first, or what comes with it."""
        marks = self.confidence.split("/")
        return marks[min(part, len(marks) - 1)] != "U"


@dataclass(frozen=True, slots=True, eq=False)
class LawPack:
    """`alone` is what the network's own label is without words of one's own. `presumes`: something is taken to have been
    given unless the poster shows that it was not. `questions` are put to a person: {id: {language: question}}."""

    id: str
    version: str
    name: Mapping[str, str]
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    alone: Verdict
    presumes: bool
    placing: Placing
    labels: tuple[Label, ...]
    rules: tuple[Rule, ...]
    questions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    not_covered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def order(self) -> tuple[int, ...]:
        """The version as it is compared: 2026.10 is after 2026.9."""
        return tuple(int(part) for part in self.version.split("."))


@dataclass(frozen=True, slots=True)
class Fold:
    """What a network shows of a caption before “more”."""

    characters: int
    lines: int | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """A draft or a post, as far as it is known: None is not known and never held against it.

    `caption` may hold the mark `<more>` where the network cuts it; else `fold` says after how many characters, else the
    network's. `hashtags` stand beside the caption. `brands` are names and handles of the advertiser. `overlay` is what is
    written on the picture or in the video, `disclosure_place` (one of PLACES) where a person says that the label stands.
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
    published_on: date | None = None
    overlay: str = ""
    disclosure_place: str | None = None


@dataclass(frozen=True, slots=True)
class SeenAt:
    """Words of a publication: which part (caption, title, overlay, hashtags) and the offsets in that part as given."""

    part: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LawFinding:
    """What a rule says. `seen` quotes the publication, `at` says where, `requirement` quotes the law.

    `change` is a key of `law_words.CHANGES`, with the parameters of its sentence in `about`. `unseen` names what could not
    be looked at (overlay, slides, spoken), so that a pass is not taken for more than it is. `asks` names facts that the
    rule needs and nobody told.
    """

    rule: str
    pack: str
    pack_version: str
    check: str
    verdict: Verdict
    requirement: str
    seen: str
    change: str
    about: Mapping[str, str]
    source: str
    confidence: str
    effective_on: date
    rule_severity: str = ""
    text_from: str = ""
    until: date | None = None
    at: tuple[SeenAt, ...] = ()
    unseen: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        return self.verdict.severity


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that nobody told and the rules that wait for it."""

    fact: str
    rules: tuple[str, ...]
