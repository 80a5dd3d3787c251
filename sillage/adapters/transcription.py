"""Sound to a transcript: an OpenAI-compatible `/audio/transcriptions`, or the server of whisper.cpp (`/inference`).

Protocols: https://platform.openai.com/docs/api-reference/audio/createTranscription and
https://github.com/ggml-org/whisper.cpp/tree/master/examples/server. The sound leaves this process, and this machine unless
the server runs on it. What comes back is text that nobody has checked yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import BinaryIO, Literal
from urllib.parse import urlsplit

import httpx

from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Decimals, Sentence

CONNECT_S, ANSWER_S = 10.0, 900.0  # an hour of sound takes minutes on a small machine
LONGEST_ANSWER = 20_000_000  # bytes
RETRIED_STATUSES = frozenset({408, 409, 425, 429, 500, 502, 503, 504})

Kind = Literal["openai", "whisper_cpp"]


@dataclass(frozen=True, slots=True)
class TranscriptionSettings:
    """A server and what it speaks. OpenAI's protocol needs a `model`; whisper.cpp has the one that it was started with."""

    url: str = ""
    kind: Kind = "openai"
    model: str = ""
    api_key: str = field(default="", repr=False)
    most_mb: int = 25  # what the server takes: 25 at OpenAI

    @property
    def is_complete(self) -> bool:
        return bool(self.url and (self.model or self.kind == "whisper_cpp"))


class Transcriber:
    """Asks a server once per call; whoever calls decides whether to ask again. The key stands in no message."""

    def __init__(self, settings: TranscriptionSettings, *, answer_s: float = ANSWER_S) -> None:
        self._settings = settings
        self.name = settings.model or "whisper.cpp"
        self.host = str(urlsplit(settings.url).hostname)
        self.most_bytes = settings.most_mb * 1_000_000
        path = "/inference" if settings.kind == "whisper_cpp" else "/audio/transcriptions"
        self._url = settings.url.rstrip("/") + path
        self._timeout = httpx.Timeout(answer_s, connect=CONNECT_S)

    def transcribe(self, name: str, media_type: str, sound: BinaryIO, size: int, language: str) -> bytes:
        """The server's answer, JSON as it came. Raises OutsideError, permanent where asking again changes nothing."""
        if size > self.most_bytes:
            most = self._settings.most_mb
            raise self._failure(
                Sentence("the sound has %(size)s MB and it takes %(most)s", size=Decimals(size / 1e6), most=most),
                permanent=True,
            )
        form = {"response_format": "verbose_json", "temperature": "0", "language": language}
        if self._settings.kind == "openai":
            form |= {"model": self._settings.model, "timestamp_granularities[]": "segment"}
        key = self._settings.api_key
        try:
            with httpx.stream(
                "POST",
                self._url,
                data=form,
                files={"file": (name, sound, media_type)},
                headers={"Authorization": f"Bearer {key}"} if key else {},
                timeout=self._timeout,
            ) as response:
                said = self._read(response)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise self._failure(Sentence("its address is not a URL"), permanent=True) from None
        except httpx.TransportError as error:
            raise self._failure(Sentence("no answer (%(kind)s)", kind=type(error).__name__), permanent=False) from None
        if response.status_code != httpx.codes.OK:
            raise self._refused(response, said)
        return said

    def _read(self, response: httpx.Response) -> bytes:
        pieces: list[bytes] = []
        size = 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > LONGEST_ANSWER:
                most = Decimals(LONGEST_ANSWER / 1e6, 0)
                raise self._failure(Sentence("it answers more than %(most)s MB", most=most), permanent=True)
            pieces.append(piece)
        return b"".join(pieces)

    def _refused(self, response: httpx.Response, said: bytes) -> OutsideError:
        again = response.status_code in RETRIED_STATUSES
        told = " ".join(said[:400].decode("utf8", "replace").split())
        if self._settings.api_key:
            told = told.replace(self._settings.api_key, "[key]")
        asked = response.headers.get("Retry-After", "")
        return self._failure(
            f"HTTP {response.status_code}: {told[:200]}",
            permanent=not again,
            retry_after=float(asked) if again and asked.isdigit() else None,
        )

    def _failure(self, reason: str, *, permanent: bool, retry_after: float | None = None) -> OutsideError:
        return OutsideError(
            Sentence(
                "The transcription server %(host)s failed for %(name)s: %(reason)s.",
                host=self.host,
                name=self.name,
                reason=reason,
            ),
            permanent=permanent,
            hint=Sentence("Check SILLAGE_TRANSCRIPTION_URL, _KIND, _MODEL and _KEY.") if permanent else "",
            retry_after=retry_after,
        )


def transcriber_from(settings: TranscriptionSettings) -> Transcriber | None:
    """What the settings name; None when they name none. A transcript can be brought in all the same."""
    return Transcriber(settings) if settings.is_complete else None
