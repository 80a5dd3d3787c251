"""The one table of settings. Each is an environment variable `SILLAGE_*`; a secret may be read from a file (`SILLAGE_*_FILE`).

`docs/reference/settings.md` is generated from this table.
"""

from __future__ import annotations

import os
import secrets
from decimal import Decimal
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from sillage.adapters.database import data_folder
from sillage.adapters.language_models.choice import is_this_machine
from sillage.catalogue.connectors.settings import BLUESKY_URL
from sillage.catalogue.connectors.youtube.quota import UNITS_PER_DAY


class Configuration(BaseSettings):
    """Values from the environment, checked at start: a bad one stops Sillage with the setting's name."""

    model_config = SettingsConfigDict(env_prefix="SILLAGE_", extra="ignore")

    data: Path = Field(
        default_factory=data_folder,
        validate_default=True,
        description="Folder of the embedded database, the models and the rejects files.",
    )
    database_url: SecretStr | None = Field(
        default=None, description="Use this PostgreSQL 15+ with pgvector 0.8+ instead of the embedded one."
    )
    secret_key: SecretStr | None = Field(
        default=None, description="Signs sessions. Without it one is made and kept in the data folder."
    )
    hosts: str = Field(
        default="127.0.0.1,localhost,[::1]",
        description="Host names the site answers to, separated by commas.",
    )
    secure: bool = Field(
        default=False, description="Set to true behind HTTPS: secure cookies, HSTS, redirects to https."
    )
    debug: bool = Field(default=False, description="Django's debug pages. Never on a server that others can reach.")
    language: Literal["fr", "en"] = Field(default="fr", description="Language of pages for those who chose none.")
    workers: int = Field(
        default=max(1, os.cpu_count() or 1),
        ge=1,
        le=256,
        description="Processes that enrich at the same time.",
    )
    embedder: Literal["minilm", "openai", "onnx", "off"] = Field(
        default="minilm",
        description="What makes dense vectors: the bundled MiniLM, an endpoint, a folder, or nothing.",
    )
    embedder_url: str = Field(
        default="", description="Base address of an OpenAI-compatible server, for SILLAGE_EMBEDDER=openai."
    )
    embedder_model: str = Field(default="", description="Model name at that server.")
    embedder_key: SecretStr | None = Field(default=None, description="Key for that server, if it wants one.")
    embedder_folder: Path | None = Field(
        default=None, description="Folder with model.onnx and tokenizer.json, for SILLAGE_EMBEDDER=onnx."
    )
    llm_kind: Literal["openai", "anthropic"] = Field(
        default="openai",
        description="What the language model server speaks: OpenAI's protocol (OpenAI, Mistral, Ollama, vLLM, llama.cpp)"
        " or Anthropic's.",
    )
    llm_url: str = Field(
        default="",
        description="Base address of the server that may write texts and summaries, up to /v1 for OpenAI's protocol."
        " Without it nothing is sent, unless SILLAGE_LLM_KIND is anthropic, which has an address of its own.",
    )
    llm_model: str = Field(default="", description="Model name at that server. Without it no model is asked.")
    llm_key: SecretStr | None = Field(default=None, description="Key for that server, if it wants one.")
    llm_seconds: float = Field(default=120.0, gt=0, le=600, description="Longest time of a call, every try included.")
    llm_price_in: Decimal | None = Field(
        default=None,
        ge=0,
        description="Price of a million tokens that are sent; 0 for a model of your own. Without it costs are not known.",
    )
    llm_price_out: Decimal | None = Field(
        default=None, ge=0, description="Price of a million tokens that are answered; 0 for a model of your own."
    )
    llm_currency: str = Field(default="EUR", pattern="^[A-Z]{3}$", description="Currency of both prices.")
    transcription_url: str = Field(
        default="",
        description="Base address of a server that writes down the sound of interviews, up to /v1 for OpenAI's protocol."
        " Without it a transcript is brought in.",
    )
    transcription_kind: Literal["openai", "whisper_cpp"] = Field(
        default="openai", description="What it speaks: OpenAI's protocol, or that of whisper.cpp's own server."
    )
    transcription_model: str = Field(
        default="", description="Model name at that server; whisper.cpp has the one that it was started with."
    )
    transcription_key: SecretStr | None = Field(default=None, description="Key for that server, if it wants one.")
    transcription_mb: int = Field(
        default=25, ge=1, le=4_000, description="Largest sound that this server takes, in MB: 25 at OpenAI."
    )
    bluesky_url: str = Field(
        default=BLUESKY_URL,
        description="Address of the AppView that Bluesky's accounts are read from: https://, or http:// on this machine.",
    )
    youtube_key: SecretStr | None = Field(default=None, description="Key of the YouTube Data API v3.")
    youtube_daily_units: int = Field(
        default=UNITS_PER_DAY, ge=1, description="Units of the YouTube quota to spend per day."
    )
    youtube_derived_metrics: bool = Field(
        default=False,
        description="Set to true only when your API project is audited and the derived metrics amendment accepted:"
        " themes, profiles and scores are then made from what the YouTube API gave.",
    )

    mail_url: SecretStr | None = Field(
        default=None,
        description="Mail server for invitations: smtps://user:password@host:465, or smtp:// with TLS as soon as it is"
        " offered. Without it letters are sent by hand.",
    )
    mail_from: str = Field(default="", description="Who stands in From, e.g. Maison Terre <bonjour@example.org>.")
    site_url: str = Field(
        default="",
        description="Address of the site as others reach it, e.g. https://sillage.example.org: for links in letters"
        " that the command line releases.",
    )
    webhook_loopback: bool = Field(
        default=False, description="Set to true to let webhooks go to this machine, without TLS too. For development."
    )

    upload_mb: int = Field(
        default=200,
        ge=1,
        le=4_000,
        description="Largest file that comes through the site, in MB: pictures and films of drafts. Bigger is refused"
        " while it comes in.",
    )

    law_packs: Path | None = Field(
        default=None,
        description="Folder with law packs of your own, each a folder with pack.toml and cases.toml. One with the id of a"
        " shipped pack and a higher version replaces it; another id adds one.",
    )
    country_header: str = Field(
        default="",
        description="Header in which a proxy of yours tells a visitor's country, such as CF-IPCountry: clicks of tracked links"
        " are then counted per country. Only behind a proxy that sets it on every request.",
    )

    api_per_minute: int = Field(
        default=600,
        ge=1,
        description="Requests of the API that one token, or one signed-in person, may make per minute.",
    )

    @field_validator("data")
    @classmethod
    def _data_is_a_folder(cls, data: Path) -> Path:
        try:
            data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(f"{data} is not a folder and cannot become one: {error.strerror}") from None
        return data

    @field_validator("embedder_url")
    @classmethod
    def _embedder_has_an_address(cls, url: str) -> str:
        try:
            parts = urlsplit(url.strip())
            is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_address = False
        if url and not is_address:
            shown = "" if "@" in url else f"“{url}” "  # it may hold a password
            raise ValueError(f"{shown}is not an address; write http://host:port/v1")
        return url.strip()

    @field_validator("bluesky_url")
    @classmethod
    def _appview_is_safe(cls, url: str) -> str:
        parts = urlsplit(url.strip())
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(parts.hostname or ""))
        if not is_safe:
            raise ValueError("begins with https://, or with http:// for this machine only")
        if not parts.hostname or "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(f"is a host and nothing else, such as {BLUESKY_URL}")
        return url.strip().rstrip("/")

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Configuration:
        if self.mail_url is not None and "@" not in self.mail_from:
            raise ValueError("SILLAGE_MAIL_URL needs SILLAGE_MAIL_FROM, an e-mail address")
        return self

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, values: dict[str, object]) -> dict[str, object]:
        for name, field in cls.model_fields.items():
            path = os.environ.get(f"SILLAGE_{name.upper()}_FILE")
            if path and "SecretStr" in str(field.annotation):
                try:
                    values[name] = Path(path).read_text(encoding="utf8").strip()
                except (OSError, ValueError) as error:
                    raise ValueError(f"SILLAGE_{name.upper()}_FILE: {path} cannot be read: {error}") from None
        return values

    def signing_key(self) -> str:
        """The key that signs sessions: the setting, or one made once and kept in the data folder."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        path = self.data / "secret_key"
        if not path.exists():
            made = path.with_suffix(f".{os.getpid()}")
            made.touch(mode=0o600)
            made.write_text(secrets.token_urlsafe(50), encoding="utf8")
            try:
                os.link(made, path)  # two processes may start at once: the first one wins
            except FileExistsError:
                pass
            finally:
                made.unlink()
        return path.read_text(encoding="utf8")
