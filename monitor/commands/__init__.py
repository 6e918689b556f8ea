"""The commands of `gongkai`: one module each, one line each."""

import click

from monitor.commands.account import account
from monitor.commands.ack import ack
from monitor.commands.alerts import alerts
from monitor.commands.archive import archive
from monitor.commands.changes import changes
from monitor.commands.circular import circular
from monitor.commands.crawl import crawl
from monitor.commands.deadlines import deadlines
from monitor.commands.deliveries import deliveries
from monitor.commands.evaluate import evaluate
from monitor.commands.evidence import evidence
from monitor.commands.export import export
from monitor.commands.identify import identify
from monitor.commands.migrate import migrate
from monitor.commands.mute import mute, mutes, unmute
from monitor.commands.notify import notify
from monitor.commands.portal import portal
from monitor.commands.read import read
from monitor.commands.registry import registry
from monitor.commands.reply import replies, reply
from monitor.commands.reread import reread
from monitor.commands.review import review
from monitor.commands.run import run
from monitor.commands.serve import serve
from monitor.commands.unsubscribes import unsubscribes
from monitor.commands.why import why_

COMMANDS: tuple[click.Command, ...] = (
    read,
    crawl,
    reread,
    evaluate,
    why_,
    notify,
    deliveries,
    unsubscribes,
    alerts,
    ack,
    mute,
    unmute,
    mutes,
    changes,
    circular,
    reply,
    replies,
    serve,
    run,
    portal,
    identify,
    review,
    evidence,
    archive,
    export,
    registry,
    deadlines,
    account,
    migrate,
)
