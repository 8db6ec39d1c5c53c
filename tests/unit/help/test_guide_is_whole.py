"""The guide keeps its promises: every message has its section, every link leads somewhere."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import resolve, reverse

from pulsescore.connectors.intercom.api import errors
from pulsescore.connectors.intercom.inbound import words as run_words
from pulsescore.connectors.intercom.inbox import admission
from pulsescore.connectors.intercom.inbox.topics import SUBSCRIBED
from pulsescore.connectors.intercom.permissions import PERMISSIONS
from pulsescore.connectors.intercom.problems import PROBLEMS
from pulsescore.web import words
from pulsescore.web.help.sources import FRONT, read_guide
from pulsescore.web.help.topics import TOPICS, help_url
from tests.unit.help.reading import (
    PRODUCT,
    URL,
    all_text,
    is_told,
    links,
    messages,
    page,
    section,
    text_of,
    the_guide,
)

REFUSALS = {
    "Conflict": 0,
    "Forbidden": 0,
    "NotFound": 0,
    "Unauthenticated": 0,
    "Malformed": 0,
    "TooLarge": 0,
    "FieldFault": 1,
    "SettingMissing": 0,
    "CommandError": 0,
}
PAGES = [one.name for one in the_guide().pages]
HELP_TAG = re.compile(r"{%\s*help_(?:link|url)\s+\"([^\"]+)\"(\|add:)?")
ERROR_NOTICE = re.compile(r"<c-notice[^>]*tone=\"error\"[^>]*title=\"([^\"{]+)\"")


def anchors() -> set[str]:
    """Every address that a heading or a page of the guide has."""
    known = {reverse("help")}
    for one in the_guide().pages:
        address = reverse("help_page", args=[one.name])
        known |= {address, *(f"{address}#{part.anchor}" for part in one.content.headings)}
    return known


def test_the_front_page_lists_every_page_once() -> None:
    assert sorted(PAGES) == sorted(name for name in read_guide() if name != FRONT)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_two_headings_of_the_same_words(name: str) -> None:
    headings = [one.heading for one in page(name).content.headings]

    assert len(headings) == len(set(headings))


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_the_guide_leads_somewhere(name: str) -> None:
    here, known = reverse("help_page", args=[name]), anchors()

    for href in links(page(name)):
        whole = here + href if href.startswith("#") else href
        if whole.startswith("/help"):
            assert whole in known, f"{name}.md: {href}"
        elif whole.startswith("/"):
            resolve(urlsplit(whole).path)
        else:
            assert whole.startswith("https://"), f"{name}.md: {href}"


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_its_section(topic: str) -> None:
    assert help_url(topic) in anchors()


def test_an_unknown_topic_leads_to_the_page_of_its_area_or_to_the_front() -> None:
    assert help_url("problem.never_heard_of") == "/help/problems-connecting"
    assert help_url("webhooks.never_heard_of") == "/help/webhooks"
    assert help_url("never.heard.of") == "/help"


def test_templates_link_to_topics_that_exist() -> None:
    prefixes = {known.partition(".")[0] + "." for known in TOPICS}
    links_to = {
        (path.name, topic, bool(is_built))
        for path in PRODUCT.rglob("templates/**/*.html")
        for topic, is_built in HELP_TAG.findall(path.read_text())
    }

    assert len(links_to) > 20
    assert [
        (name, topic)
        for name, topic, is_built in sorted(links_to)
        if topic not in (prefixes if is_built else TOPICS)
    ] == []


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_of_connecting_has_a_section_that_names_its_code(code: str) -> None:
    assert f"{code}." in section("problems-connecting", PROBLEMS[code].title)


@pytest.mark.parametrize("said", [*words.HELD.values(), *words.REASONS.values()])
def test_every_reason_to_wait_or_to_have_no_score_has_a_section(said: str) -> None:
    assert section("problems-syncing", said)


def concrete(kind: type[errors.ApiError]) -> list[type[errors.ApiError]]:
    below = [one for child in kind.__subclasses__() for one in concrete(child)]
    return below or [kind]


@pytest.mark.parametrize("kind", concrete(errors.ApiError), ids=lambda kind: kind.__name__)
def test_every_reason_of_a_failed_run_is_explained(kind: type[errors.ApiError]) -> None:
    failure = errors.Failure("GET", "/contacts")
    extra: dict[type[errors.ApiError], dict[str, Any]] = {
        errors.ContactMerged: {"target": None},
        errors.AlreadyThere: {"contact_id": "1", "is_archived": False},
    }

    sentence = (
        run_words.why(kind(failure, **extra.get(kind, {}))).partition(". ")[0].partition(" (")[0]
    )  # type: ignore[call-arg]

    assert sentence.rstrip(".") in section("problems-syncing", "A run failed")


@pytest.mark.parametrize("said", [run_words.CANCELED, run_words.INTERNAL])
def test_runs_that_end_by_themselves_are_explained(said: str) -> None:
    assert said in section("problems-syncing", "A run failed")


@pytest.mark.parametrize(
    "answer",
    [one for one in vars(admission).values() if isinstance(one, admission.Answer)],
    ids=lambda answer: answer.status,
)
def test_every_answer_to_a_webhook_is_explained(answer: admission.Answer) -> None:
    if answer.is_problem:
        assert answer.detail in section("problems-webhooks", f"Intercom says {answer.status}")


def test_every_way_a_notification_can_make_no_sense_is_explained() -> None:
    explained = section("problems-webhooks", "A notification could not be worked in")
    kinds = ("payload names no", "cannot be read", "names no person", "has no name", "JSON object")

    for where, said in messages({"CannotUnderstand": 0}, beneath="connectors"):
        assert any(kind in said for kind in kinds), f"{where} says something new: {said}"
    for kind in ("names no contact id", "cannot be read", "without a person", "no JSON object"):
        assert kind in explained or kind in text_of("problems-webhooks")


def test_every_refusal_is_told_word_by_word() -> None:
    told = all_text()

    missing = [f"{where}: {said}" for where, said in messages(REFUSALS) if not is_told(said, told)]

    assert missing == [], "add a line for each to docs/guide/messages.md"


def test_every_error_notice_of_the_pages_is_explained() -> None:
    told = all_text()
    notices = {
        (path.stem, title)
        for path in PRODUCT.rglob("templates/**/*.html")
        if "style" not in path.parts
        for title in ERROR_NOTICE.findall(path.read_text())
    }

    assert [one for one in sorted(notices) if one[1] not in told] == []


def test_every_line_of_the_doctor_has_a_section() -> None:
    for _where, name in messages({"Finding": 0}, beneath="cli"):
        assert section("problems-installation", name)


def test_the_topics_to_tick_are_the_ones_that_are_understood() -> None:
    listed = re.findall(r"\b[a-z_]+(?:\.[a-z_]+)+", section("webhooks", "Topics to tick"))
    short_names = {"contact.created", "conversation.closed"}

    assert set(listed) - short_names == set(SUBSCRIBED)


def test_every_shortcut_is_listed() -> None:
    listed = section("pages", "Keyboard shortcuts")
    shown = {
        key
        for name in ("shortcuts.html", "customers.html")
        for path in PRODUCT.rglob(f"templates/**/{name}")
        for key in re.findall(r"<kbd>([^<]+)</kbd>", path.read_text())
    }

    assert len(shown) > 8
    assert [
        key for key in sorted(shown) if not re.search(rf"(?<!\w){re.escape(key)}(?!\w)", listed)
    ] == []


def test_every_permission_is_named() -> None:
    explained = section("connect-intercom", "Permissions to tick")

    assert [one.label for one in PERMISSIONS if one.label not in explained] == []


def test_addresses_are_those_of_this_installation() -> None:
    assert f"{URL}/integrations/intercom/callback" in text_of("connect-intercom")
    assert f"{URL}/api/v1/webhooks/intercom" in text_of("webhooks")
    assert "pulse.example.com" not in all_text()


def test_every_setting_named_exists() -> None:
    settings = set(re.findall(r"\b(?:PULSESCORE|INTERCOM)_[A-Z_]+\b", all_text()))
    known = (PRODUCT / "core" / "config.py").read_text()

    assert {one for one in settings if f'"{one}"' not in known} == {"PULSESCORE_API_KEY"}
