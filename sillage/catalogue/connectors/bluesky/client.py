"""Queries to an AppView through the AT Protocol SDK, without a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

import httpx
from atproto_client import exceptions  # type: ignore[import-untyped]
from atproto_client.client.base import ClientBase  # type: ignore[import-untyped]
from atproto_client.models.common import XrpcError  # type: ignore[import-untyped]
from atproto_client.request import Request  # type: ignore[import-untyped]

from sillage.catalogue.connectors.fields import payload_of
from sillage.catalogue.connectors.pace import Pace, seconds_to_wait
from sillage.catalogue.connectors.port import UNREACHED
from sillage.catalogue.connectors.settings import ConnectorSettings, Means
from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Sentence

SPACING_S = 0.1  # the documented limit of Bluesky's servers is 3,000 requests in 5 minutes and address


class QueryRefused(Exception):
    """The AppView understood the query and says no (status 400): an unknown actor, a deleted post, a stale cursor."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class ServerFault(OutsideError):
    """The AppView broke down over a query (status 500)."""


@dataclass(frozen=True, slots=True)
class Reply:
    payload: dict[str, Any]
    body: bytes  # as received


class AppView:
    """Raises OutsideError, or QueryRefused for status 400."""

    def __init__(self, settings: ConnectorSettings, means: Means) -> None:
        self._means = means
        self._pace = Pace(means, spacing_s=SPACING_S, tries=settings.tries)
        self._body = b""
        request = Request(timeout=settings.timeout_s, transport=means.transport, event_hooks={"response": [self._keep]})
        request.add_additional_header("User-Agent", settings.user_agent)
        self._client = ClientBase(settings.bluesky_url, request)

    def ask(self, nsid: str, params: Any) -> Reply:
        """The answer to a query. `params` is the SDK's parameter model of that query."""
        return self._pace.run(lambda: self._ask_once(nsid, params))

    def _ask_once(self, nsid: str, params: Any) -> Reply:
        try:
            response = self._client.invoke_query(nsid, params=params, output_encoding="application/json")
        except exceptions.RequestErrorBase as error:
            self._explain(error)
        except httpx.HTTPError as error:
            raise OutsideError(
                Sentence("Bluesky could not be reached (%(name)s).", name=type(error).__name__),
                permanent=False,
                hint=UNREACHED,
            ) from error
        except ValueError as error:
            raise OutsideError(Sentence("Bluesky's answer is not JSON, or was cut short."), permanent=False) from error
        self._pace.heed(response.headers)
        return Reply(payload_of(self._body), self._body)

    def _explain(self, error: exceptions.RequestErrorBase) -> NoReturn:
        response = error.response
        if response is None:
            raise OutsideError(
                Sentence("Bluesky could not be reached, or not in time."), permanent=False, hint=UNREACHED
            ) from error
        content = response.content
        code, message = "", ""
        if isinstance(content, XrpcError):
            code, message = content.error or "", content.message or ""
        if response.status_code == 400:
            raise QueryRefused(code, message) from error
        permanent = response.status_code < 500 and response.status_code != 429
        kind = ServerFault if response.status_code == 500 else OutsideError
        raise kind(
            f"Bluesky answered {response.status_code} {code}".rstrip() + ".",
            permanent=permanent,
            retry_after=None if permanent else seconds_to_wait(response.headers, self._means.clock()),
        ) from error

    def _keep(self, response: httpx.Response) -> None:
        self._body = response.read()
