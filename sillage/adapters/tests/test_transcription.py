"""Sound to a transcript by a server: what is sent, and how it fails when the server is slow, broken, refusing or endless."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest

from sillage.adapters import transcription
from sillage.adapters.tests.transcription_server import SEGMENTS, TranscriptionServer, transcription_server
from sillage.adapters.transcription import Transcriber, TranscriptionSettings, transcriber_from
from sillage.lib.errors import OutsideError

SOUND = b"ID3" + bytes(5_000)
KEY = "sk-very-secret"


@pytest.fixture
def server() -> Iterator[TranscriptionServer]:
    with transcription_server() as started:
        yield started


def asked(server: TranscriptionServer, kind: str = "openai", size: int = len(SOUND), **more) -> bytes:
    settings = TranscriptionSettings(server.url, kind, "whisper-1" if kind == "openai" else "", KEY)
    return Transcriber(settings, **more).transcribe("interview.mp3", "audio/mpeg", io.BytesIO(SOUND), size, "fr")


def test_openai_s_protocol_is_asked_for_segments_in_the_language(server):
    assert json.loads(asked(server)) == SEGMENTS
    path, headers, body = server.asked[0]
    assert path == "/audio/transcriptions" and headers["Authorization"] == f"Bearer {KEY}"
    for part in (b'name="model"', b"whisper-1", b"verbose_json", b'name="language"', b"segment", SOUND):
        assert part in body


def test_whisper_cpp_is_asked_at_its_own_address_without_a_model(server):
    asked(server, "whisper_cpp")
    path, _, body = server.asked[0]
    assert path == "/inference" and b'name="model"' not in body and SOUND in body


def test_a_server_that_does_not_answer_in_time_may_be_asked_again(server):
    server.is_silent.set()
    with pytest.raises(OutsideError, match="no answer") as failed:
        asked(server, answer_s=0.2)
    assert not failed.value.permanent


def test_a_server_that_hangs_up_or_is_busy_may_be_asked_again(server):
    server.answers = [(0, b"", {}), (503, b"busy", {"Retry-After": "7"})]
    with pytest.raises(OutsideError) as hung_up:
        asked(server)
    with pytest.raises(OutsideError) as busy:
        asked(server)
    assert not hung_up.value.permanent and not busy.value.permanent and busy.value.retry_after == 7.0


def test_a_refusal_is_told_without_the_key(server):
    server.answers = [(401, f"Incorrect API key provided: {KEY}".encode(), {})]
    with pytest.raises(OutsideError) as refused:
        asked(server)
    assert refused.value.permanent and "HTTP 401" in refused.value.message and KEY not in refused.value.message


def test_an_answer_without_end_is_broken_off(server, monkeypatch):
    monkeypatch.setattr(transcription, "LONGEST_ANSWER", 1_000)
    server.answers = [(200, b"x" * 200_000, {})]
    with pytest.raises(OutsideError, match="answers more than") as failed:
        asked(server)
    assert failed.value.permanent


def test_a_sound_that_is_too_large_is_not_sent(server):
    with pytest.raises(OutsideError, match="takes 25"):
        asked(server, size=30_000_000)
    assert not server.asked


def test_an_address_that_is_none_is_said():
    wrong = Transcriber(TranscriptionSettings("nowhere", "whisper_cpp"))
    with pytest.raises(OutsideError, match="not a URL"):
        wrong.transcribe("a.mp3", "audio/mpeg", io.BytesIO(b"x"), 1, "fr")


def test_no_server_is_asked_unless_the_settings_name_one():
    assert transcriber_from(TranscriptionSettings()) is None
    assert transcriber_from(TranscriptionSettings("http://localhost:9000")) is None  # OpenAI's protocol needs a model
    assert transcriber_from(TranscriptionSettings("http://localhost:9000", "whisper_cpp")) is not None
    assert KEY not in repr(TranscriptionSettings("http://x", "openai", "m", KEY))
