"""Bluesky: a profile, its own posts, the replies below them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, NoReturn

from atproto_client import models  # type: ignore[import-untyped]

from sillage.catalogue.connectors.bluesky import parse
from sillage.catalogue.connectors.bluesky.client import AppView, QueryRefused, Reply, ServerFault
from sillage.catalogue.connectors.fields import Unfit, inner, objects, sorted_out, words
from sillage.catalogue.connectors.port import (
    AccountNotPublic,
    AccountUnknown,
    Confirming,
    Cursor,
    Fetched,
    SetAside,
)
from sillage.catalogue.connectors.settings import ConnectorSettings, Means
from sillage.catalogue.connectors.sweep import advanced, restarted
from sillage.catalogue.engine.records import AccountRecord, Batch, ObservationRecord, PostRecord, RawAnswer
from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Sentence

POSTS_PER_PORTION = 100  # the most that getAuthorFeed gives
POSTS_PER_LOOKUP = 25  # the most that getPosts takes
THREAD_DEPTH = 100  # of at most 1,000; what lies deeper is left out and noted

PROFILE, FEED, THREAD, POSTS = (
    "app.bsky.actor.getProfile",
    "app.bsky.feed.getAuthorFeed",
    "app.bsky.feed.getPostThread",
    "app.bsky.feed.getPosts",
)


class Bluesky:
    """The port for Bluesky. Its threads come in one portion; what the AppView leaves out of them is noted."""

    network: ClassVar[str] = parse.NETWORK
    revisit_after: ClassVar[timedelta] = timedelta(hours=12)
    confirming: ClassVar[Confirming] = Confirming(50, "at://{account}/app.bsky.feed.post/")

    def __init__(self, settings: ConnectorSettings, means: Means) -> None:
        self._clock = means.clock
        self._appview = AppView(settings, means)
        self._filter = "posts_and_author_threads" if settings.bluesky_replies else "posts_no_replies"
        self._with_replies = settings.bluesky_replies

    def find(self, target: str) -> Fetched:
        return Fetched(self._profile(parse.actor(target)))

    def posts(self, account_id: str, cursor: Cursor) -> Fetched:
        params = models.AppBskyFeedGetAuthorFeed.Params(
            actor=account_id, limit=POSTS_PER_PORTION, filter=self._filter, cursor=cursor.get("next")
        )
        try:
            reply = self._appview.ask(FEED, params)
        except QueryRefused as refused:
            if "next" in cursor and "again" not in cursor and "cursor" in refused.message.casefold():
                return _begun_again(cursor)
            _refuse(account_id, refused)
        except OutsideError as error:
            # An AppView that cannot read its cursor answers as if it had broken down: try once without.
            if "next" not in cursor or "again" in cursor or not isinstance(error.__cause__, ServerFault):
                raise
            return _begun_again(cursor)
        return self._read_feed(account_id, cursor, reply)

    def comments(self, account_id: str, post_id: str, cursor: Cursor) -> Fetched:
        params = models.AppBskyFeedGetPostThread.Params(uri=post_id, depth=THREAD_DEPTH, parent_height=0)
        try:
            reply = self._appview.ask(THREAD, params)
        except QueryRefused as refused:
            if refused.code != "NotFound":
                _refuse(account_id, refused)
            return self._gone(account_id, post_id)
        thread = inner(reply.payload, "thread")
        if thread.get("notFound"):
            return self._gone(account_id, post_id)
        now = self._clock()
        views = list(parse.replies(thread))
        kept, aside = sorted_out(
            views, lambda view: view.get("cid"), lambda view: parse.comment(view, account_id, post_id, now)
        )
        left_out = parse.replies_left_out(thread)
        note = f"{left_out} replies were not shown, {len(views)} were."
        return Fetched(
            Batch(comments=tuple(kept)),
            set_aside=tuple(aside),
            whole_thread="" if left_out else post_id,
            notes=(note,) if left_out else (),
        )

    def _gone(self, account_id: str, post_id: str) -> Fetched:
        """A post that was deleted; those of an account that is only away for a while are not found either."""
        self._profile(account_id)
        return Fetched(Batch(), gone=(post_id,))

    def refresh(self, account_id: str, post_ids: Sequence[str]) -> Fetched:
        profile = self._profile(account_id)
        posts: list[PostRecord] = []
        numbers = list(profile.observations)
        raw = list(profile.raw)
        aside: list[SetAside] = []
        gone: list[str] = []
        for first in range(0, len(post_ids), POSTS_PER_LOOKUP):
            uris = list(post_ids[first : first + POSTS_PER_LOOKUP])
            reply = self._ask(account_id, POSTS, models.AppBskyFeedGetPosts.Params(uris=uris))
            views = [view for view in objects(reply.payload.get("posts")) if words(view.get("uri")) in uris]
            present = {words(view.get("uri")) for view in views}
            read = self._read_views(account_id, views, reply.body, POSTS)
            posts += read.batch.posts
            numbers += read.batch.observations
            raw += read.batch.raw
            aside += read.set_aside
            gone += [*read.gone, *(uri for uri in uris if uri not in present)]
        batch = Batch(profile.accounts, tuple(posts), (), tuple(numbers), tuple(raw))
        return Fetched(batch, set_aside=tuple(aside), gone=tuple(gone))

    def _profile(self, actor: str) -> Batch:
        reply = self._ask(actor, PROFILE, models.AppBskyActorGetProfile.Params(actor=actor))
        now = self._clock()
        _require_public(actor, reply.payload, now)
        try:
            account: AccountRecord = parse.account(reply.payload)
        except Unfit as unfit:
            raise OutsideError(
                Sentence("Bluesky's profile of %(actor)s cannot be kept: %(unfit)s", actor=actor, unfit=unfit.args[0]),
                permanent=False,
            ) from unfit
        raw = RawAnswer(self.network, account.network_id, PROFILE, now, reply.body)
        return Batch(accounts=(account,), observations=tuple(parse.account_numbers(reply.payload, now)), raw=(raw,))

    def _read_feed(self, account_id: str, cursor: Cursor, reply: Reply) -> Fetched:
        feed = objects(reply.payload.get("feed"))
        views = parse.own_posts(feed, account_id)
        if not self._with_replies:
            views = [view for view in views if not inner(view, "record", "reply")]
        for view in views[:1]:
            _require_public(account_id, inner(view, "author"), self._clock())
        # Kept without reposts and the posts replied to: those are other people's, who may ask not to be read.
        body = json.dumps({"posts": views}, ensure_ascii=False).encode()
        read = self._read_views(account_id, views, body, FEED)
        token = words(reply.payload.get("cursor")) if feed else ""
        met = [post.published_at for post in read.batch.posts] + parse.moments(feed[-1:])
        after, is_last = advanced(cursor, met, token)
        if is_last:
            after.pop("again", None)
        return replace(read, cursor=after, is_last=is_last)

    def _read_views(self, account_id: str, views: list[dict[str, Any]], body: bytes, endpoint: str) -> Fetched:
        """The posts in some views; those that their network hides are gone."""
        now = self._clock()
        by_uri = {words(view.get("uri")): view for view in views}
        hidden = tuple(uri for uri, view in by_uri.items() if parse.is_hidden(view, now))
        shown = [view for uri, view in by_uri.items() if uri not in hidden]
        kept, aside = sorted_out(shown, lambda view: view.get("uri"), lambda view: parse.post(view, account_id, now))
        numbers: list[ObservationRecord] = []
        for record in kept:
            numbers += parse.post_numbers(by_uri[record.network_id], account_id, now)
        raw = RawAnswer(self.network, account_id, endpoint, now, body)
        batch = Batch(posts=tuple(kept), observations=tuple(numbers), raw=(raw,))
        return Fetched(batch, set_aside=tuple(aside), gone=hidden)

    def _ask(self, actor: str, nsid: str, params: Any) -> Reply:
        try:
            return self._appview.ask(nsid, params)
        except QueryRefused as refused:
            _refuse(actor, refused)


def _refuse(actor: str, refused: QueryRefused) -> NoReturn:
    """An unknown, deactivated or suspended account, as the AppView words it; anything else is our mistake."""
    is_account = refused.code in {"AccountDeactivated", "AccountTakedown"} or "not found" in refused.message.casefold()
    if is_account or refused.code in {"ActorNotFound", "RepoNotFound"}:
        raise AccountUnknown(
            Sentence("Bluesky has no account %(actor)s, or no longer.", actor=actor),
            Sentence("Check the handle; it may have changed or been deactivated."),
        ) from refused
    raise OutsideError(
        Sentence("Bluesky refused the query: %(refused)s.", refused=refused), permanent=True
    ) from refused


def _require_public(actor: str, profile: dict[str, Any], now: datetime) -> None:
    named = parse.labels(profile, now)
    if parse.PRIVATE_LABEL in named:
        raise AccountNotPublic(
            Sentence("%(actor)s asks Bluesky not to show the account to those who are not signed in.", actor=actor),
            Sentence("Sillage honours this. Ask the creator, or leave the account out."),
        )
    if parse.is_hidden(profile, now):
        raise AccountNotPublic(
            Sentence("Bluesky hides the account %(actor)s.", actor=actor),
            Sentence("It cannot be read while this lasts."),
        )


def _begun_again(cursor: Cursor) -> Fetched:
    note = "The network's cursor had expired; the sweep begins again."
    return Fetched(Batch(), restarted(cursor) | {"again": True}, is_last=False, notes=(note,))
