"""Files that cannot be used: exit code 1, a message in the clerk's words on standard error, nothing half-stored."""

import io
import os
import zipfile

import pytest

from tests.commands.conftest import LEDGERS, ON, Home


def _bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 700_000_000)
    return target.getvalue()


def _two_headers() -> bytes:
    header = "姓名,证件号码,县(市、区),乡镇,行政村,性别\n"
    return (header + header + "乌云,990522198602140027,科尔沁左翼后旗,散都苏木,公河来村委会,女\n").encode()


BAD = {
    "wrong_type.xlsx": lambda: b"%PDF-1.7 not a workbook",
    "bomb.xlsx": _bomb,
    "empty.csv": bytes,
    "header_only.csv": "姓名,证件号码,县(市、区),乡镇,行政村\n".encode,
    "two_headers.csv": _two_headers,
    "unknown.csv": lambda: b"\xff\xff\x80\x80\x81\n\xfe\x80,\x81\xff\n" * 3,
    "half.xlsx": lambda: (LEDGERS / "roster-county.xlsx").read_bytes()[:30_000],
    "half.csv": lambda: (LEDGERS / "roster-utf8.csv").read_bytes()[:50_001] + b'"',
}


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_file_is_refused_in_the_clerks_words(empty_home, tmp_path, name):
    file = tmp_path / name
    file.write_bytes(BAD[name]())
    done = empty_home.run("import", "roster", str(file), "--on", ON, "--json", expect=1)
    assert done.stdout == ""
    assert done.stderr.startswith("bangfu: ")
    assert "Traceback" not in done.stderr
    assert _batches(empty_home) == "0"


def _batches(home: Home) -> str:
    script = "from bangfu.intake.models import Batch; print(Batch.objects.count())"
    return home.run("manage", "shell", "-v", "0", "-c", script).stdout.strip()


def test_words_come_in_both_languages(empty_home, tmp_path, monkeypatch):
    file = tmp_path / "empty.csv"
    file.write_bytes(b"")
    monkeypatch.setitem(os.environ, "BANGFU_LANGUAGE", "en")
    english = empty_home.run("import", "roster", str(file), expect=1).stderr
    monkeypatch.setitem(os.environ, "BANGFU_LANGUAGE", "zh-hans")
    chinese = empty_home.run("import", "roster", str(file), expect=1).stderr
    assert "There is no row" in english
    assert "没有" in chinese


@pytest.mark.parametrize(
    "words",
    [
        ["nightly"],
        ["import", "roster", "x.csv"],
        ["signals", "insurance_stopped"],
        ["bulletin", "--division", "150522", "--month", "2026-06"],
        ["serve"],
    ],
)
def test_without_a_register_the_command_says_what_to_do(tmp_path, words):
    home = Home(tmp_path / "nowhere", "")
    done = home.run(*words, expect=1)
    assert "bangfu init" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_usage_is_exit_code_2(empty_home):
    empty_home.run("import", "nonsense", "x.csv", expect=2)
