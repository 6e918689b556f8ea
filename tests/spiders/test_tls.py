"""Encryption, with real TLS servers on 127.0.0.1: who is trusted, why somebody is not, what an exception changes.

The certificates are made here; the one authority that is trusted is named by SSL_CERT_FILE. Nothing is switched off.
"""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.portals.server import Handler, Server
from tests.spiders.rawserver import RawServer, listing, report
from tests.spiders.visiting import Visited, Workshop, make_workshop

pytestmark = pytest.mark.integration

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
# A ServerHello of TLS 1.2 without any extension: a server that knows only the old renegotiation.
OLD_HELLO = bytes.fromhex("160303002a" + "02000026" + "0303" + "11" * 32 + "00" + "c02f" + "00")


@dataclass(frozen=True, slots=True)
class Authority:
    key: Key
    certificate: x509.Certificate


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def authority(text: str = "示例根证书") -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder()
        .subject_name(name(text))
        .issuer_name(name(text))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 30 * DAY)
        .not_valid_after(NOW + 30 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, made)


def server_files(
    folder: Path,
    signed_by: Authority | None,
    *,
    until: dt.datetime = NOW + DAY,
    names: tuple[str, ...] = ("127.0.0.1",),
    key: Key | None = None,
) -> tuple[Path, Path]:
    """A certificate of a server and its key. Without an authority it is self-signed; without names it has a CN only."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    issuer = name("127.0.0.1") if signed_by is None else signed_by.certificate.subject
    builder = (
        x509.CertificateBuilder()
        .subject_name(name("127.0.0.1"))
        .issuer_name(issuer)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 20 * DAY)
        .not_valid_after(until)
    )
    if names:
        listed = [x509.IPAddress(ipaddress.ip_address(one)) if one[0].isdigit() else x509.DNSName(one) for one in names]
        builder = builder.add_extension(x509.SubjectAlternativeName(listed), critical=False)
    made = builder.sign(own if signed_by is None else signed_by.key, hashes.SHA256())
    paths = folder / "certificate.pem", folder / "key.pem"
    folder.mkdir()
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


class TlsServer(Server):
    """Hands each connection to TLS in its own thread; a handshake that fails is the client's refusal."""

    context: ssl.SSLContext

    def finish_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]  # narrower
        request.settimeout(10)
        try:
            with self.context.wrap_socket(request, server_side=True) as wrapped:
                super().finish_request(wrapped, client_address)
        except (ssl.SSLError, ConnectionError, TimeoutError):
            return


@contextmanager
def tls_server(context: ssl.SSLContext) -> Iterator[RawServer]:
    served = RawServer()

    class TlsHandler(Handler):
        def do_GET(self) -> None:
            served.answer(self)

    server = TlsServer(TlsHandler)
    server.context = context
    served.host = server.host
    served.answers |= {"/nb/": listing("/nb/1.html"), "/nb/1.html": report()}
    try:
        yield served
    finally:
        server.close()


@contextmanager
def old_server() -> Iterator[str]:
    """Answers every ClientHello with OLD_HELLO and waits for the other side to end it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(5)
                    try:
                        connection.recv(4096)
                        connection.sendall(OLD_HELLO)
                        connection.recv(4096)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=10)


def of_files(paths: tuple[Path, Path], *, weak: bool = False, curve: str = "") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if weak:
        context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.load_cert_chain(*paths)
    if curve:
        context.set_ecdh_curve(curve)
    return context


# Portal → the words of its look's reason; "" where it is healthy.
EXPECTED = {
    "trusted": "",
    "self-signed": "自签名",
    "stranger": "签发者不受信任",
    "expired": "过期",
    "other-name": "不是发给",
    "no-name": "不是发给",
    "weak-key": "太弱",
    "unverified": "",
    "another-unverified": "自签名",  # the exception of one host is no exception of another
    "p384": "",
    "p384-old-curves": "没有双方都会",
    "renegotiation": "重协商",
    "no-tls": "不会加密",
}


@dataclass(frozen=True, slots=True)
class Stage:
    workshop: Workshop
    visited: Visited
    servers: dict[str, RawServer]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("tls")
    workshop = make_workshop(folder / "workshop")
    root = authority()
    (folder / "trusted.pem").write_bytes(root.certificate.public_bytes(serialization.Encoding.PEM))
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    good = server_files(folder / "good", root)
    own = server_files(folder / "own", None)
    contexts = {
        "trusted": of_files(good),
        "self-signed": of_files(own),
        "stranger": of_files(server_files(folder / "stranger", authority("别处的根证书"))),
        "expired": of_files(server_files(folder / "expired", root, until=NOW - DAY)),
        "other-name": of_files(server_files(folder / "other", root, names=("www.example.org",))),
        "no-name": of_files(server_files(folder / "none", root, names=())),
        "weak-key": of_files(server_files(folder / "weak", root, key=weak), weak=True),
        "unverified": of_files(own),
        "another-unverified": of_files(own),
        "p384": of_files(good, curve="secp384r1"),
        "p384-old-curves": of_files(good, curve="secp384r1"),
    }
    with ExitStack() as running:
        servers = {slug: running.enter_context(tls_server(context)) for slug, context in contexts.items()}
        plain = running.enter_context(plain_server())
        hosts = {slug: server.host for slug, server in servers.items()}
        old = running.enter_context(old_server())
        hosts |= {"renegotiation": old, "no-tls": plain}
        for slug, host in hosts.items():
            tls = {"unverified": {host: "unverified"}, "p384-old-curves": {host: "old_curves"}}.get(slug, {})
            if slug == "another-unverified":
                tls = {hosts["self-signed"]: "unverified"}
            column = {"key": "c0", "url": f"https://{host}/nb/", "agencies": ["zibo-xzspj"]}
            workshop.register(slug, hosts=[host, *(one for one in tls if one != host)], columns=[column], tls=tls)
        trust = {"SSL_CERT_FILE": str(folder / "trusted.pem")}
        yield Stage(workshop, workshop.visit(options=("-s", "RETRY_TIMES=0"), environment=trust), servers)


@contextmanager
def plain_server() -> Iterator[str]:
    server = Server(Handler)
    try:
        yield server.host
    finally:
        server.close()


@pytest.mark.parametrize("slug", EXPECTED)
def test_who_is_trusted_and_why_somebody_is_not(stage: Stage, slug: str) -> None:
    assert stage.visited.code == 0, stage.visited.log
    (look,) = stage.workshop.looks(slug)
    if EXPECTED[slug]:
        assert look.outcome == "transport_error"
        assert EXPECTED[slug] in look.reason, look.reason
        assert "TLS：" in look.reason
        if slug in stage.servers:
            assert stage.servers[slug].asked == []  # nothing was sent to a server that is not trusted
    else:
        assert (look.outcome, look.reason) == ("healthy", "")


def test_an_exception_stands_in_the_record_of_the_run(stage: Stage) -> None:
    (run,) = stage.workshop.runs("unverified")
    assert "TLS 例外" in run.reason
    assert "unverified" in run.reason
    assert {run.reason for slug in ("trusted", "another-unverified") for run in stage.workshop.runs(slug)} == {""}


def test_the_old_renegotiation_is_spoken_where_the_portal_says_so(tmp_path: Path) -> None:
    """The connection then goes beyond the ServerHello, and ends because nothing follows it."""
    workshop = make_workshop(tmp_path)
    with old_server() as host:
        column = {"key": "c0", "url": f"https://{host}/nb/", "agencies": ["zibo-xzspj"]}
        workshop.register("old", hosts=[host], columns=[column], tls={host: "legacy_renegotiation"})
        assert workshop.visit(options=("-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_TIMEOUT=3")).code == 0
    (look,) = workshop.looks("old")
    assert look.outcome == "transport_error"
    assert "重协商" not in look.reason
