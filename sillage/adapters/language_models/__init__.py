"""Prompts to answers: any OpenAI-compatible server, Anthropic, or none. Off unless the settings name one."""

from sillage.adapters.language_models.choice import LanguageModelSettings, language_model_from
from sillage.adapters.language_models.port import (
    Answered,
    Answering,
    LanguageModel,
    ModelFailed,
    Question,
    SoFar,
    Trouble,
    Used,
)

__all__ = [
    "Answered",
    "Answering",
    "LanguageModel",
    "LanguageModelSettings",
    "ModelFailed",
    "Question",
    "SoFar",
    "Trouble",
    "Used",
    "language_model_from",
]
