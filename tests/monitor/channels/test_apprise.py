"""apprise: a real HTTP server that takes what a service is told, addresses of the services asked for, and secrets that stay."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from config.env import Settings
from crawler.errors import DeliveryError
from monitor.alerts.letter import Digest
from monitor.alerts.notify import notify
from monitor.channels import apprise
from tests.monitor.checks.history import moment
from tests.monitor.newsroom import Newsroom, newsroom, subscription

# apprise loads all its plugins at once, and one of them is behind the times.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

URL = "https://watch.example.org"
DIGEST = Digest("[公开] 逾期未公布 2（2024-02-05）", "正文\n第二行\n", "<p>正文</p>\n")
KEY = "0123456789abcdef-secret"


@dataclass
class Service:
    """Answers every POST with `status`; `taken` are the bodies it got."""

    port: int = 0
    status: int = 200
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextmanager
def running() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.asked.append(self.path)
            if service.status == 200:
                service.taken.append(json.loads(body))
            self.send_response(service.status)
            if service.status == 302:
                self.send_header("Location", f"http://127.0.0.1:{service.port}/elsewhere")
            self.end_headers()

        def do_GET(self) -> None:
            service.asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def service() -> Iterator[Service]:
    with running() as made:
        yield made


def settings(folder: Path, **addresses: str) -> Settings:
    path = folder / "channels.yml"
    path.write_text(json.dumps(addresses), encoding="utf-8")
    return Settings(channels_file=path, public_url=URL)


def message(digest: Digest = DIGEST) -> bytes:
    given = Settings(public_url=URL)
    return apprise.compose(digest, settings=given, recipient="group", message_id="1@x", at=moment("02-05 21:00"))


@pytest.mark.integration
def test_a_service_gets_title_and_plain_text(tmp_path: Path, service: Service) -> None:
    given = settings(tmp_path, group=f"json://127.0.0.1:{service.port}/hook")
    apprise.deliver(message(), settings=given, recipient="group")
    [taken] = service.taken
    assert (taken["title"], taken["message"]) == (DIGEST.subject, DIGEST.text.rstrip())
    assert service.asked == ["/hook"]


@pytest.mark.integration
@pytest.mark.parametrize("status", [403, 500, 302])
def test_what_was_not_taken_may_pass_and_says_nothing_secret(
    tmp_path: Path, service: Service, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    service.status = status
    given = settings(tmp_path, group=f"json://user:{KEY}@127.0.0.1:{service.port}/{KEY}")
    with pytest.raises(DeliveryError, match="group: JSON did not take the message") as caught:
        apprise.deliver(message(), settings=given, recipient="group")
    assert not caught.value.permanent
    assert KEY not in str(caught.value) + caplog.text
    assert service.asked == [f"/{KEY}"]  # no redirect is followed


@pytest.mark.parametrize(
    ("address", "name", "host"),
    [
        (f"wecombot://{KEY}", "WeCom Bot", "qyapi.weixin.qq.com"),
        (f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", "WeCom Bot", "qyapi.weixin.qq.com"),
        ("dingtalk://0123456789abcdef/", "DingTalk", "oapi.dingtalk.com"),
        ("dingtalk://SECabcdef0123@0123456789abcdef/", "DingTalk", "oapi.dingtalk.com"),
        ("feishu://0123456789abcdef", "Feishu", "open.feishu.cn"),
    ],
)
def test_the_services_of_china_are_understood(address: str, name: str, host: str) -> None:
    service: Any = apprise._service(address, "group")
    assert str(service.service_name) == name
    assert host in str(service.notify_url)
    assert service.body_maxlen >= 2048


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "GONGKAI_CHANNELS_FILE is not set"),
        ("{}", "no such name"),
        ("group: [1, 2]", "no such name"),
        ("- x", "no such name"),
        (f"group: 'wecombot:///{KEY}/{KEY}?{KEY}'\ngroup: {KEY}", "stands? twice|twice"),
        (f"group: 'nonsense {KEY}'", "none that apprise understands"),
    ],
)
def test_a_name_that_leads_nowhere_can_be_mended_and_shows_no_address(
    tmp_path: Path, content: str | None, words: str
) -> None:
    path = tmp_path / "channels.yml"
    path.write_text(content or "", encoding="utf-8")
    given = Settings(channels_file=path if content is not None else None)
    with pytest.raises(DeliveryError, match=words) as caught:
        apprise.deliver(message(), settings=given, recipient="group")
    assert not caught.value.permanent
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("most", [300, 2048, 19985])
def test_a_long_message_is_cut_to_what_the_service_takes_and_leads_on(most: int) -> None:
    body = "\n".join(f"{number}. 示例市水利局：2023年度报告，逾期未公布" for number in range(2000))
    title, cut = apprise.bounded("题" * 200, body, URL, title_most=250, body_most=most)
    assert len(cut.encode()) <= most
    assert cut.endswith(f"未公布\n…\n{URL}")
    assert len(title.encode()) <= 250
    assert "�" not in title + cut


def test_a_service_without_titles_gets_it_as_the_first_line() -> None:
    assert apprise.bounded("题", "文", URL, title_most=0, body_most=2048) == ("", "题\n\n文")


@pytest.mark.integration
def test_a_subscription_by_apprise_is_told_once_and_no_secret_is_kept(tmp_path: Path, service: Service) -> None:
    room: Newsroom = newsroom(tmp_path)
    room.happens()
    room.subscribe(subscription("office-group") | {"channel": "apprise", "language": "zh"})
    given = settings(tmp_path, **{"office-group": f"json://127.0.0.1:{service.port}/{KEY}"})
    context = room.context(channels_file=given.channels_file)
    assert [one.status for one in notify(context).told] == ["sent"]
    assert notify(context).told == ()
    [taken] = service.taken
    assert "示例市水利局：2023年度报告" in taken["message"]
    assert "report of 2023" not in taken["message"]
    assert "/unsubscribe/" in taken["message"]
    [delivery] = room.deliveries()
    assert KEY not in f"{delivery.message!r} {delivery.recipient} {delivery.error} {delivery.subject}"
