"""SMTP against a real server: encryption, login, and what each of its answers means."""

import socket
from pathlib import Path

import pytest

from crawler.errors import DeliveryError
from monitor.channels import smtp
from tests.servers.smtp import DROP, PASSWORD, STEPS, USER, Gate, mail_server

MESSAGE = b"From: a@example.org\r\nSubject: x\r\n\r\n.a line that begins with a dot\r\n"
SENDER = "gongkai@watch.example.org"


def send(url: str, recipient: str = "office@example.org") -> None:
    smtp.send(MESSAGE, url=url, sender=SENDER, recipient=recipient)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", (587, "", "", False, True)),
        ("smtp://mail.example.org?starttls=0", (587, "", "", False, False)),
        ("smtp://u:p%40%2F@mail.example.org:2525", (2525, "u", "p@/", False, True)),
        ("smtps://u:p@mail.example.org", (465, "u", "p", True, False)),
        ("smtp://127.0.0.1:25", (25, "", "", False, False)),
        ("smtp://localhost", (587, "", "", False, False)),
        ("smtp://u:p@[::1]:25", (25, "u", "p", False, False)),
        ("smtp://127.0.0.1:25?starttls=1", (25, "", "", False, True)),
    ],
)
def test_an_address_taken_apart(url: str, expected: tuple[object, ...]) -> None:
    server = smtp.parse(url)
    assert (server.port, server.user, server.password, server.tls, server.starttls) == expected


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("smtp://", "a mail server is written"),
        ("smtp://mail.example.org/inbox", "a mail server is written"),
        ("smtp://mail.example.org:99999", "Port out of range"),
        ("smtp://mail.example.org?tls=1", "unknown option tls"),
        ("smtp://mail.example.org?starttls=yes", "starttls is 0 or 1"),
        ("smtp://u:secretß@mail.example.org", "only have ASCII"),
        ("smtp://u:secret@mail.example.org?starttls=0", "in the clear"),
    ],
)
def test_an_address_that_cannot_be_meant(url: str, message: str) -> None:
    with pytest.raises(DeliveryError, match=message) as caught:
        smtp.parse(url)
    assert not caught.value.permanent
    assert "secret" not in str(caught.value)


@pytest.mark.integration
@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # aiosmtpd does not know TLS from the first byte
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_message_goes_out_encrypted_after_a_login(tmp_path: Path, scheme: str) -> None:
    with mail_server(tmp_path, tls_from_the_start=scheme == "smtps") as server:
        send(server.url(scheme, options="starttls=1" if scheme == "smtp" else ""))
        assert server.taken == [("office@example.org", MESSAGE)]
        assert server.logins == [USER]
        assert server.encrypted == [True]


@pytest.mark.integration
def test_a_server_of_this_machine_may_be_spoken_to_in_the_clear() -> None:
    with mail_server() as server:
        send(f"smtp://127.0.0.1:{server.port}")
        assert server.taken == [("office@example.org", MESSAGE)]
        assert server.encrypted == [False]


@pytest.mark.integration
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with mail_server(tmp_path) as server:
        server.ca = None
        with pytest.raises(DeliveryError, match="certificate verify failed") as caught:
            send(server.url())
        assert not caught.value.permanent
        assert server.logins == []


@pytest.mark.integration
def test_a_server_without_starttls_gets_no_message() -> None:
    with mail_server() as server:
        with pytest.raises(DeliveryError, match="STARTTLS") as caught:
            send(server.url())
        assert (caught.value.permanent, server.taken) == (False, [])


@pytest.mark.integration
@pytest.mark.parametrize(
    ("recipient", "permanent", "words"),
    [
        ("refused@example.org", True, "550 5.1.1 no such user here"),
        ("greylisted@example.org", False, "451 4.7.1 come back later"),
        ("spam@example.org", True, "554 5.7.1 the message is not wanted"),
        ("dropped@example.org", False, "Connection unexpectedly closed"),
    ],
)
def test_only_the_servers_no_to_this_recipient_is_for_good(
    tmp_path: Path, recipient: str, permanent: bool, words: str
) -> None:
    with mail_server(tmp_path) as server:
        with pytest.raises(DeliveryError, match=words) as caught:
            send(server.url(), recipient)
        assert caught.value.permanent is permanent


OURS = ("EHLO", "MAIL")  # what the server says there is about us
THEIRS = ("RCPT", "DATA", "message")


@pytest.mark.integration
@pytest.mark.parametrize("code", ["450 4.2.0", "550 5.1.1"])
@pytest.mark.parametrize("step", [*OURS, *THEIRS])
def test_a_no_to_each_command(step: str, code: str) -> None:
    with mail_server() as server:
        server.interfere = lambda at, *_: f"{code} no to {step}" if at == step else ""
        with pytest.raises(DeliveryError, match=f"no to {step}") as caught:
            send(f"smtp://127.0.0.1:{server.port}")
        assert caught.value.permanent is (step in THEIRS and code.startswith("5"))
        assert server.taken == []


@pytest.mark.integration
@pytest.mark.parametrize("step", STEPS)
def test_a_connection_that_ends_at_each_step_passes_and_says_what_is_not_known(step: str) -> None:
    with mail_server() as server:
        server.interfere = lambda at, *_: DROP if at == step else ""
        with pytest.raises(DeliveryError) as caught:
            send(f"smtp://127.0.0.1:{server.port}")
        assert not caught.value.permanent
        assert ("may have arrived" in str(caught.value)) is (step in ("DATA", "message", "taken"))
        assert len(server.taken) == (1 if step == "taken" else 0)


@pytest.mark.integration
def test_a_server_that_takes_its_time_has_only_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "LONGEST", 0.3)
    gate = Gate()
    with mail_server() as server:
        server.before_answer = gate
        with pytest.raises(DeliveryError, match="may have arrived"):
            send(f"smtp://127.0.0.1:{server.port}")
        gate.opened.set()


@pytest.mark.integration
def test_a_wrong_password_passes_and_is_not_shown(tmp_path: Path) -> None:
    with mail_server(tmp_path) as server:
        with pytest.raises(DeliveryError, match="535") as caught:
            send(server.url(password="wrong-secret"))
        assert not caught.value.permanent
        assert "wrong-secret" not in str(caught.value)
        assert PASSWORD not in str(caught.value)


@pytest.mark.integration
def test_a_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(DeliveryError, match=rf"127\.0\.0\.1:{port}: .*refused") as caught:
        send(f"smtp://127.0.0.1:{port}")
    assert not caught.value.permanent


@pytest.mark.integration
def test_a_server_that_never_speaks_is_left_after_the_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(DeliveryError, match="timed out"):
            send(f"smtp://127.0.0.1:{port}")
