"""Who does a thing: a person, a rule, an automation or a model. Every action takes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence, Term


class ActorKind(StrEnum):
    PERSON = "person"
    RULE = "rule"
    AUTOMATION = "automation"
    MODEL = "model"


class Role(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    ANALYST = "analyst"
    READER = "reader"


class Right(StrEnum):
    """What an action asks for. Also the scopes of an API token."""

    READ = "read"  # see the workspace
    BRIEF = "brief"  # write briefs, shortlists, pins, searches
    CATALOGUE = "catalogue"  # import, connect, enrich
    CAMPAIGN = "campaign"  # run campaigns: the pipeline, drafts, contracts, budgets; ask for approvals
    APPROVE = "approve"  # approve what leaves the house, within the workspace's rules
    ERASE = "erase"  # forget a person; answer what people ask about their data
    ADMIN = "admin"  # members, tokens, settings
    LINK = "link"  # what the holder of a signed link may do; no role and no token has it


SCOPES = tuple(right for right in Right if right is not Right.LINK)  # what a token may be given

ROLE_WORDS: Mapping[Role, Sentence] = {
    Role.OWNER: Term("role", "owner"),
    Role.MANAGER: Term("role", "manager"),
    Role.ANALYST: Term("role", "analyst"),
    Role.READER: Term("role", "reader"),
}
RIGHT_WORDS: Mapping[Right, Sentence] = {
    Right.READ: Term("right", "read"),
    Right.BRIEF: Term("right", "brief"),
    Right.CATALOGUE: Term("right", "catalogue"),
    Right.CAMPAIGN: Term("right", "campaign"),
    Right.APPROVE: Term("right", "approve"),
    Right.ERASE: Term("right", "erase"),
    Right.ADMIN: Term("right", "admin"),
    Right.LINK: Term("right", "link"),
}
RIGHTS_OF_ROLE: dict[Role, frozenset[Right]] = {
    Role.READER: frozenset({Right.READ}),
    Role.ANALYST: frozenset({Right.READ, Right.BRIEF, Right.CAMPAIGN}),
    Role.MANAGER: frozenset({Right.READ, Right.BRIEF, Right.CAMPAIGN, Right.APPROVE, Right.CATALOGUE, Right.ERASE}),
    Role.OWNER: frozenset(SCOPES),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts in one workspace.

    `name` is an e-mail address for a person, otherwise the name of the rule, automation or model.
    `member_id` is set for a person only; `version` for a rule or a model.
    """

    kind: ActorKind
    name: str
    workspace_id: int
    rights: frozenset[Right]
    member_id: int | None = None
    version: str = ""


class NotAllowed(Refusal):
    """The actor lacks the right."""

    status = 403
    title = "Not allowed"


def require(actor: Actor, right: Right) -> None:
    """Refuse unless the actor holds the right."""
    if right not in actor.rights:
        raise NotAllowed(
            Sentence(
                "%(actor)s may not do this: it needs the right “%(right)s”.", actor=actor.name, right=RIGHT_WORDS[right]
            ),
            Sentence("Ask an owner of the workspace for a role or a token that has it."),
        )


def automation(name: str, workspace_id: int) -> Actor:
    """An automation of Sillage itself (an enricher run, an import): every right but to administer and to approve."""
    rights = frozenset(Right) - {Right.ADMIN, Right.APPROVE, Right.LINK}
    return Actor(ActorKind.AUTOMATION, name, workspace_id, rights)
