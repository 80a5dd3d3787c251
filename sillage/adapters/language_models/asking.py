"""A language model behind pydantic-ai: OpenAI’s chat completions (Mistral, Ollama, vLLM, llama.cpp) or Anthropic’s messages.

Protocols: https://platform.openai.com/docs/api-reference/chat, https://docs.anthropic.com/en/api/messages. What is asked leaves
this machine unless the server is on it. No tool is offered, so an answer is text and nothing else; every answer is streamed, so
that it can be stopped. The key stands in no message, no log and no answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx2
from anthropic import AsyncAnthropic
from openai import AsyncOpenAI, Omit, OpenAIError, omit
from pydantic_ai import Agent, PromptedOutput, RunUsage, UsageLimits
from pydantic_ai.exceptions import AgentRunError, UserError
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIChatModelSettings
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.settings import ModelSettings

from sillage.adapters.language_models.calls import Call, CallBroken, Heard, Overlong
from sillage.adapters.language_models.choice import LanguageModelSettings
from sillage.adapters.language_models.port import Question, Shape
from sillage.adapters.language_models.troubles import failure, is_worth_another_try

TRIES = 3  # of a request that brought no character: 429, 5xx, no connection
REASKED = 1  # times that an answer of another shape is asked for again
LONGEST_PAUSE_S = 20.0
LONGEST_ANSWER = 100_000  # characters
MOST_BYTES = 20_000_000  # of a response as it comes, with what the protocol puts around it
CONNECT_S = 10.0
FAILURES = (AgentRunError, UserError, OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, CallBroken)

Pause = Callable[[float], Awaitable[None]]


class AskedLanguageModel:
    """The model that the settings name. Each call has a connection and a thread of its own, and ends with them."""

    def __init__(self, settings: LanguageModelSettings, *, pause: Pause = asyncio.sleep) -> None:
        self.name = settings.model
        self.version = settings.host
        self.leaves_machine = settings.leaves_machine
        self._settings = settings
        self._pause = pause

    def ask(self, question: Question[Shape]) -> Call[Shape]:
        """Begin a call. An answer of another shape is asked for once more, with what was wrong with it."""
        output = PromptedOutput(question.shape, template=False)  # the instructions say the shape themselves
        return self._begin(question.system, question.user, output, question.most_tokens, question.temperature)

    def _begin(self, system: str, user: str, output: Any, most_tokens: int, temperature: float) -> Call[Any]:
        async def run(heard: Heard) -> Any:
            try:
                async with asyncio.timeout(self._settings.longest_s), self._client() as client:
                    agent: Agent[None, Any] = Agent(
                        self._model(client),
                        output_type=output,
                        instructions=system,
                        retries={"output": REASKED, "tools": 0},
                        model_settings=self._asked_for(most_tokens, temperature),
                    )
                    return await self._tried(agent, user, heard)
            except (
                AgentRunError,
                OpenAIError,
                UserError,
                httpx2.HTTPError,
                httpx2.InvalidURL,
                TimeoutError,
                CallBroken,
            ) as error:
                return failure(error, self._settings)

        return Call(run, longest=LONGEST_ANSWER, secret=self._settings.api_key)

    async def _tried(self, agent: Agent[None, Any], user: str, heard: Heard) -> Any:
        """Again after 429, 5xx and broken connections, as long as no character of an answer has come."""
        limits = UsageLimits(request_limit=1 + REASKED, tool_calls_limit=0)
        for attempt in range(1, TRIES + 1):
            usage = RunUsage()
            try:
                ended = await agent.run(user, usage=usage, usage_limits=limits, event_stream_handler=heard.handler)
                return ended.output
            except (AgentRunError, httpx2.HTTPError) as error:
                if attempt == TRIES or heard.has_begun or not is_worth_another_try(error):
                    raise
                asked = getattr(error, "retry_after", None)
            finally:
                heard.count(usage.input_tokens, usage.output_tokens)
            await self._pause(min(2.0 ** (attempt - 1) if asked is None else asked, LONGEST_PAUSE_S))
        raise AssertionError("the last try returns or raises")

    def _asked_for(self, most_tokens: int, temperature: float) -> ModelSettings:
        # What is wrong with an answer is told in the user's turn; nothing is added to the instructions to announce it.
        return ModelSettings(max_tokens=most_tokens, temperature=temperature, framing_announcement="never")

    def _client(self) -> httpx2.AsyncClient:
        """Redirects are not followed: the key goes to the server that was named, and nowhere else."""
        timeout = httpx2.Timeout(self._settings.longest_s, connect=CONNECT_S)
        return httpx2.AsyncClient(follow_redirects=False, timeout=timeout, event_hooks={"response": [_bounded]})

    def _model(self, client: httpx2.AsyncClient) -> Model:
        chosen = self._settings
        key = chosen.api_key or "none"
        if chosen.kind == "anthropic":
            anthropic = AsyncAnthropic(api_key=key, base_url=chosen.url, max_retries=0, http_client=client)
            return AnthropicModel(chosen.model, provider=AnthropicProvider(anthropic_client=anthropic))
        openai = AsyncOpenAI(api_key=key, base_url=chosen.url, max_retries=0, http_client=client)
        is_openai = chosen.host.endswith("openai.com")
        profile = OpenAIModelProfile(
            supports_json_object_output=True, openai_chat_supports_max_completion_tokens=is_openai
        )
        speaking = _Strict if chosen.host.endswith("mistral.ai") else OpenAIChatModel
        return speaking(chosen.model, provider=OpenAIProvider(openai_client=openai), profile=profile)


class _Strict(OpenAIChatModel):
    """Mistral's own server refuses fields that it does not know, and tells its usage without being asked."""

    def _get_stream_options(self, model_settings: OpenAIChatModelSettings) -> Omit:  # type: ignore[override]
        return omit


async def _bounded(response: httpx2.Response) -> None:
    """A response may be no longer than MOST_BYTES: a server that never stops cannot fill the memory."""
    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Bounded(response.stream)


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        n = 0
        async for part in self._stream:
            n += len(part)
            if n > MOST_BYTES:
                raise Overlong
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()
