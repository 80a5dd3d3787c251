"""A topic map as it is kept: plain data, and what stays of it when posts or people leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sillage.lib.text import folded, shortened
from sillage.understanding.engine.counting import Counted
from sillage.understanding.engine.summary import Summary
from sillage.understanding.engine.topic_trends import Difference
from sillage.understanding.engine.topics import Quoted, Topic, TopicsFound

LONGEST_QUOTE = 400  # characters
Gone = Callable[[str], bool]


def ref_of(kind: str, account_id: int, subject_id: int) -> str:
    """How a result names a post or a comment: "post:ACCOUNT:ID"."""
    return f"{kind}:{account_id}:{subject_id}"


def parts_of(ref: str) -> tuple[str, int, int]:
    """The inverse of `ref_of`."""
    kind, account, subject = ref.split(":")
    return kind, int(account), int(subject)


def topics_as_json(found: TopicsFound) -> dict[str, Any]:
    """Topics as plain data; days as ISO 8601, quotes cut to LONGEST_QUOTE characters."""
    return {
        "texts": list(found.texts),
        "without": found.without,
        "loose": found.loose,
        "terms": found.terms,
        "step": found.periods.step,
        "periods": [start.isoformat() for start in found.periods.starts],
        "totals": [list(side) for side in found.totals],
        "topics": [_topic(topic) for topic in found.topics],
    }


def _topic(topic: Topic) -> dict[str, Any]:
    return {
        "words": list(topic.words),
        "texts": list(topic.texts),
        "shares": list(topic.shares),
        "counts": [list(side) for side in topic.counts],
        "change": _difference(topic.change),
        "comparison": _difference(topic.comparison),
        "quotes": [_quote(quote) for quote in topic.quotes],
    }


def _difference(found: Difference | None) -> dict[str, Any] | None:
    return None if found is None else {**asdict(found), "is_clear": found.is_clear}


def _quote(quote: Quoted) -> dict[str, Any]:
    return {
        "ref": quote.ref,
        "text": shortened(quote.text, LONGEST_QUOTE),
        "day": quote.day.isoformat() if quote.day else None,
        "is_second": quote.is_second,
        "strength": quote.strength,
    }


def summary_as_json(found: Summary, counted: Sequence[Counted]) -> dict[str, Any]:
    """A summary with its counts; the ids counted are kept."""
    return {
        "of": found.of,
        "sentences": [asdict(sentence) for sentence in found.sentences],
        "counts": [{"rule": c.rule, "n": len(c.refs), "of": c.of, "refs": list(c.refs)} for c in counted],
    }


def refs_in(result: Mapping[str, Any]) -> set[str]:
    """Every post and comment that a result quotes, counts or was written from."""
    refs = {quote["ref"] for topic in result["topics"] for quote in topic["quotes"]}
    for summary in result["summaries"]:
        refs |= {s["ref"] for s in summary["sentences"]} | {ref for count in summary["counts"] for ref in count["refs"]}
    return refs | set((result["written"] or {}).get("sent", ()))


def without(result: Mapping[str, Any], gone: Gone, names: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A result without anything that quotes or counts what is gone, and without topic words that are `names`, folded."""
    return {
        **result,
        "topics": [
            {
                **topic,
                "words": [w for w in topic["words"] if not names & {folded(w), *folded(w).split()}],
                "quotes": [q for q in topic["quotes"] if not gone(q["ref"])],
            }
            for topic in result["topics"]
        ],
        "summaries": [_summary_without(summary, gone) for summary in result["summaries"]],
        "written": _written_without(result["written"], gone),
    }


def _summary_without(summary: Mapping[str, Any], gone: Gone) -> dict[str, Any]:
    counts = []
    for count in summary["counts"]:
        refs = [ref for ref in count["refs"] if not gone(ref)]
        counts.append({**count, "refs": refs, "n": len(refs)})
    return {
        **summary,
        "sentences": [s for s in summary["sentences"] if not gone(s["ref"])],
        "counts": [count for count in counts if count["refs"]],
    }


def _written_without(written: Mapping[str, Any] | None, gone: Gone) -> dict[str, Any] | None:
    """A written sentence leaves with any of its sources; dropped ones leave with their text, whoever they are of."""
    if written is None:
        return None
    kept = [s for s in written["sentences"] if not any(gone(ref) for ref in s["refs"])]
    if len(kept) == len(written["sentences"]) and not any(gone(ref) for ref in written["sent"]):
        return dict(written)
    return {**written, "sentences": kept, "dropped": [], "sent": [r for r in written["sent"] if not gone(r)]}
