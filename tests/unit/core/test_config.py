"""Process settings come from the environment, with defaults that work."""

from pathlib import Path

import pytest

from pulsescore.core.config import load


def test_without_settings_the_embedded_database_and_a_local_address_are_used() -> None:
    config = load({"HOME": "/home/ada"})
    assert config.database_url == ""
    assert config.public_url == "http://127.0.0.1:8000"
    assert config.api_rate == 600


def test_the_data_directory_follows_the_desktop_convention_unless_set() -> None:
    assert load({"XDG_DATA_HOME": "/data"}).data_dir == Path("/data/pulsescore")
    assert load({"PULSESCORE_DATA_DIR": "/srv/pulse"}).data_dir == Path("/srv/pulse")


def test_addresses_lose_their_trailing_slash() -> None:
    config = load(
        {"PULSESCORE_PUBLIC_URL": "https://pulse.example/", "INTERCOM_API_URL": "http://sim/"}
    )
    assert (config.public_url, config.intercom_api_url) == ("https://pulse.example", "http://sim")


def test_a_rate_of_zero_switches_the_limit_off() -> None:
    assert load({"PULSESCORE_API_RATE": "0"}).api_rate == 0


@pytest.mark.parametrize("text", ["many", "-1", "1.5"])
def test_a_rate_that_is_no_whole_number_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="PULSESCORE_API_RATE"):
        load({"PULSESCORE_API_RATE": text})


def test_a_choice_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="PULSESCORE_LOG_LEVEL must be one of warning, debug"):
        load({"PULSESCORE_LOG_LEVEL": "loud"})
