"""OFD files (GB/T 33190—2016, the national format for official documents) → Document. Touches nothing else.

How to recognise: a ZIP container with OFD.xml at its root. Pages come down to sheets (crawler.formats.ofd.ofdml) and
sheets to blocks (crawler.formats.layout); a page that is only a picture is recognised by OCR. Seals and signatures
are not read: they change no word. Names of parts are looked up within the container alone, nothing is unpacked.

Known limits: drawings kept as composite objects, annotations and turned text are reported, not read; what one
object hides below another is read.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace

from lxml import etree

from crawler.errors import ReadError
from crawler.formats import image, layout
from crawler.formats.ofd import ofdml
from crawler.formats.ofd.ofdml import POINTS, Objects, Picture
from crawler.formats.package import Package, is_package
from crawler.formats.sheet import Sheet
from crawler.model import Document, Issue, Place

NAME = "ofd"

MAX_PAGES = 120
MAX_RECOGNISED = 30  # pages of one document; a scanned report has about ten
MAX_SIDE = 5_000.0  # points of a page that is read; an A0 sheet has 3,370
MAX_PICTURES = 12  # of one page that are recognised: scanners cut a page into strips

_ROOT = "OFD.xml"
_A4 = (0.0, 0.0, 210.0, 297.0)  # millimetres: for a document that does not say
_FEW = 25  # characters: a page number and a scanner's mark, no page of text
_SCAN = 0.5  # part of a page that its pictures fill


def sniff(data: bytes, name: str, content_type: str) -> bool:
    del name, content_type
    if not is_package(data):
        return False
    try:
        return Package(data).has(_ROOT)
    except ReadError:
        return _ROOT.encode() in data[:4096]  # damaged: `read` says so


def read(data: bytes, content_type: str) -> Document:
    """Raises ReadError: damaged, encrypted, a part that is missing or escapes the container, too many pages."""
    del content_type
    return _Reader(Package(data)).document()


@dataclass
class _Reader:
    package: Package
    issues: list[Issue] = field(default_factory=list)
    _media: dict[str, str] = field(default_factory=dict)
    _templates: dict[str, str] = field(default_factory=dict)
    _recognised: int = 0

    def document(self) -> Document:
        root = self.package.xml(_ROOT)
        bodies = list(ofdml.children(root, "DocBody"))
        if not bodies:
            raise ReadError("OFD.xml 里没有 DocBody，不是完整的 OFD。 / OFD.xml names no document.")
        if len(bodies) > 1:
            self._issue("several_documents", None, f"OFD 里有 {len(bodies)} 份文档，只读取第一份。")
        if any(ofdml.tag(part) == "Encryptions" for part in root.iter()) or self.package.has("Encryptions.xml"):
            raise ReadError("OFD 已加密，不能读取。请提供没有密码的文件。 / The OFD is encrypted.")
        location = self._located(_text(bodies[0], "DocRoot"), _ROOT)
        main = self.package.xml(location)
        self._common(main, location)
        pages = [page for group in ofdml.children(main, "Pages") for page in ofdml.children(group, "Page")]
        if not pages:
            raise ReadError("OFD 里没有一页可以读取。请重新下载。 / The OFD has no page.")
        if len(pages) > MAX_PAGES:
            raise ReadError(
                f"OFD 有 {len(pages)} 页，超过上限 {MAX_PAGES} 页，不像一份年度报告。"
                f" / The OFD has {len(pages)} pages, more than the limit of {MAX_PAGES}."
            )
        area = _box(main, "PageArea") or _A4
        sheets = [
            self._sheet(self._located(page.get("BaseLoc", ""), location), number, area)
            for number, page in enumerate(pages, start=1)
        ]
        blocks, issues = layout.arrange(sheets)
        scans = [sheet.number for sheet in sheets if sheet.recognised]
        if scans:
            self.issues.append(image.recognised_issue(scans))
        return Document(
            format=NAME,
            blocks=blocks,
            title=" ".join(_text(bodies[0], "Title").split()),
            issues=(*self.issues, *issues),
            recognised=bool(scans),
        )

    def _common(self, main: etree._Element, location: str) -> None:
        """Template pages and images by their IDs; what is not read is named."""
        for part in main.iter():
            name = ofdml.tag(part)
            if name == "TemplatePage":
                self._templates[part.get("ID", "")] = self._located(part.get("BaseLoc", ""), location)
            elif name in ("PublicRes", "DocumentRes"):
                self._resources(self._located(part.text or "", location))
            elif name == "Annotations" and self._has_annotations(part.text or "", location):
                self._issue("annotations", None, "文件带有批注，批注的内容未读取。")

    def _resources(self, location: str) -> None:
        root = self.package.xml(location)
        folder = posixpath.join(posixpath.dirname(location), root.get("BaseLoc", "")) + "/"
        for media in root.iter():
            if ofdml.tag(media) == "MultiMedia" and media.get("Type", "Image") == "Image":
                file = _text(media, "MediaFile")
                self._media[media.get("ID", "")] = self._located(file, folder) if file else ""

    def _has_annotations(self, name: str, location: str) -> bool:
        try:
            found = self.package.xml(self._located(name, location))
        except ReadError:
            return False
        return any(ofdml.tag(part) == "Page" for part in found)

    def _located(self, name: str, base: str) -> str:
        """The member that `name` means, seen from the member `base`. Raises ReadError: outside or missing."""
        name = name.strip().replace("\\", "/")
        near = posixpath.normpath(
            posixpath.join(posixpath.dirname(base), name.lstrip("/") if name[:1] == "/" else name)
        )
        far = posixpath.normpath(name.lstrip("/"))
        order = (far, near) if name.startswith("/") else (near, far)  # some writers forget the slash of a full name
        if order[0].startswith("../"):
            raise ReadError(f"OFD 的路径 {name[:80]} 指向文件之外，拒绝读取。 / A path leads out of the OFD.")
        for candidate in order:
            if self.package.has(candidate):
                return candidate
        raise ReadError(f"OFD 里缺少 {order[0][:120]}。请重新下载。 / {order[0][:120]} is missing in the OFD.")

    def _sheet(self, location: str, number: int, area: tuple[float, ...]) -> Sheet:
        page = self.package.xml(location)
        left, top, wide, high = _box(page, "Area") or area
        if not (0 < wide * POINTS <= MAX_SIDE and 0 < high * POINTS <= MAX_SIDE):
            self._issue("page_too_big", number, f"第 {number} 页的尺寸（{wide:.0f}×{high:.0f} 毫米）超过上限，未读取。")
            return Sheet(number, 0.0, 0.0, ())
        objects = Objects()
        for template in ofdml.children(page, "Template"):
            if template.get("TemplateID", "") in self._templates:
                self._collect(self.package.xml(self._templates[template.get("TemplateID", "")]), objects)
        self._collect(page, objects)
        self._report(objects, number)
        sheet = Sheet(number, wide * POINTS, high * POINTS, tuple(objects.runs), tuple(objects.rules))
        if left or top:
            sheet = image.shifted(sheet, -left * POINTS, -top * POINTS)
        return self._with_pictures(sheet, objects)

    def _collect(self, page: etree._Element, objects: Objects) -> None:
        for content in ofdml.children(page, "Content"):
            ofdml.collect(content, objects)

    def _report(self, objects: Objects, number: int) -> None:
        if objects.beyond:
            self._issue("page_too_big", number, f"第 {number} 页的内容超过上限，只读取了一部分。")
        if objects.unknown:
            message = f"第 {number} 页有 {objects.unknown} 个字的字体没有写明是什么字，这些字不能读取。"
            self._issue("unmapped_characters", number, message)
        if objects.hidden:
            self._issue("hidden_text", number, f"第 {number} 页有 {objects.hidden} 个看不见的字，未读取。")
        if objects.askew:
            self._issue("turned_text", number, f"第 {number} 页有 {objects.askew} 个字不是正向排列，未读取。")
        if objects.composite:
            self._issue("composite_objects", number, f"第 {number} 页有 {objects.composite} 个复合图元，未读取。")

    def _with_pictures(self, sheet: Sheet, objects: Objects) -> Sheet:
        """The sheet; of a page that is a scan, what OCR reads in its pictures."""
        seen = sum(not run.text.isspace() for run in sheet.runs)
        filled = sum(_area(picture, sheet) for picture in objects.pictures)
        if seen > _FEW or filled < _SCAN * sheet.width * sheet.height:
            return sheet
        self._recognised += 1
        if self._recognised > MAX_RECOGNISED:
            self._issue("too_many_scans", sheet.number, f"需要识别的页超过 {MAX_RECOGNISED} 页，此页未识别。")
            return sheet
        for picture in objects.pictures[:MAX_PICTURES]:
            found = self._recognise(picture, sheet.number)
            if found is not None:
                runs, rules = (*sheet.runs, *found.runs), (*sheet.rules, *found.rules)
                sheet = replace(sheet, runs=runs, rules=rules, recognised=True)
        return sheet

    def _recognise(self, picture: Picture, number: int) -> Sheet | None:
        name = self._media.get(picture.resource, "")
        left, top, right, _ = picture.box
        if not name or right <= left:
            self._issue(
                "picture_missing", number, f"第 {number} 页的图片（{picture.resource}）在文件里找不到，未读取。"
            )
            return None
        try:
            scan = image.single(self.package.read(name))
        except ReadError as error:
            self._issue("picture_unreadable", number, f"第 {number} 页的图片不能读取：{error}")
            return None
        return image.shifted(image.sheet(scan, number=number, points_per_pixel=(right - left) / scan.width), left, top)

    def _issue(self, kind: str, number: int | None, message: str) -> None:
        self.issues.append(Issue(kind, message, Place(block=1, page=number) if number else None))


def _text(element: etree._Element, name: str) -> str:
    """The text of the first descendant of this name, or ""."""
    return next((part.text or "" for part in element.iter() if ofdml.tag(part) == name), "").strip()


def _box(element: etree._Element, name: str) -> tuple[float, ...] | None:
    """(left, top, width, height) in millimetres of the PhysicalBox in the first element of this name."""
    for area in element.iter():
        if ofdml.tag(area) == name:
            return ofdml.numbers(_text(area, "PhysicalBox"), 4)
    return None


def _area(picture: Picture, sheet: Sheet) -> float:
    """Square points of the page that the picture covers."""
    left, top, right, bottom = picture.box
    return max(min(right, sheet.width) - max(left, 0), 0) * max(min(bottom, sheet.height) - max(top, 0), 0)
