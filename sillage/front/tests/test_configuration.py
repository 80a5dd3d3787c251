"""A setting that would send people's names over an open line, or nowhere, stops Sillage with its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from sillage.catalogue.connectors.settings import BLUESKY_URL
from sillage.front.configuration import Configuration


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://appview.example.org/", "https://appview.example.org"),
        (" http://127.0.0.1:2584 ", "http://127.0.0.1:2584"),
        ("http://localhost:2584", "http://localhost:2584"),
        ("http://[::1]:2584", "http://[::1]:2584"),
    ],
)
def test_another_appview_is_asked_over_https_or_on_this_machine(given: str, meant: str) -> None:
    assert Configuration(bluesky_url=given).bluesky_url == meant
    assert Configuration().bluesky_url == BLUESKY_URL


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("http://appview.example.org", "begins with https"),
        ("http://192.168.1.4:2584", "begins with https"),
        ("http://localhost.example.org", "begins with https"),
        ("ftp://127.0.0.1", "begins with https"),
        ("appview.example.org", "begins with https"),
        ("", "begins with https"),
        ("https://", "is a host and nothing else"),
        ("https://me:secret@appview.example.org", "is a host and nothing else"),
        ("https://appview.example.org/xrpc", "is a host and nothing else"),
        ("https://appview.example.org?key=1", "is a host and nothing else"),
        ("http://[::1", "Invalid IPv6 URL"),
    ],
)
def test_an_appview_over_an_open_line_or_at_no_host_is_refused(given: str, wrong: str) -> None:
    with pytest.raises(ValidationError, match=wrong) as refused:
        Configuration(bluesky_url=given)
    assert [error["loc"] for error in refused.value.errors()] == [("bluesky_url",)]


@pytest.mark.parametrize(
    "wrong", ["notaurl", "localhost:11434/v1", "ftp://localhost/v1", "http://", "http://[::1", "http://host:99999/v1"]
)
def test_an_embedder_at_no_address_is_refused_with_what_to_write(wrong: str) -> None:
    with pytest.raises(ValidationError, match="is not an address; write http://host:port/v1") as refused:
        Configuration(embedder_url=wrong)
    assert [error["loc"] for error in refused.value.errors()] == [("embedder_url",)] and wrong in str(refused.value)
    assert Configuration(embedder_url=" http://127.0.0.1:11434/v1").embedder_url == "http://127.0.0.1:11434/v1"
    assert Configuration().embedder_url == ""


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(ValidationError) as refused:
        Configuration(embedder_url="me:secret@host/v1")
    assert "secret" not in refused.value.errors(include_input=False)[0]["msg"]


def test_a_data_folder_that_cannot_be_one_is_refused_with_its_setting(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    for wrong in (taken, taken / "below"):
        with pytest.raises(ValidationError, match="is not a folder and cannot become one") as refused:
            Configuration(data=wrong)
        assert [error["loc"] for error in refused.value.errors()] == [("data",)]
    assert Configuration(data=tmp_path / "new" / "deep").data.is_dir()


def test_a_secret_s_file_that_cannot_be_read_is_refused_with_its_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SILLAGE_YOUTUBE_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(ValidationError, match=r"SILLAGE_YOUTUBE_KEY_FILE: .*none cannot be read"):
        Configuration()
    kept = tmp_path / "key"
    kept.write_text("k-1\n")
    monkeypatch.setenv("SILLAGE_YOUTUBE_KEY_FILE", str(kept))
    key = Configuration().youtube_key
    assert key is not None and key.get_secret_value() == "k-1"
