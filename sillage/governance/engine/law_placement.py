"""Where a label stands: first, before “more”, among how many hashtags, at the end, on every item."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sillage.governance.engine.law import Fold, Placing, Publication, SeenAt, Verdict
from sillage.governance.engine.law_labels import Found, Token, tokens_of

MORE = "<more>"
IN_ITEMS = frozenset({"story", "carousel"})
MOVING = frozenset({"video", "short_video", "live", "story"})


@dataclass(frozen=True, slots=True)
class Composed:
    """All that a publication says in words: title, overlay, caption, hashtags beside it. `begins` is where the caption
    does, `fold` where it is cut (None: it is shown whole), `parts` the name, beginning and end of each part."""

    text: str
    begins: int
    fold: int | None
    tokens: tuple[Token, ...]
    parts: tuple[tuple[str, int, int], ...] = ()
    mark: int | None = None  # where the mark <more> stood in the caption

    def part_of(self, found: Found) -> str:
        return next((name for name, start, end in self.parts if start <= found.start < end), "")

    def at(self, found: Found) -> SeenAt:
        """Where the words stand in the part that was given, its mark <more> included."""
        name, begins = next(((n, b) for n, b, e in self.parts if b <= found.start < e), ("", 0))
        start, end = found.start - begins, found.end - begins
        if name == "caption" and self.mark is not None:
            start += len(MORE) if start >= self.mark else 0
            end += len(MORE) if end > self.mark else 0
        return SeenAt(name, start, end)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check says: how bad, a key of `law_words.CHANGES`, the parameters of its sentence, and what was seen where.

    `asks` are facts that it would need. `settles`: whatever else the rule needs to know does not matter any more. `part` is
    the part of a rule with two confidences that this rests on.
    """

    verdict: Verdict
    change: str
    seen: str = ""
    about: Mapping[str, str] | None = None
    unseen: tuple[str, ...] = ()
    at: tuple[SeenAt, ...] = ()
    asks: tuple[str, ...] = ()
    settles: bool = False
    part: int = 0


def composed(publication: Publication, folds: Mapping[str, Fold]) -> Composed:
    """Put the words of a publication together and find out where the network cuts them."""
    caption = publication.caption
    cut: int | None = publication.fold
    if MORE in caption:
        cut = caption.index(MORE)
        caption = caption.replace(MORE, "", 1)
    elif cut is None and (fold_shown := folds.get(publication.network or "")) is not None:
        cut = _shown(caption, fold_shown)
    above = [(name, words) for name in ("title", "overlay") if (words := getattr(publication, name))]
    head = "".join(f"{words}\n" for _, words in above)
    known = {t.word for t in tokens_of(caption) if t.mark == "#"}
    beside = [tag for tag in publication.hashtags if _bare(tag) not in known]
    tags = " ".join(f"#{tag.lstrip('#')}" for tag in beside)
    text = head + caption + ("\n" if caption and tags else "") + tags
    fold = None if cut is None else len(head) + cut
    mark = publication.caption.index(MORE) if MORE in publication.caption else None
    parts = _parts([*above, ("caption", caption), ("hashtags", tags)])
    return Composed(text, len(head), fold, tuple(tokens_of(text)), parts, mark)


def _parts(written: Sequence[tuple[str, str]]) -> tuple[tuple[str, int, int], ...]:
    """Name, beginning and end of each part that has words, a line break between them."""
    parts, begins = [], 0
    for name, words in written:
        if words:
            parts.append((name, begins, begins + len(words)))
            begins += len(words) + 1
    return tuple(parts)


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


def stated_place(place: str | None, placing: Placing) -> tuple[Verdict, str] | None:
    """What is said of a place that a person states; None where the words themselves are looked at."""
    return {
        "bio": (Verdict.BLOCK, "in_bio"),
        "behind_more": (Verdict.BLOCK, "stated_behind_more"),
        "end": (placing.end, "at_end"),
        "overlay_part": (placing.part, "on_a_part"),
        "overlay_throughout": (Verdict.PASS, "placed"),
    }.get(place or "")


def placed(words: Composed, label: Found, placing: Placing, place: str | None = None) -> Outcome:
    """How well one label stands. `place`: where a person says that it does."""
    verdict, change, about = _standing(words, label, placing, place)
    return Outcome(verdict, change, words.text[label.start : label.end], about, at=(words.at(label),))


def _standing(
    words: Composed, label: Found, placing: Placing, place: str | None
) -> tuple[Verdict, str, Mapping[str, str] | None]:
    stated = stated_place(place, placing)
    if stated is not None:
        return (*stated, None)
    if words.part_of(label) == "overlay" and place is None:
        return Verdict.REVIEW, "overlay_time_unknown", None
    if label.start < words.begins:
        return Verdict.PASS, "placed", None
    if words.fold is not None and label.end > words.fold:
        return Verdict.BLOCK, "behind_more", {"shown": str(words.fold - words.begins)}
    if placing.first_hashtags is not None and label.nth_hashtag is not None:
        if label.nth_hashtag <= placing.first_hashtags:
            return Verdict.PASS, "placed", None
        return Verdict.BLOCK, "hashtag_late", {"first": str(placing.first_hashtags)}
    begun = bisect_left(words.tokens, words.begins, key=lambda token: token.start)
    if begun >= label.first or label.start - words.tokens[begun].start <= placing.most_before:
        return Verdict.PASS, "placed", None
    if (
        label.nth_hashtag is not None
        and words.tokens[label.first - 1].mark == "#"
        and placing.cluster is not Verdict.PASS
    ):
        return placing.cluster, "in_cluster", None
    if all(token.mark for token in words.tokens[label.last + 1 :]):
        return placing.end, "at_end", None
    return placing.later, "not_first", None


def on_every_item(publication: Publication) -> Outcome | None:
    """Whether each slide or story carries the label; None where there is one item only."""
    several = publication.format in IN_ITEMS or (publication.slides or 0) > 1
    if not several:
        return None
    if publication.slides is None or publication.labelled_slides is None:
        return Outcome(Verdict.PASS, "items_unseen", unseen=("slides",))
    missing = sorted(set(range(1, publication.slides + 1)) - set(publication.labelled_slides))
    if not missing:
        return Outcome(Verdict.PASS, "every_item")
    numbers = ", ".join(str(n) for n in missing)
    return Outcome(Verdict.BLOCK, "items_unlabelled", about={"items": numbers, "of": str(publication.slides)})
