"""Reading contracts: their versions, signatures and standing, and whether the law asks for one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from sillage.campaigns.engine.considerations import Key, Kind, Running
from sillage.campaigns.engine.contract_duty import (
    ContractVerdict,
    Duty,
    about_contracts,
    contract_verdict,
    facts_of,
    threshold_of,
)
from sillage.campaigns.engine.signatures import Party
from sillage.campaigns.models import Campaign, Collaboration, Contract, ContractVersion, Exclusivity, Signature
from sillage.campaigns.queries.considerations import keys_of, list_considerations, running_of, that_count
from sillage.governance.engine.actors import Actor, Right
from sillage.governance.engine.law import LawPack
from sillage.governance.engine.law_contracts import missing_clauses
from sillage.governance.engine.law_reading import packs_for_countries, packs_named
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence


class Standing(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    SENT = "sent"
    HALF_SIGNED = "half_signed"
    SIGNED = "signed"
    SUPERSEDED = "superseded"  # a later version was sent before both had signed it
    VOID = "void"


def get_contract(workspace_id: int, contract_id: int, *, lock: bool = False) -> Contract:
    """A contract with its collaboration and campaign. `lock` holds its row until the transaction ends."""
    rows = Contract.objects.select_related("collaboration__campaign", "void")
    rows = rows.filter(workspace_id=workspace_id, pk=contract_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No contract %(contract_id)s in this workspace.", contract_id=contract_id),
            Sentence("See a campaign’s contracts on its page, or with `sillage contract list`."),
        )
    return found


def get_version(contract: Contract, number: int | None = None) -> ContractVersion:
    """A version by its number; the newest one without."""
    rows = contract.versions.prefetch_related("signatures").order_by("-number")
    found = (rows if number is None else rows.filter(number=number)).first()
    if found is None:
        raise NotFound(
            Sentence("Contract %(contract)s has no version %(number)s.", contract=contract.pk, number=number),
            Sentence("See its versions on its page."),
        )
    return found


def list_versions(contract: Contract) -> list[ContractVersion]:
    """All versions with their signatures, the newest first."""
    return list(contract.versions.prefetch_related("signatures").order_by("-number"))


def find_contract(collaboration: Collaboration) -> Contract | None:
    """The contract in use: the newest one that nobody ended."""
    rows = collaboration.contracts.select_related("collaboration__campaign").filter(void=None)
    return rows.order_by("-pk").first()


def list_contracts(campaign: Campaign) -> list[Contract]:
    """A campaign's contracts with their versions and signatures, ended ones too, the newest first."""
    rows = Contract.objects.filter(collaboration__campaign=campaign).select_related("collaboration", "void")
    return list(rows.prefetch_related("versions__signatures").order_by("-pk"))


def find_sent(contract: Contract) -> ContractVersion | None:
    """The newest version that was sent: the one to read and to sign."""
    rows = contract.versions.exclude(sent_at=None).prefetch_related("signatures")
    return rows.order_by("-number").first()


def find_signed(contract: Contract) -> ContractVersion | None:
    """The newest version that both parties signed: the one in force."""
    versions = contract.versions.exclude(sent_at=None).prefetch_related("signatures").order_by("-number")
    return next((version for version in versions if is_complete(version)), None)


def is_complete(version: ContractVersion) -> bool:
    return {signature.party for signature in version.signatures.all()} >= {party.value for party in Party}


def standing_of(version: ContractVersion, *, is_void: bool, newest_sent: int | None) -> Standing:
    """Where a version stands, given the number of the newest that was sent."""
    if is_void:
        return Standing.VOID
    if version.sent_at is None:
        return Standing.DRAFT
    if is_complete(version):
        return Standing.SIGNED
    if newest_sent is not None and version.number < newest_sent:
        return Standing.SUPERSEDED
    return Standing.HALF_SIGNED if version.signatures.all() else Standing.SENT


@dataclass(frozen=True, slots=True)
class Stand:
    """A contract with its newest version and where that stands; `in_force` is the number of the one that both signed."""

    contract: Contract
    newest: ContractVersion
    standing: Standing
    in_force: int | None


def stand_of(contract: Contract) -> Stand:
    """Reads versions and signatures; cheap where they were fetched with the contract."""
    versions = sorted(contract.versions.all(), key=lambda version: -version.number)
    sent = next((v.number for v in versions if v.sent_at is not None), None)
    is_void = getattr(contract, "void", None) is not None
    signed = next((v.number for v in versions if v.sent_at is not None and is_complete(v)), None)
    standing = standing_of(versions[0], is_void=is_void, newest_sent=sent)
    return Stand(contract, versions[0], standing, None if is_void else signed)


# -- what the law asks -----------------------------------------------------------------------------------------------


def packs_of(campaign: Campaign) -> Sequence[LawPack]:
    """The law packs that a campaign names, else those of its countries."""
    return packs_named(campaign.law_packs) if campaign.law_packs else packs_for_countries(campaign.countries)


def in_force(collaboration: Any) -> QuerySet[ContractVersion]:
    """Versions that both parties signed, of contracts that nobody ended, for a collaboration of an outer query."""
    signed = ContractVersion.objects.filter(
        contract__collaboration=collaboration, contract__void=None, sent_at__isnull=False
    )
    for party in Party:
        signed = signed.filter(Exists(Signature.objects.filter(version=OuterRef("pk"), party=party.value)))
    return signed


def signed_versions(collaborations: Sequence[Collaboration]) -> dict[int, ContractVersion]:
    """The version in force by collaboration, in two queries."""
    versions = (
        ContractVersion.objects.filter(
            contract__collaboration__in=[c.pk for c in collaborations], contract__void=None, sent_at__isnull=False
        )
        .select_related("contract")
        .prefetch_related("signatures")
        .order_by("contract_id", "number")
    )
    return {version.contract.collaboration_id: version for version in versions if is_complete(version)}


def _in_force_of(contracts: Iterable[Contract]) -> dict[int, ContractVersion]:
    """The same of contracts that nobody ended, the newest last, whose versions were fetched with them."""
    return {
        contract.collaboration_id: version
        for contract in contracts
        for version in sorted(contract.versions.all(), key=lambda version: version.number)
        if version.sent_at is not None and is_complete(version)
    }


def is_signed(collaboration: Collaboration) -> bool:
    """Whether there is a contract that both parties signed and nobody ended."""
    return collaboration.pk in signed_versions([collaboration])


def needs_contract(collaboration: Collaboration, on: date) -> ContractVerdict:
    """What the law packs say of the collaboration's running total, of the strictest year."""
    return contract_verdicts([collaboration], on, signed_versions([collaboration]))[collaboration.pk]


def contract_verdicts(
    collaborations: Sequence[Collaboration], on: date, signed: Mapping[int, ContractVersion]
) -> dict[int, ContractVerdict]:
    """The verdict by collaboration, given the version in force of each; campaigns must be selected with them, all of one
    workspace."""
    running = running_of(collaborations)
    packs = {
        c.pk: about_contracts(packs_of(c)) for c in {one.campaign_id: one.campaign for one in collaborations}.values()
    }
    years = {key.year for key in running}
    return {
        one.pk: _strictest(one, packs[one.campaign_id], running, years, signed.get(one.pk), on)
        for one in collaborations
    }


def _strictest(
    collaboration: Collaboration,
    packs: Sequence[LawPack],
    running: Mapping[Key, Running],
    years: Collection[int],
    signed: ContractVersion | None,
    on: date,
) -> ContractVerdict:
    contract = str(signed.contract_id) if signed else None
    clauses = frozenset(signed.elements) if signed else None
    keys = keys_of(collaboration, running, years, on)
    found = [contract_verdict(packs, running.get(key, Running(key)), on, contract, clauses) for key in keys]
    return max(found, key=lambda verdict: (list(Duty).index(verdict.duty), verdict.running.total))


def clauses_lacking(collaboration: Collaboration, elements: frozenset[str], on: date) -> list[str]:
    """What the law packs ask to stand in a contract over this total and does not; none where they ask for no contract."""
    packs = packs_of(collaboration.campaign)
    running = running_of([collaboration])
    lacking: dict[str, None] = {}
    for key in keys_of(collaboration, running, {key.year for key in running}, on):
        facts = facts_of(running.get(key, Running(key)), None, elements)
        lacking |= dict.fromkeys(missing_clauses(packs, facts, min(on, date(key.year, 12, 31))))
    return list(lacking)


def exclusivities_of(workspace_id: int, creator_id: int, on: date) -> list[Exclusivity]:
    """For whom a creator may not work on a day, under contracts that both signed and nobody ended."""
    rows = Exclusivity.objects.filter(
        version__contract__workspace_id=workspace_id,
        version__contract__collaboration__creator_id=creator_id,
        version__contract__void=None,
        starts_on__lte=on,
        ends_on__gte=on,
    )
    rows = rows.select_related("version__contract__collaboration__campaign").prefetch_related("version__signatures")
    return [row for row in rows.order_by("ends_on", "pk") if is_complete(row.version)]


# -- the page of a collaboration, and of all of a campaign -----------------------------------------------------------


def section_contracts(collaboration: Collaboration, actor: Actor, now: datetime) -> dict[str, Any]:
    """What a creator gets, what the law says of it, and the contract about it."""
    contracts = collaboration.contracts.filter(void=None).select_related("void").order_by("pk")
    standing = list(contracts.prefetch_related("versions__signatures"))
    found = standing[-1] if standing else None
    return {
        "considerations": list_considerations(collaboration),
        "verdict": contract_verdicts([collaboration], now.date(), _in_force_of(standing))[collaboration.pk],
        "threshold": threshold_of(packs_of(collaboration.campaign)),
        "stand": stand_of(found) if found else None,
        "may_write": Right.CAMPAIGN in actor.rights and not collaboration.is_erased,
        "kinds": list(Kind),
        "today": now.date(),
    }


@dataclass(frozen=True, slots=True)
class ContractLine:
    """A collaboration in the list of a campaign's contracts. `value` is what it grants, in the campaign's currency."""

    collaboration: Collaboration
    verdict: ContractVerdict
    value: Decimal | None
    unknown: int
    stand: Stand | None


def contract_lines(campaign: Campaign, on: date) -> list[ContractLine]:
    """Every collaboration with something granted or a contract, those that need one first; a fixed number of queries."""
    rows = list(campaign.collaborations.select_related("campaign").order_by("name", "pk"))
    granted: dict[int, list[Decimal | None]] = {}
    for one, value in (
        that_count().filter(collaboration__campaign=campaign).values_list("collaboration_id", "in_budget")
    ):
        granted.setdefault(one, []).append(value)
    stands = {c.collaboration_id: stand_of(c) for c in reversed(list_contracts(campaign))}
    shown = [row for row in rows if row.pk in granted or row.pk in stands]
    verdicts = contract_verdicts(shown, on, signed_versions(shown))
    lines = [_line(row, verdicts[row.pk], granted.get(row.pk, []), stands.get(row.pk)) for row in shown]
    return sorted(lines, key=lambda line: PRESSING.index(line.verdict.duty))


PRESSING = (Duty.REQUIRED, Duty.ASK, Duty.ADVISED, Duty.NEAR, Duty.NONE, Duty.HELD)


def _line(
    row: Collaboration, verdict: ContractVerdict, granted: Sequence[Decimal | None], stand: Stand | None
) -> ContractLine:
    known = [value for value in granted if value is not None]
    value = sum(known, Decimal(0)) if known else None
    return ContractLine(row, verdict, value, len(granted) - len(known), stand)
