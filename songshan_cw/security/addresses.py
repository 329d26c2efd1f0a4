"""Whose address a request comes from: the last one that no trusted proxy of ours reported."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """``X-Forwarded-For`` counts only as far as trusted proxies wrote it; the rest is what anybody may claim."""
    address = request.META.get("REMOTE_ADDR") or "127.0.0.1"
    claimed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    for hop in reversed([part.strip() for part in claimed if part.strip()]):
        if not is_trusted(address, settings.TRUSTED_PROXIES) or not _is_address(hop):
            break
        address = hop
    return address


def is_trusted(address: str, proxies: Iterable[str]) -> bool:
    return any(ip_address(address) in ip_network(proxy, strict=False) for proxy in proxies)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
