"""Whose address counts behind a proxy, where a form may lead, and where it may come from."""

from ipaddress import ip_network
from typing import Any

import pytest
from starlette.datastructures import Headers

from config.env import Settings
from monitor.status.account.addresses import client_address, counted, is_from_here, local_path

PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1"))


def scope(peer: str, *forwarded: str) -> dict[str, Any]:
    return {
        "type": "http",
        "client": (peer, 1),
        "headers": [(b"x-forwarded-for", one.encode()) for one in forwarded],
    }


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.1", (), "192.0.2.1"),
        ("192.0.2.1", ("198.51.100.1",), "192.0.2.1"),  # nobody is believed who is no proxy of ours
        ("10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.1", ("1.1.1.1, 198.51.100.1",), "198.51.100.1"),  # what the visitor wrote stands first
        ("10.0.0.1", ("1.1.1.1", "198.51.100.1"), "198.51.100.1"),
        ("10.0.0.1", ("198.51.100.1, 10.0.0.2",), "198.51.100.1"),
        ("10.0.0.1", ("10.0.0.3, 10.0.0.2",), "10.0.0.3"),
        ("10.0.0.1", ("198.51.100.1, rubbish",), "10.0.0.1"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("::1", ("2001:db8::1",), "2001:db8::1"),
        ("::ffff:10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("testclient", (), "unknown"),
    ],
)
def test_whose_address_counts(peer: str, forwarded: tuple[str, ...], address: str) -> None:
    assert client_address(scope(peer, *forwarded), PROXIES) == address


def test_without_a_trusted_proxy_the_connection_counts() -> None:
    assert client_address(scope("127.0.0.1", "198.51.100.1"), Settings().proxies) == "127.0.0.1"
    assert Settings(trusted_proxies="127.0.0.1, 10.0.0.0/8").proxies == (
        ip_network("127.0.0.1"), ip_network("10.0.0.0/8"),
    )  # fmt: skip
    with pytest.raises(ValueError, match="no address or network"):
        Settings(trusted_proxies="localhost")


def test_one_customer_is_counted_as_one() -> None:
    assert counted("2001:db8:1:2:3:4:5:6") == counted("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert counted("192.0.2.1") == "192.0.2.1"


@pytest.mark.parametrize("path", ["/", "/agency/a?x=1&y=%E6%B0%B4#z", "/en/desk?finding=missing%3Aa%3A2024"])
def test_a_path_of_ours_is_followed(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize("path", ["//a", "/\\a", "http://a", "a", "", "/a b", "/a\n", "/\x00", "/é", "/" + "x" * 2000])
def test_any_other_leads_home(path: str) -> None:
    assert local_path(path) == "/"


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),  # no browser: the form's token decides
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "https://evil.example"}, True),  # no script can set it
        ({"sec-fetch-site": "cross-site", "origin": "https://page.example"}, False),
        ({"origin": "https://page.example"}, True),
        ({"origin": "http://127.0.0.1:8600", "host": "127.0.0.1:8600"}, True),
        ({"origin": "https://page.example.evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
    ],
)
def test_where_a_form_came_from(headers: dict[str, str], ours: bool) -> None:
    assert is_from_here(Headers(headers), "https://page.example") is ours
