"""What a page that Chromium has built says of how it was built: one header beside the captured HTML. Touches nothing.

A page whose data did not all arrive looks like a whole one. So what was lost travels with it, and the reader of a
list asks `doubt` before it believes that there is nothing more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote

HEADER = "X-Gongkai-Rendered"
_LENGTH = 300  # characters of the first loss


@dataclass(frozen=True, slots=True)
class Rendered:
    """`browser`: its name and version. `requests`: what the page asked for and got.

    `data_lost`, `scripts_lost`: requests of its scripts for data, or for scripts, that were refused or failed;
    `first`: the first of these, with the reason, in Chinese.
    """

    browser: str
    requests: int = 0
    data_lost: int = 0
    scripts_lost: int = 0
    first: str = ""

    def header(self) -> str:
        parts = [self.browser, f"requests={self.requests}", f"data-lost={self.data_lost}"]
        parts.append(f"scripts-lost={self.scripts_lost}")
        return "; ".join([*parts, f"first={quote(self.first[:_LENGTH], safe=' :/')}"] if self.first else parts)

    def doubt(self, *, empty: bool) -> str:
        """Why more may belong to a list on this page than it shows; `empty`: it says that it holds nothing."""
        if self.data_lost:
            return f"页面由脚本生成，{self.data_lost} 个数据请求没有结果（{self.first}）"
        if empty and self.scripts_lost:
            return f"页面由脚本生成，{self.scripts_lost} 个脚本没有取到（{self.first}），不能据此认为栏目为空"
        return ""


def rendered(headers: Iterable[tuple[str, str]]) -> Rendered | None:
    """What `headers` of a capture say; None for a page that came as it is."""
    value = next((value for name, value in headers if name.lower() == HEADER.lower()), None)
    if value is None:
        return None
    browser, *rest = value.split("; ")
    fields = dict(part.partition("=")[::2] for part in rest)
    return Rendered(
        browser,
        _number(fields.get("requests")),
        _number(fields.get("data-lost")),
        _number(fields.get("scripts-lost")),
        unquote(fields.get("first", "")),
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
