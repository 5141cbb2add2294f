"""Who sends a request, when a reverse proxy that the operator trusts says whom it came from."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from rackside_server.configuration import IPNetwork

FORWARDED_FOR: Final = "HTTP_X_FORWARDED_FOR"


def believe_proxies(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Let `REMOTE_ADDR` be the sender's own address, behind the proxies of RACKSIDE_TRUSTED_PROXIES."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        forwarded = meta.get(FORWARDED_FOR, "")
        meta["REMOTE_ADDR"] = sender(meta.get("REMOTE_ADDR", ""), forwarded, settings.CONFIGURATION.trusted_proxies)
        return get_response(request)

    return middleware


def sender(peer: str, forwarded_for: str, trusted: tuple[IPNetwork, ...]) -> str:
    """Return the address of the last hop that no trusted proxy stands for.

    Each proxy appends the address it was reached from, so what stands right of the first address that is not trusted
    was written by proxies that are; what stands left of it may be anybody's invention.
    """
    address = peer
    for hop in reversed([each.strip() for each in forwarded_for.split(",")]):
        if not _is_in(address, trusted) or not _is_address(hop):
            return address
        address = hop
    return address


def _is_in(address: str, networks: tuple[IPNetwork, ...]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
