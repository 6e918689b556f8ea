"""ZIP containers (DOCX, XLSX, OFD, plain ZIP) and the XML in them, within bounds. Touches nothing but the bytes.

Everything in a container is untrusted: members are counted, their sizes bounded while they are unpacked (the
directory may lie about them), and XML is parsed without entities, DTDs or network.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib

from lxml import etree

from crawler.errors import ReadError

MAX_MEMBERS = 2_000
MAX_MEMBER_BYTES = 40 * 1024 * 1024  # of one member, unpacked
MAX_TOTAL_BYTES = 120 * 1024 * 1024  # of all members read

_SIGNATURE = b"PK\x03\x04"
_BLOCK = 1 << 16
# All that zipfile and its decompressors raise on damaged, encrypted or unknown contents (found by `make fuzz`).
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,  # offsets before the file's beginning
    NotImplementedError,
    RuntimeError,
)


class Package:
    """The members of a ZIP container by name. Raises ReadError: not a ZIP, truncated, encrypted, too large."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except _DAMAGED as error:
            raise ReadError(
                f"压缩容器已损坏或不完整（{error}）。请重新下载。 / The ZIP container is damaged."
            ) from error
        if len(members) > MAX_MEMBERS:
            raise ReadError(
                f"压缩容器里有 {len(members)} 个文件，超过上限 {MAX_MEMBERS}。 / Too many files in the ZIP."
            )
        self._members = {member.filename: member for member in members if not member.is_dir()}
        self._left = MAX_TOTAL_BYTES

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._members)

    def has(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The member's bytes. Raises ReadError: no such member, encrypted, damaged, or beyond the bounds."""
        member = self._members.get(name)
        if member is None:
            raise ReadError(f"容器里缺少 {name}。 / {name} is missing in the container.")
        if member.flag_bits & 1:
            raise ReadError("压缩容器已加密，不能读取。请提供没有密码的文件。 / The container is encrypted.")
        bound = min(MAX_MEMBER_BYTES, self._left)
        found = bytearray()
        try:
            with self._zip.open(member) as stream:
                while block := stream.read(_BLOCK):
                    found += block
                    if len(found) > bound:
                        raise ReadError(
                            f"{name} 解压后超过上限 {bound} 字节（压缩炸弹？）。 / {name} unpacks beyond the limit."
                        )
        except _DAMAGED as error:
            raise ReadError(f"容器里的 {name} 已损坏（{error}）。请重新下载。 / {name} is damaged.") from error
        self._left -= len(found)
        return bytes(found)

    def xml(self, name: str) -> etree._Element:
        """The member's XML tree. Raises ReadError as `read` and `parse_xml` do."""
        return parse_xml(self.read(name), name)


def is_package(data: bytes) -> bool:
    return data.startswith(_SIGNATURE)


def parse_xml(data: bytes, name: str) -> etree._Element:
    """XML without entities, DTD and network. Raises ReadError, naming the part, where it is not well formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ReadError(f"{name} 不是完整的 XML（{error}）。 / {name} is not well-formed XML.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadError(f"{name} 带有 DTD，拒绝读取。 / {name} carries a DTD, which is refused.")
    return root
