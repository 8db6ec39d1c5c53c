"""`python -m intercom_sim`: options, the ready line, and a clean end."""

import signal
import subprocess
import sys

from intercom_sim.__main__ import make_settings, make_workspace, parser
from tests.sim.asking import Client


def test_an_empty_workspace_has_teammates_but_nobody_else() -> None:
    made = make_workspace(parser().parse_args(["--empty", "--app-id", "abc", "--region", "EU"]))
    assert made.admins
    assert not made.contacts
    assert (made.identity.app_id, made.identity.region) == ("abc", "EU")


def test_the_present_can_be_chosen_and_is_utc_without_a_zone() -> None:
    options = ["--contacts", "3", "--now", "2026-03-01T00:00:00"]
    made = make_workspace(parser().parse_args(options))
    assert abs(made.now - 1_772_323_200) < 60


def test_options_become_settings() -> None:
    words = ["--rate-limit", "60", "--redirect-uri", "https://a.example", "--latency-ms", "5"]
    settings = make_settings(parser().parse_args(words))
    assert (settings.rate_limit, settings.latency_ms) == (60, 5)
    assert settings.redirect_uris == ("https://a.example",)


def test_it_says_when_it_is_ready_and_ends_on_a_signal() -> None:
    command = [sys.executable, "-m", "intercom_sim", "--port", "0", "--contacts", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = line.removeprefix("Intercom simulator ready at ").partition(": ")[0]
        assert Client(url).get("/me").status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert "5 contacts, 10 conversations" in line
