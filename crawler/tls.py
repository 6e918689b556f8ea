"""Encryption: every certificate is verified; a host's exception is in its portal's file, for everybody to see.

May touch: the system's trusted certificates (SSL_CERT_FILE names others). Scrapy 2.19 verifies nothing unless it is told
to, and tells only "certificate verify failed" when it does; who is shut out has to know why.
"""

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from OpenSSL import SSL
from OpenSSL.crypto import X509
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response
from service_identity import CertificateError, VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, ServiceID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.web.client import ResponseFailed
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from config.schema import TlsException
from crawler.visit import visit_of

HTTPS_PORT = 443
# X509_V_ERR_… of OpenSSL.
_CERTIFICATE = {
    9: "证书尚未生效 (not yet valid)",
    10: "证书已过期 (expired)",
    18: "证书是自签名的 (self-signed)",
    19: "证书链中有自签名的、不受信任的根证书 (self-signed root)",
    20: "证书的签发者不受信任 (unknown issuer)",
    21: "证书链不完整 (incomplete chain)",
    23: "证书已被吊销 (revoked)",
    66: "证书的密钥太弱 (key too weak)",
    67: "签发证书的密钥太弱 (issuer's key too weak)",
    68: "证书的签名算法太弱 (signature too weak)",
}
# What OpenSSL calls it when no connection comes about.
_HANDSHAKE = {
    "unsafe legacy renegotiation disabled": "服务器只会不安全的旧式重协商 (legacy renegotiation)",
    "unsupported protocol": "服务器的协议版本太旧 (protocol too old)",
    "alert protocol version": "服务器的协议版本太旧 (protocol too old)",
    "wrong version number": "服务器在此端口不会加密 (no TLS)",
    "dh key too small": "服务器的密钥交换太弱 (key exchange too weak)",
    "ee key too small": "证书的密钥太弱 (key too weak)",
    "bad ecpoint": "服务器不会现行的椭圆曲线 (curves)",
    "no shared cipher": "没有双方都会的加密方式 (no common cipher)",
    "alert handshake failure": "没有双方都会的加密方式 (no common cipher)",
}


class TlsError(DownloadFailedError):
    """No connection that could be trusted; the text says why, in words for people."""


class Handler(HTTP11DownloadHandler):
    """Scrapy's for https, with our policy and the reason of a failure."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._policy = Policy(visit_of(crawler).portal.tls)
        self._contextFactory = self._policy  # type: ignore[assignment]  # zope's interfaces are no types

    async def download_request(self, request: Request) -> Response:
        try:
            return await super().download_request(request)
        except DownloadFailedError as error:
            if reason := self._policy.why(request.url, error):
                raise TlsError(reason) from error
            raise


@implementer(IPolicyForHTTPS)
class Policy:
    """`exceptions`: host or host:port → what is accepted of it, and of it alone."""

    def __init__(self, exceptions: Mapping[str, TlsException]) -> None:
        self._exceptions = {host.lower(): exception for host, exception in exceptions.items()}
        self._contexts: dict[TlsException | None, SSL.Context] = {}
        self._refused: dict[str, str] = {}  # host → why its certificate was refused last

    def creatorForNetloc(self, hostname: bytes, port: int) -> "Creator":
        name = hostname.decode("ascii").lower()
        host = name if port == HTTPS_PORT else f"{name}:{port}"
        exception = self._exceptions.get(host) or self._exceptions.get(f"{name}:{port}")
        if exception not in self._contexts:
            self._contexts[exception] = context(exception)
        self._refused.pop(host, None)
        verified = exception is not TlsException.UNVERIFIED
        return Creator(self._contexts[exception], name, refused=self._refused, host=host, verified=verified)

    def why(self, url: str, error: DownloadFailedError) -> str:
        """Why the encryption failed, in words; "" where it was something else."""
        said = _openssl_reasons(error)
        if not said:
            return ""
        host = url.partition("//")[2].partition("/")[0].rpartition("@")[2].lower().removesuffix(f":{HTTPS_PORT}")
        if found := self._refused.pop(host, ""):
            return f"TLS：{found}"
        known = [words for reason in said for sign, words in _HANDSHAKE.items() if sign in reason.lower()]
        return f"TLS：{known[0] if known else '；'.join(said)}"


@implementer(IOpenSSLClientConnectionCreator)
class Creator:
    """Connections to one host. A certificate is good if the chain is, it is of now, and it names the host."""

    def __init__(self, made_in: SSL.Context, name: str, *, refused: dict[str, str], host: str, verified: bool) -> None:
        self._context = made_in
        self._is_address = bool(isIPAddress(name) or isIPv6Address(name))
        self._name = name
        self._host = host
        self._refused = refused
        self._verified = verified

    def clientConnectionForTLS(self, protocol: object) -> SSL.Connection:
        connection = SSL.Connection(self._context, None)
        if not self._is_address:
            connection.set_tlsext_host_name(self._name.encode("ascii"))
        if self._verified:
            connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, self._verify)
        else:
            connection.set_verify(SSL.VERIFY_NONE, None)
        return connection

    def _verify(self, _connection: SSL.Connection, certificate: X509, code: int, depth: int, good: int) -> bool:
        """Called by OpenSSL for each certificate of the chain, the host's own at depth 0."""
        if not good:
            self._refused.setdefault(self._host, _CERTIFICATE.get(code, f"证书无法验证 (OpenSSL {code})"))
            return False
        if depth:
            return True
        wanted: ServiceID = IPAddress_ID(self._name) if self._is_address else DNS_ID(self._name)
        try:
            verify_service_identity(extract_patterns(certificate), [wanted], [])
        except (VerificationError, CertificateError):
            self._refused.setdefault(self._host, f"证书不是发给 {self._name} 的 (wrong name)")
            return False
        return True


def context(exception: TlsException | None) -> SSL.Context:
    """TLS 1.2 or newer, the system's trusted certificates, and what `exception` allows beyond that."""
    made = SSL.Context(SSL.TLS_METHOD)
    made.set_min_proto_version(SSL.TLS1_2_VERSION)
    made.set_mode(SSL.MODE_RELEASE_BUFFERS)
    made.set_default_verify_paths()
    if exception is TlsException.LEGACY_RENEGOTIATION:
        made.set_options(SSL.OP_LEGACY_SERVER_CONNECT)
    if exception is TlsException.OLD_CURVES:
        made.set_tmp_ecdh(SECP256R1())
    return made


def _openssl_reasons(error: DownloadFailedError) -> list[str]:
    """What OpenSSL said, if it was OpenSSL; an end of the connection in the middle of a handshake has no words."""
    failed = error.__cause__
    reasons: list[Any] = failed.reasons if isinstance(failed, ResponseFailed) else []
    found = []
    for failure in reasons:
        if isinstance(failure.value, SSL.Error):
            stack = failure.value.args[0] if failure.value.args else []
            found += [str(entry[-1]) for entry in stack if isinstance(entry, tuple) and entry]
            found = found or ["连接在加密握手时中断 (handshake cut)"]
    return found
