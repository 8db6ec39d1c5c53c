"""The customers list: its address, columns, what is done to many, and the file of it."""

import csv
import io
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pulsescore.accounts.models import AuditEntry
from pulsescore.scoring.models import HealthScore
from pulsescore.scoring.queries import CustomerFilters, list_customers, week
from pulsescore.store.models import Company, Customer, Note
from pulsescore.web.models import ListPreference
from tests import seeding
from tests.db.web.conftest import logged_in
from tests.seeding import Seeded

ADDRESS = "/customers"
HOSTILE = (
    '<script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    "\u202egnp.exe",
    "L" * 300,
    "🦄 名前",
    None,
)


def text(response: Any) -> str:
    return str(response.content.decode())


def ids_of(response: Any) -> list[int]:
    return [row.id for row, _more in response.context["listing"].rows]


def everybody(alices: Seeded) -> list[int]:
    rows = Customer.objects.for_org(alices.organization.pk).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def part(client: Client, query: str = "", *, here: str = ADDRESS, **headers: str) -> Any:
    told = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{here}", **headers}
    return client.get(f"{ADDRESS}?{query}", headers=told)


def rows_in(response: Any) -> list[list[str]]:
    async def whole() -> bytes:
        return b"".join([part async for part in response.streaming_content])

    told = async_to_sync(whole)()
    assert told.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(told.decode("utf-8-sig"))))


def rename(alices: Seeded, **fields: Any) -> Customer:
    customer = Customer.objects.for_org(alices.organization.pk).earliest("id")
    Customer.objects.for_org(alices.organization.pk).filter(pk=customer.pk).update(**fields)
    return customer


class TestAddress:
    def test_several_levels_and_their_chips(self, alice: Client) -> None:
        response = alice.get(f"{ADDRESS}?risk=red&risk=green&tag=vip")

        words = [chip.words for chip in response.context["chips"]]
        assert words == ["Critical", "Healthy", "Tag: vip"]
        assert "Remove Critical" in text(response)
        assert response.context["chips"][0].query == "risk=green&tag=vip"

    def test_an_owner_is_chosen_by_name(self, alice: Client, alices: Seeded) -> None:
        customer = rename(alices, owner_external_id="admin-1")

        response = alice.get(f"{ADDRESS}?owner=admin-1")

        assert ids_of(response) == [customer.pk]
        assert "Owner: Tom Walsh" in text(response)

    def test_a_company_may_be_given_by_name(self, alice: Client, alices: Seeded) -> None:
        company = Company.objects.for_org(alices.organization.pk).get(name="Globex")

        by_name = alice.get(f"{ADDRESS}?company_name=gLOBEX")

        assert ids_of(by_name) == ids_of(alice.get(f"{ADDRESS}?company={company.pk}"))
        assert "Company: Globex" in text(by_name)
        unknown = alice.get(f"{ADDRESS}?company_name=Nowhere")
        assert "No company is called “Nowhere”." in text(unknown)

    def test_companies_are_offered_as_one_types(self, alice: Client, charlie: Client) -> None:
        assert "Globex" in text(alice.get(f"{ADDRESS}/companies?company_name=glo"))
        assert "Globex" not in text(charlie.get(f"{ADDRESS}/companies?company_name=glo"))

    def test_who_became_critical_are_those_of_the_sentence(
        self, alice: Client, alices: Seeded, now: datetime
    ) -> None:
        counted = week(alices.organization.pk, now).became_critical

        assert len(ids_of(alice.get(f"{ADDRESS}?became=red"))) == counted

    def test_anothers_company_is_not_found(
        self, charlie: Client, alices: Seeded, alice: Client
    ) -> None:
        company = Company.objects.for_org(alices.organization.pk).earliest("id").pk

        assert charlie.get(f"{ADDRESS}?company={company}").status_code == 404

    def test_a_page_after_the_end_says_so(self, alice: Client) -> None:
        assert "The list ends before this page" in text(alice.get(f"{ADDRESS}?page=9"))

    def test_choosing_a_filter_is_a_step_in_the_browsers_history(self, alice: Client) -> None:
        response = part(alice, "risk=red&search=&sort=score&order=asc")

        assert response["HX-Push-Url"] == f"{ADDRESS}?risk=red"

    def test_typing_on_replaces_the_step(self, alice: Client) -> None:
        first = part(alice, "search=c")
        second = part(alice, "search=ch", here=f"{ADDRESS}?search=c")

        assert first["HX-Push-Url"] == f"{ADDRESS}?search=c"
        assert second["HX-Replace-Url"] == f"{ADDRESS}?search=ch"

    def test_new_scores_leave_the_address_and_the_announcement_alone(self, alice: Client) -> None:
        response = part(
            alice, "risk=red", here=f"{ADDRESS}?risk=red", **{"HX-Trigger": "live-list"}
        )

        assert "HX-Push-Url" not in response
        assert "hx-swap-oob" not in text(response)

    def test_a_chip_gets_the_form_too(self, alice: Client) -> None:
        response = part(alice, "", **{"HX-Target": "customers"})

        assert 'id="customer-filters"' in text(response)
        assert "<html" not in text(response)

    def test_hostile_names_are_text(self, alice: Client, alices: Seeded) -> None:
        org_id = alices.organization.pk
        for customer, name in zip(everybody(alices), HOSTILE, strict=False):
            Customer.objects.for_org(org_id).filter(pk=customer).update(
                name=name, tags=[name or "x"], metadata={"plan": name}
            )
        for query in ("", "search=%3Cscript%3E", "tag=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E"):
            html = text(alice.get(f"{ADDRESS}?{query}"))
            assert "<script>alert" not in html
            assert "<img src=x" not in html

    def test_addresses_that_make_no_sense_show_everybody(self, alice: Client) -> None:
        for query in ("page=-1", "sort=;drop", "company=x", "risk=%00", "score_from=1e9", "a=b"):
            assert alice.get(f"{ADDRESS}?{query}").status_code == 200, query

    def test_the_whole_page_and_its_parts_take_few_queries(
        self, alice: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_max_num_queries(18):
            alice.get(f"{ADDRESS}?search=a&risk=red&risk=yellow")
        with django_assert_max_num_queries(14):
            part(alice, "search=a")

    def test_the_count_comes_by_itself(self, alice: Client, charlie: Client) -> None:
        assert text(alice.get(f"{ADDRESS}/count?role=lead")).strip() == "2 customers"
        assert text(charlie.get(f"{ADDRESS}/count")).strip() == "0 customers"


class TestColumns:
    def test_a_choice_is_kept_for_the_person(
        self, alice: Client, bob: Client, alices: Seeded
    ) -> None:
        chosen = {"column": ["owner", "open", "meta.plan", "nonsense"], "density": "compact"}
        response = alice.post(f"{ADDRESS}/columns", {**chosen, "next": "risk=red&x=y"})

        assert response["Location"] == f"{ADDRESS}?risk=red"
        html = text(alice.get(ADDRESS))
        assert 'data-label="Owner"' in html
        assert 'data-label="plan"' in html
        assert "list-compact" in html
        assert 'data-label="Tags"' not in html
        assert 'data-label="Tags"' in text(bob.get(ADDRESS))

    def test_the_list_itself_answers_where_script_runs(self, alice: Client) -> None:
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{ADDRESS}?risk=red"}
        response = alice.post(f"{ADDRESS}/columns", {"column": "email"}, headers=headers)

        assert "<html" not in text(response)
        assert [chip.words for chip in response.context["chips"]] == ["Critical"]

    def test_every_column_shows(self, alice: Client) -> None:
        keys = [column.key for column in alice.get(ADDRESS).context["offered"]]
        assert "meta.seats" in keys
        alice.post(f"{ADDRESS}/columns", {"column": keys})

        assert alice.get(ADDRESS).status_code == 200
        # Instead of the line of scores: name, level, and segments beside tags.
        assert len(rows_in(alice.get(f"{ADDRESS}.csv"))[0]) == len(keys) + 2

    def test_the_choice_of_one_organization_is_not_that_of_another(
        self, alice: Client, alices: Seeded
    ) -> None:
        alice.post(f"{ADDRESS}/columns", {"column": "email"})

        (kept,) = ListPreference.objects.for_org(alices.organization.pk)
        assert kept.layout["columns"] == ["email"]


class TestFile:
    def test_it_has_the_rows_the_order_and_the_columns_of_the_list(
        self, alice: Client, alices: Seeded
    ) -> None:
        response = alice.get(f"{ADDRESS}.csv?risk=green&sort=name&order=asc")

        header, *rows = rows_in(response)
        listed = list_customers(alices.organization.pk, filters=CustomerFilters(risk="green"))
        assert header[:4] == ["Customer", "E-mail", "Score", "Level"]
        assert [row[0] for row in rows] == [one.name for one in listed.customers]
        assert {row[3] for row in rows} == {"Healthy"}
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert f"customers-{datetime.now():%Y}" in response["Content-Disposition"]  # noqa: DTZ005

    def test_formulas_are_defused(self, alice: Client, alices: Seeded) -> None:
        rename(alices, name='=HYPERLINK("http://evil")', tags=["+1", "@x"])

        cells = [cell for row in rows_in(alice.get(f"{ADDRESS}.csv")) for cell in row]

        assert '\'=HYPERLINK("http://evil")' in cells
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]

    def test_taking_it_is_audited(self, bob: Client, alices: Seeded) -> None:
        rows_in(bob.get(f"{ADDRESS}.csv?tag=vip"))

        entry = AuditEntry.objects.for_org(alices.organization.pk).latest("id")
        assert (entry.action, entry.details["filters"]) == ("customers.exported", "tag=vip")

    def test_it_holds_all_rows_and_not_those_of_the_page(self, db: None, now: datetime) -> None:
        seeded = seeding.seed("many@example.com", customers=60, now=now, days=0)

        rows = rows_in(logged_in(seeded.user).get(f"{ADDRESS}.csv?page=2"))

        assert len(rows) == 1 + 60

    def test_strangers_and_others_get_nothing_of_it(
        self, stranger: Client, charlie: Client, alice: Client
    ) -> None:
        assert "/login" in stranger.get(f"{ADDRESS}.csv")["Location"]
        assert len(rows_in(charlie.get(f"{ADDRESS}.csv"))) == 1


class TestMany:
    def test_a_note_is_written_on_each(self, bob: Client, alices: Seeded) -> None:
        first, second, *_rest = everybody(alices)

        response = bob.post(
            f"{ADDRESS}/bulk",
            {"action": "note", "ids": [first], "also": f"{second},x,", "body": " Call them "},
            follow=True,
        )

        assert "Note added to 2 customers." in text(response)
        notes = Note.objects.for_org(alices.organization.pk)
        assert {(note.customer_id, note.body) for note in notes} == {
            (first, "Call them"),
            (second, "Call them"),
        }
        entry = AuditEntry.objects.for_org(alices.organization.pk).latest("id")
        assert (entry.action, entry.details) == ("note.added_to_many", {"customers": 2})

    def test_without_script_the_note_is_asked_for_on_a_page(
        self, alice: Client, alices: Seeded
    ) -> None:
        chosen = {"action": "note", "ids": everybody(alices)[:3], "body": ""}
        page = alice.post(f"{ADDRESS}/bulk", chosen)
        assert "Add a note to 3 customers" in text(page)

        again = alice.post(f"{ADDRESS}/bulk", {**chosen, "asked": "1"})
        assert again.status_code == 422
        assert "Write something." in text(again)

    def test_all_that_match_are_scored_again(self, alice: Client, alices: Seeded) -> None:
        org_id = alices.organization.pk
        before = HealthScore.objects.for_org(org_id).earliest("calculated_at").calculated_at

        response = alice.post(
            f"{ADDRESS}/bulk",
            {"action": "recalculate", "scope": "all", "query": "risk=red&risk=green&risk=yellow"},
            follow=True,
        )

        assert "calculated again, just now." in text(response)
        scored = HealthScore.objects.for_org(org_id).exclude(score=None)
        assert scored.earliest("calculated_at").calculated_at > before
        assert unquote(response.redirect_chain[-1][0]).startswith(f"{ADDRESS}?risk=red")

    def test_addresses_are_handed_over_each_once(self, alice: Client, alices: Seeded) -> None:
        ids = everybody(alices)[:3]
        Customer.objects.for_org(alices.organization.pk).filter(pk__in=ids[:2]).update(
            email="same@example.com"
        )
        told = {"action": "emails", "ids": ids}

        answer = alice.post(f"{ADDRESS}/bulk", told, headers={"Accept": "application/json"})
        page = alice.post(f"{ADDRESS}/bulk", told)

        assert len(answer.json()["addresses"]) == 2
        assert "2 e-mail addresses" in text(page)
        entry = AuditEntry.objects.for_org(alices.organization.pk).latest("id")
        assert entry.action == "customers.addresses_copied"

    def test_a_file_of_the_chosen(self, alice: Client, alices: Seeded) -> None:
        ids = everybody(alices)[:2]

        rows = rows_in(alice.post(f"{ADDRESS}/bulk", {"action": "csv", "ids": ids}))
        whole = rows_in(alice.post(f"{ADDRESS}/bulk", {"action": "csv", "scope": "all"}))

        assert len(rows) == 3
        assert len(whole) == 13

    @pytest.mark.parametrize("action", ["note", "recalculate", "emails", "csv", "", "drop"])
    def test_nobody_chosen_changes_nothing(self, alice: Client, action: str) -> None:
        response = alice.post(f"{ADDRESS}/bulk", {"action": action, "body": "x"}, follow=True)

        assert response.redirect_chain[-1][0] == ADDRESS
        assert (
            AuditEntry.objects.across_orgs("counts them")
            .filter(action__startswith="customers.")
            .count()
            == 0
        )

    def test_others_customers_are_passed_over(self, charlie: Client, alices: Seeded) -> None:
        told = {"ids": everybody(alices), "body": "mine now", "asked": "1"}

        for action in ("note", "recalculate"):
            charlie.post(f"{ADDRESS}/bulk", {**told, "action": action})
        addresses = charlie.post(
            f"{ADDRESS}/bulk", {**told, "action": "emails"}, headers={"Accept": "application/json"}
        )
        rows = rows_in(charlie.post(f"{ADDRESS}/bulk", {**told, "action": "csv"}))

        assert not Note.objects.for_org(alices.organization.pk).exists()
        assert addresses.json() == {"addresses": []}
        assert len(rows) == 1

    def test_too_many_at_once_are_refused(self, alice: Client) -> None:
        also = ",".join(str(number) for number in range(1, 10_002))

        response = alice.post(
            f"{ADDRESS}/bulk", {"action": "recalculate", "also": also}, follow=True
        )

        assert "at most 10,000 customers at once" in text(response)

    def test_the_wrong_method_is_refused(self, alice: Client, stranger: Client) -> None:
        for name in ("bulk", "columns"):
            assert alice.get(f"{ADDRESS}/{name}").status_code == 405
            assert "/login" in stranger.post(f"{ADDRESS}/{name}")["Location"]
        assert alice.post(ADDRESS).status_code == 405

    def test_a_forged_form_is_refused(self, alices: Seeded) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(alices.user, backend="django.contrib.auth.backends.ModelBackend")

        told = {"action": "recalculate", "ids": everybody(alices)}
        assert client.post(f"{ADDRESS}/bulk", told).status_code == 403
