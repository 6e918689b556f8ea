"""The mail box folder: whole messages, each once."""

from pathlib import Path

import pytest

from crawler.errors import DeliveryError
from monitor.channels import mailbox


def send(url: str, message_id: str, recipient: str = "a@example.org", text: bytes = b"x") -> None:
    message = f"Message-ID: <{message_id}>\r\n\r\n".encode() + text
    mailbox.send(message, url=url, sender="s@example.org", recipient=recipient)


def test_a_message_that_is_sent_again_replaces_itself(tmp_path: Path) -> None:
    folder = tmp_path / "信箱 %"
    for text in (b"first", b"second"):
        send(folder.as_uri(), "1@example.org", text=text)
    [file] = folder.iterdir()
    assert file.suffix == ".eml"
    assert file.read_bytes().endswith(b"second")


def test_every_message_and_every_recipient_has_a_file(tmp_path: Path) -> None:
    send(tmp_path.as_uri(), "1@example.org")
    send(tmp_path.as_uri(), "2@example.org")
    send(tmp_path.as_uri(), "2@example.org", recipient="b@example.org")
    assert len(list(tmp_path.iterdir())) == 3


def test_a_message_id_is_no_path(tmp_path: Path) -> None:
    send((tmp_path / "box").as_uri(), "../../escaped/../x@example.org")
    assert [path.name for path in tmp_path.iterdir()] == ["box"]


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "box").touch()
    with pytest.raises(DeliveryError, match="cannot be written") as caught:
        send((tmp_path / "box").as_uri(), "1@example.org")
    assert not caught.value.permanent
    assert [path.name for path in tmp_path.iterdir()] == ["box"]


@pytest.mark.parametrize("url", ["file://server/share", "file:", "file://"])
def test_an_address_that_is_no_folder_of_this_machine(url: str) -> None:
    with pytest.raises(DeliveryError, match="file:///absolute/folder"):
        send(url, "1@example.org")
