"""The families: one module each, registered here. They may use crawler and config, nothing of monitor."""

from spiders.base import PortalSpider
from spiders.gkmlpt import GkmlptSpider
from spiders.hanweb import HanwebSpider
from spiders.jpaas import JpaasSpider
from spiders.trs import TrsSpider

FAMILIES: dict[str, type[PortalSpider]] = {
    family.name: family for family in (TrsSpider, HanwebSpider, JpaasSpider, GkmlptSpider)
}
