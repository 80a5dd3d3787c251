"""Approvals: asked for, withdrawn, and given or refused by people, each word signed by the workspace's key."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from sillage.governance.actions.ledger import record
from sillage.governance.actions.signing import signing_key
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.acts import STANDING_WORDS, Act, Standing, Verdict
from sillage.governance.engine.approval_file import word_statement
from sillage.governance.engine.approval_rules import Asked, people_needed
from sillage.governance.engine.links import Purpose
from sillage.governance.models import Approval, ApprovalRequest, Link, Member, Workspace
from sillage.governance.queries import get_request, standing
from sillage.governance.queries.approval_inbox import why_not_decide
from sillage.governance.queries.approval_rules import rules_of
from sillage.governance.queries.approvals import act_of, request_signed, word_signed
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Day, Sentence, to_stored

LIVES = timedelta(days=14)
LONGEST = timedelta(days=366)


class ApprovalExpiryWrong(Malformed):
    """A request waits from now on, and for a year at most."""

    def __init__(self, ends: datetime) -> None:
        super().__init__(
            Sentence("%(ends)s is no end for a request.", ends=Day(ends)),
            Sentence("Give a day within the coming year."),
        )


@transaction.atomic
def ask_approval(
    *,
    act: Act,
    summary: str,
    expires_at: datetime | None = None,
    reviewed_by_links_of: tuple[str, str | int] | None = None,
    actor: Actor,
    now: datetime,
) -> ApprovalRequest:
    """Put an act before those who may approve it. The same act is not asked for twice while it waits or stands approved.

    A summary that is a `Sentence` is read by each in their language; signed, exported and given to programs is its English.
    It expires after 14 days unless told otherwise. `reviewed_by_links_of` names a subject (kind, id): whoever holds a
    review link on it may say yes or no too, which only verbs without money may allow.
    """
    require(actor, Right.CAMPAIGN)
    ends = expires_at or now + LIVES
    if not now < ends <= now + LONGEST:
        raise ApprovalExpiryWrong(ends)
    Workspace.objects.select_for_update(no_key=True).get(pk=actor.workspace_id)  # one of two who ask at once asks
    request = _open_request(act, actor.workspace_id, now)
    is_new = request is None
    if request is None:
        request = _ask(act, summary, ends, reviewed_by_links_of, actor, now)
    record(
        verb="governance.approval_asked",
        subject_kind="approval",
        subject_id=request.pk,
        actor=actor,
        now=now,
        facts={
            "act": act.verb,
            "of": [act.subject_kind, act.subject_id],
            "digest": act.digest.hex(),
            "people_needed": request.needed,
            "new": is_new,
        },
    )
    return request


def _open_request(act: Act, workspace_id: int, now: datetime) -> ApprovalRequest | None:
    same = ApprovalRequest.objects.filter(
        workspace_id=workspace_id,
        verb=act.verb,
        subject_kind=act.subject_kind,
        subject_id=act.subject_id,
        digest=act.digest,
        used_at=None,
        withdrawn_at=None,
    )
    return next((r for r in same.prefetch_related("approvals").order_by("-pk") if standing(r, now).is_open), None)


def _ask(
    act: Act, summary: str, ends: datetime, links_of: tuple[str, str | int] | None, actor: Actor, now: datetime
) -> ApprovalRequest:
    member = Member.objects.select_related("person").filter(pk=actor.member_id or 0).first()
    kind, key = links_of or ("", "")
    return ApprovalRequest.objects.create(
        workspace_id=actor.workspace_id,
        verb=act.verb,
        subject_kind=act.subject_kind,
        subject_id=act.subject_id,
        summary=summary[:300],
        summary_said=to_stored(summary),
        content=dict(act.content),
        recipients=sorted(act.recipients),
        amount=act.amount,
        currency=act.currency,
        digest=act.digest,
        needed=people_needed(rules_of(actor.workspace_id), Asked(act.verb, act.amount, act.currency)),
        review_kind=kind,
        review_id=str(key),
        asked_by=member,
        asked_by_name=(str(member.person) if member else actor.name)[:200],
        asked_at=now,
        expires_at=ends,
    )


class NotTheAsker(Refusal):
    """Only whoever asked takes a request back; an owner may too."""

    status = 403


@transaction.atomic
def withdraw_approval(*, request_id: int, actor: Actor, now: datetime) -> ApprovalRequest:
    """Take a request back before it is used."""
    require(actor, Right.CAMPAIGN)
    request = get_request(actor.workspace_id, request_id, lock=True)
    if request.asked_by_id != actor.member_id and Right.ADMIN not in actor.rights:
        raise NotTheAsker(
            Sentence("%(asked_by_name)s asked for this.", asked_by_name=request.asked_by_name),
            Sentence("Ask them, or an owner, to withdraw it."),
        )
    stands = standing(request, now)
    if not stands.is_open:
        raise NotAwaited(
            Sentence("This request is %(stands)s: there is nothing to withdraw.", stands=STANDING_WORDS[stands]),
            Sentence("See the approvals page."),
        )
    request.withdrawn_at = now
    request.save(update_fields=["withdrawn_at"])
    record(
        verb="governance.approval_withdrawn",
        subject_kind="approval",
        subject_id=request.pk,
        actor=actor,
        now=now,
        facts={"act": request.verb, "digest": bytes(request.digest).hex()},
    )
    return request


class OwnSpending(Refusal):
    """Nobody approves what they asked for themselves."""

    status = 403


class NotYourWord(Refusal):
    """The workspace's rules ask somebody else."""

    status = 403


class NotAwaited(Refusal):
    """This request does not wait for a word any more, or not for this person's."""


class NoUnexplained(Malformed):
    """Whoever refuses says why: the asker has to know what to change."""


@transaction.atomic
def decide_approval(*, request_id: int, verdict: Verdict, reason: str, actor: Actor, now: datetime) -> ApprovalRequest:
    """A member says yes or no to exactly what the request holds. A no needs its reason."""
    require(actor, Right.APPROVE)
    request = get_request(actor.workspace_id, request_id, lock=True)
    _refuse_own_spending(request, actor)
    stands = standing(request, now)
    because = why_not_decide(request, actor, now)
    if because and (
        stands is not Standing.WAITING or request.approvals.filter(by=f"member {actor.member_id}").exists()
    ):
        raise NotAwaited(because, Sentence("See where it stands on the approvals page."))
    if because:
        raise NotYourWord(because, Sentence("The request's page names who may approve it."))
    member = Member.objects.select_related("person").get(pk=actor.member_id or 0)
    word = Approval(member=member, by=f"member {member.pk}", person_name=str(member.person))
    _give(request, word, verdict, reason, now)
    record(
        verb="governance.approval_decided",
        subject_kind="approval",
        subject_id=request.pk,
        actor=actor,
        now=now,
        facts=_decided(request, word, now),
    )
    return request


def _refuse_own_spending(request: ApprovalRequest, actor: Actor) -> None:
    if request.amount and actor.member_id is not None and request.asked_by_id == actor.member_id:
        raise OwnSpending(
            Sentence("You asked for this spending yourself."),
            Sentence("Somebody else with the right to approve has to say yes or no."),
        )


class NotForLinks(Refusal):
    """This request is for members of the workspace alone."""

    status = 403


@transaction.atomic
def review_approval(
    *,
    request_id: int,
    link_id: int,
    person_name: str,
    verdict: Verdict,
    reason: str,
    actor: Actor,
    now: datetime,
) -> ApprovalRequest:
    """Whoever holds a review link says yes or no, under the name that they give. One word per link."""
    require(actor, Right.LINK)
    request = get_request(actor.workspace_id, request_id, lock=True)
    link = _review_link(request, link_id, now)
    stands = standing(request, now)
    if stands is not Standing.WAITING or request.approvals.filter(by=f"link {link.pk}").exists():
        raise NotAwaited(
            Sentence("This is %(stands)s, or this link has said its word.", stands=STANDING_WORDS[stands]),
            Sentence("Ask whoever sent the link where it stands."),
        )
    name = f"{person_name.strip()[:150] or link.label[:150]} ({link.label[:40]})"
    word = Approval(link=link, by=f"link {link.pk}", person_name=name)
    _give(request, word, verdict, reason, now)
    record(
        verb="governance.approval_reviewed",
        subject_kind="approval",
        subject_id=request.pk,
        actor=actor,
        now=now,
        facts={**_decided(request, word, now), "link": link.pk},
    )
    return request


def _review_link(request: ApprovalRequest, link_id: int, now: datetime) -> Link:
    link = Link.objects.filter(
        pk=link_id,
        workspace_id=request.workspace_id,
        purpose=Purpose.REVIEW.value,
        subject_kind=request.review_kind,
        subject_id=request.review_id,
        revoked_at=None,
        expires_at__gt=now,
    ).first()
    if link is None:
        raise NotFound(Sentence("This link does not open that."), Sentence("Ask whoever sent it for a new one."))
    if request.amount:
        raise NotForLinks(
            Sentence("This spends money: only members say yes or no."), Sentence("A member with the right decides it.")
        )
    return link


def _give(request: ApprovalRequest, word: Approval, verdict: Verdict, reason: str, now: datetime) -> None:
    if verdict is Verdict.REFUSED and not reason.strip():
        raise NoUnexplained(Sentence("A no needs its reason."), Sentence("Say in a sentence what has to change."))
    key, pair = signing_key(request.workspace_id, now)
    word.request, word.verdict, word.reason, word.decided_at = request, verdict.value, reason.strip()[:500], now
    word.key = key
    statement = word_statement(
        pair, act=act_of(request).as_json(), request=request_signed(request), word=word_signed(word)
    )
    word.statement = statement.model_dump()
    word.save()


def _decided(request: ApprovalRequest, word: Approval, now: datetime) -> dict[str, str]:
    return {
        "verdict": word.verdict,
        "digest": bytes(request.digest).hex(),
        "standing": standing(request, now).value,
        "key": word.key.name,
        "signature": word.statement["signature"],
    }
