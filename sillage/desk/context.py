"""What every page's shell shows: the workspace, one's others, and what one may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from sillage.governance import queries as governance


def shell(request: HttpRequest) -> dict[str, Any]:
    """`workspace` and `actor` are set on the request by the page's access function; `workspaces` feeds the switcher."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"workspace": None, "workspaces": []}
    return {
        "workspace": getattr(request, "workspace", None),
        "actor": getattr(request, "actor", None),
        "workspaces": governance.list_workspaces_of(person),
    }
