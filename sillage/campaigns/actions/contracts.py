"""Writing contracts: drafts, sending, ending. A version that was sent does not change any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from sillage.adapters import blobs
from sillage.campaigns.engine.clauses import clause_book
from sillage.campaigns.engine.contract_terms import exclusivities_said, terms_said
from sillage.campaigns.engine.contract_text import parts_as_json, text_sha256
from sillage.campaigns.models import Collaboration, Contract, ContractVersion, ContractVoid, Exclusivity
from sillage.campaigns.queries.campaigns import get_collaboration
from sillage.campaigns.queries.contract_pages import Text, pages_of, text_of
from sillage.campaigns.queries.contracts import clauses_lacking, find_contract, find_signed, get_contract, get_version
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.text import without_controls

LARGEST_PDF = 20_000_000  # bytes


class ContractChanged(Refusal):
    """Somebody else changed the draft in the meantime."""


class BlockUnknown(Malformed):
    """Only optional blocks of the clause book can be left out."""


@transaction.atomic
def draft_contract(
    *,
    collaboration_id: int,
    terms: Mapping[str, Any],
    left_out: Sequence[str] = (),
    seen_revision: int | None = None,
    actor: Actor,
    now: datetime,
) -> ContractVersion:
    """Write the contract's next version, or the draft of it that there is. What is missing may still be missing.

    `seen_revision` is that of the draft that the writer saw: a draft that changed since is not overwritten.
    Raises TermsMalformed, BlockUnknown, ContractChanged.
    """
    require(actor, Right.CAMPAIGN)
    collaboration = get_collaboration(actor.workspace_id, collaboration_id, lock=True)
    said = terms_said(terms)
    _refuse_unknown_blocks(said["language"], left_out)
    contract = find_contract(collaboration) or Contract.objects.create(
        workspace_id=actor.workspace_id, collaboration=collaboration, created_at=now
    )
    draft = _draft_of(contract, seen_revision)
    draft.terms, draft.left_out, draft.language = said, sorted(set(left_out)), said["language"]
    _write(draft, text_of(collaboration, said, draft.left_out, now.date()), collaboration, actor, now)
    governance.record(
        verb="campaigns.contract_drafted",
        subject_kind="contract",
        subject_id=contract.pk,
        actor=actor,
        now=now,
        facts={"version": draft.number, "revision": draft.revision, "text_sha256": draft.text_sha256},
    )
    return draft


def _refuse_unknown_blocks(language: str, left_out: Sequence[str]) -> None:
    known = {block.id for block in clause_book(language).optional}
    for name in left_out:
        if name not in known:
            raise BlockUnknown(
                Sentence("“%(name)s” cannot be left out.", name=name),
                Sentence("These can: %(known)s.", known=", ".join(sorted(known))),
                "left_out",
            )


def _draft_of(contract: Contract, seen_revision: int | None) -> ContractVersion:
    newest = contract.versions.select_for_update().order_by("-number").first()
    if newest is None or newest.sent_at is not None:
        return ContractVersion(contract=contract, number=newest.number + 1 if newest else 1, revision=0)
    if seen_revision is not None and newest.revision != seen_revision:
        raise ContractChanged(
            Sentence("%(drafted_name)s changed this draft in the meantime.", drafted_name=newest.drafted_name),
            Sentence("Read it again, then make your change."),
        )
    return newest


def _write(draft: ContractVersion, text: Text, collaboration: Collaboration, actor: Actor, now: datetime) -> None:
    """Put the text into the draft's row, as part of drafting or sending it."""
    draft.parts = parts_as_json(text.parts)
    draft.text_sha256 = text_sha256(draft.language, draft.parts)
    draft.elements = sorted(text.elements)
    draft.value = text.value.amount if text.value else None
    draft.currency = collaboration.campaign.currency
    until = draft.terms.get("rights_until")
    draft.rights_until = date.fromisoformat(until) if until else None
    draft.revision += 1
    draft.drafted_by, draft.drafted_name, draft.drafted_at = actor.member_id, actor.name, now
    draft.save()
    draft.exclusivities.all().delete()
    Exclusivity.objects.bulk_create(
        Exclusivity(version=draft, kind=kind, key=key, name=name, starts_on=first, ends_on=last)
        for kind, key, name, first, last in exclusivities_said(draft.terms, now.date())
    )


class ClausesMissing(Refusal):
    """The law asks for clauses that the contract does not have. `missing` names them."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(
            Sentence("The contract lacks %(missing)s.", missing=", ".join(name.replace("_", " ") for name in missing)),
            Sentence("Fill in what is missing: loi 2023-451, article 8, asks for it."),
        )


class SentAlready(Refusal):
    """The newest version was sent; it does not change any more."""


class ReaderMissing(Malformed):
    """Somebody has to answer for the text before it is sent."""


@transaction.atomic
def send_contract(
    *, contract_id: int, read_by: str, seen_revision: int | None = None, actor: Actor, now: datetime
) -> ContractVersion:
    """Close the newest draft: its PDF is made and kept, nothing of it changes from now on, the creator's link shows it.

    `read_by` says who answers for the text: the clause blocks are no legal advice.
    Raises ClausesMissing, SentAlready, ContractChanged, ReaderMissing.
    """
    require(actor, Right.CAMPAIGN)
    reader = without_controls(read_by).strip()[:200]
    if not reader:
        raise ReaderMissing(
            Sentence("Somebody answers for this text."),
            Sentence("Name the lawyer or the person who read it."),
            "read_by",
        )
    contract = get_contract(actor.workspace_id, contract_id, lock=True)
    get_collaboration(actor.workspace_id, contract.collaboration_id, lock=True)  # nobody drafts meanwhile
    _refuse_ended(contract)
    draft = _unsent(contract, seen_revision)
    _refuse_incomplete(contract.collaboration, draft, now.date())
    draft.read_by = reader
    pdf = pages_of(draft, is_final=True)
    draft.pdf_sha256, _ = blobs.keep(actor.workspace_id, [pdf], limit=LARGEST_PDF)
    draft.sent_at = now
    draft.save()
    governance.record(
        verb="campaigns.contract_sent",
        subject_kind="contract",
        subject_id=contract.pk,
        actor=actor,
        now=now,
        facts={
            "version": draft.number,
            "pdf_sha256": draft.pdf_sha256,
            "text_sha256": draft.text_sha256,
            "read_by": reader,
        },
    )
    return draft


def _refuse_incomplete(collaboration: Collaboration, draft: ContractVersion, on: date) -> None:
    text = text_of(collaboration, draft.terms, draft.left_out, draft.drafted_at.date())
    lacking = clauses_lacking(collaboration, text.elements, on)
    if text.missing or lacking:
        said = {one.element for one in text.missing}
        raise ClausesMissing([*(one.key for one in text.missing), *(name for name in lacking if name not in said)])
    if parts_as_json(text.parts) != draft.parts:
        raise ContractChanged(
            Sentence("What is granted was changed since this draft."), Sentence("Keep the draft again and read it.")
        )


def _unsent(contract: Contract, seen_revision: int | None) -> ContractVersion:
    newest = get_version(contract)
    if newest.sent_at is not None:
        raise SentAlready(
            Sentence("Version %(number)s was sent already.", number=newest.number),
            Sentence("Draft a new version to change it."),
        )
    if seen_revision is not None and newest.revision != seen_revision:
        raise ContractChanged(
            Sentence("%(drafted_name)s changed this draft in the meantime.", drafted_name=newest.drafted_name),
            Sentence("Read it again before you send it."),
        )
    return newest


class ContractEnded(Refusal):
    """The contract was ended by a row of its own."""


def _refuse_ended(contract: Contract) -> None:
    if getattr(contract, "void", None) is not None:
        raise ContractEnded(
            Sentence("Contract %(contract)s was ended.", contract=contract.pk),
            Sentence("Draft a new one for this collaboration."),
        )


class VoidReasonMissing(Malformed):
    """Ending a contract needs its reason."""


class NotEndedByAPerson(Refusal):
    """Only a person ends a contract; one that is in force, only somebody who approves."""

    status = 403


@transaction.atomic
def void_contract(*, contract_id: int, reason: str, actor: Actor, now: datetime) -> ContractVoid:
    """End a contract before its time. Nothing is removed: a row of its own says who, when and why."""
    require(actor, Right.CAMPAIGN)
    if actor.kind is not ActorKind.PERSON:
        raise NotEndedByAPerson(
            Sentence("%(actor)s is not a person.", actor=actor.name), Sentence("A member ends a contract.")
        )
    why = without_controls(reason).strip()[:500]
    if not why:
        raise VoidReasonMissing(
            Sentence("Say why the contract ends."), Sentence("Both parties will read it."), "reason"
        )
    contract = get_contract(actor.workspace_id, contract_id, lock=True)
    _refuse_ended(contract)
    if find_signed(contract) is not None:
        require(actor, Right.APPROVE)
    void = ContractVoid.objects.create(
        contract=contract, reason=why, member_id=actor.member_id, name=actor.name, voided_at=now
    )
    governance.record(
        verb="campaigns.contract_voided",
        subject_kind="contract",
        subject_id=contract.pk,
        actor=actor,
        now=now,
        facts={"reason": why},
    )
    return void
