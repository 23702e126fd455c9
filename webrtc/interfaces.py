"""Which addresses of this machine are offered to browsers."""

from __future__ import annotations

from ipaddress import ip_address

import ifaddr

MAX_ADDRESSES = 16
"""Every candidate costs every peer a round of checks."""


def find_addresses(configured: str) -> list[str]:
    """`configured` is a comma-separated list; empty takes every interface's address, loopback last.

    Raise ValueError for what is no address.
    """
    if configured:
        return [str(ip_address(part.strip())) for part in configured.split(",")]
    found = []
    for adapter in ifaddr.get_adapters():
        for address in adapter.ips:
            ip = ip_address(address.ip if isinstance(address.ip, str) else address.ip[0])
            if not ip.is_loopback and not ip.is_link_local:
                found.append(ip)
    found.sort(key=lambda ip: (ip.version, ip))
    return [str(ip) for ip in found[: MAX_ADDRESSES - 1]] + ["127.0.0.1"]
