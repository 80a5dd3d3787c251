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
from sillage.lib.sentences import Sentence
from sillage.lib.text import shortened, without_controls

LONGEST_SAID = 200
RETRIED_STATUSES = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
CHECK = Sentence("Check SILLAGE_LLM_KIND, SILLAGE_LLM_URL, SILLAGE_LLM_MODEL and SILLAGE_LLM_KEY.")
AGAIN = Sentence("Try again in a while.")
_IN_OTHER_WORDS = Sentence("Say it in other words, or write it yourself.")
_SHORTER = Sentence("Ask for fewer or shorter texts.")
_ASK_WHY = Sentence("Ask who runs that server why.")
_ANOTHER = Sentence("Try again, or use another model.")


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
        Sentence(
            "The language model server %(host)s failed for model %(model)s: %(reason)s.",
            host=settings.host or settings.url,
            model=settings.model,
            reason=reason,
        ),
        trouble,
        permanent=not is_worth_another_try(error) and trouble is not Trouble.TIMEOUT,
        hint=hint,
        retry_after=getattr(error, "retry_after", None),
    )


def _told(error: BaseException, settings: LanguageModelSettings) -> tuple[Trouble, Sentence, Sentence]:
    match error:
        case ContentFilterError():
            return Trouble.REFUSED, Sentence("it declined to answer"), _IN_OTHER_WORDS
        case Overlong() | OutputTokenLimitExceeded():
            return Trouble.TOO_LONG, Sentence("its answer is longer than an answer may be"), _SHORTER
        case SecretEchoed():
            return Trouble.UNFIT, Sentence("its answer held the key that it was given"), _ASK_WHY
        case UnexpectedModelBehavior() | UsageLimitExceeded():
            return Trouble.UNFIT, Sentence("its answer has another shape than was asked for"), _ANOTHER
        case ModelTimeoutError() | TimeoutError():
            seconds = f"{settings.longest_s:g}"
            return Trouble.TIMEOUT, Sentence("no whole answer within %(seconds)s seconds", seconds=seconds), AGAIN
        case ModelHTTPError():
            return _of_status(error), _of_http(error, settings.api_key), _hint_of(error)
        case ModelConnectionError():
            return Trouble.UNREACHABLE, Sentence("no connection, or one that broke off"), CHECK
        case ModelAPIError():
            return Trouble.SERVER, Sentence("it sent what is no answer of the protocol"), CHECK
        case UserError():
            return Trouble.REJECTED, Sentence("it cannot be asked in this way"), CHECK
        case _:
            return Trouble.UNREACHABLE, Sentence("no answer (%(kind)s)", kind=type(error).__name__), CHECK


def _of_status(error: ModelHTTPError) -> Trouble:
    if isinstance(error, ModelRateLimitError):
        return Trouble.BUSY
    if isinstance(error, ModelAuthenticationError):
        return Trouble.KEY
    return Trouble.SERVER if error.status_code >= 500 else Trouble.REJECTED


def _hint_of(error: ModelHTTPError) -> Sentence:
    return AGAIN if error.status_code in RETRIED_STATUSES else CHECK


def _of_http(error: ModelHTTPError, key: str) -> Sentence:
    """The status, and what the server said of it, short and without the key."""
    text = without_controls(str(error.body or "")).strip()
    if key:
        text = text.replace(key, "[key]")
    if not text:
        return Sentence("HTTP %(status)s", status=error.status_code)
    return Sentence("HTTP %(status)s: %(said)s", status=error.status_code, said=shortened(text, LONGEST_SAID))
