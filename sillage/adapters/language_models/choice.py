"""From settings to a language model, or to none."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from sillage.adapters.language_models.port import LanguageModel

ANTHROPIC_URL = "https://api.anthropic.com"
LONGEST_S = 120.0  # of a call, every try included


@dataclass(frozen=True, slots=True)
class LanguageModelSettings:
    """A server, the name of a model there, and which of the two protocols it speaks. Without a model there is none.

    `base_url` ends where `/chat/completions` begins (OpenAI, Mistral, Ollama, vLLM, llama.cpp: "http://localhost:11434/v1"),
    or where `/v1/messages` does (Anthropic, whose own address is the default).
    """

    base_url: str = ""
    model: str = ""
    api_key: str = field(default="", repr=False)
    kind: Literal["openai", "anthropic"] = "openai"
    longest_s: float = LONGEST_S

    @property
    def url(self) -> str:
        return self.base_url or (ANTHROPIC_URL if self.kind == "anthropic" else "")

    @property
    def is_complete(self) -> bool:
        return bool(self.url and self.model)

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def leaves_machine(self) -> bool:
        """False for this machine's own addresses only; an address of the local network is another machine."""
        return not is_this_machine(self.host)


def is_this_machine(host: str) -> bool:
    """True for loopback addresses and the names that always mean them."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def language_model_from(settings: LanguageModelSettings) -> LanguageModel | None:
    """Return the language model that the settings name; None when they name none.

    Its libraries take a second and a hundred megabytes: they are loaded here, by those who use one.
    """
    if not settings.is_complete:
        return None
    asking = importlib.import_module("sillage.adapters.language_models.asking")
    model: LanguageModel = asking.AskedLanguageModel(settings)
    return model
