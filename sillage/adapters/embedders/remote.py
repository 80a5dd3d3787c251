"""An embedder behind an OpenAI-compatible `/embeddings` (OpenAI, Mistral, Ollama, vLLM, llama.cpp server).

Protocol: https://platform.openai.com/docs/api-reference/embeddings. The texts leave this machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np

from sillage.adapters.embedders.port import Vectors, is_blank, unit_rows
from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Sentence

ATTEMPTS = 5
LONGEST_PAUSE_S = 60.0
RETRIED_STATUSES = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class RemoteEmbedder:
    """Asks a server for vectors, batch by batch, and tries again after 429, 5xx and broken connections.

    `base_url` ends where `/embeddings` begins: "http://localhost:11434/v1". The key stands in no message.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        api_key: str = "",
        batch: int = 64,
        timeout_s: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = f"{model} (remote)"
        self.version = f"{model}@{urlsplit(base_url).hostname}"
        self._url = base_url.rstrip("/") + "/embeddings"
        self._model = model
        self._api_key = api_key
        self._batch = batch
        self._sleep = sleep
        self._client = httpx.Client(timeout=timeout_s)

    @cached_property
    def dims(self) -> int:
        """The length of the server's vectors, found by asking once."""
        return int(self._ask(["dimension"]).shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows of shape (texts, dims); blank texts are not sent."""
        vectors = np.zeros((len(texts), self.dims), dtype=np.float32)
        places = [place for place, text in enumerate(texts) if not is_blank(text)]
        for start in range(0, len(places), self._batch):
            chosen = places[start : start + self._batch]
            answer = self._ask([texts[place] for place in chosen])
            if answer.shape[1] != self.dims:
                dims = {"now": answer.shape[1], "before": self.dims}
                raise self._broken(Sentence("it sent vectors of %(now)s numbers after vectors of %(before)s", **dims))
            vectors[chosen] = answer
        return unit_rows(vectors)

    def _ask(self, texts: list[str]) -> Vectors:
        """One batch, tried up to ATTEMPTS times with a pause that doubles, or as long as the server asks."""
        for attempt in range(1, ATTEMPTS):
            try:
                return self._ask_once(texts)
            except OutsideError as error:
                if error.permanent:
                    raise
                pause = error.retry_after if error.retry_after is not None else 2.0 ** (attempt - 1)
            self._sleep(min(pause, LONGEST_PAUSE_S))
        return self._ask_once(texts)

    def _ask_once(self, texts: list[str]) -> Vectors:
        headers = {"Authorization": f"Bearer {self._api_key}"} if self._api_key else {}
        body = {"model": self._model, "input": texts, "encoding_format": "float"}
        try:
            response = self._client.post(self._url, json=body, headers=headers)
        except httpx.InvalidURL:
            raise self._failure(Sentence("its address is not a URL"), permanent=True) from None
        except httpx.TransportError as error:
            raise self._failure(Sentence("no answer (%(kind)s)", kind=type(error).__name__), permanent=False) from None
        if response.status_code != httpx.codes.OK:
            raise self._refused(response)
        return self._vectors(response, len(texts))

    def _refused(self, response: httpx.Response) -> OutsideError:
        again = response.status_code in RETRIED_STATUSES
        said = self._without_key(response.text)[:200]
        reason = Sentence("HTTP %(status)s: %(said)s", status=response.status_code, said=said)
        return self._failure(reason, permanent=not again, retry_after=_retry_after(response) if again else None)

    def _vectors(self, response: httpx.Response, expected: int) -> Vectors:
        try:
            rows: list[dict[str, Any]] = response.json()["data"]
            rows = sorted(rows, key=lambda row: int(row["index"]))
            with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused below
                vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        except (ValueError, KeyError, TypeError) as error:
            raise self._broken(
                Sentence("it sent an answer that is not a list of vectors (%(kind)s)", kind=type(error).__name__)
            ) from None
        reason = _unfit(vectors, [int(row["index"]) for row in rows], expected)
        if reason is not None:
            raise self._broken(reason)
        return vectors

    def _broken(self, reason: Sentence) -> OutsideError:
        return self._failure(reason, permanent=True)

    def _failure(self, reason: str, *, permanent: bool, retry_after: float | None = None) -> OutsideError:
        return OutsideError(
            Sentence(
                "The embeddings server %(hostname)s failed for model %(model)s: %(reason)s.",
                hostname=urlsplit(self._url).hostname,
                model=self._model,
                reason=reason,
            ),
            permanent=permanent,
            hint=Sentence("Check the address, the model's name and the key of the embedder.")
            if permanent
            else Sentence("Look whether that server runs, and try again; what was read before stays."),
            retry_after=retry_after,
        )

    def _without_key(self, text: str) -> str:
        """Servers repeat keys in their messages; ours does not go further."""
        return text.replace(self._api_key, "[key]") if self._api_key else text


def _unfit(vectors: Vectors, numbers: list[int], expected: int) -> Sentence | None:
    """Why these are not the vectors of so many texts; a text with words in it has no vector of zeros."""
    if len(vectors) != expected:
        return Sentence("it sent %(sent)s vectors for %(expected)s texts", sent=len(vectors), expected=expected)
    if numbers != list(range(expected)):
        return Sentence("it does not say which vector is of which text")
    if vectors.ndim != 2:
        return Sentence("it sent something else than one list of numbers per text")
    if not np.isfinite(vectors).all():
        return Sentence("it sent a vector with something else than finite numbers in it")
    if not vectors.any(axis=1).all():
        return Sentence("it sent a vector of zeros for a text that has words")
    return None


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds that the server asks to wait; its dates are not read."""
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isdigit() else None
