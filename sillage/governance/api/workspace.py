"""The API of governance: who calls, members, tokens, the ledger and receipts."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils import timezone
from ninja import Router
from pydantic import Field

from sillage.governance import actions, queries
from sillage.governance.api_access import Call, Kept, allowed, has_token, refuse_narrow_token
from sillage.governance.api_shapes import (
    EntryShape,
    IssuedToken,
    LedgerCheck,
    Me,
    MemberGiven,
    MemberShape,
    ReceiptCheck,
    ReceiptShape,
    RoleGiven,
    TokenGiven,
    TokenShape,
    entry_shape,
    receipt_shape,
)
from sillage.governance.engine.actors import ActorKind, Right
from sillage.governance.models import Member, Person, Workspace
from sillage.governance.shapes import Limit, Rows, rows

router = Router(tags=["governance"])

Word = Annotated[str, Field(max_length=80)]
SealText = Annotated[str, Field(max_length=100)]


@router.get("/me", **allowed(Right.READ), response=Me)
def me(request: Call) -> dict[str, Any]:
    """Who calls, with which rights, and in which workspaces. A token knows only its own workspace."""
    actor = request.auth
    if isinstance(request.user, Person) and not has_token(request):
        workspaces = queries.list_workspaces_of(request.user)
    else:
        workspaces = list(Workspace.objects.filter(pk=actor.workspace_id))
    return {"actor": actor, "rights": sorted(actor.rights), "workspaces": workspaces}


# -- members ---------------------------------------------------------------------------------------------------------


@router.get("/members", **allowed(Right.READ), response=Rows[MemberShape])
def list_members(request: Call) -> dict[str, Any]:
    """People of the workspace, the longest-standing first."""
    return rows(queries.list_members(request.auth.workspace_id))


@router.post("/members", **allowed(Right.ADMIN), response={201: MemberShape})
def add_member(request: Call, given: MemberGiven) -> Member:
    """Let a person in. Somebody new to Sillage gets the password; without one they cannot sign in yet."""
    return actions.add_member(
        email=given.email.strip(),
        name=given.name.strip(),
        role=given.role,
        password=given.password.get_secret_value() if given.password else None,
        actor=request.auth,
        now=timezone.now(),
    )


@router.patch("/members/{int:member_id}", **allowed(Right.ADMIN), response=MemberShape)
def change_role(request: Call, member_id: int, given: RoleGiven) -> Member:
    """Give a member another role. The only owner stays one."""
    return actions.change_role(member_id=member_id, role=given.role, actor=request.auth, now=timezone.now())


@router.delete("/members/{int:member_id}", **allowed(Right.ADMIN), response={204: None})
def remove_member(request: Call, member_id: int) -> None:
    """End a membership; the person's tokens for this workspace end with it."""
    actions.remove_member(member_id=member_id, actor=request.auth, now=timezone.now())


# -- tokens ----------------------------------------------------------------------------------------------------------


@router.get("/tokens", **allowed(Right.READ), response=Rows[TokenShape])
def list_tokens(request: Call) -> dict[str, Any]:
    """One's own tokens; all of the workspace's for an owner. Secrets are never shown again."""
    return rows(queries.list_tokens(request.auth))


@router.post("/tokens", **allowed(Right.READ, kept=Kept.NEVER), response={201: IssuedToken})
def issue_token(request: Call, given: TokenGiven) -> dict[str, Any]:
    """Make a token for oneself. Its secret is in this answer and nowhere else.

    A token needs the scope admin for this, so that a narrow one cannot prolong its own life.
    """
    refuse_narrow_token(request)
    token, secret = actions.issue_token(
        name=given.name.strip(),
        scopes=frozenset(given.scopes),
        expires_at=given.expires_at,
        actor=request.auth,
        now=timezone.now(),
    )
    return {**TokenShape.from_orm(token).model_dump(), "secret": secret}


@router.delete("/tokens/{int:token_id}", **allowed(Right.READ), response={204: None})
def revoke_token(request: Call, token_id: int) -> None:
    """End a token of one's own; an owner may end anybody's. A token needs the scope admin for this."""
    refuse_narrow_token(request)
    actions.revoke_token(token_id=token_id, actor=request.auth, now=timezone.now())


# -- the ledger ------------------------------------------------------------------------------------------------------


@router.get("/ledger", **allowed(Right.READ), response=Rows[EntryShape])
def list_entries(
    request: Call,
    cursor: str | None = None,
    limit: Limit = 50,
    verb: Word = "",
    subject_kind: Word = "",
    subject_id: Word = "",
    actor_kind: ActorKind | None = None,
) -> dict[str, Any]:
    """Who did what, the newest first."""
    page = queries.list_entries(
        request.auth.workspace_id,
        cursor=cursor,
        limit=limit,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=subject_id,
        actor_kind=actor_kind or "",
    )
    return rows(map(entry_shape, page.items), page.next_cursor)


@router.get("/ledger/verify", **allowed(Right.READ), response=LedgerCheck)
def verify_ledger(request: Call, seal: SealText = "") -> dict[str, Any]:
    """Recompute the whole chain and say whether it holds, also against a seal that an earlier answer gave."""
    count, broken, newest = queries.verify_ledger(request.auth.workspace_id, seal=seal)
    return {"entries": count, "holds": broken is None, "broken": broken, "seal": newest}


# -- receipts --------------------------------------------------------------------------------------------------------


@router.get("/receipts/{key}", **allowed(Right.READ), response=ReceiptShape)
def get_receipt(request: Call, key: str) -> dict[str, Any]:
    """What proves a number: its formula, version, inputs with their sources, and n."""
    return receipt_shape(queries.get_receipt(request.auth.workspace_id, key))


@router.get("/receipts/{key}/verify", **allowed(Right.READ), response=ReceiptCheck)
def verify_receipt(request: Call, key: str) -> dict[str, Any]:
    """Recompute a receipt, check its hash and read its sources again."""
    found = queries.verify_receipt(request.auth.workspace_id, key)
    return {
        "receipt": receipt_shape(found.receipt),
        "holds": found.holds,
        "is_intact": found.is_intact,
        "recomputed": found.recomputed,
        "changed": list(found.changed),
        "unread": found.unread,
    }
