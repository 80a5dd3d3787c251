"""Reading what people said in place of machines: of a thing, as labelled examples, and how far people agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sillage.catalogue import queries as catalogue
from sillage.catalogue.engine.staged import content_hash
from sillage.catalogue.models import Comment, Post
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.agreement import Agreement, agreement_of
from sillage.understanding.engine.corrections import (
    ACCOUNT,
    COMMENT,
    POST,
    SUBJECT_WORDS,
    TAG_PREFIX,
    Said,
    allowed_of,
    is_disputed,
    labels_in,
    standing,
)
from sillage.understanding.engine.port import PostText
from sillage.understanding.models import AccountSignal, CommentSignal, Correction, Signal, Tag

Key = tuple[int, int]  # account id, subject id


@dataclass(frozen=True, slots=True)
class Read:
    """A post, comment or account as a person reads it. An account has no `content_hash`: it is never read whole."""

    kind: str
    account_id: int
    subject_id: int
    text: str
    language: str | None
    content_hash: int | None


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text. `labels` is what stands; `said` what each member (None: one who left) said last."""

    read: Read
    labels: frozenset[str]
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What people say of a thing in place of an enricher. `correction` is theirs whose value stands."""

    correction: Correction
    is_disputed: bool
    people: int

    @property
    def value(self) -> dict[str, Any]:
        found: dict[str, Any] = self.correction.value
        return found


def comment_hash(text: str) -> int:
    """63 bits that change whenever a comment's text does."""
    return content_hash("", text, ())


def get_read(workspace_id: int, account_id: int, kind: str, subject_id: int) -> Read:
    """A thing as it stands now. Of another workspace or gone: NotFound."""
    found = _read_now(workspace_id, kind, [(account_id, subject_id)]).get((account_id, subject_id))
    if found is None:
        raise NotFound(
            Sentence(
                "No %(kind)s %(subject_id)s of that account in this workspace.",
                kind=SUBJECT_WORDS.get(kind, kind),
                subject_id=subject_id,
            ),
            Sentence("Open it again from its list."),
        )
    return found


def get_reads(workspace_id: int, wanted: Sequence[tuple[str, int, int]]) -> dict[tuple[str, int, int], Read]:
    """{(kind, account id, subject id): the thing as it stands now}; what is gone or another workspace's is absent."""
    found: dict[tuple[str, int, int], Read] = {}
    for kind in (POST, COMMENT, ACCOUNT):
        now = _read_now(workspace_id, kind, [(a, s) for k, a, s in wanted if k == kind])
        found |= {(kind, *key): read for key, read in now.items()}
    return found


def find_machine(read: Read, enricher: str) -> Signal | CommentSignal | AccountSignal | None:
    """What the machine said last of the thing as it stands now."""
    of = {"account_id": read.account_id, "enricher": enricher}
    if read.kind == ACCOUNT:
        return AccountSignal.objects.filter(**of).first()
    now = {**of, "content_hash": read.content_hash}
    if read.kind == COMMENT:
        return CommentSignal.objects.filter(comment_id=read.subject_id, **now).order_by("-made_at").first()
    return Signal.objects.filter(post_id=read.subject_id, **now).order_by("-made_at").first()


def get_correction(workspace_id: int, correction_id: int) -> Correction:
    found = Correction.objects.select_related("account").filter(workspace_id=workspace_id, pk=correction_id).first()
    if found is None:
        raise NotFound(
            Sentence("No correction %(correction_id)s in this workspace.", correction_id=correction_id),
            Sentence("See those of the thing on its page."),
        )
    return found


def corrections_of(workspace_id: int, account_id: int, kind: str, subject_id: int) -> list[Correction]:
    """What members said of a thing: the newest of each member and enricher, the newest first."""
    rows = Correction.objects.select_related("member__person").filter(
        workspace_id=workspace_id, account_id=account_id, subject_kind=kind, subject_id=subject_id
    )
    return _newest_of_each(rows.order_by("-made_at", "-pk"))


def _newest_of_each(rows: Iterable[Correction]) -> list[Correction]:
    newest: dict[tuple[Any, ...], Correction] = {}
    for row in rows:
        newest.setdefault((row.enricher, row.account_id, row.subject_id, row.member_id or -row.pk), row)
    return list(newest.values())


def as_corrected(
    workspace_id: int, kind: str, keys: Sequence[Key], enrichers: Sequence[str] = ()
) -> dict[Key, dict[str, Standing]]:
    """{(account id, subject id): {enricher: what stands}} where people corrected. Their value wins on pages.

    What was said of a text that has changed since does not stand. `enrichers` narrows the answer; none is all.
    """
    rows = Correction.objects.select_related("member__person").filter(
        workspace_id=workspace_id,
        subject_kind=kind,
        account_id__in={account for account, _ in keys},
        subject_id__in={subject for _, subject in keys},
    )
    if enrichers:
        rows = rows.filter(enricher__in=list(enrichers))
    found = _newest_of_each(rows.order_by("-made_at", "-pk"))
    now = _read_now(workspace_id, kind, [(c.account_id, c.subject_id) for c in found])
    groups: dict[tuple[Key, str], list[Correction]] = defaultdict(list)
    for row in found:
        key = (row.account_id, row.subject_id)
        if key in now and _is_of(row, now[key]):
            groups[key, row.enricher].append(row)
    standings: dict[Key, dict[str, Standing]] = {}
    for (key, enricher), group in groups.items():
        standings.setdefault(key, {})[enricher] = _standing_of(group)
    return standings


def _standing_of(group: Sequence[Correction]) -> Standing:
    said = [_said(row) for row in group]
    chosen = group[said.index(standing(said))]
    return Standing(chosen, is_disputed(said), len(group))


def _is_of(row: Correction, read: Read) -> bool:
    return read.kind == ACCOUNT or row.content_hash == read.content_hash


def _said(row: Correction) -> Said:
    return Said(row.member_id, row.value, row.made_at)


def list_examples(workspace_id: int, enricher: str) -> list[Example]:
    """Corrections as labelled examples, in the order of account and subject. Texts that changed since are left out."""
    rows = _newest_of_each(_of_enricher(workspace_id, enricher))
    groups: dict[tuple[str, Key], list[Correction]] = defaultdict(list)
    for row in rows:
        groups[row.subject_kind, (row.account_id, row.subject_id)].append(row)
    allowed = allowed_of(enricher)
    examples = []
    for kind in (POST, COMMENT, ACCOUNT):
        now = _read_now(workspace_id, kind, [key for k, key in groups if k == kind])
        for key, read in sorted(now.items()):
            group = [r for r in groups[kind, key] if _is_of(r, read)]
            if group and allowed is not None:
                said = tuple(_said(row) for row in group)
                examples.append(Example(read, labels_in(allowed, standing(said).value), said))
    return examples


def count_corrections(workspace_id: int) -> dict[str, int]:
    """{enricher: number of things that somebody corrected}."""
    rows = Correction.objects.filter(workspace_id=workspace_id)
    things: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
    for enricher, *thing in rows.values_list("enricher", "subject_kind", "account_id", "subject_id"):
        things[enricher].add(tuple(thing))
    return {enricher: len(found) for enricher, found in things.items()}


def agreement(workspace_id: int, enricher: str) -> Agreement:
    """How far people who labelled the same things agree. Members who left are left out."""
    allowed = allowed_of(enricher)
    said: dict[tuple[Any, ...], dict[int, frozenset[str]]] = defaultdict(dict)
    for row in _newest_of_each(_of_enricher(workspace_id, enricher)):
        if row.member_id is not None and allowed is not None:
            thing = (row.subject_kind, row.account_id, row.subject_id, row.content_hash)
            said[thing][row.member_id] = labels_in(allowed, row.value)
    return agreement_of(list(said.values()))


def _of_enricher(workspace_id: int, enricher: str) -> Iterable[Correction]:
    rows = Correction.objects.filter(workspace_id=workspace_id, enricher=enricher)
    return rows.order_by("-made_at", "-pk")


def _read_now(workspace_id: int, kind: str, keys: Sequence[Key]) -> dict[Key, Read]:
    """The things of these keys that are in the workspace, as they stand now."""
    accounts = catalogue.list_accounts(workspace_id, {account for account, _ in keys})
    mine = [key for key in keys if key[0] in accounts]
    if kind == POST:
        posts = catalogue.list_posts_by_id(mine)
        return {key: post_read(posts[key]) for key in mine if key in posts}
    if kind == COMMENT:
        rows = Comment.objects.filter(account_id__in={a for a, _ in mine}, id__in={c for _, c in mine})
        wanted = frozenset(mine)
        return {(c.account_id, c.id): comment_read(c) for c in rows if (c.account_id, c.id) in wanted}
    return {key: Read(ACCOUNT, *key, str(accounts[key[0]]), None, None) for key in mine}


def post_text(post: Post) -> PostText:
    """A post of the catalogue as enrichers read it."""
    return PostText(
        post.account_id,
        post.id,
        post.content_hash,
        post.title,
        post.text,
        tuple(post.hashtags),
        post.language,
        post.paid_label,
    )


def post_read(post: Post) -> Read:
    return Read(POST, post.account_id, post.id, post_text(post).words, post.language, post.content_hash)


def comment_read(comment: Comment) -> Read:
    return Read(COMMENT, comment.account_id, comment.id, comment.text, None, comment_hash(comment.text))


def find_tag(workspace_id: int, key: str) -> Tag | None:
    return Tag.objects.filter(workspace_id=workspace_id, key=key).first()


def tag_enricher(key: str) -> str:
    """The enricher's name of a workspace's tag."""
    return f"{TAG_PREFIX}{key}"


def machine_labels(enricher: str, value: Mapping[str, Any] | None) -> frozenset[str]:
    """The labels of a machine's value, to be compared with an example's."""
    allowed = allowed_of(enricher)
    return labels_in(allowed, value) if allowed is not None else frozenset()
