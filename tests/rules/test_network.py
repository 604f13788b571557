"""No test reaches another machine (`loopback_only` in tests/conftest.py), and loopback still works."""

import socket
from urllib.error import URLError
from urllib.request import urlopen

import pytest

OUTSIDE = ("192.0.2.1", "203.0.113.7", "2001:db8::1", "mail.example")


@pytest.mark.parametrize("host", OUTSIDE)
def test_a_connection_elsewhere_is_refused_before_it_is_made(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as one, pytest.raises(Exception, match="Only loopback is allowed"):
        one.connect((host, 80))
    with socket.socket(family) as one, pytest.raises(Exception, match="Only loopback is allowed"):
        one.connect_ex((host, 80))


def test_a_name_is_not_even_looked_up() -> None:
    with pytest.raises(Exception, match="Only loopback is allowed"):
        socket.getaddrinfo("mail.example", 80)
    with pytest.raises((URLError, Exception), match="Only loopback is allowed"):
        urlopen("http://mail.example/", timeout=1)


def test_loopback_works() -> None:
    with socket.socket() as listening, socket.socket() as calling:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        calling.connect(listening.getsockname())
        assert socket.getaddrinfo("localhost", 80)
