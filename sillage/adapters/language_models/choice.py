"""From settings to a language model, or to none."""

from __future__ import annotations

from dataclasses import dataclass, field

from sillage.adapters.language_models.port import LanguageModel
from sillage.adapters.language_models.remote import RemoteLanguageModel


@dataclass(frozen=True, slots=True)
class LanguageModelSettings:
    """A server, and the name of a model there. Without both there is no language model."""

    base_url: str = ""
    model: str = ""
    api_key: str = field(default="", repr=False)

    @property
    def is_complete(self) -> bool:
        return bool(self.base_url and self.model)


def language_model_from(settings: LanguageModelSettings) -> LanguageModel | None:
    """Return the language model that the settings name; None when they name none."""
    if not settings.is_complete:
        return None
    return RemoteLanguageModel(settings.base_url, settings.model, api_key=settings.api_key)
