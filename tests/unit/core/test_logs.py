"""Logs are lines for people, or JSON for machines; libraries' logs look the same."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from pulsescore.core import logs


@pytest.fixture(autouse=True)
def former_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)


def test_json_lines_carry_event_level_time_and_facts(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(log_format="json", level="info")
    structlog.get_logger("pulsescore").info("run finished", run=7)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"], line["run"]) == ("run finished", "info", 7)
    assert line["timestamp"].endswith("Z")


def test_a_library_is_told_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(log_format="json", level="warning")
    logging.getLogger("some.library").warning("disk nearly full")
    assert json.loads(capsys.readouterr().err)["event"] == "disk nearly full"


def test_what_is_below_the_level_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(log_format="console", level="warning")
    structlog.get_logger("pulsescore").info("nothing new")
    assert capsys.readouterr().err == ""


def test_a_level_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        logs.configure(log_format="console", level="loud")
