"""Sentences in the style of real reports, of invented agencies, with what a right reading takes from them. Data only.

`said` lists `key=value`, `key~value` where the number is about; empty: nothing may be taken. The report is of 2020.
"""

from __future__ import annotations

from typing import NamedTuple


class Spoken(NamedTuple):
    text: str
    said: str = ""


RECEIVED = (
    Spoken("2020年，示例市水务局共收到政府信息公开申请17件。", "requests_received=17"),
    Spoken("全年新收政府信息公开申请12件，上年结转3件。", "requests_received=12 carried_in=3"),
    Spoken("我局2020年受理政府信息公开申请三十二件。", "requests_received=32"),
    Spoken("共收到公民、法人和其他组织提出的政府信息公开申请一百零五件。", "requests_received=105"),
    Spoken("全年共收到政府信息公开申请1,204件。", "requests_received=1204"),
    Spoken("全年共收到政府信息公开申请1.2万件。", "requests_received~12000"),
    Spoken("全年共收到政府信息公开申请两千件。", "requests_received~2000"),
    Spoken("全年共收到政府信息公开申请２６件。", "requests_received=26"),
    Spoken("本年度共收到依申请公开件数为9件。"),
    Spoken("本年度共收到依申请公开9件。", "requests_received=9"),
    Spoken("全年收到约30件政府信息公开申请。", "requests_received~30"),
    Spoken("全年收到30余件政府信息公开申请。", "requests_received~30"),
    Spoken("全年受理政府信息公开申请近200件。", "requests_received~200"),
    Spoken("全年受理政府信息公开申请120多件。", "requests_received~120"),
    Spoken("全年受理政府信息公开申请40件左右。", "requests_received~40"),
    Spoken("全年共收到并依法办理政府信息公开申请22件。", "requests_received=22"),
    Spoken("全年共收到政府信息公开申请共计22件。", "requests_received=22"),
    Spoken("政府信息公开申请共收到14件，均按时答复。", "requests_received=14"),
    Spoken("2020年政府信息公开申请数量为14件。", "requests_received=14"),
    Spoken("2020 年 共 收 到 依 申 请 信 息 公 开 2 件。", "requests_received=2"),
    Spoken("2020年，共办理自然人提交的政府信息公开申请7件。", "requests_received=7"),
    Spoken("2020年1月1日至12月31日，共收到政府信息公开申请8件。", "requests_received=8"),
    Spoken("截至2020年12月31日，全年收到政府信息公开申请8件。", "requests_received=8"),
    Spoken("与2019年相比，2020年收到政府信息公开申请17件，增加5件。", "requests_received=17"),
    Spoken("收到政府信息公开申请17件，比上年增加5件，同比增长41.7%。", "requests_received=17"),
    Spoken("收到政府信息公开申请17件（2019年为12件）。", "requests_received=17"),
    Spoken("2019年收到政府信息公开申请12件。2020年收到政府信息公开申请17件。", "requests_received=17"),
    Spoken("收到政府信息公开申请0件。", "requests_received=0"),
    Spoken("全年未收到政府信息公开申请。", "requests_received=0"),
    Spoken("2020年，我单位没有收到公民、法人或者其他组织的政府信息公开申请。", "requests_received=0"),
    Spoken("2020年度无政府信息公开申请。", "requests_received=0"),
    Spoken("2020年没有公民、法人和其他组织向我局提出政府信息公开申请。", "requests_received=0"),
    Spoken("（二）依申请公开情况。本年度未收到依申请公开事项。", "requests_received=0"),
)

NOT_RECEIVED = (
    Spoken("2019年收到政府信息公开申请58件。"),
    Spoken("去年我局收到政府信息公开申请58件。"),
    Spoken("2019年工作回顾。我局收到政府信息公开申请58件。"),
    Spoken("2019年，工作平稳开展。共收到政府信息公开申请58件。"),
    Spoken("2018年至2020年共收到政府信息公开申请158件。"),
    Spoken("2018-2020年共收到政府信息公开申请158件。"),
    Spoken("2019年和2020年收到政府信息公开申请30件。"),
    Spoken("三年来共收到政府信息公开申请158件。"),
    Spoken("近五年共收到政府信息公开申请158件。"),
    Spoken("自2008年条例施行以来，累计收到政府信息公开申请1158件。"),
    Spoken("截至2020年底，累计收到政府信息公开申请1158件。"),
    Spoken("累计收到政府信息公开申请1158件。"),
    Spoken("窗口共收到申请300件，同步做好政府信息公开。"),
    Spoken("受理行政许可申请300件，做好政府信息公开工作。"),
    Spoken("平台开通以来共收到政府信息公开申请1158件。"),
    Spoken("“十三五”期间，十三五以来共收到政府信息公开申请1158件。"),
    Spoken("2020年上半年收到政府信息公开申请5件。"),
    Spoken("2020年第一季度收到政府信息公开申请5件。"),
    Spoken("2020年5月收到政府信息公开申请5件。"),
    Spoken("截至目前，共收到政府信息公开申请5件。"),
    Spoken("自2020年5月15日起收到政府信息公开申请5件。"),
    Spoken("月均收到政府信息公开申请5件。"),
    Spoken("平均每月收到政府信息公开申请5件。"),
    Spoken("收到政府信息公开申请较上年增加5件。"),
    Spoken("比上年多收到政府信息公开申请5件。"),
    Spoken("2020年，示例区共收到政府信息公开申请117件，其中区政府办公室收到17件。"),
    Spoken("省厅共收到政府信息公开申请35件，其中我局承办3件。"),
    Spoken("收到公民政府信息公开申请5件，企业政府信息公开申请3件。"),
    Spoken("收到法人和其他组织提出的政府信息公开申请3件。"),
    Spoken("预计明年收到政府信息公开申请30件。"),
    Spoken("全市共收到政府信息公开申请3000件。"),
    Spoken("全市各级行政机关认真贯彻落实条例，共收到政府信息公开申请3000件。"),
    Spoken("下属单位收到政府信息公开申请3件。"),
    Spoken("收到市政府办公室转办的政府信息公开申请3件。"),
    Spoken("市本级收到政府信息公开申请30件。"),
    Spoken("各街道收到政府信息公开申请30件。"),
    Spoken("通过网络收到政府信息公开申请9件。"),
    Spoken("网上收到政府信息公开申请9件，信函收到政府信息公开申请5件。"),
    Spoken("收到网上政府信息公开申请9件。"),
    Spoken("收到当面提出的政府信息公开申请3件。"),
    Spoken("收到涉及土地征收的政府信息公开申请5件。"),
    Spoken("收到自然人政府信息公开申请12件，法人政府信息公开申请3件。"),
    Spoken("收到自然人政府信息公开申请12件。"),
    Spoken("共收到人大代表建议10件、政协委员提案9件，均按信息公开要求公开答复。"),
    Spoken("共受理信访件30件，其中政府信息公开类5件。"),
    Spoken("12345热线受理群众诉求1725件，涉及政府信息公开的3件。"),
    Spoken("收到政府信息公开咨询电话17件。"),
    Spoken("收到政府信息公开申请及咨询30件。"),
    Spoken("收到群众来信30件，其中收到政府信息公开申请5件。"),
    Spoken("行政机关收到政府信息公开申请，能够当场答复的，应当当场予以答复。"),
    Spoken("按照《条例》第三十三条，收到政府信息公开申请之日起20个工作日内予以答复。"),
    Spoken("编制了“收到政府信息公开申请17件”等图解。"),
    Spoken("收到政府信息公开申请10至15件。"),
    Spoken("收到政府信息公开申请三四件。"),
    Spoken("收到政府信息公开申请数十件。"),
    Spoken("收到政府信息公开申请若干件。"),
    Spoken("收到政府信息公开申请17人次。"),
    Spoken("收到第3件政府信息公开申请。"),
    Spoken("未收到网上政府信息公开申请。"),
    Spoken("未收到政府信息公开申请收费。"),
    Spoken("未收到重复政府信息公开申请。"),
    Spoken("如未收到政府信息公开申请，应当填零。"),
    Spoken("申请人未收到政府信息公开申请答复书。"),
    Spoken("下半年未收到政府信息公开申请。"),
    Spoken("目前未收到政府信息公开申请。"),
    Spoken("无政府信息公开申请行政复议。", "review_cases=0"),
    Spoken("未收到政府信息公开申请以外的咨询。"),
    Spoken("政府信息公开申请17件。"),
    Spoken("依申请公开信息3744余条。"),
    Spoken("组织政府信息公开培训3次，培训120人次。"),
)

MORE_RECEIVED = (
    Spoken("2020年累计收到政府信息公开申请18件。", "requests_received=18"),
    Spoken("2020年度，共受理政府信息公开申请49宗，已按时答复45宗，结转下年4宗。",
           "requests_received=49 requests_answered=45 carried_out=4"),
    Spoken("我镇2020年共收到依申请公开2件，已全部办结，未发生行政复议和行政诉讼情况。",
           "requests_received=2 review_cases=0 litigation_cases=0"),
    Spoken("收到政府信息公开申请16件，较2019年减少3件，办结16件，较2019年减少3件。",
           "requests_received=16 requests_answered=16"),
    Spoken("2020年收到政府信息公开申请16件、2019年收到19件。", "requests_received=16"),
    Spoken("全年共收到政府信息公开申请 12 件，其中 2020 年新收 10 件，上年结转 2 件。",
           "requests_received=12 carried_in=2"),
)  # fmt: skip

PARTS = (
    Spoken(
        "共收到政府信息公开申请17件（其中网络申请9件，信函方式申请5件，当面申请3件）。",
        "requests_received=17 received_online=9 received_by_letter=5 received_in_person=3",
    ),
    Spoken(
        "共收到政府信息公开申请17件，其中网上提交9件、邮寄5件、现场提交3件。",
        "requests_received=17 received_online=9 received_by_letter=5 received_in_person=3",
    ),
    Spoken(
        "共收到政府信息公开申请17件，其中自然人申请12件，法人或其他组织申请5件。",
        "requests_received=17 received_from_persons=12 received_from_organisations=5",
    ),
    Spoken(
        "共收到政府信息公开申请十七件。其中，自然人提出十二件，法人和其他组织提出五件。",
        "requests_received=17 received_from_persons=12 received_from_organisations=5",
    ),
    Spoken("共收到政府信息公开申请17件，其中重复申请2件。", "requests_received=17"),
    Spoken("共收到政府信息公开申请17件，其中涉及征地的8件。", "requests_received=17"),
    Spoken("网络申请9件，信函申请5件。"),
    Spoken("共收到政府信息公开申请17件，办结15件，其中网络申请9件。", "requests_received=17 requests_answered=15"),
    Spoken("共收到政府信息公开申请17件，其中平台网上申请5件，网上申请4件。", "requests_received=17 received_online=4"),
)

OUTCOMES = (
    Spoken(
        "2020年收到政府信息公开申请20件，办结18件，其中予以公开10件，部分公开2件，不予公开3件，无法提供2件，"
        "不予处理1件，其他处理0件，结转下年度2件。",
        "requests_received=20 requests_answered=18 granted=10 partly_granted=2 refused=3 unavailable=2 not_processed=1 "
        "other_outcomes=0 carried_out=2",
    ),
    Spoken(
        "共收到政府信息公开申请20件。其中，予以公开十件，部分公开二件，不予公开八件。",
        "requests_received=20 granted=10 partly_granted=2 refused=8",
    ),
    Spoken(
        "共办结政府信息公开申请18件，10件予以公开，2件部分公开，6件无法提供。",
        "requests_answered=18 granted=10 partly_granted=2 unavailable=6",
    ),
    Spoken("收到政府信息公开申请17件，依法依规按时办结答复17件。", "requests_received=17 requests_answered=17"),
    Spoken("收到政府信息公开申请17件，已全部办结。", "requests_received=17"),
    Spoken("收到政府信息公开申请17件，均按时答复，答复率100%。", "requests_received=17"),
    Spoken("收到政府信息公开申请17件，按时办结14件，延期办结3件。", "requests_received=17"),
    Spoken("收到政府信息公开申请17件，同意公开12件，不同意公开5件。", "requests_received=17 granted=12 refused=5"),
    Spoken("收到政府信息公开申请17件，自然人申请予以公开3件，法人申请予以公开2件。", "requests_received=17"),
    Spoken(
        "收到政府信息公开申请17件，无法提供（本机关不掌握）2件，无法提供（需另行制作）2件。",
        "requests_received=17",
    ),
    Spoken(
        "收到政府信息公开申请17件，因属于国家秘密不予公开1件，因属于内部事务信息不予公开2件。", "requests_received=17"
    ),
    Spoken("收到政府信息公开申请17件，其中不予公开3件，属于行政执法案卷2件。", "requests_received=17 refused=3"),
    Spoken("收到政府信息公开申请17件，不予公开的有3件。", "requests_received=17 refused=3"),
    Spoken("收到政府信息公开申请17件，办结约15件。", "requests_received=17 requests_answered~15"),
    Spoken("上年度结转政府信息公开申请3件，本年新收政府信息公开申请12件。", "carried_in=3 requests_received=12"),
    Spoken("收到政府信息公开申请12件，2019年结转3件。", "requests_received=12 carried_in=3"),
    Spoken("收到政府信息公开申请12件，2018年结转3件。", "requests_received=12"),
    Spoken("收到政府信息公开申请12件，结转至2021年继续办理3件。", "requests_received=12 carried_out=3"),
    Spoken("收到政府信息公开申请12件，尚有3件结转下年度继续办理。", "requests_received=12 carried_out=3"),
    Spoken("收到政府信息公开申请12件，均已办结，无结转下年度办理的申请。", "requests_received=12 carried_out=0"),
    Spoken("人大代表建议10件，予以公开10件。"),
    Spoken("收到人大代表建议10件、政府信息公开申请5件，办结15件。"),
    Spoken("收到人大代表建议10件，按政府信息公开申请办理，予以公开8件。"),
    Spoken("受理行政许可申请300件，办结300件，主动做好政府信息公开。"),
    Spoken("12345热线办结1725件，政府信息公开申请另行统计。"),
    Spoken("依法依规按时办结答复17件。"),
    Spoken("规范性文件予以公开5件。"),
)

DISPUTES = (
    Spoken("因政府信息公开被申请行政复议3件，行政诉讼案件1件。", "review_cases=3 litigation_cases=1"),
    Spoken("因政府信息公开引发行政复议两起、行政诉讼一起。", "review_cases=2 litigation_cases=1"),
    Spoken(
        "因政府信息公开被申请行政复议3件，其中维持2件，纠正1件；被提起行政诉讼2件，其中维持1件，尚未审结1件。",
        "review_cases=3 review_upheld=2 review_corrected=1",
    ),
    Spoken(
        "因政府信息公开被申请行政复议3件，其中结果维持2件，结果纠正1件，被提起行政诉讼2件，其中维持1件，尚未审结1件。",
        "review_cases=3 review_upheld=2 review_corrected=1 litigation_cases=2 litigation_upheld=1 litigation_pending=1",
    ),
    Spoken(
        "政府信息公开行政复议2件，其中维持1件，尚未审结1件；因政府信息公开引发行政诉讼1件，纠正1件。",
        "review_cases=2 review_upheld=1 review_pending=1 litigation_cases=1 litigation_corrected=1",
    ),
    Spoken("政府信息公开工作中发生1件行政复议案件。", "review_cases=1"),
    Spoken("政府信息公开行政复议、行政诉讼各1件。", "review_cases=1 litigation_cases=1"),
    Spoken("政府信息公开行政复议和行政诉讼均为0件。", "review_cases=0 litigation_cases=0"),
    Spoken("政府信息公开行政复议和行政诉讼案件共5件。"),
    Spoken("未发生行政复议、行政诉讼。", "review_cases=0 litigation_cases=0"),
    Spoken("没有发生因政府信息公开引发的行政复议和行政诉讼案件。", "review_cases=0 litigation_cases=0"),
    Spoken("未因政府信息公开工作被申请行政复议、提起行政诉讼。", "review_cases=0 litigation_cases=0"),
    Spoken("未出现行政复议、诉讼和举报。", "review_cases=0 litigation_cases=0"),
    Spoken("未产生行政复议案件。", "review_cases=0"),
    Spoken("全年无行政诉讼案件发生。", "litigation_cases=0"),
    Spoken("未发生行政复议案件，因政府信息公开被提起行政诉讼案件1件。", "review_cases=0 litigation_cases=1"),
    Spoken("2019年发生政府信息公开行政复议3件。"),
    Spoken("全年未发生因超时引发的行政复议和行政诉讼。"),
    Spoken("未发生行政复议被纠错的情况。"),
    Spoken("未发生行政复议、行政诉讼败诉情况。"),
    Spoken("未因行政复议、行政诉讼败诉。"),
    Spoken("无因信息公开不及时引发的行政复议。"),
    Spoken("审理政府信息公开行政复议案件35件。"),
    Spoken("受理行政复议申请35件，结果均主动做好政府信息公开。"),
    Spoken("全市政府信息公开行政复议35件。"),
    Spoken("全年办理行政应诉案件35件。"),
    Spoken("全年发生行政诉讼案件35件。"),
    Spoken("依申请公开工作有序开展。聘请律师协助处理行政诉讼案件4件。", "litigation_cases=4"),
)

PUBLISHED = (
    Spoken("全年累计主动公开各类政府信息共276条，其中政策文件13条。", "items_published=276"),
    Spoken("2020年主动公开政府信息1.3万条。", "items_published~13000"),
    Spoken("2020年主动公开政府信息六千余条。", "items_published~6000"),
    Spoken("在局门户网站主动公开发布信息累计6000余条。"),
    Spoken("通过网站主动公开政府信息6000条。"),
    Spoken("微信公众号主动公开政府信息260余条。"),
    Spoken("2019年主动公开政府信息300条。"),
    Spoken("全市主动公开政府信息30000条。"),
    Spoken("主动公开文件13件。"),
    Spoken("发布信息14494条，其中主动公开政府信息10750条。"),
    Spoken("自条例施行以来累计主动公开政府信息30000条。"),
)

ALL = (*RECEIVED, *MORE_RECEIVED, *NOT_RECEIVED, *PARTS, *OUTCOMES, *DISPUTES, *PUBLISHED)
