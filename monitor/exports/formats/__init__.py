"""The formats of the exports: one module each, one line each. What is exact where, and what is cut, is in docs/data.md."""

from monitor.exports.formats.contract import Format
from monitor.exports.formats.delimited import ForExcel, Plain
from monitor.exports.formats.parquet import Parquet
from monitor.exports.formats.sqlite import Database
from monitor.exports.formats.workbook import Workbook

FORMATS: dict[str, type[Format]] = {one.NAME: one for one in (Plain, ForExcel, Workbook, Parquet, Database)}
