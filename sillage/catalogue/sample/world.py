"""Puts the sample world together: accounts, posts, comments, observations, and the truth behind them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sillage.catalogue.engine.records import (
    AccountRecord,
    Batch,
    CommentRecord,
    ObservationRecord,
    PostRecord,
)
from sillage.catalogue.sample.cast import COPIED_CAPTIONS, Persona, cast_personas
from sillage.catalogue.sample.content import DIARY, load_fragments
from sillage.catalogue.sample.figures import NO_FOLLOWERS, draw_pull, follower_observations, post_observations
from sillage.catalogue.sample.replies import vary_comments, write_comments
from sillage.catalogue.sample.sponsoring import UNPAID, draw_sponsorship
from sillage.catalogue.sample.writers import Assignment, Draft, Writer

PERIOD = timedelta(days=270)
_RHYTHM = (23, 42)  # posts per creator over the period
_DORMANT_FOR = timedelta(days=120)
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True, slots=True)
class CreatorTraits:
    """What is true of a creator and no number says. `sponsored` and `mentioned` are keyed by the post's network id."""

    country: str
    languages: tuple[str, ...]
    followers: int | None  # of the largest account; None for a blog alone
    generalist: bool
    dormant: bool
    authenticated: bool
    never_discloses: bool
    suspicious: str | None  # bought_followers, engagement_pod, copied_captions
    sponsored: Mapping[str, str]  # disclosure: clear, buried, vague, undisclosed
    mentioned: Mapping[str, str]  # brand name, sponsored or not


@dataclass(frozen=True, slots=True)
class World:
    """The records, and the truth by creator key. `interests` holds each interest's share of the creator's posts."""

    batch: Batch
    interests: Mapping[str, Mapping[str, float]]
    traits: Mapping[str, CreatorTraits]


@dataclass(frozen=True, slots=True)
class _Page:
    """An account with the followers that it has at `now`."""

    record: AccountRecord
    followers: int


@dataclass(frozen=True, slots=True)
class _Written:
    """A post with what its writer knows."""

    record: PostRecord
    interest: str
    language: str
    brand: str | None
    disclosure: str | None


def sample_world(*, seed: int, now: datetime) -> World:
    """The whole world: the same seed and instant give the same records, byte for byte.

    `now` must be timezone-aware; posts lie in the nine months before it.
    """
    if now.tzinfo is None:
        raise ValueError("now must be timezone-aware")
    now = now.astimezone(UTC)
    personas = cast_personas(seed)
    pages = {persona.key: _pages(seed, persona, now) for persona in personas}
    written = {persona.key: _written(seed, persona, pages[persona.key], now) for persona in personas}
    _copy_captions(seed, personas, written)
    comments: list[CommentRecord] = []
    observations: list[ObservationRecord] = []
    for persona in personas:
        rng = random.Random(f"{seed}:{persona.number}:figures")
        for page in pages[persona.key]:
            observations.extend(follower_observations(rng, persona, page.record, page.followers, now))
            pull = draw_pull(rng, persona, page.followers)
            for post in written[persona.key]:
                if post.record.network != page.record.network:
                    continue
                below = list(write_comments(rng, persona, post.record, post.language, now))
                below = vary_comments(seed, persona, post.record, below, post.language, now)
                comments.extend(below)
                observations.extend(post_observations(rng, persona, post.record, pull, len(below), now))
    batch = Batch(
        accounts=tuple(page.record for persona in personas for page in pages[persona.key]),
        posts=tuple(post.record for persona in personas for post in written[persona.key]),
        comments=tuple(comments),
        observations=tuple(observations),
    )
    return World(
        batch=batch,
        interests={persona.key: _shares(written[persona.key]) for persona in personas},
        traits={p.key: _traits(p, pages[p.key], written[p.key]) for p in personas},
    )


def _pages(seed: int, persona: Persona, now: datetime) -> tuple[_Page, ...]:
    rng = random.Random(f"{seed}:{persona.number}:accounts")
    pages: list[_Page] = []
    for index, network in enumerate(persona.networks):
        followers = int(persona.followers * (1 if index == 0 else rng.uniform(0.1, 0.6)))
        pages.append(_Page(_account(rng, persona, network, now), max(500, followers)))
    return tuple(pages)


def _account(rng: random.Random, persona: Persona, network: str, now: datetime) -> AccountRecord:
    handle = persona.handle
    if network in ("bluesky", "rss"):
        handle = f"{persona.handle.replace('_', '-')}.sample.invalid"
    return AccountRecord(
        network=network,
        network_id=_network_id(rng, persona, network),
        handle=handle,
        name=persona.name,
        bio=persona.bio,
        url=f"https://sample.invalid/{network}/{persona.handle}",
        country=persona.country,
        languages=persona.languages,
        creator_key=persona.key,
        created_at=now - timedelta(days=rng.randint(500, 3200)),
    )


def _network_id(rng: random.Random, persona: Persona, network: str) -> str:
    """An id in the shape that the network uses, recognisably invented."""
    tail = "".join(rng.choices(_BASE32, k=16))
    forms = {
        "instagram": f"9990000{persona.number:010d}",
        "tiktok": f"99900000000{persona.number:08d}",
        "youtube": f"UCsample{tail}",
        "bluesky": f"did:plc:sample{tail}22",
        "rss": f"https://sample.invalid/rss/{persona.handle}/feed.xml",
    }
    return forms[network]


def _written(seed: int, persona: Persona, pages: tuple[_Page, ...], now: datetime) -> list[_Written]:
    rng = random.Random(f"{seed}:{persona.number}:posts")
    writer = Writer(persona, rng)
    times = _times(rng, persona, now)
    subjects = _subjects(rng, persona, len(times))
    posts: list[_Written] = []
    for index, (moment, interest) in enumerate(zip(times, subjects, strict=True)):
        page = pages[0] if len(pages) == 1 or rng.random() < 0.65 else pages[1]
        language = _language(rng, persona, interest)
        sponsorship = draw_sponsorship(rng, persona, interest, language)
        draft = writer.write(Assignment(interest, page.record.network, language, moment, sponsorship))
        paid = sponsorship is not None and sponsorship.paid_label
        posts.append(
            _Written(
                record=_post(rng, persona, page.record, draft, moment, index, paid=paid),
                interest=interest,
                language=language,
                brand=sponsorship.brand.name if sponsorship else None,
                disclosure=sponsorship.disclosure if sponsorship else None,
            )
        )
    return posts


def _times(rng: random.Random, persona: Persona, now: datetime) -> list[datetime]:
    """When the creator posts: a habitual hour, a weekly rhythm, some bursts; dormant ones stopped months ago."""
    count = rng.randint(*_RHYTHM)
    last = now - (_DORMANT_FOR if persona.dormant else timedelta(hours=rng.randint(1, 200)))
    first = now - PERIOD
    hour = rng.choice((7, 8, 12, 17, 18, 19, 20, 21))
    span = (last - first).total_seconds()
    burst = rng.random() < 0.25
    times: list[datetime] = []
    for _ in range(count):
        place = rng.betavariate(2.2, 1.1) if burst else rng.random()
        day = first + timedelta(seconds=place * span)
        moment = day.replace(hour=hour, minute=0, second=0, microsecond=0)
        moment += timedelta(minutes=int(rng.gauss(0, 75)), seconds=rng.randrange(60))
        times.append(min(max(moment, first), last).replace(microsecond=0))
    return sorted(times)


def _subjects(rng: random.Random, persona: Persona, count: int) -> list[str]:
    """Interests dealt to the posts in the creator's proportions (largest remainder), in random order."""
    exact = {key: share * count for key, share in persona.mix.items()}
    dealt = {key: int(value) for key, value in exact.items()}
    by_rest = sorted(exact, key=lambda key: (dealt[key] - exact[key], key))
    for key in by_rest[: count - sum(dealt.values())]:
        dealt[key] += 1
    subjects = [key for key in sorted(dealt) for _ in range(dealt[key])]
    rng.shuffle(subjects)
    return subjects


def _language(rng: random.Random, persona: Persona, interest: str) -> str:
    second = persona.languages[-1]
    if len(persona.languages) == 1 or interest not in load_fragments(second):
        return persona.languages[0]
    return second if rng.random() < 0.35 else persona.languages[0]


def _post(
    rng: random.Random,
    persona: Persona,
    account: AccountRecord,
    draft: Draft,
    moment: datetime,
    index: int,
    *,
    paid: bool,
) -> PostRecord:
    network = account.network
    network_id = f"{persona.number:04d}{index:03d}{rng.randrange(10**8):08d}"
    video = draft.format in ("video", "short_video")
    long_video = draft.format == "video"
    return PostRecord(
        network=network,
        account_network_id=account.network_id,
        network_id=network_id,
        published_at=moment,
        title=draft.title,
        text=draft.text,
        hashtags=draft.hashtags,
        format=draft.format,
        url=f"{account.url}/{network_id}",
        language=draft.language if network in ("youtube", "bluesky") else None,
        paid_label=_paid_label(network, paid=paid),
        duration_s=float(rng.randint(240, 1500) if long_video else rng.randint(12, 90)) if video else None,
    )


def _paid_label(network: str, *, paid: bool) -> bool | None:
    """YouTube says yes or no; Instagram and TikTok show a label or nothing; the others have none."""
    if network == "youtube":
        return paid
    return True if paid and network in ("instagram", "tiktok") else None


def _copy_captions(seed: int, personas: tuple[Persona, ...], written: dict[str, list[_Written]]) -> None:
    """Some accounts publish others' captions as their own, a few days later."""
    for thief in personas:
        if thief.suspicion != COPIED_CAPTIONS:
            continue
        rng = random.Random(f"{seed}:{thief.number}:copies")
        models = [p for p in personas if p.number != thief.number and p.languages == thief.languages]
        models = [p for p in models if set(p.networks) & set(thief.networks) and p.suspicion is None]
        stolen = [post for model in models for post in written[model.key] if post.brand is None]
        posts = written[thief.key]
        used: set[str] = set()
        for at, post in enumerate(posts):
            fits = [s for s in stolen if _can_copy(s, post) and s.record.network_id not in used]
            if fits and rng.random() < 0.5:
                source = rng.choice(fits)
                used.add(source.record.network_id)
                posts[at] = _copied(post, source)


def _can_copy(source: _Written, post: _Written) -> bool:
    lead = post.record.published_at - source.record.published_at
    return (
        source.interest == post.interest
        and source.record.network == post.record.network
        and source.language == post.language
        and timedelta(days=1) <= lead <= timedelta(days=150)
    )


def _copied(post: _Written, source: _Written) -> _Written:
    record = replace(post.record, title=source.record.title, text=source.record.text, hashtags=source.record.hashtags)
    return replace(post, record=record, brand=None, disclosure=None)


def _shares(posts: list[_Written]) -> dict[str, float]:
    counts: dict[str, int] = {}
    for post in posts:
        if post.interest != DIARY:
            counts[post.interest] = counts.get(post.interest, 0) + 1
    return {key: round(counts[key] / len(posts), 3) for key in sorted(counts)}


def _traits(persona: Persona, pages: tuple[_Page, ...], posts: list[_Written]) -> CreatorTraits:
    return CreatorTraits(
        country=persona.country,
        languages=persona.languages,
        followers=max((p.followers for p in pages if p.record.network not in NO_FOLLOWERS), default=None),
        generalist=persona.generalist,
        dormant=persona.dormant,
        authenticated=persona.authenticated,
        never_discloses=persona.never_discloses,
        suspicious=persona.suspicion,
        sponsored=dict(_disclosures(posts)),
        mentioned={post.record.network_id: post.brand for post in posts if post.brand is not None},
    )


def _disclosures(posts: list[_Written]) -> Iterator[tuple[str, str]]:
    for post in posts:
        if post.disclosure is not None and post.disclosure != UNPAID:
            yield post.record.network_id, post.disclosure
