"""The words in which reports state their numbers, as patterns by key. Data only: crawler.reports.narrative walks them.

Precision goes before recall: between a key's words and its number stand only words that change nothing. 网上 or 当面
in front of 申请 would make it a part of the requests, 征地 a kind of them; such a sentence states nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.reports.narrative.counts import COUNT

TOPIC = re.compile(r"政府信息公开|政务信息公开|信息公开|依申请公开|依申请")
# Without these a paragraph, and a sentence of it, states nothing that is looked for here: most are passed over by this.
WORTH_READING = re.compile(r"申请|复议|诉讼|主动公开")
STATES_A_NUMBER = re.compile(r"[\d零〇○一二三四五六七八九十两]|未|没有|无")
ABOUT_REQUESTS = re.compile(r"依申请|公开申请")
# Other things that are received, answered and disclosed; what comes behind them in a sentence may be said of them.
OTHER_SUBJECTS = re.compile(
    r"建议|提案|议案|信访|12345|热线|信箱|咨询|投诉|举报|来信|来电|留言|诉求|公证|档案查[询阅]"
    rf"|(?:许可|审批|业务|事项|办件|合同|意见|问题|案件)[^,;]{{0,6}}?{COUNT.replace('?P<', '?P<o_')}"
)
# Whose numbers they may be instead: a whole region's, a subordinate's, those that others passed on.
OTHER_OFFICES = re.compile(
    r"全[市县区省州盟旗系镇乡国]|各级|各[^,]{0,6}(?:局|镇|乡|街道|单位|部门|县|区|市|处|科室|院|校)|[市县区州盟旗省]本级|本级"
    r"|[省市县区][厅局]共|上级|下属|所属|直属|局属|基层|系统|转办|转来|转交|交办|移送|推送|代为"
)
# 其中区政府办公室收到17件: what stands before it was not this office's alone.
OWN_PART = re.compile(r"其中,?[^,;]{1,12}(?:收到|承办|受理|接收)")
PERSONS = re.compile(r"自然人|公民|个人")
ORGANISATIONS = re.compile(r"法人|企业|组织|单位")
CHANNELS = re.compile(
    r"通过|网络|网上|在线|线[上下]|互联网|网站|门户|平台|公众号|微信|微博|头条|新媒体|客户端|媒体|专栏|栏目|报纸|信函|邮寄|邮件|邮箱"
    r"|当面|现场|窗口|传真|电话|渠道|柜台|公开栏|查阅点"
)
DELAYED = re.compile(r"延期|逾期|超期|延长")

_START = r"(?:^|(?<=[,、:◇]))"
_END = r"(?=[,、;:]|$)"
_OFFICE = r"(?:我|本)(?:局|委|办|厅|镇|乡|县|市|区|街道|中心|单位|机关|部门|院|校|所|站)"
_REQUEST = (
    r"(?:(?:自然人|法人|公民|群众|公众|社会|各类|个人|其[他它]组织|和|或者?|及|、|提交|提出|的|新|政府|政务|信息|公开|依"
    rf"|向?{_OFFICE}){{0,20}}(?:申请|依申请公开信息|依申请公开))"
)
_TAIL = r"(?:信息公开|公开|信息|的|数量?|总[数量]|事项|案件|办件){0,3}"
_AND_DONE = r"(?:(?:并|和|、)(?:依法|按时|按期|及时|全部|规范)*(?:办理|办结|受理|答复|处理|回复|登记)(?:答复|办结)?)?"
_RECEIVE = rf"(?:收到|受理|接收|接到|新收)(?:了|到)?{_AND_DONE}"
_NOT_DENIED = r"(?<!未)(?<!没有)(?<!不)(?<!未曾)(?<!尚未)(?<!多)(?<!少)"
_NEXT_YEAR = r"(?:下一?年度?|次年|明年|(?P<next>20\d\d)年度?)"
_LAST_YEAR = r"(?:上一?年度?|去年|(?P<last>20\d\d)年度?)"
_CARRY = r"(?:结转|转结|转入|遗留|延续)"


@dataclass(frozen=True, slots=True)
class Phrase:
    """`pattern` holds a COUNT, or stands for `value`. `keys`: all of which the number is said."""

    keys: tuple[str, ...]
    pattern: re.Pattern[str]
    value: int | None = None


def _counted(key: str, *patterns: str) -> tuple[Phrase, ...]:
    return tuple(Phrase((key,), re.compile(pattern)) for pattern in patterns)


RECEIVED = (
    *_counted(
        "requests_received",
        rf"{_NOT_DENIED}(?:共计?|累计|总计|合计|全年)?(?:{_RECEIVE}|(?<=共)办理|(?<=共计)办理|(?<=累计)办理){_REQUEST}{_TAIL}{COUNT}",
        rf"{_NOT_DENIED}{_RECEIVE}{COUNT}{_REQUEST}{_END}",
        rf"{_START}(?:(?:19|20)\d\d年度?|全年|今年|本年度?|{_OFFICE})*(?:政府|政务)?信息公开申请(?:数量?|总[数量])?"
        rf"(?:共?收到|共?受理|总?共|共?计|为){COUNT}{_END}",
    ),
    Phrase(
        ("requests_received",),
        re.compile(
            r"(?<![如若因])(?:(?:未|尚未)(?:曾|有)?(?:收到|接到|受理|接收|产生)|没有(?:收到|接到|受理|接收|产生)?|无)过?"
            rf"(?:任何|有关|相关|一件|1件)?{_REQUEST}{_TAIL}(?:情况|件)?{_END}"
        ),
        value=0,
    ),
)

_LEAD = r"(?:其中|决定|答复|依法|同意|经审查|最终|结果为|包括|有){0,3}"
_OUTCOMES: Mapping[str, str] = {
    "granted": r"(?:予以全部|全部予以|予以|同意|准予|全部)公开",
    "partly_granted": r"(?:予以|同意)?部分(?:予以)?公开",
    "refused": r"(?:决定)?(?:不予|不同意)公开",
    "unavailable": r"无法提供",
    "not_processed": r"不予处理",
    "other_outcomes": r"(?:作|做|按)?其[他它](?:方式)?处理",
}
_SAID_OF_OUTCOME = r"(?:的|类|申请|信息|政府信息|答复|决定|情形){0,3}(?:数量?)?"
_ANSWER_LEAD = (
    r"(?P<lead>(?:其中|并|已|均|全部|依法|依规|按时|按期|按规定|按要求|及时|全年|年内|当年|本年度?|今年|共计?|累计"
    rf"|现|实际|规范|妥善|同时|严格|经|{_OFFICE}|(?:19|20)\d\d年度?)*)"
)
OUTCOMES = (
    *(
        phrase
        for key, words in _OUTCOMES.items()
        for phrase in _counted(
            key,
            rf"{_START}{_LEAD}{words}{_SAID_OF_OUTCOME}{COUNT}",
            rf"{_START}{_LEAD}{COUNT}(?:申请)?(?:为|作出?|系|属于?|给予|依法|决定|被)?{words}(?:的|答复|决定|处理)?{_END}",
        )
    ),
    *_counted(
        "requests_answered",
        rf"{_START}{_ANSWER_LEAD}(?:办结|答复|回复|办理(?:答复|办结|完毕|完结)|作出答复|做出答复|予以答复|完成答复)(?:答复|办结|回复)?"
        rf"(?:{_REQUEST}{_TAIL})?{COUNT}{_END}",
    ),
    *_counted(
        "carried_in",
        rf"{_START}(?:其中|含|包括|另有|加上|办理)?{_LAST_YEAR}(?:度)?(?:未办结)?{_CARRY}(?:至?(?:本年度?|今年|20\d\d年度?))?"
        rf"(?:继续)?(?:办理)?的?(?:{_REQUEST})?{_TAIL}{COUNT}",
        rf"{_START}(?:其中|另有|加上)?{_CARRY}{_LAST_YEAR}的?(?:{_REQUEST})?{_TAIL}{COUNT}",
    ),
    *_counted(
        "carried_out",
        rf"{_START}(?:其中|尚|仍|有|另有|剩余|尚?未办结|需|并){{0,3}}{_CARRY}(?:至|到)?{_NEXT_YEAR}(?:继续)?(?:办理)?的?"
        rf"(?:{_REQUEST})?{_TAIL}{COUNT}",
        rf"{_START}(?:其中|另|尚|仍|剩余|还)?{COUNT}(?:申请)?(?:尚?未办结)?(?:需|将)?{_CARRY}(?:至|到)?{_NEXT_YEAR}(?:继续)?(?:办理|答复)?{_END}",
    ),
    Phrase(
        ("carried_out",),
        re.compile(
            rf"(?:无|没有|未){_CARRY}(?:至|到)?{_NEXT_YEAR}(?:继续)?(?:办理)?的?(?:{_REQUEST}|案件|事项|情况)?{_END}"
        ),
        value=0,
    ),
    Phrase(
        ("carried_in",),
        re.compile(
            rf"(?:无|没有|未){_LAST_YEAR}{_CARRY}(?:至?(?:本年度?|今年))?(?:办理)?的?(?:{_REQUEST}|案件|事项|情况)?{_END}"
        ),
        value=0,
    ),
)

_PART_START = rf"{_START}(?:其中|包括|分别为|有)?(?:以|通过|经)?"
_PART_TAIL = r"(?:方式|渠道|平台|系统|形式|途径|提出|提交|递交|申请|受理|收到|接收|的|政府信息公开){0,4}"
PARTS = (
    *_counted("received_online", rf"{_PART_START}(?:网络|网上|在线|线上|互联网){_PART_TAIL}{COUNT}{_END}"),
    *_counted("received_by_letter", rf"{_PART_START}(?:信函|邮寄|信件){_PART_TAIL}{COUNT}{_END}"),
    *_counted("received_in_person", rf"{_PART_START}(?:当面|现场){_PART_TAIL}{COUNT}{_END}"),
    *_counted("received_from_persons", rf"{_PART_START}(?:自然人|公民个人){_PART_TAIL}{COUNT}{_END}"),
    *_counted(
        "received_from_organisations", rf"{_PART_START}法人(?:或者?|和|及|以及|、)其[他它]组织{_PART_TAIL}{COUNT}{_END}"
    ),
)

_REVIEW = r"(?:行政)?复议"
_SUIT = r"(?:行政)?诉讼"
_CASE = r"(?:案件|申请|案|情况|事项|应诉)?"
_MATTER = r"(?:任何|因|涉及|有关|相关|政府|政务|信息|公开|工作|依申请|申请|被|提起|而|所|引发|引起|产生|导致|的){0,14}"
_NO = (
    r"(?<![如若])(?:(?:未|尚未)(?:发生|产生|出现|收到|引发|引起|涉及|被|有)"
    r"|(?:没有|无)(?:发生|产生|出现|收到|引发|引起|涉及|被)?"
    rf"|未因{_MATTER}(?:被|引发|引起|发生|产生|提起)(?:申请|提起)?)"
)
_ALSO = r"(?:(?:和|及|与|、|或)(?:举报|投诉|信访|申诉|行政赔偿|国家赔偿|其他纠纷|纠纷)+)?(?:等)?(?:的?(?:情况|案件|事项|情形|现象))?(?:发生)?"
_AND = rf"(?:和|或者?|以及|及|与|、|,也?(?:未|无|没有)?(?:发生|产生|出现|被)?){_MATTER}"
_VERB = r"(?:发生|引发|产生|涉及|出现|被申请|被提起|提起|引起|处理|存在|应对)"
DISPUTES = (
    Phrase(
        ("review_cases", "litigation_cases"),
        re.compile(rf"{_NO}{_MATTER}{_REVIEW}{_CASE}{_AND}{_SUIT}{_CASE}{_ALSO}{_END}"),
        value=0,
    ),
    Phrase(
        ("review_cases", "litigation_cases"),
        re.compile(rf"{_NO}{_MATTER}{_SUIT}{_CASE}{_AND}{_REVIEW}{_CASE}{_ALSO}{_END}"),
        value=0,
    ),
    Phrase(("review_cases",), re.compile(rf"{_NO}{_MATTER}{_REVIEW}{_CASE}(?:的?情况)?(?:发生)?(?=[,;:]|$)"), value=0),
    Phrase(
        ("litigation_cases",), re.compile(rf"{_NO}{_MATTER}{_SUIT}{_CASE}(?:的?情况)?(?:发生)?(?=[,;:]|$)"), value=0
    ),
    Phrase(
        ("review_cases", "litigation_cases"),
        re.compile(rf"{_REVIEW}{_CASE}[、和及与]{_SUIT}{_CASE}(?:数量?)?均?为?(?:0|零)(?:件|起|宗|例)?{_END}"),
        value=0,
    ),
    Phrase(
        ("review_cases", "litigation_cases"), re.compile(rf"{_REVIEW}{_CASE}[、和及与]{_SUIT}{_CASE}各{COUNT}{_END}")
    ),
    *_counted(
        "review_cases",
        rf"(?:行政复议|(?<![政])复议){_CASE}(?:数量?)?{COUNT}",
        rf"{_VERB}{COUNT}(?:因?(?:政府|政务)?信息公开(?:工作)?(?:引发|引起|产生)?的?)?行政复议{_CASE}(?=[,、;]|$)",
    ),
    *_counted(
        "litigation_cases",
        rf"(?:行政诉讼|(?<![政])诉讼){_CASE}(?:数量?)?{COUNT}",
        rf"{_VERB}{COUNT}(?:因?(?:政府|政务)?信息公开(?:工作)?(?:引发|引起|产生)?的?)?行政诉讼{_CASE}(?=[,、;]|$)",
    ),
)
# What was made of the reviews or lawsuits named before, by their ending.
ENDINGS: Mapping[str, re.Pattern[str]] = {
    "upheld": re.compile(
        rf"{_START}(?:其中|复议|诉讼|,)*(?:结果)?(?:均|全部)?维持(?:原行政行为|原决定|原答复|原判)?的?{COUNT}{_END}"
    ),
    "corrected": re.compile(rf"{_START}(?:其中|复议|诉讼|,)*(?:结果|被|予以)?纠正的?{COUNT}{_END}"),
    "pending": re.compile(rf"{_START}(?:其中|复议|诉讼|,)*(?:尚未审结|未审结|尚未办结)的?{COUNT}{_END}"),
}
# 受理, 审理, 审结, 收到: an office that decides reviews itself counts what others are blamed for.
AS_JUDGE = re.compile(r"受理|审理|审结|审查|收到|收案|办理|复议机[关构]|作为复议|全[市县区省]")
JOINED = re.compile(r"(?:复议|诉讼)(?:案件|申请)?(?:和|、|及|与|或|以及|/)(?:行政)?$")

PUBLISHED = _counted(
    "items_published",
    rf"主动公开(?:各类|政府|政务|信息|的|类|部门|有关|相关)*信息(?:数量|总数|条数|累计|总计)*{COUNT}{_END}",
)
# A sentence that goes on with what the one before it counted.
GOES_ON = re.compile(
    r"^(?:其中|在[^,]{0,12}申请中|从[^,]{2,8}[看上]|按[^,]{2,10}分?|办理结果|答复结果|答复情况|办理情况|上述|以上)"
)
