"""What every page's shell shows: the workspace, one's others, and what one may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from sillage.governance import queries as governance
from sillage.governance.engine.actors import RIGHTS_OF_ROLE, Actor


def shell(request: HttpRequest) -> dict[str, Any]:
    """`workspace` and `actor` are set on the request by the page's access function; `workspaces` feeds the switcher.

    Parts that a page puts together by themselves have this context too: what only the shell shows is read when it does.
    """
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"workspace": None, "workspaces": []}
    actor = getattr(request, "actor", None)
    return {
        "workspace": getattr(request, "workspace", None),
        "actor": actor,
        "rights": {right.value for right in actor.rights} if actor else set(),
        "member": {"role": _role(actor)} if actor else None,
        "workspaces": SimpleLazyObject(lambda: governance.list_workspaces_of(person)),
    }


def _role(actor: Actor) -> str:
    """The role whose rights the person has."""
    return next((role.value for role, rights in RIGHTS_OF_ROLE.items() if rights == actor.rights), "")
