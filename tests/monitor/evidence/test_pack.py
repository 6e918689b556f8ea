"""The pack: replayed by a reader that is not its writer, verified by its own verifier, and every tampering named.

Long, because one pack is taken apart in many ways.
"""

import datetime as dt
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from fastwarc.warc import ArchiveIterator
from warcio.archiveiterator import ArchiveIterator as Reader

from config.errors import GongkaiError
from crawler.errors import ArchiveError
from crawler.store.reads import seals as seal_reads
from crawler.store.tables import Capture
from crawler.store.writes.seals import seal_all
from monitor.evidence import verify
from monitor.evidence.claim import Claim, claim_of
from monitor.evidence.material import numbers
from monitor.evidence.pack import Packed, write_pack
from tests.monitor.checks.history import moment
from tests.monitor.evidence.seen import CHANGED, FIRST, OFFICE, Seen

FILES = {
    "README.txt", "SHA256SUMS", "assessment.json", "captures.warc.gz", "chain.json", "looks.json", "summary.html",
    "verify.py", "why.json",
}  # fmt: skip


def make(seen: Seen, path: Path, day: str = "02-21", **options: Any) -> Packed:
    """A pack of the recorded judgement, or with `at` of that moment."""
    written: dict[str, Any] = {"pdf": False, "screenshots": False}
    written |= {name: options.pop(name) for name in ("pdf", "screenshots", "force") if name in options}
    with seen.sessions() as session:
        claim = claim_of(session, seen.context(day), OFFICE, 2023, **({"at": None} | options))
        return write_pack(session, seen.context(day), claim, path, **written)


def unpacked(path: Path) -> Path:
    folder = path.with_suffix("")
    with zipfile.ZipFile(path) as packed:
        packed.extractall(folder)
    return folder


def run_verifier(folder: Path, *arguments: str) -> tuple[int, str]:
    """As anybody would: the pack's own file, with a Python that sees nothing else."""
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py"), *arguments], capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def captures(seen: Seen) -> dict[int, Capture]:
    with seen.sessions() as session:
        return {capture.id: capture for capture in session.query(Capture)}


def test_a_pack_holds_everything_and_verifies_itself(seen: Seen, tmp_path: Path) -> None:
    packed = make(seen, tmp_path / "pack.zip")
    assert (packed.readings, packed.unsealed) == (2, 0)
    folder = unpacked(packed.path)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    readings = {
        f"readings/{role}-{page.sha256[:12]}.{form}"
        for role, page in (("before", FIRST), ("after", CHANGED))
        for form in ("json", "csv")
    }
    assert names == FILES | readings
    code, said = run_verifier(folder)
    assert (code, said.splitlines()[-1]) == (0, "OK"), said
    code, said = run_verifier(folder, str(packed.path))
    assert code == 0, said
    sums = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)
    assert (sums.returncode, sums.stderr) == (0, "")
    assert sums.stdout.count(": OK") == len(names) - 1


def test_the_warc_is_replayed_by_another_reader(seen: Seen, tmp_path: Path) -> None:
    folder = unpacked(make(seen, tmp_path / "pack.zip").path)
    data = (folder / "captures.warc.gz").read_bytes()
    known = captures(seen)
    kinds: dict[str, int] = {}
    ids: dict[str, str] = {}
    asked: set[str] = set()
    for record in ArchiveIterator(io.BytesIO(data), parse_http=False):
        assert record.verify_block_digest()
    for record in ArchiveIterator(io.BytesIO(data)):
        kind = record.headers["WARC-Type"]
        kinds[kind] = kinds.get(kind, 0) + 1
        ids[record.headers["WARC-Record-ID"]] = kind
        if kind == "warcinfo":
            assert b"Content-Encoding" in record.reader.read()
            continue
        if kind == "request":
            asked.add(record.headers["WARC-Concurrent-To"])
            assert record.http_headers is not None
            sent = dict(record.http_headers.astuples())
            assert sent["User-Agent"].startswith("gongkai/")
            assert sent["Host"] == "127.0.0.1:8000"
            assert record.reader.read() in ("page=1&word=年报".encode(), b"")
            continue
        capture = known[int(record.headers["WARC-Gongkai-Capture"])]
        assert record.record_date == capture.fetched_at
        assert record.headers["WARC-Target-URI"] == capture.final_url
        if kind == "response":
            assert record.http_headers is not None
            told = {name.lower(): value for name, value in record.http_headers.astuples()}
            body = record.reader.read()
            assert hashlib.sha256(body).hexdigest() == capture.sha256
            assert body == seen.archive.get(capture.sha256 or "")
            assert (record.http_headers.status_code, told["etag"]) == (200, '"1"')
            assert int(told["content-length"]) == len(body)
            assert "content-encoding" not in told
        elif kind == "revisit":
            assert ids[record.headers["WARC-Refers-To"]] == "response"
            assert record.http_headers is not None
            assert record.http_headers.status_code == 304
            assert record.http_headers["Date"] == "Tue, 06 Feb 2024 12:00:00 GMT"
            assert record.headers["WARC-Payload-Digest"] == f"sha256:{capture.sha256}"
    assert kinds["response"] >= 4  # both contents, the list pages of the deciding looks
    assert kinds["request"] == sum(number for kind, number in kinds.items() if kind not in ("warcinfo", "request"))
    assert len(asked) == kinds["request"]


def test_the_warc_has_the_captures_that_the_claim_rests_on(seen_here: Seen, tmp_path: Path) -> None:
    folder = unpacked(make(seen_here, tmp_path / "pack.zip").path)
    details = json.loads((folder / "assessment.json").read_text("utf-8"))
    looks = json.loads((folder / "looks.json").read_text("utf-8"))["looks"]
    with (folder / "captures.warc.gz").open("rb") as stream:
        held = {
            int(number)
            for record in Reader(stream, check_digests="raise")
            if (number := record.rec_headers.get_header("WARC-Gongkai-Capture"))
        }
    assert set(details["assessment"]["evidence"]["captures"]) <= held
    [changed] = [finding for finding in details["findings"] if finding["kind"] == "changed"]
    assert {changed["details"]["finding"][side]["capture"] for side in ("before", "after")} <= held
    assert {one["id"] for one in looks} >= set(details["assessment"]["evidence"]["looks"])
    assert {capture for look in looks for capture in look["captures"]} <= held
    assert all(look["captures"] for look in looks)


def test_a_304_without_its_own_answer_is_a_revisit_of_the_answer_before(seen_here: Seen, tmp_path: Path) -> None:
    """The judgement of the 6th rests on the page as it was found unchanged; the body comes with the pack."""
    folder = unpacked(make(seen_here, tmp_path / "pack.zip", at=moment("02-07")).path)
    with (folder / "captures.warc.gz").open("rb") as stream:
        kinds = [
            record.rec_type for record in Reader(stream) if "nb2023" in (record.rec_headers["WARC-Target-URI"] or "")
        ]
    assert kinds == ["response", "request", "revisit", "request"]


def test_a_page_that_is_gone_is_a_metadata_record(seen_here: Seen, tmp_path: Path) -> None:
    for day in ("02-25", "02-26", "02-28"):
        seen_here.show(day, not_found=["nb2023"])
        seen_here.judge(day)
    folder = unpacked(make(seen_here, tmp_path / "pack.zip", "02-28").path)
    assert json.loads((folder / "assessment.json").read_text("utf-8"))["assessment"]["state"] == "withdrawn"
    with (folder / "captures.warc.gz").open("rb") as stream:
        said = [record.content_stream().read() for record in Reader(stream) if record.rec_type == "metadata"]
    assert said == [b"status: 404\r\noutcome: soft_404\r\nreason: HTTP 404\r\n"] * 3
    assert run_verifier(folder)[0] == 0


def test_the_readings_have_both_numbers_with_place_and_text(seen_here: Seen, tmp_path: Path) -> None:
    folder = unpacked(make(seen_here, tmp_path / "pack.zip").path) / "readings"
    values = {}
    for role, page in (("before", FIRST), ("after", CHANGED)):
        read = json.loads((folder / f"{role}-{page.sha256[:12]}.json").read_text("utf-8"))
        values[role] = {fact["code"]: fact["value"] for fact in read["facts"]}
        assert all(fact["place"] and fact["raw"] for fact in read["facts"])
        table = (folder / f"{role}-{page.sha256[:12]}.csv").read_bytes()
        assert table.startswith(b"\xef\xbb\xbfcode,value,state,unit,raw,place,certain\r\n")
    assert (values["before"]["requests.new.total"], values["after"]["requests.new.total"]) == ("14", "41")


def test_pictures_of_the_page_are_added_where_they_are_wanted(seen_here: Seen, tmp_path: Path) -> None:
    seen_here.picture("02-05", b"\x89PNG as the page looked")
    plain = unpacked(make(seen_here, tmp_path / "plain.zip").path)
    assert not (plain / "screenshots").exists()
    folder = unpacked(make(seen_here, tmp_path / "pack.zip", screenshots=True).path)
    (picture,) = (folder / "screenshots").iterdir()
    assert picture.read_bytes() == b"\x89PNG as the page looked"
    with (folder / "captures.warc.gz").open("rb") as stream:
        held = [record.rec_headers["WARC-Target-URI"] for record in Reader(stream) if record.rec_type == "resource"]
    assert held == ["http://127.0.0.1:8000/shili-slj/nb2023.html#screenshot"]
    assert run_verifier(folder)[0] == 0


def test_one_finding_alone(seen_here: Seen, tmp_path: Path) -> None:
    key = f"late:{OFFICE.id}:2023"
    folder = unpacked(make(seen_here, tmp_path / "pack.zip", finding=key).path)
    told = json.loads((folder / "assessment.json").read_text("utf-8"))
    assert [finding["key"] for finding in told["findings"]] == [key]
    assert [path.name.split("-")[0] for path in (folder / "readings").iterdir()] == ["now", "now"]
    with pytest.raises(GongkaiError, match=r"known: .*changed:"):
        make(seen_here, tmp_path / "other.zip", finding="late:nobody:2023")


def test_a_past_moment_is_judged_by_what_was_seen_until_then(seen_here: Seen, tmp_path: Path) -> None:
    folder = unpacked(make(seen_here, tmp_path / "pack.zip", at=moment("02-04")).path)
    told = json.loads((folder / "assessment.json").read_text("utf-8"))
    assert (told["assessment"]["state"], told["recorded"]) == ("missing", False)
    assert [finding["kind"] for finding in told["findings"]] == ["missing"]
    assert not (folder / "readings").exists()
    assert run_verifier(folder)[0] == 0


def test_what_is_not_sealed_yet_is_said(seen_here: Seen, tmp_path: Path) -> None:
    seen_here.visit(OFFICE.id, "02-22", [CHANGED])
    seen_here.judge("02-22")
    packed = make(seen_here, tmp_path / "pack.zip", "02-22")
    assert packed.unsealed > 0
    folder = unpacked(packed.path)
    assert "尚未加封" in (folder / "summary.html").read_text("utf-8")
    code, said = run_verifier(folder)
    assert (code, f"{packed.unsealed} rows were not sealed" in said) == (0, True)


def test_the_way_leads_to_a_head_that_somebody_kept(seen_here: Seen, tmp_path: Path) -> None:
    with seen_here.sessions() as session:
        kept = seal_reads.head_hash(session)
    seen_here.show("02-22", CHANGED)
    folder = unpacked(make(seen_here, tmp_path / "pack.zip").path)
    assert run_verifier(folder, "--head", kept)[0] == 0
    code, said = run_verifier(folder, "--head", "5" * 64)
    assert (code, "does not lead through the head 555" in said) == (1, True)


def test_the_same_claim_gives_the_same_bytes(seen_here: Seen, tmp_path: Path) -> None:
    first, second = (make(seen_here, tmp_path / f"{name}.zip").path.read_bytes() for name in "ab")
    assert first == second


def test_a_file_that_is_there_stays_unless_forced(seen_here: Seen, tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(b"mine")
    with pytest.raises(GongkaiError, match="--force"):
        make(seen_here, path)
    assert path.read_bytes() == b"mine"
    make(seen_here, path, force=True)
    assert zipfile.is_zipfile(path)
    with pytest.raises(GongkaiError, match="cannot be written"):
        make(seen_here, tmp_path / "nowhere" / "pack.zip")


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"other")])
def test_a_pack_of_damaged_evidence_is_not_written(
    seen_here: Seen, tmp_path: Path, damage: Callable[[Path], Any]
) -> None:
    damage(seen_here.archive.path(FIRST.sha256))
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ArchiveError, match=FIRST.sha256):
        make(seen_here, tmp_path / "pack.zip")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", [*sorted(FILES - {"SHA256SUMS"}), "readings"])
def test_a_flipped_byte_in_any_file_is_found_and_named(seen_here: Seen, tmp_path: Path, name: str) -> None:
    folder = unpacked(make(seen_here, tmp_path / "pack.zip").path)
    path = folder / name if name != "readings" else sorted((folder / name).iterdir())[0]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(verify.Wrong, match=f"^{path.relative_to(folder).as_posix()}: altered"):
        verify.check(folder)


def test_a_flipped_byte_in_the_zip_is_found_and_named(seen_here: Seen, tmp_path: Path) -> None:
    path = make(seen_here, tmp_path / "pack.zip").path
    with zipfile.ZipFile(path) as packed:
        place = packed.getinfo("captures.warc.gz").header_offset + 200
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(verify.Wrong, match=r"^captures\.warc\.gz: "):
        verify.check(path)


def test_a_file_that_is_missing_or_was_added_is_named(seen_here: Seen, tmp_path: Path) -> None:
    folder = unpacked(make(seen_here, tmp_path / "pack.zip").path)
    (folder / "more.txt").write_text("x")
    with pytest.raises(verify.Wrong, match=r"^more\.txt: not in SHA256SUMS"):
        verify.check(folder)
    (folder / "more.txt").unlink()
    (folder / "looks.json").unlink()
    with pytest.raises(verify.Wrong, match=r"^looks\.json: "):
        verify.check(folder)


def resummed(folder: Path) -> Path:
    """As somebody does who alters a file and its sum."""
    lines = [line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines()]
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in lines]
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8")
    return folder


def test_an_altered_row_breaks_its_link_also_with_new_sums(seen_here: Seen, tmp_path: Path) -> None:
    folder = unpacked(make(seen_here, tmp_path / "pack.zip").path)
    chain = json.loads((folder / "chain.json").read_text("utf-8"))
    link = next(link for link in chain["links"] if link["statement"]["kind"] == "look")
    link["statement"]["row"]["at"] = "2024-01-30T12:00:00.000000Z"
    (folder / "chain.json").write_text(json.dumps(chain), "utf-8")
    with pytest.raises(
        verify.Wrong, match=f"link {link['number']} .look {link['statement']['row']['id']}. is not its hash"
    ):
        verify.check(resummed(folder))


def test_another_body_is_found_also_with_new_sums_and_digests(seen_here: Seen, tmp_path: Path) -> None:
    """A forged WARC, whole in itself, is not that of the captures in the chain."""
    folder = unpacked(make(seen_here, tmp_path / "pack.zip").path)
    other = make(seen_here, tmp_path / "other.zip", at=moment("02-04"))
    with zipfile.ZipFile(other.path) as packed:
        (folder / "captures.warc.gz").write_bytes(packed.read("captures.warc.gz"))
    with pytest.raises(verify.Wrong, match=r"captures\.warc\.gz: capture \d+ is missing"):
        verify.check(resummed(folder))


def test_the_summary_says_it_in_both_languages_and_runs_nothing(seen_here: Seen, tmp_path: Path) -> None:
    page = (unpacked(make(seen_here, tmp_path / "pack.zip").path) / "summary.html").read_text("utf-8")
    for text in (
        "示例市水利局", "逾期公布", "published late", "2024年1月31日24时", "end of 31 January 2024", "条例", "Regulation",
        "14", "41", "虚构", "invented", "不能证明什么", "What this does not prove", "散列链",
    ):  # fmt: skip
        assert text in page, text
    assert "<script" not in page
    assert "Content-Security-Policy" in page


def test_hostile_names_are_escaped(seen_here: Seen, tmp_path: Path) -> None:
    with seen_here.sessions() as session:
        claim = claim_of(session, seen_here.context("02-21"), OFFICE, 2023, at=None)
        evil = "<img src=x onerror=alert(1)>"
        agency = dict(claim.details["agency"]) | {"name": evil}
        forged = Claim(
            OFFICE, 2023, claim.at, True, {**claim.details, "agency": agency, "report_url": evil}, claim.findings
        )
        path = tmp_path / "pack.zip"
        write_pack(session, seen_here.context("02-21"), forged, path, pdf=False, screenshots=False)
    page = (unpacked(path) / "summary.html").read_text("utf-8")
    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_nothing_recorded_is_said(seen_here: Seen) -> None:
    with seen_here.sessions() as session, pytest.raises(GongkaiError, match="nothing is recorded about shili-slj 2019"):
        claim_of(session, seen_here.context("02-21"), OFFICE, 2019, at=None)


def test_of_what_is_to_come_there_is_no_evidence(seen_here: Seen, tmp_path: Path) -> None:
    with pytest.raises(GongkaiError, match="future"):
        make(seen_here, tmp_path / "pack.zip", at=moment("02-22"))


def test_a_pack_without_any_capture_is_whole(seen_here: Seen, tmp_path: Path) -> None:
    packed = make(seen_here, tmp_path / "pack.zip", at=moment("01-10"))
    assert (packed.captures, packed.looks, packed.readings) == (0, 0, 0)
    folder = unpacked(packed.path)
    assert json.loads((folder / "assessment.json").read_text("utf-8"))["assessment"]["state"] == "not_due"
    code, said = run_verifier(folder)
    assert (code, said.splitlines()[-1]) == (0, "OK"), said


def test_counts_in_sentences_are_no_ids(seen_here: Seen) -> None:
    said = {"parameters": {"looks": 3}, "a": [{"look": 4, "looks": [5, True]}], "captures": 6}
    assert list(numbers(said, "look", "looks")) == [4, 5]


@pytest.mark.integration
def test_the_pdf_is_one_page_and_the_same_each_time(seen_here: Seen, tmp_path: Path) -> None:
    paths = [make(seen_here, tmp_path / f"{name}.zip", pdf=True).path for name in "ab"]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    document = pypdfium2.PdfDocument(unpacked(paths[0]) / "summary.pdf")
    assert len(document) == 1
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    for said in ("示例市水利局", "Rule and due day", "What this does not prove", "24时"):
        assert said in text


@pytest.mark.integration
def test_without_chromium_it_says_what_to_install(
    seen_here: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GongkaiError, match=r"apt-get install chromium.*--no-pdf"):
        make(seen_here, tmp_path / "pack.zip", pdf=True)
    assert not (tmp_path / "pack.zip").exists()


def test_a_broken_chain_is_no_secret_of_the_pack(seen_here: Seen, tmp_path: Path) -> None:
    """A row that was altered after it was sealed: the pack can be made, and its verifier names the link."""
    with seen_here.sessions.begin() as session:
        session.query(Capture).filter(Capture.sha256 == FIRST.sha256).update(
            {"fetched_at": moment("01-30") + dt.timedelta(hours=1)}
        )
    seal_all(seen_here.sessions, moment("02-21"))
    folder = unpacked(make(seen_here, tmp_path / "pack.zip").path)
    code, said = run_verifier(folder)
    assert (code, "is not its hash" in said) == (1, True)
