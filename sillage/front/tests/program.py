"""A program that calls the API, as a test sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right


@dataclass
class Program:
    """Calls paths below /api/v1/<slug>/. Without a secret it is nobody."""

    secret: str = ""
    slug: str = "harbour"
    client: Client = field(default_factory=Client)

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> HttpResponse:
        """`body` is sent as JSON; `form` as multipart; `raw` as it is. `headers` are added to the token."""
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        headers |= more.pop("headers", {})
        form, raw = more.pop("form", None), more.pop("raw", None)
        query = {name: value for name, value in more.items() if value is not None}
        address = f"/api/v1/{self.slug}/{path}" + (f"?{urlencode(query, doseq=True)}" if query else "")
        if form is not None:
            return self.client.post(address, form, headers=headers)
        if raw is None and body is None:
            return self.client.generic(method, address, headers=headers)
        sent = {"data": body, "content_type": "application/json"} if raw is None else raw
        if raw is None:
            return getattr(self.client, method.lower())(address, **sent, headers=headers)
        return self.client.generic(method, address, **raw, headers=headers)

    def get(self, path: str, **more: Any) -> HttpResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> HttpResponse:
        return self.call("POST", path, body, **more)


def program_of(actor: Actor, *scopes: Right, slug: str = "harbour") -> Program:
    """A program with a token of all of the actor's rights, or of the named ones."""
    rights = frozenset(scopes) or actor.rights
    _, secret = governance.issue_token(name="test", scopes=rights, expires_at=None, actor=actor, now=timezone.now())
    return Program(secret, slug)
