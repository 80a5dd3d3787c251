"""A language model server on this machine that answers what a test says, in OpenAI's or Anthropic's protocol, streamed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic_ai import models

models.ALLOW_MODEL_REQUESTS = False  # in a process of tests, only the servers below may be asked
TOKENS = (120, 40)


@dataclass
class Reply:
    """One answer. `pieces` come one after the other; the rest is what may go wrong."""

    pieces: Sequence[str] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    finish: str = "stop"
    usage: tuple[int, int] | None = TOKENS
    refusal: str = ""  # OpenAI's own field for a model that declines
    tool: str = ""  # a tool that the model calls though none was offered
    is_cut: bool = False  # the connection breaks off after the pieces
    hangs: bool = False  # nothing more comes after the pieces, and the connection stays open
    raw: bytes | None = None  # a body that is not of the protocol
    endless: str = ""  # this piece for ever, until the other side goes


def says(content: Any, **more: Any) -> Reply:
    """A good answer in three pieces: an object is sent as JSON, text as it is."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    third = len(text) // 3 + 1
    return Reply([text[i : i + third] for i in range(0, len(text), third)], **more)


@dataclass
class ModelServer:
    """`answers` are given in their order, the last one again and again; `requests` are what came, with the key."""

    host: str
    answers: list[Reply] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://{self.host}/v1"

    def sent(self, at: int = -1) -> tuple[str, str]:
        """The system's and the user's part of a request, whole."""
        body = self.requests[at]
        if "system" in body:
            system = body["system"]
            told = system if isinstance(system, str) else "".join(part["text"] for part in system)
            return told, _text_of(body["messages"][0]["content"])
        of = {m["role"]: _text_of(m["content"]) for m in body["messages"][:2]}
        return of["system"], of["user"]


def _text_of(content: Any) -> str:
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


class _Handler(BaseHTTPRequestHandler):
    served: ModelServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers.get("x-api-key") or self.headers.get("Authorization", "")
        self.served.requests.append({"key": key, "path": self.path, **body})
        reply = self.served.answers[min(len(self.served.requests), len(self.served.answers)) - 1]
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        good = reply.status == 200 and reply.raw is None
        self.send_header("Content-Type", "text/event-stream" if good else "application/json")
        self.end_headers()
        try:
            if good:
                self._stream(reply, self.path.endswith("/messages"))
            else:
                self.wfile.write(reply.raw if reply.raw is not None else "".join(reply.pieces).encode())
        except OSError:
            self.served.hung_up.set()

    def _stream(self, reply: Reply, is_anthropic: bool) -> None:
        speak = _Anthropic(reply) if is_anthropic else _OpenAI(reply)
        for event in speak.beginning():
            self._send(event)
        for piece in reply.pieces:
            self._send(speak.piece(piece))
        while reply.endless:
            self._send(speak.piece(reply.endless))
        while reply.hangs and not self.served.closing.wait(0.05):
            self._send(None)
        if not reply.is_cut:
            for event in speak.ending():
                self._send(event)

    def _send(self, event: dict[str, Any] | str | None) -> None:
        if event is None:
            self.wfile.write(b": \n\n")  # a comment of the protocol: how the server learns that nobody listens
        elif isinstance(event, str):
            self.wfile.write(f"data: {event}\n\n".encode())
        else:
            named = f"event: {event['type']}\n" if "type" in event else ""
            self.wfile.write(f"{named}data: {json.dumps(event)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


class _OpenAI:
    def __init__(self, reply: Reply) -> None:
        self.reply = reply

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return {**_CHUNK, "choices": [choice]}

    def beginning(self) -> Iterator[dict[str, Any]]:
        yield self._chunk({"role": "assistant", "content": ""})
        if self.reply.refusal:
            yield self._chunk({"refusal": self.reply.refusal})
        if self.reply.tool:
            called = {"name": self.reply.tool, "arguments": '{"to": "all"}'}
            yield self._chunk({"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": called}]})

    def piece(self, text: str) -> dict[str, Any]:
        return self._chunk({"content": text})

    def ending(self) -> Iterator[dict[str, Any] | str]:
        yield self._chunk({}, "tool_calls" if self.reply.tool else self.reply.finish)
        if self.reply.usage:
            n_in, n_out = self.reply.usage
            usage = {"prompt_tokens": n_in, "completion_tokens": n_out, "total_tokens": n_in + n_out}
            yield {**_CHUNK, "choices": [], "usage": usage}
        yield "[DONE]"


_CHUNK = {"id": "c1", "object": "chat.completion.chunk", "created": 1_780_000_000, "model": "tiny"}


class _Anthropic:
    def __init__(self, reply: Reply) -> None:
        self.reply = reply

    def beginning(self) -> Iterator[dict[str, Any]]:
        n_in = self.reply.usage[0] if self.reply.usage else 0
        message = {
            "id": "m1",
            "type": "message",
            "role": "assistant",
            "model": "tiny",
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": n_in, "output_tokens": 0},
        }
        yield {"type": "message_start", "message": message}
        yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}

    def piece(self, text: str) -> dict[str, Any]:
        return {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}

    def ending(self) -> Iterator[dict[str, Any]]:
        yield {"type": "content_block_stop", "index": 0}
        reason = "refusal" if self.reply.refusal else {"stop": "end_turn", "length": "max_tokens"}[self.reply.finish]
        n_out = self.reply.usage[1] if self.reply.usage else 0
        delta = {"stop_reason": reason, "stop_sequence": None}
        yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": n_out}}
        yield {"type": "message_stop"}


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """Serve until the block ends; only inside it may a model be asked at all."""
    handler = type("Handler", (_Handler,), {})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    served = ModelServer(f"127.0.0.1:{running.server_port}")
    handler.served = served  # type: ignore[attr-defined]
    threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
    try:
        with models.override_allow_model_requests(True):
            yield served
    finally:
        served.closing.set()
        running.shutdown()
        running.server_close()
