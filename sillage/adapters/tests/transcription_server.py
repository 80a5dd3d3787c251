"""A transcription server on loopback: it keeps what was asked and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SEGMENTS = {
    "text": "Bonjour. Par un pot de basilic.",
    "segments": [
        {"start": 0.0, "end": 1.2, "text": " Bonjour."},
        {"start": 4.0, "end": 6.5, "text": " Par un pot de basilic."},
    ],
}


@dataclass
class TranscriptionServer:
    """`answers` are given one after the other, the last one again and again: (status, body, headers)."""

    url: str = ""
    answers: list[tuple[int, bytes, dict[str, str]]] = field(
        default_factory=lambda: [(200, json.dumps(SEGMENTS).encode(), {})]
    )
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    is_silent: threading.Event = field(default_factory=threading.Event)  # set: it accepts, and never answers
    is_over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def transcription_server() -> Iterator[TranscriptionServer]:
    told = TranscriptionServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self._body()
            told.asked.append((self.path, dict(self.headers), body))
            if told.is_silent.is_set():
                told.is_over.wait(30)
                return
            status, said, headers = told.answers[0] if len(told.answers) == 1 else told.answers.pop(0)
            if status == 0:  # it hangs up
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in {"Content-Length": str(len(said)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(said)
            except OSError:  # whoever asked had heard enough
                self.close_connection = True

        def _body(self) -> bytes:
            if "chunked" not in self.headers.get("Transfer-Encoding", ""):
                return self.rfile.read(int(self.headers["Content-Length"]))
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def log_message(self, *said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        told.is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()
