"""The audit log in sentences."""

import ast
import re
from pathlib import Path

import pytest

import pulsescore
from pulsescore.accounts.audit_words import customer_of, sentence


@pytest.mark.parametrize(
    ("action", "subject", "details", "words"),
    [
        (
            "invitation.sent",
            "invitation:3",
            {"email": "erin@example.com", "role": "admin"},
            "invited erin@example.com as admin",
        ),
        (
            "member.role_changed",
            "user:2",
            {"person": "bob@example.com", "before": "member", "after": "admin"},
            "changed the role of bob@example.com from member to admin",
        ),
        (
            "customer.score_overridden",
            "customer:14",
            {"score": 62, "until": "2026-12-03T23:00:00+00:00"},
            "set the score of customer 14 to 62 until 3 Dec 2026",
        ),
        (
            "organization.renamed",
            "",
            {"before": "Acme", "after": "Acme 2"},
            "renamed the organization from “Acme” to “Acme 2”",
        ),
        (
            "organization.changed",
            "",
            {"billing_contact": {"before": "", "after": "pay@example.com"}},
            "set the billing contact to pay@example.com",
        ),
        (
            "api_key.created",
            "api_key:1",
            {"name": "export", "role": "member", "scopes": ["read"]},
            "created the API key “export” as member, for reading only",
        ),
        ("api_key.revoked", "api_key:1", {"name": "export"}, "revoked the API key “export”"),
        ("scoring.config_saved", "version 4", {"comment": "why"}, "saved scoring version 4: “why”"),
        ("write_key.revoked", "write_key:1", {"name": "shop"}, "revoked the write key “shop”"),
        (
            "write_key.calls_retried",
            "",
            {"count": 2},
            "had 2 requests of websites and programs applied again",
        ),
        ("customer.erased", "customer:7", {}, "erased customer 7 everywhere"),
        ("customer.exported", "customer:7", {}, "downloaded all that is known of customer 7"),
        (
            "customers.addresses_copied",
            "customers",
            {"addresses": 3},
            "copied the e-mail addresses of 3 customers",
        ),
        (
            "customers.exported",
            "customers",
            {"filters": "level=red", "columns": ["score"]},
            "downloaded the list of customers, narrowed by level=red",
        ),
        (
            "customers.exported",
            "customers",
            {"filters": "", "customers": 12},
            "downloaded a list of 12 customers",
        ),
        (
            "customers.exported",
            "customers",
            {"filters": "from=green", "of": "level changes"},
            "downloaded who would change level with other settings",
        ),
        ("note.added_to_many", "customers", {"customers": 5}, "wrote a note about 5 customers"),
        ("note.edited", "customer:7", {}, "changed a note about customer 7"),
        ("something.new_here", "thing:1", {}, "something: new here (thing:1)"),
        ("oddity", "", {}, "oddity"),
    ],
)
def test_entries_read_like_sentences(
    action: str, subject: str, details: dict[str, object], words: str
) -> None:
    assert sentence(action, subject, details) == words


def test_an_entry_without_its_details_still_reads() -> None:
    for action in ("invitation.sent", "member.removed", "organization.changed", "api_key.created"):
        assert sentence(action, "", {})


def test_entries_about_a_customer_lead_to_it() -> None:
    assert customer_of("customer:12") == 12
    assert customer_of("customer:x") is None
    assert customer_of("user:12") is None


def test_whatever_is_written_down_has_words_of_its_own() -> None:
    named = {
        action
        for path in Path(pulsescore.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and _name(call.func).lstrip("_").startswith("record")
        for action in map(_constant, call.args)
        if re.fullmatch(r"[a-z_]+\.[a-z_]+", action)
    }
    assert len(named) > 40
    assert {one for one in named if sentence(one, "", {}).startswith(_in_plain(one))} == set()


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _constant(argument: ast.expr) -> str:
    value = getattr(argument, "value", None)
    return value if isinstance(value, str) else ""


def _in_plain(action: str) -> str:
    return action.replace("_", " ").replace(".", ": ")
