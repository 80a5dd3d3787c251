"""What was found about a text or a set of creators, as plain data for the API and the command line."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core import signing

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.studio.engine.asked import without_names
from sillage.studio.engine.ideas import FoundIdea, Rule
from sillage.studio.engine.placing import Phrase
from sillage.studio.engine.rising import Rise
from sillage.studio.queries.audience import Difference, Differences, text_of
from sillage.studio.queries.inspiration import Inspiration, contrast_idea, question_idea, risen_idea
from sillage.studio.queries.originality import Group, Originality, ShownNear
from sillage.understanding.queries.topics import Origin

SEALED_AS = "studio.found_idea"


class FoundUnreadable(Malformed):
    """What comes back to be put on the board is what had been shown."""


def opened(token: str) -> FoundIdea:
    """The inverse of `sealed`. Raises FoundUnreadable."""
    try:
        return FoundIdea.of(signing.loads(token, salt=SEALED_AS))
    except signing.BadSignature as error:
        raise FoundUnreadable(
            Sentence("This is not what a rule had found."),
            Sentence("Ask for inspiration again, and send back what it says."),
        ) from error


def sealed(found: FoundIdea) -> str:
    """What a rule found, signed, so that it comes back as the rule's."""
    return signing.dumps(found.kept(), salt=SEALED_AS, compress=True)


def originality(found: Originality, angles: Differences | None = None) -> dict[str, Any]:
    return {
        "groups": [_group(group) for group in found.groups],
        "themes": list(found.themes),
        "themes_are_read": found.are_read,
        "language": found.language,
        "posts": found.posts,
        "missing": list(found.missing),
        "versions": dict(found.versions),
        "angles": differences(angles, Rule.ANGLE) if angles else None,
    }


def _group(group: Group) -> dict[str, Any]:
    placement = group.placement
    return {
        "kind": group.kind,
        "n": placement.n,
        "words": asdict(placement.words) if placement.words else None,
        "meaning": asdict(placement.meaning) if placement.meaning else None,
        "nearest": [_near(quote) for quote in group.quotes],
        "common": [_phrase(phrase) for phrase in placement.common],
        "word_for_word": _phrase(placement.word_for_word) if placement.word_for_word else None,
        "usual_distance": list(placement.usual) if placement.usual else None,
    }


def _near(quote: ShownNear) -> dict[str, Any]:
    near = quote.near
    return {
        "ref": near.ref,
        "distance": round(near.distance, 4),
        "words": near.words,
        "meaning": near.meaning,
        "shared": quote.run,
        "who": quote.who,
        "text": quote.text,
        "url": quote.origin.post.url if quote.origin else "",
        "at": quote.at,
    }


def _phrase(phrase: Phrase) -> dict[str, Any]:
    return {"text": phrase.text, "n": phrase.n, "of": phrase.of, "owners": phrase.owners}


def differences(found: Differences, rule: Rule) -> dict[str, Any]:
    return {
        "comments": found.comments,
        "posts": found.posts,
        "others": found.others,
        "words": [_difference(one, rule) for one in found.words],
        "themes": [_difference(one, rule) for one in found.themes],
    }


def _difference(one: Difference, rule: Rule) -> dict[str, Any]:
    c = one.contrast
    return {
        "kind": one.kind,
        "term": one.term,
        "n": c.n,
        "of": c.of,
        "other_n": c.other_n,
        "other_of": c.other_of,
        "accounts": c.owners,
        "z": round(c.z, 2),
        "fit": one.fit,
        "quotes": [quote(origin) for origin in one.quotes],
        "found": sealed(contrast_idea(rule, one)),
    }


def quote(origin: Origin) -> dict[str, Any]:
    """A post or comment; who is spoken to in a comment is left out."""
    comment = origin.comment
    return {
        "kind": "comment" if comment else "post",
        "account_id": str(origin.post.account_id),
        "handle": origin.post.account.handle,
        "url": origin.post.url,
        "text": without_names(comment.text) if comment else text_of(origin),
        "at": comment.published_at if comment else origin.post.published_at,
    }


def inspiration(found: Inspiration) -> dict[str, Any]:
    return {
        "of": found.creators.name,
        "accounts": found.creators.of,
        "themes": _rise(found.themes, Rule.RISING_THEME),
        "hashtags": _rise(found.hashtags, Rule.RISING_HASHTAG),
        "comments": found.asked.comments,
        "questions": [
            {
                "text": shown.group.text,
                "n": shown.group.n,
                "of": shown.group.of,
                "posts": shown.group.posts,
                "accounts": shown.group.accounts,
                "found": sealed(question_idea(shown.group)),
            }
            for shown in found.asked.groups
        ],
        "competitors": list(found.competitors),
        "unsaid": differences(found.unsaid, Rule.UNSAID) if found.unsaid else None,
    }


def _rise(rise: Rise, rule: Rule) -> dict[str, Any]:
    return {
        "before": list(rise.windows.before),
        "after": list(rise.windows.after),
        "n_before": rise.windows.n_before,
        "n_after": rise.windows.n_after,
        "compared": rise.compared,
        "rising": [
            {
                "subject": one.subject,
                "before": one.before,
                "after": one.after,
                "creators": one.creators,
                "first_on": one.first_on,
                "last_on": one.last_on,
                "low": round(one.change.low, 4),
                "high": round(one.change.high, 4),
                "found": sealed(risen_idea(rule, one, rise)),
            }
            for one in rise.rising
        ],
    }
