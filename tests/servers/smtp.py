"""A real mail server on 127.0.0.1 that can refuse, stall and drop. Ends what it starts.

May touch: a port of 127.0.0.1, a thread, a temporary folder for its certificate.
"""

import asyncio
import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "gongkai", "p@ss/w:rd %?"
STALL_SECONDS = 60.0
STEPS = ("EHLO", "MAIL", "RCPT", "DATA", "message", "taken")
DROP = "drop"


@dataclass
class MailServer:
    """`taken` are the messages it said 250 to, as (recipient, bytes). Recipients decide how it behaves:

    refused@ gets 550 at RCPT, greylisted@ 451, spam@ 554 after the message, dropped@ a cut connection after the
    message was taken. `before_answer` runs in a thread after a message came and before the 250.

    `interfere(step, recipient, message)` runs in a thread at each of STEPS, before the server does its part; recipient and
    message are empty as long as they are not known. What it returns is answered instead ("450 later"), DROP cuts the connection, "" is nothing;
    it may also take its time. At `taken` the message is the server's already, and only DROP means anything.
    """

    port: int = 0
    ca: Path | None = None
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    before_answer: Callable[[], None] = field(default=lambda: None)
    connections: int = 0  # that are open
    interfere: Callable[[str, str, bytes], str] = field(default=lambda _step, _recipient, _message: "")

    def url(self, scheme: str = "smtp", *, password: str = PASSWORD, options: str = "starttls=1") -> str:
        query = "&".join(filter(None, (options, f"ca={quote(str(self.ca))}" if self.ca else "")))
        return f"{scheme}://{USER}:{quote(password, safe='')}@127.0.0.1:{self.port}?{query}"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := await self.interfered("RCPT", server, address):
            return answer
        name = address.partition("@")[0]
        if name in ("refused", "greylisted"):
            return "550 5.1.1 no such user here" if name == "refused" else "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        [recipient], content = envelope.rcpt_tos, envelope.content
        assert isinstance(content, bytes)
        if recipient.startswith("spam@"):
            return "554 5.7.1 the message is not wanted"
        if answer := await self.interfered("message", server, recipient, content):
            return answer
        await asyncio.to_thread(self.before_answer)
        self.taken.append((recipient, content))
        self.encrypted.append(server.transport is not None and server.transport.get_extra_info("cipher") is not None)
        if recipient.startswith("dropped@"):
            _abort(server)
        await self.interfered("taken", server, recipient, content)
        return "250 OK"

    async def interfered(self, step: str, server: SMTP, recipient: str, message: bytes = b"") -> str:
        """The answer that takes the place of the server's own; "" if it goes on as always."""
        answer = await asyncio.to_thread(self.interfere, step, recipient, message)
        if answer == DROP:
            _abort(server)
            return "421 4.4.2 gone"  # nobody hears it
        return answer

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        known = data.login.decode() == USER and data.password.decode() == PASSWORD
        return AuthResult(success=known, handled=False)


def _abort(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()


class _Server(SMTP):
    """Where aiosmtpd has no hook for a command, or only one that answers by itself."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._behaviour().connections += 1

    def connection_lost(self, error: Exception | None) -> None:
        self._behaviour().connections -= 1
        super().connection_lost(error)

    def _behaviour(self) -> MailServer:
        assert isinstance(self.event_handler, MailServer)
        return self.event_handler

    async def smtp_EHLO(self, hostname: str) -> None:
        await self._unless_interfered("EHLO", "", super().smtp_EHLO, hostname)

    async def smtp_HELO(self, hostname: str) -> None:  # what a client tries when EHLO is refused
        await self._unless_interfered("EHLO", "", super().smtp_HELO, hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:
        await self._unless_interfered("MAIL", "", super().smtp_MAIL, arg)

    async def smtp_DATA(self, arg: str) -> None:
        [recipient] = self.envelope.rcpt_tos if self.envelope is not None and self.envelope.rcpt_tos else [""]
        await self._unless_interfered("DATA", recipient, super().smtp_DATA, arg)

    async def _unless_interfered(self, step: str, recipient: str, go_on: Callable[[Any], Any], arg: Any) -> None:
        if answer := await self._behaviour().interfered(step, self, recipient):
            await self.push(answer)
        else:
            await go_on(arg)


class _PlainController(Controller):
    """With STARTTLS where a certificate is given. Port 0 is looked up once it is bound."""

    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd's own


@contextmanager
def mail_server(folder: Path | None = None, *, tls_from_the_start: bool = False) -> Iterator[MailServer]:
    """With `folder` it has a certificate there, and wants TLS and a login; without it is open and in the clear."""
    behaviour = MailServer()
    options: dict[str, Any] = {"hostname": "127.0.0.1", "port": 0}
    if folder is not None:
        behaviour.ca, key = make_certificate(folder)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(behaviour.ca, key)
        login = {"authenticator": behaviour.authenticate, "auth_required": True, "auth_require_tls": True}
        if tls_from_the_start:
            options |= {"ssl_context": context, **login, "auth_require_tls": False}
        else:
            options |= {"tls_context": context, "require_starttls": True, **login}
    controller = _PlainController(behaviour, **options)
    controller.start()
    behaviour.port = controller.port
    try:
        yield behaviour
    finally:
        controller.stop()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that is its own authority, and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of a test")])
    now = dt.datetime.now(dt.UTC)
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=False, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file


class Gate:
    """Holds a server at one point until the test lets it go on; `reached` tells the test that it is there."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self) -> None:
        self.reached.set()
        self.opened.wait(STALL_SECONDS)
