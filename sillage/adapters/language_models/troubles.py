"""What went wrong in a call to a language model, in a sentence without the key; what the server said is shown, not kept."""

from __future__ import annotations

from pydantic_ai.exceptions import (
    ContentFilterError,
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelHTTPError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelTimeoutError,
    OutputTokenLimitExceeded,
    UnexpectedModelBehavior,
    UsageLimitExceeded,
    UserError,
)

from sillage.adapters.language_models.calls import Overlong, SecretEchoed
from sillage.adapters.language_models.choice import LanguageModelSettings
from sillage.adapters.language_models.port import ModelFailed, Trouble
from sillage.lib.text import shortened, without_controls

LONGEST_SAID = 200
RETRIED_STATUSES = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
CHECK = "Check SILLAGE_LLM_KIND, SILLAGE_LLM_URL, SILLAGE_LLM_MODEL and SILLAGE_LLM_KEY."
AGAIN = "Try again in a while."


def is_worth_another_try(error: BaseException) -> bool:
    """True for what may be over in a moment: a busy or broken server, a connection that was not made."""
    if isinstance(error, ModelQuotaExceededError | ModelTimeoutError):
        return False
    if isinstance(error, ModelHTTPError):
        return error.status_code in RETRIED_STATUSES
    return isinstance(error, ModelConnectionError)


def failure(error: BaseException, settings: LanguageModelSettings) -> ModelFailed:
    """What the caller is told."""
    trouble, reason, hint = _told(error, settings)
    return ModelFailed(
        f"The language model server {settings.host or settings.url} failed for model {settings.model}: {reason}.",
        trouble,
        permanent=not is_worth_another_try(error) and trouble is not Trouble.TIMEOUT,
        hint=hint,
        retry_after=getattr(error, "retry_after", None),
    )


def _told(error: BaseException, settings: LanguageModelSettings) -> tuple[Trouble, str, str]:
    match error:
        case ContentFilterError():
            return Trouble.REFUSED, "it declined to answer", "Say it in other words, or write it yourself."
        case Overlong() | OutputTokenLimitExceeded():
            return Trouble.TOO_LONG, "its answer is longer than an answer may be", "Ask for fewer or shorter texts."
        case SecretEchoed():
            return Trouble.UNFIT, "its answer held the key that it was given", "Ask who runs that server why."
        case UnexpectedModelBehavior() | UsageLimitExceeded():
            return Trouble.UNFIT, "its answer has another shape than was asked for", "Try again, or use another model."
        case ModelTimeoutError() | TimeoutError():
            return Trouble.TIMEOUT, f"no whole answer within {settings.longest_s:g} seconds", AGAIN
        case ModelHTTPError():
            return _of_status(error), f"HTTP {error.status_code}{_said(error.body, settings.api_key)}", _hint_of(error)
        case ModelConnectionError():
            return Trouble.UNREACHABLE, "no connection, or one that broke off", CHECK
        case ModelAPIError():
            return Trouble.SERVER, "it sent what is no answer of the protocol", CHECK
        case UserError():
            return Trouble.REJECTED, "it cannot be asked in this way", CHECK
        case _:
            return Trouble.UNREACHABLE, f"no answer ({type(error).__name__})", CHECK


def _of_status(error: ModelHTTPError) -> Trouble:
    if isinstance(error, ModelRateLimitError):
        return Trouble.BUSY
    if isinstance(error, ModelAuthenticationError):
        return Trouble.KEY
    return Trouble.SERVER if error.status_code >= 500 else Trouble.REJECTED


def _hint_of(error: ModelHTTPError) -> str:
    return AGAIN if error.status_code in RETRIED_STATUSES else CHECK


def _said(body: object, key: str) -> str:
    """What the server said of it, short and without the key."""
    text = without_controls(str(body or "")).strip()
    if key:
        text = text.replace(key, "[key]")
    return f": {shortened(text, LONGEST_SAID)}" if text else ""
