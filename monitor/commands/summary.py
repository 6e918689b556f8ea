"""How the result of reading is printed. Touches the terminal only."""

import click

from crawler import reports
from crawler.read_captures import ReadSummary


def echo_reading(summary: ReadSummary) -> None:
    """Counts, then what needs a person, each with its reason."""
    click.echo(f"读取程序 reader {reports.EXTRACTOR}")
    click.echo(f"新读 {summary.read} 份，不变 {summary.known} 份 / {summary.read} read, {summary.known} unchanged")
    click.echo(
        f"认定报告 {summary.filed} 份，非报告 {summary.not_reports} 份 / "
        f"{summary.filed} filed as reports, {summary.not_reports} are no reports"
    )
    for title, addresses in (
        ("待人工认定 for a person to decide", summary.review),
        ("读取失败 unreadable", summary.failed),
    ):
        if addresses:
            click.echo(f"{title}：{len(addresses)}")
            for address, reason in addresses.items():
                click.echo(f"  {address}：{reason}")
