"""Addresses of Slack channels: what is plainly no incoming webhook is told at once."""

import pytest

from pulsescore.delivery.targets import slack_faults


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.slack.com/services/T01AB2/B0C9/abcDEF123",
        "https://hooks.slack.com/workflows/T01AB2/A0C9/1234/abc",
        "https://hooks.slack.com/triggers/T01AB2/1234/abc",
        "https://chat.example.com/hooks/abc",
        "https://notslack.com/anything",
    ],
)
def test_incoming_webhooks_pass_also_of_programs_that_take_the_same(url: str) -> None:
    assert slack_faults("url", url, may_be_plain=False) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://app.slack.com/client/T01AB2/C0123",
        "https://slack.com/",
        "https://acme.slack.com/archives/C0123",
        "https://hooks.slack.com/",
        "https://hooks.slack.com/services/T01AB2/B0C9",
        "https://hooks.slack.com/services/B0C9/T01AB2/abc",
    ],
)
def test_other_addresses_of_slack_are_refused(url: str) -> None:
    (fault,) = slack_faults("url", url, may_be_plain=False)
    assert (fault.field, "incoming webhook" in fault.message) == ("url", True)


def test_what_no_address_may_be_is_refused_as_ever() -> None:
    (fault,) = slack_faults("url", "http://hooks.slack.com/services/T1/B1/x", may_be_plain=False)
    assert "https" in fault.message
