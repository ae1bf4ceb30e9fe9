"""Tell addresses of the public internet from all others."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

# IANA's special-purpose registries (RFC 6890) and multicast. Python's own `is_private` knows fewer in some versions.
_NOT_PUBLIC_4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            # Public by its number, but answered by the host of every machine in one large cloud.
            "168.63.129.16/32",
        ),
    )
)
# What is given out to hosts; all else (mapped and compatible IPv4, NAT64, link-local, multicast ...) is refused.
_UNICAST_6: Final = IPv6Network("2000::/3")
# Protocol assignments with Teredo, documentation, 6to4: they carry an IPv4 address or belong to nobody.
_NOT_PUBLIC_6: Final = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


def is_public(address: str) -> bool:
    """Tell whether an IP address, in its standard notation, is one of a host on the public internet."""
    try:
        four = IPv4Address(address)
    except AddressValueError:
        pass
    else:
        return not any(four in network for network in _NOT_PUBLIC_4)
    try:
        six = IPv6Address(address)
    except AddressValueError:
        return False
    # An address with a zone ("fe80::1%eth0") is one of this machine's own network.
    return six.scope_id is None and six in _UNICAST_6 and not any(six in network for network in _NOT_PUBLIC_6)
