"""The stages of a collaboration and the lawful moves between them: the one place that knows them.

A move forward meets gates: questions about the collaboration whose answer is a fact (queries/gates.py gathers them). A move
back meets none, and the last move may always be taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from sillage.lib.sentences import Decimals, Listed, Sentence, Term


class Stage(StrEnum):
    """Where a collaboration stands, in the order in which the work is done."""

    SHORTLISTED = "shortlisted"
    CONTACTED = "contacted"
    NEGOTIATING = "negotiating"
    AGREED = "agreed"
    CONTRACTED = "contracted"
    PRODUCING = "producing"
    IN_REVIEW = "in_review"
    LIVE = "live"
    REPORTED = "reported"
    CLOSED = "closed"

    @property
    def place(self) -> int:
        return list(Stage).index(self)


S = Stage
STAGE_WORDS: Mapping[Stage, Sentence] = {
    S.SHORTLISTED: Term("stage", "shortlisted"),
    S.CONTACTED: Term("stage", "contacted"),
    S.NEGOTIATING: Term("stage", "negotiating"),
    S.AGREED: Term("stage", "agreed"),
    S.CONTRACTED: Term("stage", "contracted"),
    S.PRODUCING: Term("stage", "producing"),
    S.IN_REVIEW: Term("stage", "in review"),
    S.LIVE: Term("stage", "live"),
    S.REPORTED: Term("stage", "reported"),
    S.CLOSED: Term("stage", "closed"),
}
MOVES: Mapping[Stage, tuple[Stage, ...]] = {
    S.SHORTLISTED: (S.CONTACTED, S.CLOSED),
    S.CONTACTED: (S.NEGOTIATING, S.AGREED, S.SHORTLISTED, S.CLOSED),
    S.NEGOTIATING: (S.AGREED, S.CONTACTED, S.CLOSED),
    S.AGREED: (S.CONTRACTED, S.PRODUCING, S.NEGOTIATING, S.CLOSED),
    S.CONTRACTED: (S.PRODUCING, S.AGREED, S.CLOSED),
    S.PRODUCING: (S.IN_REVIEW, S.CONTRACTED, S.AGREED, S.CLOSED),
    S.IN_REVIEW: (S.LIVE, S.PRODUCING, S.CLOSED),
    S.LIVE: (S.REPORTED, S.IN_REVIEW, S.CLOSED),
    S.REPORTED: (S.CLOSED, S.LIVE),
    S.CLOSED: (S.SHORTLISTED,),
}
AT_WORK = (S.AGREED, S.CONTRACTED, S.PRODUCING, S.IN_REVIEW, S.LIVE)  # the creator's time is promised
IN_TALKS = (S.CONTACTED, S.NEGOTIATING)
PUBLISHED = (S.LIVE, S.REPORTED)


def moves_from(stage: Stage) -> tuple[Stage, ...]:
    """Where a collaboration may go from here: the usual way first."""
    return MOVES[stage]


def way_forward(source: Stage, target: Stage) -> tuple[Stage, ...]:
    """The stages to pass from one to a later one, by the fewest moves; empty where no way leads forward."""
    ways: list[tuple[Stage, ...]] = [(source,)]
    for way in ways:
        if way[-1] is target:
            return way[1:]
        ways += [(*way, step) for step in MOVES[way[-1]] if way[-1].place < step.place <= target.place]
    return ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a collaboration when it is to move.

    `kept_off` names exclusion lists; `is_restricted`: the creator objected, or asked that their data only be stored.
    `contract_needed`: a law pack asks for a written contract that is not there, over `contract_total`, the running total in
    euros before tax; `contract_unknown`: something promised has no value, so that nobody can tell. `drafts_waiting` are
    deliverables of which no draft is approved.
    """

    is_at_rest: bool = False  # the campaign is a template, or put away
    is_erased: bool = False
    is_restricted: bool = False
    kept_off: tuple[str, ...] = ()
    contract_needed: bool = False
    contract_unknown: bool = False
    contract_total: Decimal | None = None
    contract_signed: bool = False
    drafts_waiting: int = 0


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a move is refused. `code` and `about` let a page say it in the reader's language."""

    code: str
    message: str
    hint: str
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """A move that somebody wants. `reason` is theirs."""

    name: str  # of the creator
    source: Stage
    target: Stage
    reason: str = ""

    @property
    def is_forward(self) -> bool:
        return self.target.place > self.source.place and self.target is not S.CLOSED


Gate = Callable[[Wish, Facts], Objection | None]


def refusal_of(wish: Wish, facts: Facts) -> Objection | None:
    """The first thing that forbids the move; None when nothing does."""
    gates: tuple[Gate, ...] = (_rest, _lawful, _erased, *(GATES.get(wish.target, ()) if wish.is_forward else ()))
    if wish.target is S.CLOSED:
        gates = (_rest, _lawful, _reason)
    return next((objection for gate in gates if (objection := gate(wish, facts)) is not None), None)


def undo_refusal_of(facts: Facts) -> Objection | None:
    """What forbids to take the last move back."""
    return _rest(Wish("", S.SHORTLISTED, S.SHORTLISTED), facts)


def _rest(wish: Wish, facts: Facts) -> Objection | None:
    if not facts.is_at_rest:
        return None
    return Objection(
        "at_rest",
        Sentence("This campaign is put away: nothing in it moves."),
        Sentence("Bring the campaign back first."),
    )


def _lawful(wish: Wish, facts: Facts) -> Objection | None:
    if wish.target in MOVES[wish.source]:
        return None
    about = {"name": wish.name, "source": wish.source.value, "target": wish.target.value}
    if wish.target is wish.source:
        message = Sentence("%(name)s is %(stage)s already.", name=wish.name, stage=STAGE_WORDS[wish.source])
        return Objection("same_stage", message, Sentence("Choose another stage."), about)
    source, target, ways = STAGE_WORDS[wish.source], STAGE_WORDS[wish.target], MOVES[wish.source]
    said = Listed(STAGE_WORDS[stage] for stage in ways)
    return Objection(
        "no_such_move",
        Sentence(
            "%(name)s is %(source)s: from there is no move to %(target)s.",
            name=wish.name,
            source=source,
            target=target,
        ),
        Sentence("From %(source)s the moves are: %(ways)s.", source=source, ways=said),
        {**about, "ways": ", ".join(stage.value for stage in ways)},
    )


def _erased(wish: Wish, facts: Facts) -> Objection | None:
    if not facts.is_erased:
        return None
    return Objection(
        "erased",
        Sentence("This creator was erased: there is nobody to work with."),
        Sentence("Close the collaboration."),
    )


def _reason(wish: Wish, facts: Facts) -> Objection | None:
    if wish.reason.strip() or wish.source is S.REPORTED or facts.is_erased:
        return None
    return Objection(
        "reason_missing",
        Sentence("Closing the collaboration with %(name)s before its report needs a reason.", name=wish.name),
        Sentence("Say in a few words why it ends."),
        {"name": wish.name},
    )


def _contactable(wish: Wish, facts: Facts) -> Objection | None:
    if facts.is_restricted:
        return Objection(
            "restricted",
            Sentence("%(name)s asked not to be contacted, or that their data only be stored.", name=wish.name),
            Sentence("Close the collaboration; their request stands on the data protection page."),
            {"name": wish.name},
        )
    if not facts.kept_off:
        return None
    lists = ", ".join(facts.kept_off)
    return Objection(
        "kept_off",
        Sentence("%(name)s may not be written to: %(lists)s.", name=wish.name, lists=lists),
        Sentence("Take them off the list before anybody writes."),
        {"name": wish.name, "lists": lists},
    )


def _signed(wish: Wish, facts: Facts) -> Objection | None:
    if facts.contract_signed:
        return None
    return Objection(
        "not_signed",
        Sentence("There is no signed contract with %(name)s.", name=wish.name),
        Sentence("Have the contract signed; without need of one, go from “agreed” to “producing”."),
        {"name": wish.name},
    )


def _lawfully_bound(wish: Wish, facts: Facts) -> Objection | None:
    """French law 2023-451, article 8: from EUR 1,000 before tax a written contract, or the deal is void.

    What is not known is asked: a person may answer for it with a reason.
    """
    if facts.contract_unknown and not wish.reason.strip():
        return Objection(
            "contract_unknown",
            Sentence(
                "Something promised to %(name)s has no value: whether a written contract is needed is not known.",
                name=wish.name,
            ),
            Sentence("Put its value down, or say in a few words why no contract is needed."),
            {"name": wish.name},
        )
    if not facts.contract_needed:
        return None
    total = f"{facts.contract_total:.2f}" if facts.contract_total is not None else "-"
    return Objection(
        "contract_needed",
        Sentence(
            "%(name)s is promised EUR %(total)s: the law asks for a written contract before the work begins.",
            name=wish.name,
            total="-" if facts.contract_total is None else Decimals(facts.contract_total, 2),
        ),
        Sentence("Have the contract signed first: without it the deal is void."),
        {"name": wish.name, "total": total},
    )


def _approved(wish: Wish, facts: Facts) -> Objection | None:
    if not facts.drafts_waiting:
        return None
    return Objection(
        "drafts_waiting",
        Sentence(
            "%(n)s of the deliverables of %(name)s have no approved draft.", n=facts.drafts_waiting, name=wish.name
        ),
        Sentence("Approve the drafts, or take the deliverables back that nobody awaits."),
        {"name": wish.name, "n": str(facts.drafts_waiting)},
    )


# What a collaboration has to pass to stand in a stage, on the way forward. A later stage repeats what may not be jumped.
GATES: Mapping[Stage, tuple[Gate, ...]] = {
    S.CONTACTED: (_contactable,),
    S.NEGOTIATING: (_contactable,),
    S.AGREED: (_contactable,),
    S.CONTRACTED: (_signed,),
    S.PRODUCING: (_lawfully_bound,),
    S.IN_REVIEW: (_lawfully_bound,),
    S.LIVE: (_lawfully_bound, _approved),
    S.REPORTED: (_lawfully_bound, _approved),
}
