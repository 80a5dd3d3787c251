"""Sending to strangers: servers on this machine that answer, stall, trickle, flood, redirect or have no good name."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sillage.adapters.webhooks import WebhookSender
from sillage.lib.errors import OutsideError

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                answer(self)
            except (BrokenPipeError, ConnectionResetError):  # the sender heard enough
                self.close_connection = True

        do_GET = do_POST  # noqa: N815

        def log_message(self, *args: object) -> None: ...

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    running.handle_error = lambda *args: None  # type: ignore[method-assign]  # a handshake that fails is the test
    if tls is not None:
        running.socket = tls.wrap_socket(running.socket, server_side=True)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{running.server_port}/hook"
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def sending(status: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


@pytest.fixture
def sender() -> Iterator[WebhookSender]:
    made = WebhookSender(allow_loopback=True, timeout_s=0.3, longest_s=0.6)
    yield made
    made.close()


def test_body_and_headers_arrive_as_they_were_given(sender):
    seen = []

    def answer(request):
        seen.append((request.body, request.headers["Sillage-Delivery"], request.headers["Host"]))
        sending(200, b"thank you")(request)

    with server(answer) as url:
        reply = sender.send(url, b'{"a":1}', {"Sillage-Delivery": "7"})

    assert seen[0][:2] == (b'{"a":1}', "7") and seen[0][2].startswith("127.0.0.1")
    assert (reply.status, reply.text) == (200, "thank you") and reply.took_ms >= 0


@pytest.mark.parametrize("status", [204, 400, 410, 500])
def test_a_status_is_an_answer_and_no_error(sender, status):
    with server(sending(status)) as url:
        assert sender.send(url, b"{}", {}).status == status


def test_a_redirect_is_not_followed(sender):
    asked = []

    def elsewhere(request):
        asked.append(request.path)
        sending(200)(request)

    with server(elsewhere) as there, server(sending(307, Location=there)) as url:
        assert sender.send(url, b"{}", {}).status == 307

    assert asked == []


def test_of_a_huge_answer_only_the_beginning_is_read(sender):
    written = []

    def flood(request):
        request.send_response(200)
        request.end_headers()
        for _ in range(100_000):
            request.wfile.write(b"x" * 10_000)
            written.append(10_000)

    with server(flood) as url:
        reply = sender.send(url, b"{}", {})

    assert reply.text == "x" * 500
    assert sum(written) < 100_000_000


def test_whoever_says_nothing_is_left_in_time(sender):
    release = threading.Event()
    with server(lambda request: release.wait(5) and None) as url:
        with pytest.raises(OutsideError, match="did not answer in time") as failed:
            sender.send(url, b"{}", {})
        release.set()

    assert not failed.value.permanent


def test_whoever_trickles_is_left_in_time(sender):
    release = threading.Event()

    def trickle(request):
        request.send_response(200)
        request.end_headers()
        while not release.wait(0.02):
            request.wfile.write(b".")

    with server(trickle) as url:
        with pytest.raises(OutsideError, match="did not answer in time"):
            sender.send(url, b"{}", {})
        release.set()


def test_an_answer_that_is_no_text_is_shown_as_far_as_it_can_be(sender):
    with server(sending(200, b"\x00\xff\xfe ok")) as url:
        assert sender.send(url, b"{}", {}).text == "\ufffd\ufffd ok"


def test_nobody_there_is_no_answer(sender):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(OutsideError, match="could not be reached") as failed:
        sender.send(f"http://127.0.0.1:{port}/", b"{}", {})

    assert not failed.value.permanent


def test_half_an_answer_is_no_answer(sender):
    def breaks(request):
        request.wfile.write(b"HTTP/1.1 2")
        request.connection.close()

    with server(breaks) as url, pytest.raises(OutsideError, match="could not be reached"):
        sender.send(url, b"{}", {})


@pytest.fixture
def self_made(tmp_path: Path) -> ssl.SSLContext:
    """A certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_a_certificate_that_nobody_vouches_for_gets_nothing(sender, self_made):
    seen = []
    listening = server(lambda request: seen.append(request.body), self_made)
    with listening as url, pytest.raises(OutsideError, match="certificate"):
        sender.send(url, b"{}", {})

    assert seen == []


@pytest.mark.parametrize("address", ["10.0.0.7", "169.254.169.254", "127.0.0.1", "::1", "fd00::1"])
def test_a_name_that_leads_into_a_private_network_is_refused_when_it_is_sent_to(address):
    asked = []
    with server(lambda request: asked.append(1)) as url:
        port = url.rsplit(":", 1)[1].split("/")[0]
        guarded = WebhookSender(resolve=lambda host, at: [address])
        with pytest.raises(OutsideError, match="private network") as failed:
            guarded.send(f"http://innocent.example:{port}/", b"{}", {})
        guarded.close()

    assert failed.value.permanent and asked == []


def test_loopback_is_all_that_the_setting_opens():
    opened = WebhookSender(allow_loopback=True, resolve=lambda host, at: ["127.0.0.1", "10.0.0.7"])
    with pytest.raises(OutsideError, match="private network"):
        opened.send("http://innocent.example/", b"{}", {})
    opened.close()


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch, sender):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with server(sending(204)) as url:
        assert sender.send(url, b"{}", {}).status == 204
