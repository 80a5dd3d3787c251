"""Where a label stands: first, before “more”, among how many hashtags, at the end, on every item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sillage.governance.engine.law import Fold, Placing, Publication, Severity
from sillage.governance.engine.law_labels import Found, Token, tokens_of

MORE = "<more>"
IN_ITEMS = frozenset({"story", "carousel"})
MOVING = frozenset({"video", "short_video", "live", "story"})


@dataclass(frozen=True, slots=True)
class Composed:
    """All that a publication says in words: title, caption, hashtags beside it. `begins` is where the caption does,
    `fold` where it is cut (None: it is shown whole)."""

    text: str
    begins: int
    fold: int | None
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check says: how bad, a key of `law_words.CHANGES`, the parameters of its sentence, and what was seen."""

    severity: Severity
    change: str
    seen: str = ""
    about: Mapping[str, str] | None = None
    unseen: tuple[str, ...] = ()


def composed(publication: Publication, folds: Mapping[str, Fold]) -> Composed:
    """Put the words of a publication together and find out where the network cuts them."""
    caption = publication.caption
    cut: int | None = publication.fold
    if MORE in caption:
        cut = caption.index(MORE)
        caption = caption.replace(MORE, "", 1)
    elif cut is None and (fold_shown := folds.get(publication.network or "")) is not None:
        cut = _shown(caption, fold_shown)
    head = f"{publication.title}\n" if publication.title else ""
    known = {t.word for t in tokens_of(caption) if t.mark == "#"}
    beside = [tag for tag in publication.hashtags if _bare(tag) not in known]
    text = head + caption + ("\n" if caption and beside else "") + " ".join(f"#{tag.lstrip('#')}" for tag in beside)
    fold = None if cut is None else len(head) + cut
    return Composed(text, len(head), fold, tuple(tokens_of(text)))


def _bare(tag: str) -> str:
    words = tokens_of(f"#{tag.lstrip('#')}")
    return words[0].word if words else ""


def _shown(caption: str, fold: Fold) -> int | None:
    """How many characters are shown, or None when that is all of them."""
    shown = fold.characters
    if fold.lines is not None:
        lines = caption.split("\n")
        if len(lines) > fold.lines:
            shown = min(shown, len("\n".join(lines[: fold.lines])))
    return shown if shown < len(caption) else None


def placed(words: Composed, label: Found, placing: Placing) -> Outcome:
    """How well one label stands."""
    seen = words.text[label.start : label.end]
    if label.start < words.begins:
        return Outcome(Severity.PASS, "placed", seen)
    if words.fold is not None and label.end > words.fold:
        return Outcome(Severity.BLOCK, "behind_more", seen, {"shown": str(words.fold - words.begins)})
    if placing.first_hashtags is not None and label.nth_hashtag is not None:
        if label.nth_hashtag <= placing.first_hashtags:
            return Outcome(Severity.PASS, "placed", seen)
        return Outcome(Severity.BLOCK, "hashtag_late", seen, {"first": str(placing.first_hashtags)})
    before = [t for t in words.tokens[: label.first] if t.start >= words.begins]
    if not before or label.start - before[0].start <= placing.most_before:
        return Outcome(Severity.PASS, "placed", seen)
    if label.nth_hashtag is not None and before[-1].mark == "#" and placing.cluster is not Severity.PASS:
        return Outcome(placing.cluster, "in_cluster", seen)
    if all(token.mark for token in words.tokens[label.last + 1 :]):
        return Outcome(placing.end, "at_end", seen)
    return Outcome(placing.later, "not_first", seen)


def on_every_item(publication: Publication) -> Outcome | None:
    """Whether each slide or story carries the label; None where there is one item only."""
    several = publication.format in IN_ITEMS or (publication.slides or 0) > 1
    if not several:
        return None
    if publication.slides is None or publication.labelled_slides is None:
        return Outcome(Severity.PASS, "items_unseen", unseen=("slides",))
    missing = sorted(set(range(1, publication.slides + 1)) - set(publication.labelled_slides))
    if not missing:
        return Outcome(Severity.PASS, "every_item")
    numbers = ", ".join(str(n) for n in missing)
    return Outcome(Severity.BLOCK, "items_unlabelled", about={"items": numbers, "of": str(publication.slides)})
