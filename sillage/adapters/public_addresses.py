"""A transport that connects to public addresses only: an address is typed by a person and may point anywhere.

The name is resolved here and the connection made to the very address that was checked, so that a second look-up cannot
lead elsewhere (DNS rebinding). Redirects pass through here as well.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence

Resolve = Callable[[str, int], Sequence[str]]

_NAT64 = IPv6Network("64:ff9b::/96")


class AddressNotAllowed(Refusal):
    """The address leads into a private network, or is none of the Web's."""

    status = 422


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host, best first. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).split("%")[0] for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it is an IPv4 address in an IPv6 coat."""
    ip: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(ip, IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        ip = inside or ip
    return ip.is_global and not ip.is_multicast


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine's own."""
    return ip_address(address).is_loopback


class GuardedTransport(httpx.BaseTransport):
    """Raises AddressNotAllowed before anything is sent."""

    def __init__(
        self,
        inside: httpx.BaseTransport,
        *,
        allow_private: bool,
        allow_loopback: bool = False,
        resolve: Resolve = resolved,
    ) -> None:
        self._inside = inside
        self._allow_private = allow_private
        self._allow_loopback = allow_loopback
        self._resolve = resolve

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if url.scheme not in ("http", "https"):
            raise AddressNotAllowed(
                Sentence("%(scheme)s: is not the Web's.", scheme=url.scheme),
                Sentence("An address begins with https:// or http://."),
            )
        addresses = self._addresses(url)
        request.extensions = request.extensions | {"sni_hostname": url.host}
        for address in addresses[:-1]:
            try:
                return self._send(request, url, address)
            except httpx.ConnectError:
                continue
        return self._send(request, url, addresses[-1])

    def close(self) -> None:
        self._inside.close()

    def _addresses(self, url: httpx.URL) -> Sequence[str]:
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            addresses = self._resolve(url.host, port)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"{url.host} is not known") from error
        if not addresses:
            raise httpx.ConnectError(f"{url.host} has no address")
        if not self._allow_private and not all(self._allows(address) for address in addresses):
            raise AddressNotAllowed(
                Sentence("%(host)s leads into a private network.", host=url.host),
                Sentence("Only addresses on the public internet are asked."),
            )
        return addresses

    def _allows(self, address: str) -> bool:
        return is_public(address) or (self._allow_loopback and is_loopback(address))

    def _send(self, request: httpx.Request, url: httpx.URL, address: str) -> httpx.Response:
        request.url = url.copy_with(host=address)
        try:
            return self._inside.handle_request(request)
        finally:
            request.url = url
