"""The installation's language model, as the settings name it: for summaries here, for texts in the studio."""

from __future__ import annotations

from django.conf import settings

from sillage.adapters.language_models import LanguageModel, LanguageModelSettings, language_model_from


def model_settings() -> LanguageModelSettings:
    """What the settings say of a language model; incomplete where they name none."""
    chosen = settings.SILLAGE
    key = chosen.llm_key.get_secret_value() if chosen.llm_key else ""
    return LanguageModelSettings(chosen.llm_url, chosen.llm_model, key, chosen.llm_kind, chosen.llm_seconds)


def language_model() -> LanguageModel | None:
    """The installation's language model; None unless the settings name one."""
    return language_model_from(model_settings())
