"""The families: one module each, registered here. They may use crawler and config, nothing of monitor.

lists/ holds what they share to read a page, visits/ the way through a column, base.py the contract between the two.
"""

from spiders.base import PortalSpider
from spiders.boda import BodaSpider
from spiders.epoint import EpointSpider
from spiders.general import GeneralSpider
from spiders.gkmlpt import GkmlptSpider
from spiders.hanweb import HanwebSpider
from spiders.jpaas import JpaasSpider
from spiders.lonsun import LonsunSpider
from spiders.nfcms import NfcmsSpider
from spiders.trs import TrsSpider
from spiders.truecms import TrueCmsSpider
from spiders.ucap import UcapSpider

FAMILIES: dict[str, type[PortalSpider]] = {
    family.name: family
    for family in (
        TrsSpider,
        UcapSpider,
        NfcmsSpider,
        HanwebSpider,
        JpaasSpider,
        GkmlptSpider,
        LonsunSpider,
        BodaSpider,
        TrueCmsSpider,
        EpointSpider,
        GeneralSpider,
    )
}
