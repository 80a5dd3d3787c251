"""Prompts to answers: any OpenAI-compatible server, or none. Off unless the settings name one."""

from sillage.adapters.language_models.choice import LanguageModelSettings, language_model_from
from sillage.adapters.language_models.port import LanguageModel

__all__ = ["LanguageModel", "LanguageModelSettings", "language_model_from"]
