"""A family whose code fails on one column: an error of ours, for the tests. Touches nothing."""

from config.schema import Column
from crawler.page import Page
from spiders.lists.listing import Listing
from spiders.trs import TrsSpider


class BrokenSpider(TrsSpider):
    name = "broken"

    def read_list(self, page: Page, column: Column) -> Listing:
        if column.key == "c0":
            raise ZeroDivisionError("an error in the family's code")
        return super().read_list(page, column)


FAMILIES = {"broken": BrokenSpider}
