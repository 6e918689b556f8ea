"""Is an entry of a column an annual report (政府信息公开工作年度报告)? Judged by its title alone.

Touches nothing. The answer decides only which pages are fetched; what a page is, its text decides.
So the doubtful is `unsure` and gets fetched, and only what is certainly something else is a `lookalike`.
"""

import re
import unicodedata

from crawler.items import Verdict

COLUMN_TYPE = "信息公开年报"  # the ColumnType (栏目类别) of the columns that hold these reports

# No report, whatever else the title says. The first that fits gives the reason.
_LOOKALIKES = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"网站.{0,6}(?:年度)?(?:工作)?(?:年度)?(?:报表|监管)", "政府网站工作年度报表"),
        (r"(?:报告|年报)[^，。]{0,10}(?:报表|统计表|汇总表|数据|目录)$|统计报表", "报表"),
        (r"解读|图解|一图|图说|问答", "解读"),
        (r"(?:通知|函|通报|意见|办法|规定|制度|规范|格式|模板|细则|方案)(?:[（(][^（）()]*[）)])?$", "文件"),
        (r"工作要点|工作计划", "工作计划"),
        (r"(?<!信息公开)(?<!政务公开)政府工作报告", "政府工作报告"),
        (r"(?:指南|目录|申请表|须知|流程图?)$", "指南或目录"),
    )
)
# What it is about, and that it is the report of a year: together they make a report's title. Names of agencies
# (统计局, 督查室, 会议中心) bear every other word, so no word outside the pattern speaks against it.
_PROPER = re.compile(r"信息公开.{0,12}(?:报告|年报)|年报.{0,8}信息公开")
_SUBJECT = re.compile(r"信息公开|政务公开")
_REPORT = re.compile(r"报告|年报|总结")
_YEAR = re.compile(r"(?:19|20)\d\d|二[〇○零][〇○零一二三四五六七八九]{2}年|年")
_CUT = re.compile(r"\.{2,}$")
_SPACE = re.compile(r"\s+")


def judge_title(title: str) -> tuple[Verdict, str]:
    """(verdict, reason in Chinese). `title` is as listed; white space and the width of signs do not matter.

    A title that the list cut off (… or ...) is unsure unless what is left of it is clear.
    """
    text = _SPACE.sub("", unicodedata.normalize("NFKC", title.replace("⋯", "…")))
    cut = bool(_CUT.search(text))  # the dots stay: a word in front of them is not known to be the last
    if not _CUT.sub("", text):
        return "unsure", "没有标题"
    for pattern, reason in _LOOKALIKES:
        if pattern.search(text):
            return "lookalike", reason
    if _PROPER.search(text) and _YEAR.search(text):
        return "report", "标题为信息公开年度报告"
    if cut:
        return "unsure", "标题被截断"
    if _SUBJECT.search(text) and _REPORT.search(text):
        return "unsure", "标题提到公开与报告，但不是通常的写法"
    if re.fullmatch(r"(?:19|20)\d\d年?度?|.{0,20}年报", text):
        return "unsure", "标题可能是年度报告"
    return "lookalike", "标题与信息公开年度报告无关"
