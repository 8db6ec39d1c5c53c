"""No address of the product needs an exception from the Content-Security-Policy."""

import re
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from pulsescore.connectors.intercom.models import SyncRun
from pulsescore.store.models import Company, Customer
from pulsescore.web.urls import urlpatterns
from tests.seeding import Seeded

INLINE = re.compile(
    r"<script(?![^>]*(src=|application/json))|<style|\sstyle=|\son[a-z]+=[\"']|javascript:",
    re.IGNORECASE,
)
OURS_ALONE = ("script", "style")
# Letters as they are sent: mail programs know no style sheets.
LETTERS = {"mail"}
NAMES = sorted({str(pattern.name) for pattern in urlpatterns} - LETTERS)


def address(name: str, alices: Seeded) -> str:
    org_id = alices.organization.pk
    known: dict[str, Any] = {
        "customer_id": Customer.objects.for_org(org_id).earliest("id").pk,
        "company_id": Company.objects.for_org(org_id).earliest("id").pk,
        "connection_id": alices.connection.pk,
        "run_id": SyncRun.objects.for_org(org_id).earliest("id").pk,
    }
    pattern = next(one for one in urlpatterns if one.name == name)
    wanted = pattern.pattern.converters
    values = {
        key: known.get(key, 1 if "int" in type(converter).__name__.lower() else "x")
        for key, converter in wanted.items()
    }
    return reverse(name, kwargs=values)


def test_no_page_runs_or_styles_inline(alice: Client, alices: Seeded) -> None:
    faults = {name: fault(alice.get(address(name, alices))) for name in NAMES}

    assert {name: told for name, told in faults.items() if told} == {}
    assert len(faults) > 50


def fault(response: HttpResponseBase) -> str:
    """What about the answer would need an exception, or nothing."""
    if response.status_code == 500:
        return "answers 500"
    if not response.get("Content-Type", "").startswith("text/html"):
        return ""
    policy = response.get("Content-Security-Policy", "no policy") + ";"
    if "unsafe" in policy or not all(f"{kind}-src 'self';" in policy for kind in OURS_ALONE):
        return policy
    found = INLINE.search(response.content.decode()) if hasattr(response, "content") else None
    return found[0] if found else ""


@pytest.mark.parametrize("name", ["log_in", "sign_up", "password_forgotten"])
def test_nor_do_pages_before_log_in(name: str, stranger: Client) -> None:
    response = stranger.get(reverse(name))
    assert response.status_code == 200
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not INLINE.search(response.content.decode())


def test_links_that_open_elsewhere_tell_that_page_nothing(alice: Client, alices: Seeded) -> None:
    html = alice.get(address("customer", alices)).content.decode()
    opened = re.findall(r"<a [^>]*target=\"_blank\"[^>]*>", html)
    assert opened
    assert all("noopener" in link for link in opened)
