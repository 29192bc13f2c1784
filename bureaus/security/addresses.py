"""The address of a client, by which failures and requests are counted."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
IPV6_PREFIX = 64  # bits of an IPv6 address that a network is assigned; its hosts choose the rest


def sender_address(request: HttpRequest) -> Address | None:
    """
    Return the peer's address, or the one that the outermost of TRUSTED_PROXIES proxies reports.

    Each proxy adds its peer at the right of X-Forwarded-For; anybody can have written what is
    further left.
    """
    peer = parse_address(request.META.get("REMOTE_ADDR", ""))
    trusted = settings.TRUSTED_PROXIES
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not trusted or len(hops) < trusted:
        return peer
    return parse_address(hops[-trusted]) or peer


def parse_address(claimed: str) -> Address | None:
    try:
        address = ip_address(claimed.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def client_address(request: HttpRequest) -> str | None:
    """Return the address whose failures are counted together: of IPv6 that of the network."""
    address = sender_address(request)
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), IPV6_PREFIX), strict=False).network_address)
    return str(address) if address else None
