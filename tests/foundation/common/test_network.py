"""P66: one spelling per subscriber, and proxies believed only when trusted."""

import pytest

from levier.foundation.common.network import canonical_network, client_network


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("[2001:db8::1]", "2001:db8::/64"),
        ("", ""),
        ("unix", ""),
        ("203.0.113.7, 10.0.0.1", ""),
        ("9" * 500, ""),
    ],
)
def test_P66_networks_have_one_spelling(address: str, network: str) -> None:
    assert canonical_network(address) == network


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "network"),
    [
        ("203.0.113.7", "198.51.100.1", (), "203.0.113.7"),  # nobody is trusted
        ("203.0.113.7", "198.51.100.1", ("10.0.0.0/8",), "203.0.113.7"),  # a liar
        ("10.0.0.1", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("::ffff:10.0.0.1", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.9.9.9", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1:4711", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "[2001:db8::1]:4711", ("10.0.0.0/8",), "2001:db8::/64"),
        ("10.0.0.1", "2001:db8::1", ("10.0.0.0/8",), "2001:db8::/64"),
        ("10.0.0.1", "10.2.2.2", ("10.0.0.0/8",), "10.0.0.1"),  # nobody outside
        ("10.0.0.1", "rubbish", ("10.0.0.0/8",), "10.0.0.1"),  # unread, but counted
        ("10.0.0.1", "198.51.100.1, unknown", ("10.0.0.0/8",), "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1,", ("10.0.0.0/8",), "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4, ::ffff:198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "", ("10.0.0.0/8",), "10.0.0.1"),
    ],
)
def test_P66_the_client_is_the_rightmost_stranger(
    peer: str, forwarded: str, trusted: tuple[str, ...], network: str
) -> None:
    assert client_network(peer, forwarded, trusted) == network
