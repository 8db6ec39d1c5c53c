"""Who left, told by a file, by programs and by an attribute; listed, removed, forgotten."""

from datetime import date

import pytest

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import AuditEntry, Role
from pulsescore.core.errors import Conflict, Forbidden, Invalid, NotFound
from pulsescore.pipeline import run
from pulsescore.scoring.outcomes import actions, attribute, queries
from pulsescore.scoring.outcomes.models import OutcomeRecord
from pulsescore.scoring.outcomes.recording import Row
from pulsescore.scoring.outcomes.table import Mapping
from pulsescore.store.models import Customer
from tests.db.scoring.people import NOW, add_company, add_customer, add_org, ago

pytestmark = pytest.mark.django_db
DAY = date(2026, 2, 1)


@pytest.fixture
def org_id() -> int:
    return add_org()


def acting(org_id: int, role: Role = Role.ADMIN) -> Actor:
    return Actor(user=None, org_id=org_id, role=role, via="api_key", api_key_id=1)


def left(org_id: int) -> dict[int | None, date]:
    return {row.customer_id: row.left_on for row in queries.list_outcomes(org_id)}


def by_email(name: str, day: date | None = DAY, line: int = 0) -> Row:
    return Row(line, "email", name, day)


def test_programs_tell_and_telling_again_changes_nothing(org_id: int) -> None:
    mia = add_customer(org_id, email="Mia@example.com")

    first = actions.record_outcomes(acting(org_id), [by_email("mia@EXAMPLE.com ")], now=NOW)
    again = actions.record_outcomes(acting(org_id), [by_email("mia@example.com")], now=NOW)
    moved = actions.record_outcomes(
        acting(org_id), [by_email("mia@example.com", date(2026, 1, 9))], now=NOW
    )

    assert (first.added, again.unchanged, moved.changed) == (1, 1, 1)
    assert left(org_id) == {mia.pk: date(2026, 1, 9)}


def test_what_is_unknown_or_ambiguous_is_refused_by_row_and_the_rest_is_kept(org_id: int) -> None:
    mia = add_customer(org_id, email="mia@example.com")
    for _ in range(2):
        add_customer(org_id, email="twins@example.com")
    elsewhere = add_customer(add_org("Elsewhere"), email="other@example.com")
    rows = [
        by_email("mia@example.com"),
        by_email("nobody@example.com", line=1),
        by_email("twins@example.com", line=2),
        by_email("mia@example.com", None, line=3),
        Row(4, "customer_id", str(elsewhere.pk), DAY),
        Row(5, "customer_id", "99999999999999999999999", DAY),
        by_email("  ", line=6),
    ]

    recorded = actions.record_outcomes(acting(org_id), rows, now=NOW)

    assert left(org_id) == {mia.pk: DAY}
    assert [(one.line, one.field) for one in recorded.refused] == [
        (1, "email"),
        (2, "email"),
        (3, "left_on"),
        (4, "customer_id"),
        (5, "customer_id"),
        (6, "email"),
    ]


def test_the_living_one_of_two_with_an_address_is_meant_and_a_merged_one_is_its_survivor(
    org_id: int,
) -> None:
    mia = add_customer(org_id, email="mia@example.com", external_id="new")
    add_customer(org_id, email="mia@example.com", deleted_at=ago(3))
    add_customer(org_id, external_id="old", deleted_at=ago(3), merged_into=mia)

    rows = [by_email("mia@example.com"), Row(1, "external_id", "old", DAY)]
    recorded = actions.record_outcomes(acting(org_id), rows, now=NOW)

    assert not recorded.refused
    assert left(org_id) == {mia.pk: DAY}


def test_a_company_can_have_left(org_id: int) -> None:
    firm = add_company(org_id, add_customer(org_id), company_key="globex")

    actions.record_outcomes(acting(org_id), [Row(0, "company_key", "globex", DAY)], now=NOW)

    assert queries.list_outcomes(org_id).get().company_id == firm.pk


def test_a_file_is_kept_until_its_columns_are_chosen_and_what_is_wrong_comes_back(
    org_id: int,
) -> None:
    mia = add_customer(org_id, email="mia@example.com")
    content = "Mail;Left on\nmia@example.com;1.2.2026\n=cmd;1.2.2026\nmia@example.com;soon\n"
    kept = actions.upload(
        acting(org_id), filename="left.csv", content=content.encode("cp1252"), now=NOW
    )

    done = actions.import_upload(
        acting(org_id), upload_id=kept.pk, mapping=Mapping(0, "email", 1, "dmy"), now=NOW
    )

    assert left(org_id) == {mia.pk: DAY}
    assert (done.added, done.content) == (1, "")
    assert done.refused == [
        ["Why it was refused", "Mail", "Left on"],
        ["There is no such customer in this organization.", "=cmd", "1.2.2026"],
        ["This is not a day.", "mia@example.com", "soon"],
    ]
    with pytest.raises(Conflict):
        actions.import_upload(
            acting(org_id), upload_id=kept.pk, mapping=Mapping(0, "email", 1, "dmy"), now=NOW
        )
    assert AuditEntry.objects.for_org(org_id).filter(action="outcomes.imported").exists()


def test_an_impossible_choice_of_columns_is_refused(org_id: int) -> None:
    kept = actions.upload(acting(org_id), filename="a.csv", content=b"a,b\n1,2\n", now=NOW)

    for mapping in (
        Mapping(0, "email", 0, "iso"),
        Mapping(7, "email", 1, "iso"),
        Mapping(0, "x", 9, ""),
    ):
        with pytest.raises(Invalid):
            actions.import_upload(acting(org_id), upload_id=kept.pk, mapping=mapping, now=NOW)


def test_files_are_forgotten_after_a_week(org_id: int) -> None:
    kept = actions.upload(acting(org_id), filename="a.csv", content=b"a,b\n1,2\n", now=ago(8))

    actions.prune_uploads(now=NOW)

    with pytest.raises(NotFound):
        queries.get_upload(org_id, kept.pk)


def test_an_attribute_is_followed(org_id: int) -> None:
    mia = add_customer(org_id, metadata={"churned_at": "2026-02-01"})
    zoe = add_customer(org_id, metadata={"churned_at": 1769904000})
    add_customer(org_id, metadata={"churned_at": "not yet"})
    add_customer(org_id, metadata={"churned_at": None})

    chosen = actions.choose_attribute(acting(org_id), field="metadata.churned_at", now=NOW)
    assert (chosen.found, chosen.unreadable) == (2, 1)
    assert left(org_id) == {mia.pk: DAY, zoe.pk: DAY}

    Customer.objects.for_org(org_id).filter(pk=mia.pk).update(metadata={"churned_at": "2026-02-09"})
    Customer.objects.for_org(org_id).filter(pk=zoe.pk).update(metadata={})
    attribute.refresh(org_id, now=NOW)
    assert left(org_id) == {mia.pk: date(2026, 2, 9)}

    actions.drop_attribute(acting(org_id), now=NOW)
    assert left(org_id) == {}


def test_an_attribute_of_companies_counts_too_and_what_people_said_outweighs_it(
    org_id: int,
) -> None:
    told = {"left": "2026-02-01T10:00:00+00:00"}
    firm = add_company(org_id, metadata=told, external_id="f")
    other = add_company(org_id, metadata=told)
    said = Row(0, "company_external_id", "f", date(2025, 12, 1))
    actions.record_outcomes(acting(org_id), [said], now=NOW)

    actions.choose_attribute(acting(org_id), field="company.metadata.left", now=NOW)

    rows = {row.company_id: (row.left_on, row.source) for row in queries.list_outcomes(org_id)}
    assert rows == {firm.pk: (date(2025, 12, 1), "api"), other.pk: (DAY, "attribute")}
    assert queries.count_by_source(org_id) == {"attribute": 1, "csv": 0, "api": 1}


def test_attributes_that_could_be_chosen_are_named(org_id: int) -> None:
    add_customer(org_id, metadata={"plan": "x"}, attributes={"intercom/os": "y"})
    add_company(org_id, metadata={"renews": "z"})

    assert attribute.list_fields(org_id) == [
        "attributes.intercom/os",
        "company.metadata.renews",
        "metadata.plan",
    ]


def test_an_outcome_can_be_removed_unless_the_attribute_tells_it(org_id: int) -> None:
    add_customer(org_id, email="mia@example.com")
    actions.record_outcomes(acting(org_id), [by_email("mia@example.com")], now=NOW)
    row = queries.list_outcomes(org_id).get()
    foreign = acting(add_org("Elsewhere"))

    with pytest.raises(NotFound):
        actions.remove_outcome(foreign, outcome_id=row.pk, now=NOW)
    actions.remove_outcome(acting(org_id), outcome_id=row.pk, now=NOW)
    assert left(org_id) == {}

    add_customer(org_id, metadata={"churned": "2026-02-01"})
    actions.choose_attribute(acting(org_id), field="metadata.churned", now=NOW)
    with pytest.raises(Conflict):
        actions.remove_outcome(
            acting(org_id), outcome_id=queries.list_outcomes(org_id).get().pk, now=NOW
        )


def test_members_only_look(org_id: int) -> None:
    bob = acting(org_id, Role.MEMBER)

    for refused in (
        lambda: actions.record_outcomes(bob, [], now=NOW),
        lambda: actions.remove_outcome(bob, outcome_id=1, now=NOW),
        lambda: actions.choose_attribute(bob, field="metadata.x", now=NOW),
        lambda: actions.drop_attribute(bob, now=NOW),
        lambda: actions.upload(bob, filename="", content=b"", now=NOW),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_an_erased_customer_leaves_no_outcome(org_id: int) -> None:
    mia = add_customer(org_id, email="mia@example.com")
    actions.record_outcomes(acting(org_id), [by_email("mia@example.com")], now=NOW)

    Customer.objects.for_org(org_id).filter(pk=mia.pk).delete()

    assert not OutcomeRecord.objects.for_org(org_id).exists()


def test_erasing_anybody_removes_kept_files_since_they_hold_addresses(org_id: int) -> None:
    mia = add_customer(org_id, email="mia@example.com")
    kept = actions.upload(acting(org_id), filename="a.csv", content=b"a,b\n1,2\n", now=NOW)

    run.erase_customer(acting(org_id), customer_id=mia.pk, now=NOW)

    with pytest.raises(NotFound):
        queries.get_upload(org_id, kept.pk)
