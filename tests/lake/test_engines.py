"""Which engine judges is named by a word; one that cannot be had is refused before anything is done."""

import shutil
from importlib import util
from pathlib import Path

import pytest
from django.utils import translation

from bangfu.lake.engines import DUCKDB, SPARK, EngineError, engine_of, require_engine
from bangfu.ui.console import ConsoleError
from config.commands import require_engine as require_named
from config.console import main

HERE = {"unknown": "BANGFU_ENGINE 是 oracle", "not_installed": "没有安装 Spark", "no_java": "需要 Java 17"}
THERE = {"unknown": "must be duckdb or spark", "not_installed": "is not installed", "no_java": "needs Java 17"}


@pytest.fixture(params=["unknown", "not_installed", "no_java"])
def missing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """(what is missing, the engine that was named)."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(util, "find_spec", lambda name: None if request.param == "not_installed" else name)
    monkeypatch.setattr(shutil, "which", lambda name: None if request.param == "no_java" else name)
    return request.param, "oracle" if request.param == "unknown" else SPARK


def test_duckdb_is_always_there(tmp_path: Path) -> None:
    require_engine(DUCKDB)
    with engine_of(DUCKDB, tmp_path) as engine:
        assert engine.rows("SELECT 1") == [(1,)]


def test_what_cannot_be_had_is_refused(missing: tuple[str, str], tmp_path: Path) -> None:
    code, name = missing
    with pytest.raises(EngineError) as refused:
        engine_of(name, tmp_path)
    assert (refused.value.code, refused.value.name) == (code, name)


def test_the_console_says_so_in_both_languages(missing: tuple[str, str], settings) -> None:
    code, settings.ENGINE = missing
    for language, words in (("zh-hans", HERE), ("en", THERE)):
        with translation.override(language), pytest.raises(ConsoleError, match=words[code]):
            require_named()


def test_a_command_is_refused_before_it_begins(settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.ENGINE = "oracle"
    with translation.override("zh-hans"):
        assert main(["nightly"]) == 1
    done = capsys.readouterr()
    assert done.out == ""
    assert "oracle" in done.err
