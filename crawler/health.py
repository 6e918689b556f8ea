"""Is this answer the page that was asked for, or a block, an error, a shell? Predicates over bytes and text.

Touches nothing. "Missing" may only be said after a healthy look, so everything that is not plainly the
page asked for gets another outcome here. Signs and evidence: docs/portals.md. Nothing is ever bypassed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.formats.html.embedded import carries_data
from crawler.model import LookOutcome
from crawler.page import Page, squeeze

FEW_CHARACTERS = 20  # a page with fewer visible characters is no page
FULL_LENGTH = 20_000  # characters of markup from which on a page is no mere message
SHORT_PAGE = 1000  # visible characters up to which a block's or an error's words are the page's own message

PATH_LENGTH = 200  # visible characters of 当前位置：首页 > … at most

_PATH_CLASS = re.compile(r"crumb|position|location|CurrChnl|weizhi|dqwz", re.I)
_PATH_WORDS = re.compile(r"(?:当前|所在|您的|现在的)位置|您现在所在|位置[:：]")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.S | re.I)
_SITE_CODE = re.compile(
    r"""(?:SiteIDCode["'][^>]{0,60}?content\s*=\s*["']|content\s*=\s*["'](?=\w{10}["'][^>]{0,60}?SiteIDCode)"""
    r"""|sitecode\s*=\s*["']|网站标识码\s*(?:[:：]|&[a-z]+;|<[^>]{0,80}>|\s)*)(\w{10})(?!\w)""",
    re.I,
)

# A page of full length that bears none of these is not looked at more closely. Looking for one character first
# takes a hundredth of the time of looking for a word.
_SIGNS: tuple[str, ...] = (
    "验证",
    "拦截",
    "拒绝",
    "阻断",
    "不存在",
    "找不到",
    "没有找到",
    "删除",
    "移除",
    "下线",
    "撤",
    "创宇盾",
    "黑客",
)
_SIGNS += ("Forbidden", "FORBIDDEN", "forbidden", "Not Found", "NOT FOUND", "not found", "404错误", "错误404")
# Scripts that set a cookie and reload: 瑞数, 加速乐, Aliyun. On a full page they are harmless companions.
_CHALLENGE_SCRIPTS = ("$_ts", "__jsl", "acw_sc__v2")
_CAPTCHA = re.compile(
    r"请?输入验证码|滑动(?:滑块|验证)|拖动(?:滑块|下方)|人机验证|安全验证|完成验证|疑似黑客攻击|创宇盾拦截"
)
_REFUSED = re.compile(r"请求已被拦截|访问(?:已)?被(?:拒绝|阻断|拦截)|您的访问.{0,10}(?:拦截|拒绝)|403Forbidden", re.I)
_NOT_FOUND = re.compile(
    r"页面不存在|页面没有找到|找不到(?:该|您|此|相关|指定)?.{0,8}(?:页面|网页|内容|文章|栏目)"
    r"|(?:您|你)(?:所)?(?:要)?(?:访问|查看|浏览)的.{0,8}(?:不存在|已(?:经)?(?:被)?(?:删除|移除|下线))"
    r"|(?:该信息|文章|内容|栏目|文件|稿件)(?:不存在|已(?:经)?(?:被)?(?:删除|撤销|下线|撤稿))|404notfound|notfound404|404错误|错误404",
    re.I,
)
_MOVES_BY_SCRIPT = re.compile(
    r"location\s*(?:\.\s*(?:href|replace|assign)\s*)?[(=]|http-equiv\s*=\s*[\"']?refresh", re.I
)
# What sites advertise that took over an expired domain; each with the sign that is looked for first.
_GAMBLING = (
    ("博", "博彩"),
    ("城", "娱乐城"),
    ("城", "娛樂城"),
    ("彩", "足球彩票"),
    ("彩", "竞彩足球"),
    ("彩", "競彩足球"),
    ("彩", "彩票平台"),
    ("彩", "彩票平臺"),
    ("赌", "赌场"),
    ("賭", "賭場"),
    ("投", "体育投注"),
    ("投", "體育投注"),
    ("荷", "真人荷官"),
    ("棋", "棋牌游戏"),
    ("棋", "棋牌遊戲"),
    ("3", "bet365"),
)
# An office that writes of gambling writes against it.
_AGAINST = re.compile(r"打击|查处|整治|治理|严禁|禁止|举报|诈骗|违法|犯罪|涉赌|参赌|打擊|查處|嚴禁|舉報|詐騙|違法")
_BEGINNING = 2000  # visible characters from the beginning in which a site shows whose it is
# Signs that only the traditional script has; a mainland office's page that is written in it is a converted copy.
_TRADITIONAL = frozenset("國務開門縣區廳辦會報關於資訊網內經濟發展學與為這個對實產業")
_MANY_TRADITIONAL = 40  # of the first 2,000 characters; a name on a page has a few


@dataclass(frozen=True, slots=True)
class Health:
    """What an answer is. `reason` is empty for HEALTHY only; in Chinese, for people."""

    outcome: LookOutcome
    reason: str = ""

    @property
    def good(self) -> bool:
        return self.outcome is LookOutcome.HEALTHY


HEALTHY = Health(LookOutcome.HEALTHY)


def of_status(status: int) -> Health:
    """What the HTTP status alone says."""
    if status in (412, 521):
        return Health(LookOutcome.CHALLENGE, f"HTTP {status}：反自动化验证")
    if status in (404, 410):
        return Health(LookOutcome.SOFT_404, f"HTTP {status}：页面不存在")
    if 400 <= status < 500:
        return Health(LookOutcome.DENIED, f"HTTP {status}：拒绝访问")
    if status >= 500:
        return Health(LookOutcome.SERVER_ERROR, f"HTTP {status}：服务器错误")
    if status not in (200, 202, 203):
        return Health(LookOutcome.SHELL, f"HTTP {status}：没有正文")
    return HEALTHY


def of_address(asked: str, final: str) -> Health:
    """What the address says at which an answer arrived. A redirect to the same page in another dress is none."""
    if "visitcode" in final.lower():
        return Health(LookOutcome.CHALLENGE, f"转到验证码页面 {final}")
    here, there = urlsplit(asked), urlsplit(final)
    if here.netloc.lower() != there.netloc.lower():
        return Health(LookOutcome.MOVED, f"转到其他主机 {final}")
    if _folder(there.path) == "/" and _folder(here.path) != "/":
        return Health(LookOutcome.SOFT_404, f"转到网站首页 {final}")
    return HEALTHY


def same_page(asked: str, final: str) -> bool:
    """Whether two addresses name one page: http or https, with or without index.html and a last slash."""
    here, there = urlsplit(asked), urlsplit(final)
    return (here.netloc.lower(), _folder(here.path), here.query) == (
        there.netloc.lower(),
        _folder(there.path),
        there.query,
    )


def of_page(page: Page, *, status: int = 200) -> Health:
    """What an HTML answer says: a challenge, a refusal, "does not exist", a shell, or nothing of all that."""
    text = page.text
    if advertised := hijacked(page):
        return Health(LookOutcome.HIJACKED, f"页面上有“{advertised}”等博彩字样，域名可能已经易主")
    scripted = is_guarded(text)
    suspicious = any(sign[0] in text and sign in text for sign in _SIGNS)
    if status == 200 and not scripted and len(text) > FULL_LENGTH and not suspicious:
        return HEALTHY
    shown = page.visible
    bare = len(shown) < FEW_CHARACTERS and not carries_data(text)
    if bare and scripted:
        return Health(LookOutcome.CHALLENGE, "只有反自动化脚本，没有内容")
    head = squeeze(" ".join("".join(element.itertext()) for element in page.tree.iter("title", "h1", "h2", "h3")))
    if word := _NOT_FOUND.search(head):
        return Health(LookOutcome.SOFT_404, f"页面标题说：{word.group()}")
    if len(shown) < SHORT_PAGE:
        if word := _CAPTCHA.search(shown):
            return Health(LookOutcome.CHALLENGE, f"页面要求验证：{word.group()}")
        if word := _REFUSED.search(shown):
            return Health(LookOutcome.DENIED, f"页面说访问被拒绝：{word.group()}")
        if word := _NOT_FOUND.search(shown):
            return Health(LookOutcome.SOFT_404, f"页面说不存在：{word.group()}")
    if bare:
        why = "只有跳转脚本" if _MOVES_BY_SCRIPT.search(text) else "几乎没有可见的文字"
        return Health(LookOutcome.SHELL, why)
    if status == 202:
        return Health(LookOutcome.SHELL, "HTTP 202：尚未处理，没有正文")
    return HEALTHY


def of_site(text: str, site_id_code: str) -> Health:
    """Whether the page belongs to the registered site; a page that names no 网站标识码 is not refused for it."""
    named = set(_SITE_CODE.findall(text)) if site_id_code else set()
    if named and site_id_code not in named:
        return Health(LookOutcome.MOVED, f"网站标识码为 {'、'.join(sorted(named))}，不是 {site_id_code}")
    return HEALTHY


def of_column(page: Page, name: str) -> Health:
    """Whether the page calls itself by the column's name: ColumnName, else a heading, the title or the path shown.

    Where ColumnName is given it decides alone: the menu of every page names every column.
    """
    wanted = squeeze(name)
    named = [
        squeeze(element.get("content") or "")
        for element in page.tree.iter("meta")
        if (element.get("name") or "").lower() == "columnname"
    ]
    named = [text for text in named if text not in ("", "null", "undefined")]
    shown = named or [squeeze("".join(element.itertext())) for element in _naming(page)]
    if any(wanted in text for text in shown):
        return HEALTHY
    if named:
        return Health(LookOutcome.MOVED, f"栏目名为“{named[0][:40]}”，不是“{name}”")
    return Health(LookOutcome.MOVED, f"页面上没有栏目名“{name}”")


def _naming(page: Page) -> Iterator[HtmlElement]:
    """Elements that say where the reader is. A heading that holds links is a menu."""
    for element in page.tree.iter():
        if not isinstance(element.tag, str):
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        is_heading = element.tag in ("title", "h1", "h2", "h3", "h4") or "zdgktit" in names
        if is_heading and element.find(".//a") is None:
            yield element
        elif _PATH_CLASS.search(names) or _PATH_WORDS.search(squeeze(element.text or "")):
            holder = element if element.find(".//a") is not None or element.getparent() is None else element.getparent()
            if len(squeeze("".join(holder.itertext()))) <= PATH_LENGTH:
                yield holder


def hijacked(page: Page) -> str:
    """The gambling word by which an expired domain in other hands is known; "" where nothing speaks for it.

    It stands in the title; or two of them stand at the beginning of the text; or one stands anywhere in a text that was
    converted to the traditional script (a copied page with replaced phrases). What is written against gambling is not it.
    """
    words = [word for sign, word in _GAMBLING if sign in page.text and word in page.text]
    if not words:
        return ""
    title = _TITLE.search(page.text[:20_000])
    head = title.group(1) if title else ""
    if word := _advertised(words, head, at_least=1):
        return word
    shown = page.visible
    start = shown[:_BEGINNING]
    if sum(sign in _TRADITIONAL for sign in start) >= _MANY_TRADITIONAL:
        return _advertised(words, shown, at_least=1)
    return _advertised(words, start, at_least=2)


def _advertised(words: list[str], text: str, *, at_least: int) -> str:
    """The first of `words` in `text`, if there are so many and no word of fighting it stands near."""
    found = [
        word for word in words if (at := text.find(word)) >= 0 and not _AGAINST.search(text[max(0, at - 30) : at + 30])
    ]
    return found[0] if len(found) >= at_least else ""


def is_guarded(text: str) -> bool:
    """Whether a script of a known anti-bot system stands in the text. A whole page may bear one harmlessly."""
    return any(script in text for script in _CHALLENGE_SCRIPTS)


def _folder(path: str) -> str:
    return re.sub(r"(?:index|default)\.[a-z]+$", "", path, flags=re.I).rstrip("/") + "/"
