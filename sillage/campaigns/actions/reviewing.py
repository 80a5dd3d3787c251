"""What people say of drafts: threads on the exact words; changes, a refusal, or an approval that lets it be published.

An approval is governance's, bound to the words and the files' hashes (`publish_act_of`). `approve_draft` says one's own word
and, once as many have as the workspace's rules ask for, uses it: the creator may publish. Whoever approved from the inbox
leaves that last step to `release_draft`.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sillage.campaigns.actions.drafts import day_of, keep_check
from sillage.campaigns.engine.checking import Checked
from sillage.campaigns.engine.deliverables import STATE_WORDS, DeliverableState, Word, client_act
from sillage.campaigns.models import Draft, DraftVerdict
from sillage.campaigns.queries.checking import check_of_draft
from sillage.campaigns.queries.deliverables import get_deliverable
from sillage.campaigns.queries.drafts import (
    files_of,
    get_draft,
    get_for_review,
    newest_draft,
    opened_deliverable,
    publish_act_of,
    who_speaks,
)
from sillage.governance import actions as governance
from sillage.governance import queries
from sillage.governance.actions.notices import note_contact
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.acts import Act, Standing, Verdict
from sillage.governance.engine.law_words import rule_named
from sillage.governance.engine.privacy import Doing
from sillage.governance.models import ApprovalRequest, Link
from sillage.governance.queries.privacy import refuse_unnoticed
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Listed, Sentence


class DraftSuperseded(Refusal):
    """A newer version has come, or the draft is not in review any more."""


class DraftBlocked(Refusal):
    """A rule of a law pack or of the campaign blocks this draft."""


class ReviewReasonMissing(Malformed):
    """A word about a draft that needs its reason came without one."""


class ClientNotAsked(Refusal):
    """The client has not approved this version."""


def _locked(actor: Actor, draft_id: int) -> Draft:
    """The draft with its deliverable's row held; the newest version, in review. Raises DraftSuperseded."""
    draft = get_draft(actor.workspace_id, draft_id)
    draft.deliverable = get_deliverable(actor.workspace_id, draft.deliverable_id, lock=True)
    newest = newest_draft(draft.deliverable)
    if newest is None or newest.pk != draft.pk:
        raise DraftSuperseded(
            Sentence("Version %(number)s is not the newest any more.", number=draft.number),
            Sentence("Open the newest version."),
        )
    return draft


def _refuse_unless(draft: Draft, *states: DeliverableState) -> None:
    if draft.deliverable.state not in states:
        raise DraftSuperseded(
            Sentence(
                "“%(deliverable)s” is %(deliverable_state)s.",
                deliverable=draft.deliverable.name,
                deliverable_state=STATE_WORDS[DeliverableState(draft.deliverable.state)],
            ),
            Sentence("Load the page again to see who said what."),
        )


def _say(draft: Draft, word: Word, reason: str, actor: Actor, now: datetime, link: Link | None = None) -> None:
    DraftVerdict.objects.create(
        draft=draft,
        word=word.value,
        reason=reason.strip()[:500],
        member_id=actor.member_id,
        link=link,
        who=who_speaks(actor, link),
        decided_at=now,
    )


def _become(draft: Draft, state: DeliverableState, now: datetime) -> None:
    deliverable = draft.deliverable
    deliverable.state = state.value
    deliverable.approved_version = draft.number if state is DeliverableState.APPROVED else None
    deliverable.changed_at = now
    deliverable.save(update_fields=["state", "approved_version", "changed_at"])


# -- no, and not yet -------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_changes(*, draft_id: int, reason: str, actor: Actor, now: datetime) -> Draft:
    """Ask the creator for another version. An approved one, not yet live, is taken back by it."""
    require(actor, Right.CAMPAIGN)
    draft = _locked(actor, draft_id)
    _refuse_unless(draft, DeliverableState.IN_REVIEW, DeliverableState.APPROVED, DeliverableState.REFUSED)
    if not reason.strip():
        raise ReviewReasonMissing(
            Sentence("It is not said what to change."), Sentence("Say it in a sentence, or mark the words.")
        )
    _say(draft, Word.CHANGES, reason, actor, now)
    _become(draft, DeliverableState.CHANGES, now)
    governance.record(
        verb="campaigns.draft_changes_asked",
        subject_kind="deliverable",
        subject_id=draft.deliverable_id,
        actor=actor,
        now=now,
        facts={"draft": draft.pk, "version": draft.number},
    )
    return draft


@transaction.atomic
def refuse_draft(*, draft_id: int, reason: str, actor: Actor, now: datetime) -> Draft:
    """Say no: no further version is awaited until somebody asks for changes after all."""
    require(actor, Right.CAMPAIGN)
    draft = _locked(actor, draft_id)
    _refuse_unless(draft, DeliverableState.IN_REVIEW)
    if not reason.strip():
        raise ReviewReasonMissing(
            Sentence("A no needs its reason."), Sentence("Say in a sentence what speaks against it.")
        )
    _say(draft, Word.REFUSED, reason, actor, now)
    _become(draft, DeliverableState.REFUSED, now)
    governance.record(
        verb="campaigns.draft_refused",
        subject_kind="deliverable",
        subject_id=draft.deliverable_id,
        actor=actor,
        now=now,
        facts={"draft": draft.pk, "version": draft.number},
    )
    return draft


# -- yes -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_draft_approval(*, draft_id: int, actor: Actor, now: datetime) -> ApprovalRequest:
    """Put a draft before those who may approve it. Refused while a rule blocks it, and
    before the creator had the notice.
    """
    require(actor, Right.CAMPAIGN)
    draft = _locked(actor, draft_id)
    _refuse_unless(draft, DeliverableState.IN_REVIEW)
    act, _ = _checked(draft, now)
    request = governance.ask_approval(act=act, summary=_summary(draft), actor=actor, now=now)
    governance.record(
        verb="campaigns.draft_put_forward",
        subject_kind="deliverable",
        subject_id=draft.deliverable_id,
        actor=actor,
        now=now,
        facts={"draft": draft.pk, "version": draft.number, "request": request.pk},
    )
    return request


@transaction.atomic
def ask_client(*, draft_id: int, actor: Actor, now: datetime) -> ApprovalRequest:
    """Put a draft before whoever holds a review link of its campaign. Refused while a rule blocks it."""
    require(actor, Right.CAMPAIGN)
    draft = _locked(actor, draft_id)
    _refuse_unless(draft, DeliverableState.IN_REVIEW)
    act, _ = _checked(draft, now)
    _show_outside(draft, now)
    request = governance.ask_approval(
        act=client_act(act),
        summary=_summary(draft),
        reviewed_by_links_of=("campaign", draft.deliverable.campaign_id),
        actor=actor,
        now=now,
    )
    governance.record(
        verb="campaigns.draft_sent_to_client",
        subject_kind="deliverable",
        subject_id=draft.deliverable_id,
        actor=actor,
        now=now,
        facts={"draft": draft.pk, "version": draft.number, "request": request.pk},
    )
    return request


def _show_outside(draft: Draft, now: datetime) -> None:
    """Nobody is shown to a client before they were told that their data is held (GDPR, article 14(3)(c))."""
    of = draft.deliverable.collaboration
    if of is None or of.creator_id is None:
        return
    refuse_unnoticed(of.workspace_id, "creator", of.creator_id, Doing.SHOW, now)
    note_contact(
        workspace_id=of.workspace_id, subject_kind="creator", subject_id=of.creator_id, doing=Doing.SHOW, now=now
    )


def _summary(draft: Draft) -> Sentence:
    to = draft.deliverable.collaboration
    return Sentence(
        "Let %(name)s publish “%(deliverable)s”, version %(number)s",
        name=to.name if to else "-",
        deliverable=draft.deliverable.name,
        number=draft.number,
    )


def _checked(draft: Draft, now: datetime) -> tuple[Act, Checked]:
    """The act, after packs and rules were held against the draft once more. Raises DraftBlocked."""
    files = files_of(draft)
    found = check_of_draft(draft, files, day_of(draft.deliverable, now))
    if found.verdict is not None and found.verdict.stops:
        law = [rule_named(f.rule) for f in found.findings if f.verdict.stops]
        own = [Sentence("never say “%(word)s”", word=r.wanted) for r in found.rules if r.verdict == found.verdict.value]
        raise DraftBlocked(
            Sentence(
                "Version %(number)s of “%(deliverable)s” is blocked by %(value)s.",
                number=draft.number,
                deliverable=draft.deliverable.name,
                value=Listed([*law, *own]),
            ),
            Sentence("The review page shows each rule with what to change; ask the creator for another version."),
        )
    keep_check(draft, found, now)
    return publish_act_of(draft, files), found


@transaction.atomic
def approve_draft(*, draft_id: int, reason: str, actor: Actor, now: datetime) -> Draft:
    """Say yes to exactly these words and files; with the last word that is needed, the creator may publish.

    Refused while a rule blocks; a rule that asks or warns needs the approver's reason. Raises ApprovalMissing's kinds.
    """
    require(actor, Right.APPROVE)
    draft = _locked(actor, draft_id)
    _refuse_unless(draft, DeliverableState.IN_REVIEW)
    act, found = _checked(draft, now)
    if found.verdict is not None and found.verdict.needs_person and not reason.strip():
        raise ReviewReasonMissing(
            Sentence("Rules ask or warn: an approval in spite of them needs your reason."),
            Sentence("Say why it may go out all the same."),
        )
    request = governance.ask_approval(act=act, summary=_summary(draft), actor=actor, now=now)
    request = governance.decide_approval(
        request_id=request.pk, verdict=Verdict.APPROVED, reason=reason, actor=actor, now=now
    )
    _say(draft, Word.APPROVED, reason, actor, now)
    is_released = _is_ready(draft, act, request, now) and bool(_release(draft, act, now))
    governance.record(
        verb="campaigns.draft_approved",
        subject_kind="deliverable",
        subject_id=draft.deliverable_id,
        actor=actor,
        now=now,
        facts={
            "draft": draft.pk,
            "version": draft.number,
            "verdict": found.verdict.value if found.verdict else None,
            "released": is_released,
            **queries.approval_fact(request),
        },
    )
    return draft


def _is_ready(draft: Draft, act: Act, request: ApprovalRequest, now: datetime) -> bool:
    if queries.standing(request, now) is not Standing.APPROVED:
        return False
    client = queries.find_request(request.workspace_id, client_act(act))
    return not draft.deliverable.needs_client or _is_clients_yes(client, now)


def _is_clients_yes(request: ApprovalRequest | None, now: datetime) -> bool:
    """A member may answer in the client's stead from the inbox; only a review link's word counts."""
    if request is None or queries.standing(request, now) not in (Standing.APPROVED, Standing.USED):
        return False
    return request.approvals.filter(link__isnull=False, verdict=Verdict.APPROVED.value).exists()


def _release(draft: Draft, act: Act, now: datetime) -> ApprovalRequest:
    """Use the approval, and the client's where it is asked for, as part of letting a draft be published."""
    workspace_id = draft.deliverable.workspace_id
    client = queries.find_request(workspace_id, client_act(act))
    if draft.deliverable.needs_client and not _is_clients_yes(client, now):
        raise ClientNotAsked(
            Sentence(
                "The client has not approved version %(number)s of “%(deliverable)s”.",
                number=draft.number,
                deliverable=draft.deliverable.name,
            ),
            Sentence("Send it to the client, and give them a review link of the campaign."),
        )
    used = governance.use_approval(act=act, workspace_id=workspace_id, now=now)
    if client is not None and _is_clients_yes(client, now) and client.used_at is None:
        governance.use_approval(act=client_act(act), workspace_id=workspace_id, now=now)
    _become(draft, DeliverableState.APPROVED, now)
    return used


@transaction.atomic
def release_draft(*, draft_id: int, actor: Actor, now: datetime) -> Draft:
    """Let the creator publish what was approved, from the inbox or by the client last. Raises ApprovalMissing's kinds."""
    require(actor, Right.CAMPAIGN)
    draft = _locked(actor, draft_id)
    _refuse_unless(draft, DeliverableState.IN_REVIEW)
    act, _ = _checked(draft, now)
    used = _release(draft, act, now)
    governance.record(
        verb="campaigns.draft_released",
        subject_kind="deliverable",
        subject_id=draft.deliverable_id,
        actor=actor,
        now=now,
        facts={"draft": draft.pk, "version": draft.number, **queries.approval_fact(used)},
    )
    return draft


@transaction.atomic
def review_as_client(
    *, draft_id: int, verdict: Verdict, person_name: str, reason: str, link: Link, actor: Actor, now: datetime
) -> Draft:
    """The brand's client says yes or no by a review link, to exactly the version that was put before them."""
    require(actor, Right.LINK)
    shown = get_for_review(link, draft_id, now)
    opened_deliverable(actor, link, shown.draft.deliverable_id, lock=True)
    governance.review_approval(
        request_id=shown.request.pk,
        link_id=link.pk,
        person_name=person_name,
        verdict=verdict,
        reason=reason,
        actor=actor,
        now=now,
    )
    word = Word.APPROVED if verdict is Verdict.APPROVED else Word.CHANGES
    _say(shown.draft, word, reason, actor, now, link)
    governance.record(
        verb="campaigns.draft_reviewed",
        subject_kind="deliverable",
        subject_id=shown.draft.deliverable_id,
        actor=actor,
        now=now,
        facts={"draft": shown.draft.pk, "verdict": verdict.value, "link": link.pk, "request": shown.request.pk},
    )
    return shown.draft
