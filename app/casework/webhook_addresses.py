"""Addresses that events may be sent to: HTTPS to the outside, and into one's own network only where the operator says.

Pure: nothing is looked up here. A name is looked up when something is sent, and judged again then.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

LONGEST = 500
_PORTS = {"https": 443, "http": 80}
_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
#: what follows is an address of IPv4 (RFC 6052)
_NAT64 = bytes.fromhex("0064ff9b" + "00" * 8)


class RefusedAddress(ValueError):
    """Nothing may be sent there; the words say why and quote nothing."""


@dataclass(frozen=True)
class Place:
    """An address in its parts."""

    #: https, or http within this machine
    scheme: str
    #: name or number, in small letters
    host: str
    #: port
    port: int
    #: path and query
    path: str
    #: the operator listed this host
    is_listed: bool

    @property
    def authority(self) -> str:
        """Host and port as a request names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def hosts(setting: str) -> frozenset[str]:
    """Hosts that the operator listed, separated by commas."""
    return frozenset(one.strip().lower() for one in setting.split(",") if one.strip())


def place_of(address: str, listed: Collection[str]) -> Place:
    """The address in its parts. Raises RefusedAddress."""
    if not address.isascii() or not address.isprintable() or " " in address or len(address) > LONGEST:
        raise RefusedAddress("Enter an address of plain letters, such as https://example.org/waymark")
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise RefusedAddress("Enter a whole address, such as https://example.org/waymark") from None
    if parts.scheme not in _PORTS or not host or "\\" in address:
        raise RefusedAddress("Enter a whole address that begins with https://")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise RefusedAddress("Leave out user name, password and #: requests are signed instead")
    is_listed = host in listed
    if parts.scheme == "http" and not is_listed:
        raise RefusedAddress("Enter an address that begins with https://")
    number = _number(host)
    if number is None and not _NAME.fullmatch(host):
        raise RefusedAddress("Check the name of the machine in the address")
    if number is not None:
        check(str(number), Place(parts.scheme, host, 0, "", is_listed))
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    return Place(parts.scheme, host, port or _PORTS[parts.scheme], path, is_listed)


def check(number: str, place: Place) -> None:
    """What the name of a place led to. Raises RefusedAddress where nothing may be sent to that number."""
    meant = _meant(ip_address(number))
    if place.scheme == "http" and not meant.is_loopback:
        raise RefusedAddress("Without HTTPS only this machine may be reached")
    if not place.is_listed and (not meant.is_global or meant.is_multicast):
        raise RefusedAddress("The address leads into a network that is not public, and its host is not listed")


def _number(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _meant(number: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address of IPv4 within one of IPv6, where there is one."""
    if isinstance(number, IPv4Address):
        return number
    if number.ipv4_mapped is not None:
        return number.ipv4_mapped
    if number.sixtofour is not None:
        return number.sixtofour
    if number.teredo is not None:
        return number.teredo[1]
    if number.packed[:12] == _NAT64:
        return IPv4Address(number.packed[12:])
    return number
