"""SMTP: hands a message to the mail server of smtp://… (STARTTLS) or smtps://… (TLS from the first byte).

May touch: that one server. Certificates are always verified. What its answers mean, by the command (RFC 5321, 4.2.1):

    greeting, EHLO, STARTTLS, AUTH, MAIL    about us or our settings, whatever the code: passes when they are mended
    RCPT, DATA, the message                 4xx passes (full, greylisted); 5xx is permanent: about this recipient or message
    no answer to the message                it may have arrived: the same message is sent again, with its Message-ID
    any other end of the connection         passes
"""

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from crawler.errors import DeliveryError

TIMEOUT = 30.0  # seconds for one answer of the server
LONGEST = 300.0  # seconds for all of it, however slowly the server speaks; less than a lease (monitor.alerts.delivery)
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Server:
    """A mail URL taken apart. `ca` is a file of certificates to trust instead of the system's."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    starttls: bool
    ca: str | None


def parse(url: str) -> Server:
    """smtp://user:password@host:587?starttls=1&ca=/path, smtps://….

    STARTTLS is required unless the host is this machine or `starttls=0` says otherwise. Raises DeliveryError,
    also for a login that would cross the network in the clear.
    """
    parts = urlsplit(url)
    options = parse_qs(parts.query, keep_blank_values=True)
    try:
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    except ValueError as error:
        raise DeliveryError(f"GONGKAI_MAIL_URL: {error}") from error
    if not host or parts.path not in ("", "/"):
        raise DeliveryError("GONGKAI_MAIL_URL: a mail server is written smtp://user:password@host:587")
    if unknown := options.keys() - {"starttls", "ca"}:
        raise DeliveryError(f"GONGKAI_MAIL_URL: unknown option {', '.join(sorted(unknown))}; known: starttls, ca")
    wanted = options.get("starttls", ["0" if _is_loopback(host) else "1"])[-1]
    if wanted not in ("0", "1"):
        raise DeliveryError("GONGKAI_MAIL_URL: starttls is 0 or 1")
    server = Server(
        host=host,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp" and wanted == "1",
        ca=options["ca"][-1] if "ca" in options else None,
    )
    if not (server.user + server.password).isascii():  # smtplib sends no other, and its error would show a part of it
        raise DeliveryError("GONGKAI_MAIL_URL: user and password can only have ASCII characters")
    if server.user and not (server.tls or server.starttls or _is_loopback(host)):
        raise DeliveryError("GONGKAI_MAIL_URL: with starttls=0 the password would cross the network in the clear")
    return server


def send(message: bytes, *, url: str, sender: str, recipient: str) -> None:
    """Returns when the server has answered 250 to the whole message."""
    server = parse(url)
    with _errors(f"{server.host}:{server.port}"), _connected(server, sender) as connection:
        _expect_250(connection.mail(sender), permanent=False)
        _expect_250(connection.rcpt(recipient), permanent=True)
        _send_data(connection, message)


def _send_data(connection: smtplib.SMTP, message: bytes) -> None:
    """DATA and the message. A server that falls silent only then may have taken it over: nobody knows."""
    try:
        answer = connection.data(message)
    except smtplib.SMTPDataError as error:  # the command itself was refused
        answer = (error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b"")
    except OSError as error:
        uncertain = f"{error}: broke off at the message, which may have arrived; it is sent again as the same one"
        raise _Refused(uncertain, permanent=False) from error
    _expect_250(answer, permanent=True)


class _Refused(Exception):
    """The server's answer to a command, and whether its 5xx is about this recipient or message."""

    def __init__(self, answer: str, *, permanent: bool) -> None:
        super().__init__(answer)
        self.permanent = permanent


def _expect_250(answer: tuple[int, bytes], *, permanent: bool) -> None:
    """RCPT may also be answered 251 (forwarded). A 5xx is final only where `permanent` says so; a 4xx never is."""
    code, text = answer
    if code not in (250, 251):
        raise _Refused(f"{code} {text.decode('utf-8', 'replace')}", permanent=permanent and 500 <= code < 600)


@contextlib.contextmanager
def _connected(server: Server, sender: str) -> Iterator[smtplib.SMTP]:
    """A greeted, encrypted, logged-in connection.

    It is left by QUIT, whose failure says nothing any more: the message has been taken over by then, and
    an error here would only repeat it.
    """
    own_name = sender.rpartition("@")[2]  # given, because smtplib would ask the DNS for it
    connection: smtplib.SMTP
    if server.tls:
        connection = smtplib.SMTP_SSL(
            server.host, server.port, own_name, timeout=TIMEOUT, context=ssl.create_default_context(cafile=server.ca)
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, own_name, timeout=TIMEOUT)
    bound = threading.Timer(LONGEST, _cut, [connection])
    bound.start()
    try:
        if server.starttls:
            connection.starttls(context=ssl.create_default_context(cafile=server.ca))
        connection.ehlo_or_helo_if_needed()
        if server.user:
            connection.login(server.user, server.password)
        yield connection
        with contextlib.suppress(OSError, smtplib.SMTPException):
            connection.quit()
    finally:
        bound.cancel()
        connection.close()


def _cut(connection: smtplib.SMTP) -> None:
    """Ends what the other thread waits for: its next read finds the connection closed."""
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def _errors(name: str) -> Iterator[None]:
    """Everything that may go wrong out there, as DeliveryError. The password is in none of these texts."""
    try:
        yield
    except _Refused as error:
        raise DeliveryError(f"{name}: {error}", permanent=error.permanent) from error
    except smtplib.SMTPResponseException as error:
        text = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        raise DeliveryError(f"{name}: {error.smtp_code} {text}") from error
    except (OSError, ValueError) as error:  # smtplib's exceptions, TLS and time-outs are OSErrors
        raise DeliveryError(f"{name}: {error}") from error


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
