"""A language model behind an OpenAI-compatible `/chat/completions` (OpenAI, Mistral, Ollama, vLLM, llama.cpp server).

Protocol: https://platform.openai.com/docs/api-reference/chat. What is asked leaves this machine. No tools are offered, so
an answer is text and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx

from sillage.lib.errors import OutsideError

ATTEMPTS = 3
LONGEST_PAUSE_S = 20.0
LONGEST_ANSWER = 100_000  # characters
MOST_TOKENS = 2_000
RETRIED_STATUSES = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class RemoteLanguageModel:
    """Asks a server for one answer, and again after 429, 5xx and broken connections.

    `base_url` ends where `/chat/completions` begins: "http://localhost:11434/v1". The key stands in no message.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        api_key: str = "",
        timeout_s: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = model
        self.version = str(urlsplit(base_url).hostname)
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._api_key = api_key
        self._sleep = sleep
        self._client = httpx.Client(timeout=timeout_s)

    def answer(self, *, system: str, user: str) -> str:
        """Return the answer to a system's and a user's message, at temperature 0."""
        for attempt in range(1, ATTEMPTS):
            try:
                return self._ask_once(system, user)
            except OutsideError as error:
                if error.permanent:
                    raise
                pause = error.retry_after if error.retry_after is not None else 2.0 ** (attempt - 1)
            self._sleep(min(pause, LONGEST_PAUSE_S))
        return self._ask_once(system, user)

    def _ask_once(self, system: str, user: str) -> str:
        headers = {"Authorization": f"Bearer {self._api_key}"} if self._api_key else {}
        body = {
            "model": self.name,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
            "response_format": {"type": "json_object"},
        }
        try:
            response = self._client.post(self._url, json=body, headers=headers)
        except httpx.InvalidURL:
            raise self._failure("its address is not a URL", permanent=True) from None
        except httpx.TransportError as error:
            raise self._failure(f"no answer ({type(error).__name__})", permanent=False) from None
        if response.status_code != httpx.codes.OK:
            raise self._refused(response)
        return self._content(response)

    def _refused(self, response: httpx.Response) -> OutsideError:
        again = response.status_code in RETRIED_STATUSES
        said = response.text.replace(self._api_key, "[key]") if self._api_key else response.text
        asked = response.headers.get("Retry-After", "")
        return self._failure(
            f"HTTP {response.status_code}: {said[:200]}",
            permanent=not again,
            retry_after=float(asked) if again and asked.isdigit() else None,
        )

    def _content(self, response: httpx.Response) -> str:
        try:
            content = response.json()["choices"][0]["message"]["content"]
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise self._failure(f"it sent no message ({type(error).__name__})", permanent=True) from None
        if not isinstance(content, str) or len(content) > LONGEST_ANSWER:
            raise self._failure("it sent no text, or too much of it", permanent=True)
        return content

    def _failure(self, reason: str, *, permanent: bool, retry_after: float | None = None) -> OutsideError:
        return OutsideError(
            f"The language model server {urlsplit(self._url).hostname} failed for model {self.name}: {reason}.",
            permanent=permanent,
            hint="Check SILLAGE_LLM_URL, SILLAGE_LLM_MODEL and SILLAGE_LLM_KEY." if permanent else "",
            retry_after=retry_after,
        )
