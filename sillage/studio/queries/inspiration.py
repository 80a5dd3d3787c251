"""What is on people's minds in a set of creators: rising themes and hashtags, questions, what competitors leave unsaid."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from sillage.campaigns.models import Campaign
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.catalogue.models import Card
from sillage.discovery.queries import get_shortlist, list_candidates
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.studio.engine import angles, asked, rising
from sillage.studio.engine.asked import Group, Question
from sillage.studio.engine.ideas import FoundIdea, Rule
from sillage.studio.engine.rising import Dated, Rise, Rising
from sillage.studio.queries.audience import Difference, Differences, competitors_of, unsaid_of
from sillage.studio.queries.originality import quotable
from sillage.understanding.engine.corrections import COMMENT
from sillage.understanding.engine.intents import QUESTION, SPAM
from sillage.understanding.engine.themes import theme_set
from sillage.understanding.engine.topic_result import ref_of
from sillage.understanding.queries import current_versions, derivable
from sillage.understanding.queries.corrections import as_corrected
from sillage.understanding.queries.topics import Origin

MOST_CREATORS = 5_000  # accounts of a set
MOST_DATED = 60_000  # posts of both windows: the newest
QUESTION_DAYS = 180
DAYS = (14, 30, 60, 90)  # of a window


class SetUnclear(Malformed):
    """A set of creators is a campaign's, a shortlist's, or all of a theme."""


@dataclass(frozen=True, slots=True)
class CreatorSet:
    """Accounts whose posts and audience are read. `kind` is campaign, shortlist or theme; `of` how many there are in all."""

    kind: str
    key: str
    name: str
    accounts: tuple[int, ...]
    of: int
    campaign: Campaign | None = None


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """Questions that ask nearly the same, with the comment that stands for them as it is today."""

    group: Group
    origin: Origin


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions of the last QUESTION_DAYS days: how many, and those asked most."""

    n: int
    comments: int  # that were read in those days
    groups: tuple[ShownGroup, ...]


@dataclass(frozen=True, slots=True)
class Inspiration:
    """`unsaid` is None without a campaign or without competitors of its brand, who are named in `competitors`."""

    creators: CreatorSet
    until: date
    days: int
    themes: Rise
    hashtags: Rise
    asked: Asked
    competitors: tuple[str, ...]
    unsaid: Differences | None


def creators_of(
    workspace_id: int, *, campaign_id: int | None = None, shortlist_id: int | None = None, theme: str = ""
) -> CreatorSet:
    """A campaign's collaborations, a shortlist's places, or the accounts of a theme. Raises SetUnclear, NotFound."""
    if sum((campaign_id is not None, shortlist_id is not None, bool(theme))) != 1:
        raise SetUnclear(
            Sentence("It is not clear whose posts are meant."),
            Sentence("Name a campaign, a shortlist or a theme: one of them."),
        )
    if campaign_id is not None:
        campaign = get_campaign(workspace_id, campaign_id)
        accounts = campaign.collaborations.exclude(account=None).order_by("account_id")
        found = list(accounts.values_list("account_id", flat=True))
        return _set("campaign", str(campaign.pk), campaign.name, found, campaign)
    if shortlist_id is not None:
        shortlist = get_shortlist(workspace_id, shortlist_id)
        places = [candidate.account_id for candidate in list_candidates(shortlist)]
        return _set("shortlist", str(shortlist.pk), shortlist.brief.title, places)
    if theme not in theme_set().index:
        raise SetUnclear(
            Sentence("There is no theme “%(theme)s”.", theme=theme),
            Sentence("See them with `sillage themes list`."),
            place="theme",
        )
    cards = Card.objects.filter(workspace_id=workspace_id, themes__contains=[theme]).order_by("account_id")
    return _set("theme", theme, theme, list(cards.values_list("account_id", flat=True)))


def _set(kind: str, key: str, name: str, accounts: Sequence[int], campaign: Campaign | None = None) -> CreatorSet:
    return CreatorSet(kind, key, name, tuple(accounts[:MOST_CREATORS]), len(accounts), campaign)


def inspiration_of(
    workspace_id: int, creators: CreatorSet, *, until: date, days: int, language: str = ""
) -> Inspiration:
    """Everything at once. Nothing is stored."""
    posts = _dated(workspace_id, creators.accounts, until, days)
    competitors = competitors_of(creators.campaign) if creators.campaign else {}
    return Inspiration(
        creators,
        until,
        days,
        rising.rise_of([post for post, _ in posts], until, days),
        rising.rise_of([post for _, post in posts], until, days),
        asked_of(workspace_id, creators.accounts, until, language),
        tuple(competitors.values()),
        unsaid_of(workspace_id, creators.accounts, list(competitors), language) if competitors else None,
    )


# -- rising ----------------------------------------------------------------------------------------------------------

_DATED = """
    SELECT p.account_id, p.id, a.creator_id, (p.published_at AT TIME ZONE 'UTC')::date, p.hashtags, s.value -> 'themes'
      FROM catalogue_post p JOIN catalogue_account a ON a.id = p.account_id
      LEFT JOIN understanding_signal s ON s.account_id = p.account_id AND s.post_id = p.id AND s.enricher = 'themes'
           AND s.version = %(version)s AND s.content_hash = p.content_hash AND s.confidence > 0
     WHERE a.workspace_id = %(workspace)s AND a.id = ANY(%(accounts)s) AND {derivable}
       AND (p.published_at AT TIME ZONE 'UTC')::date BETWEEN %(since)s AND %(until)s
     ORDER BY p.published_at DESC, p.id LIMIT %(most)s
"""


def _dated(workspace_id: int, accounts: Sequence[int], until: date, days: int) -> list[tuple[Dated, Dated]]:
    """The posts of both windows, each with its themes and with its hashtags."""
    given: dict[str, Any] = {
        "workspace": workspace_id,
        "accounts": list(accounts),
        "since": until - timedelta(days=2 * days - 1),
        "until": until,
        "version": current_versions(workspace_id).get("themes", ""),
        "most": MOST_DATED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DATED.format(derivable=derivable()), given)
        rows = cursor.fetchall()
    found = []
    for account, post, creator, day, hashtags, themes in rows:
        ref = ref_of("post", account, post)
        tagged = frozenset(tag.casefold() for tag in hashtags)
        found.append((Dated(ref, creator, day, _themes(themes)), Dated(ref, creator, day, tagged)))
    return found


def _themes(value: str | None) -> frozenset[str]:
    """Keys of a JSON object as the database writes it."""
    return frozenset(json.loads(value)) if value else frozenset()


# -- questions -------------------------------------------------------------------------------------------------------

_QUESTIONS = """
    SELECT c.account_id, c.id, c.post_id, c.text, jsonb_exists(i.value -> 'intents', 'question')
           AND NOT jsonb_exists(i.value -> 'intents', 'spam')
      FROM catalogue_comment c JOIN catalogue_account a ON a.id = c.account_id
      JOIN understanding_commentsignal i ON i.account_id = c.account_id AND i.enricher = 'intent'
           AND i.comment_id = c.id AND NOT jsonb_exists(i.value, 'by_account')
      LEFT JOIN understanding_commentsignal l ON l.account_id = c.account_id AND l.enricher = 'language'
           AND l.comment_id = c.id
     WHERE a.workspace_id = %(workspace)s AND a.id = ANY(%(accounts)s) AND {derivable}
       AND (c.published_at AT TIME ZONE 'UTC')::date BETWEEN %(since)s AND %(until)s
       AND (%(language)s = '' OR l.value ->> 'language' = %(language)s)
     ORDER BY c.published_at DESC, c.id LIMIT %(most)s
"""
MOST_READ = 20_000  # comments: the newest


def asked_of(workspace_id: int, accounts: Sequence[int], until: date, language: str = "") -> Asked:
    """What comments ask, as machines read them or people corrected them; the account's own comments are left out."""
    given: dict[str, Any] = {
        "workspace": workspace_id,
        "accounts": list(accounts),
        "since": until - timedelta(days=QUESTION_DAYS),
        "until": until,
        "language": language,
        "most": MOST_READ,
    }
    with connection.cursor() as cursor:
        cursor.execute(_QUESTIONS.format(derivable=derivable()), given)
        rows = cursor.fetchall()
    said = as_corrected(workspace_id, COMMENT, [(account, comment) for account, comment, *_ in rows], ("intent",))
    questions = []
    for account, comment, post, text, asks in rows:
        standing = said.get((account, comment), {}).get("intent")
        intents = standing.value.get("intents", ()) if standing else None
        if asks if intents is None else QUESTION in intents and SPAM not in intents:
            questions.append(Question(ref_of("comment", account, comment), text, post, account))
    groups = asked.grouped(questions)
    standing_now = quotable(workspace_id, [group.ref for group in groups])
    shown = tuple(ShownGroup(group, standing_now[group.ref]) for group in groups if group.ref in standing_now)
    return Asked(len(questions), len(rows), shown)


# -- what can be put on the board ------------------------------------------------------------------------------------


def risen_idea(rule: Rule, one: Rising, rise: Rise) -> FoundIdea:
    figures = {
        "before": one.before,
        "of_before": rise.windows.n_before,
        "after": one.after,
        "of_after": rise.windows.n_after,
        "creators": one.creators,
        "since": rise.windows.after[0].isoformat(),
        "until": rise.windows.after[1].isoformat(),
        "low": round(one.change.low, 4),
        "high": round(one.change.high, 4),
    }
    return FoundIdea(rule, rising.VERSION, one.subject, figures, one.refs)


def question_idea(group: Group) -> FoundIdea:
    figures = {"n": group.n, "of": group.of, "posts": group.posts, "accounts": group.accounts}
    return FoundIdea(Rule.QUESTION, asked.VERSION, "", figures, group.refs)


def contrast_idea(rule: Rule, one: Difference) -> FoundIdea:
    """`kind` in the figures says whether the subject is a word or a theme."""
    c = one.contrast
    figures = {
        "kind": one.kind,
        "n": c.n,
        "of": c.of,
        "other_n": c.other_n,
        "other_of": c.other_of,
        "owners": c.owners,
        "z": round(c.z, 2),
    }
    return FoundIdea(rule, angles.VERSION, one.term, figures, c.refs)
