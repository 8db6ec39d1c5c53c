"""A member's word stands in the place of a score: everywhere, until it expires, and on record."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import AuditEntry, Organization, Role, User
from pulsescore.core.errors import Conflict, Invalid, NotFound
from pulsescore.core.removal import remove_rows
from pulsescore.scoring.actions import rescore, rescore_dirty, roll_up_marked, save_config
from pulsescore.scoring.config import DEFAULTS
from pulsescore.scoring.models import CompanyScore, HealthScore, ScoreOverride, ScorePoint
from pulsescore.scoring.override_form import OverrideWish
from pulsescore.scoring.overriding import end_override, mark_expired, set_override
from pulsescore.scoring.queries import (
    CustomerFilters,
    coverage,
    get_explanation,
    get_health,
    list_customers,
    list_overridden,
    preview,
    risk_distribution,
    week,
)
from pulsescore.store import actions as store_actions
from pulsescore.store.models import Customer, TimelineEvent
from tests.db.scoring.people import (
    NOW,
    add_company,
    add_customer,
    add_example_b,
    add_example_f,
    add_org,
)

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
UNTIL = NOW + 3 * DAY


@pytest.fixture
def org_id() -> int:
    return add_org()


@pytest.fixture
def ada(org_id: int) -> Actor:
    user = User.objects.create_user(
        "ada@example.com", "correct horse battery", first_name="Ada", last_name="Lovelace"
    )
    return Actor(user=user, org_id=org_id, role=Role.MEMBER, via="session")


def to_score(score: int, *, until: datetime = UNTIL) -> OverrideWish:
    return OverrideWish(score, None, "They renewed on the phone", until)


def to_level(level: str) -> OverrideWish:
    return OverrideWish(None, level, "They told us they leave", UNTIL)


def stands(customer: Customer) -> tuple[int | None, str | None, int | None]:
    row = HealthScore.objects.for_org(customer.org_id).get(customer=customer)
    return row.score, row.risk_level, row.computed_score


def scored(org_id: int) -> Customer:
    """Example B: 21, critical."""
    customer = add_example_b(org_id)
    rescore(org_id=org_id, customer_ids=[customer.pk], now=NOW - HOUR)
    return customer


def events(customer: Customer) -> list[str]:
    rows = TimelineEvent.objects.for_org(customer.org_id).filter(customer=customer)
    return list(rows.order_by("occurred_at", "id").values_list("name", flat=True))


def test_the_word_of_a_member_is_the_score_with_the_computed_one_beside_it(
    org_id: int, ada: Actor
) -> None:
    customer = scored(org_id)
    set_override(ada, customer_id=customer.pk, wish=to_score(80), now=NOW)
    assert stands(customer) == (80, "green", 21)
    health = get_health(org_id, customer.pk)
    assert (health.score, health.computed_score) == (80, 21)
    assert health.override is not None
    assert health.override.words == "set to 80 by Ada Lovelace: They renewed on the phone"
    assert [(line.key, line.points) for line in health.adjustments] == [("override", 59)]


@pytest.mark.parametrize(("level", "score"), [("green", 70), ("yellow", 40), ("red", 21)])
def test_a_level_moves_the_score_no_further_than_into_it(
    org_id: int, ada: Actor, level: str, score: int
) -> None:
    customer = scored(org_id)
    set_override(ada, customer_id=customer.pk, wish=to_level(level), now=NOW)
    assert stands(customer) == (score, level, 21)


def test_somebody_without_a_score_stands_in_the_middle_of_the_level(
    org_id: int, ada: Actor
) -> None:
    customer = add_customer(org_id)
    set_override(ada, customer_id=customer.pk, wish=to_level("yellow"), now=NOW)
    assert stands(customer) == (54, "yellow", None)
    assert get_health(org_id, customer.pk).reason is None
    end_override(ada, customer_id=customer.pk, now=NOW + HOUR)
    assert stands(customer) == (None, None, None)
    assert get_health(org_id, customer.pk).reason == "no_conversation"


def test_lists_counts_companies_and_the_dashboard_agree(org_id: int, ada: Actor) -> None:
    customer = scored(org_id)
    company = add_company(org_id, customer)
    set_override(ada, customer_id=customer.pk, wish=to_score(80), now=NOW)
    rescore_dirty(org_id=org_id, now=NOW)
    roll_up_marked(org_id=org_id, now=NOW)
    assert risk_distribution(org_id, NOW) == {"green": 1, "yellow": 0, "red": 0, "none": 0}
    assert CompanyScore.objects.for_org(org_id).get(company=company).score == 80
    found = list_customers(org_id, filters=CustomerFilters(risk="green", score_from=80), now=NOW)
    assert [(row.score, row.risk_level, row.change) for row in found.customers] == [
        (80, "green", None)
    ]
    assert coverage(org_id, NOW).scored == 1


def test_who_is_overridden_can_be_listed(org_id: int, ada: Actor) -> None:
    customer, _other = scored(org_id), scored(org_id)
    set_override(ada, customer_id=customer.pk, wish=to_score(80), now=NOW)
    found = list_customers(org_id, filters=CustomerFilters(overridden=True), now=NOW)
    assert [(row.id, row.is_overridden, row.computed_score) for row in found.customers] == [
        (customer.pk, True, 21)
    ]
    (line,) = list_overridden(org_id)
    assert (line.customer_id, line.score, line.computed_score) == (customer.pk, 80, 21)
    assert line.override.author == "Ada Lovelace"
    assert not list_overridden(add_org("Other"))


def test_beginning_and_end_are_on_the_timeline_once_and_in_the_audit_log(
    org_id: int, ada: Actor
) -> None:
    customer = scored(org_id)
    set_override(ada, customer_id=customer.pk, wish=to_score(80), now=NOW)
    rescore(org_id=org_id, customer_ids=None, now=NOW + HOUR)
    end_override(ada, customer_id=customer.pk, now=NOW + 2 * HOUR)
    assert events(customer) == ["First health score", "Score overridden", "Override ended"]
    told = TimelineEvent.objects.for_org(org_id).get(name="Score overridden").properties
    assert (told["by"], told["score"], told["score_before"]) == ("Ada Lovelace", 80, 21)
    ended = TimelineEvent.objects.for_org(org_id).get(name="Override ended").properties
    assert (ended["by"], ended["score"], ended["score_before"]) == ("Ada Lovelace", 21, 80)
    entries = AuditEntry.objects.for_org(org_id).order_by("id")
    assert [(one.action, one.user, one.subject) for one in entries] == [
        ("customer.score_overridden", ada.user, f"customer:{customer.pk}"),
        ("customer.override_ended", ada.user, f"customer:{customer.pk}"),
    ]


def test_it_ends_by_itself_when_it_expires(org_id: int, ada: Actor) -> None:
    customer = scored(org_id)
    set_override(ada, customer_id=customer.pk, wish=to_score(80), now=NOW)
    rescore_dirty(org_id=org_id, now=NOW)
    assert mark_expired(now=UNTIL - HOUR) == 0
    assert mark_expired(now=UNTIL) == 1
    assert rescore_dirty(org_id=org_id, now=UNTIL) == 1
    score, level, computed = stands(customer)
    assert (level, computed) == ("red", None)
    assert score is not None
    assert mark_expired(now=UNTIL + HOUR) == 0
    assert events(customer)[-1] == "Override ended"
    assert "by" not in TimelineEvent.objects.for_org(org_id).get(name="Override ended").properties


def test_a_newer_word_follows_the_older_one_and_no_row_is_changed(org_id: int, ada: Actor) -> None:
    customer = scored(org_id)
    set_override(ada, customer_id=customer.pk, wish=to_score(80), now=NOW)
    set_override(ada, customer_id=customer.pk, wish=to_level("yellow"), now=NOW + HOUR)
    end_override(ada, customer_id=customer.pk, now=NOW + 2 * HOUR)
    rows = ScoreOverride.objects.for_org(org_id).order_by("id")
    assert [(row.score, row.risk_level, row.expires_at) for row in rows] == [
        (80, None, UNTIL),
        (None, "yellow", UNTIL),
        (None, None, None),
    ]
    points = ScorePoint.objects.for_org(org_id).filter(customer=customer).order_by("at")
    assert [(p.score, p.computed_score, p.override_id is not None) for p in points] == [
        (21, None, False),
        (80, 21, True),
        (40, 21, True),
        (21, None, False),
    ]


def test_what_changed_names_the_override_and_adds_up(org_id: int, ada: Actor) -> None:
    customer = scored(org_id)
    set_override(ada, customer_id=customer.pk, wish=to_score(80), now=NOW)
    found = get_explanation(org_id, customer.pk, since=NOW - HOUR)
    assert found.score_then == 21
    assert sum(one.points for one in found.changes) == 59
    assert found.changes[0].key == "override"


def test_who_a_word_made_critical_is_told_with_that_cause(org_id: int, ada: Actor) -> None:
    customer = add_example_f(org_id)
    rescore(org_id=org_id, customer_ids=None, now=NOW - 8 * DAY)
    rescore(org_id=org_id, customer_ids=None, now=NOW - HOUR)
    set_override(ada, customer_id=customer.pk, wish=to_level("red"), now=NOW)
    found = week(org_id, NOW)
    assert found.sentence == "1 customer became critical this week, over a team mate’s word."


def test_a_preview_leaves_the_word_standing(org_id: int, ada: Actor) -> None:
    customer = scored(org_id)
    set_override(ada, customer_id=customer.pk, wish=to_score(80), now=NOW)
    seen = preview(org_id, replace(DEFAULTS, yellow=10.0, green=20.0), NOW)
    assert (seen.before["green"], seen.after["green"]) == (1, 1)
    assert not seen.changed


def test_a_level_keeps_its_customer_when_the_thresholds_move(org_id: int, ada: Actor) -> None:
    customer = scored(org_id)
    set_override(ada, customer_id=customer.pk, wish=to_level("yellow"), now=NOW)
    admin = replace(ada, role=Role.ADMIN)
    save_config(admin, config=replace(DEFAULTS, yellow=60.0), comment="", now=NOW + HOUR)
    rescore(org_id=org_id, customer_ids=None, now=NOW + HOUR)
    assert stands(customer) == (60, "yellow", 21)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (OverrideWish(None, None, "Because", UNTIL), "score"),
        (OverrideWish(80, "green", "Because", UNTIL), "score"),
        (OverrideWish(101, None, "Because", UNTIL), "score"),
        (OverrideWish(-1, None, "Because", UNTIL), "score"),
        (OverrideWish(None, "orange", "Because", UNTIL), "risk_level"),
        (OverrideWish(80, None, "  ", UNTIL), "reason"),
        (OverrideWish(80, None, "x" * 501, UNTIL), "reason"),
        (OverrideWish(80, None, "Because", NOW), "expires_at"),
        (OverrideWish(80, None, "Because", NOW + 400 * DAY), "expires_at"),
    ],
)
def test_a_wrong_wish_is_refused_by_its_field_and_leaves_nothing(
    org_id: int, ada: Actor, wish: OverrideWish, field: str
) -> None:
    customer = scored(org_id)
    with pytest.raises(Invalid) as refused:
        set_override(ada, customer_id=customer.pk, wish=wish, now=NOW)
    assert [fault.field for fault in refused.value.faults] == [field]
    assert not ScoreOverride.objects.for_org(org_id).exists()
    assert not AuditEntry.objects.for_org(org_id).exists()


def test_the_deleted_strangers_and_those_without_one_are_refused(org_id: int, ada: Actor) -> None:
    gone = add_customer(org_id, deleted_at=NOW)
    stranger, here = scored(add_org("Other")), scored(org_id)
    with pytest.raises(Conflict):
        set_override(ada, customer_id=gone.pk, wish=to_score(80), now=NOW)
    for act in (
        lambda: set_override(ada, customer_id=stranger.pk, wish=to_score(80), now=NOW),
        lambda: end_override(ada, customer_id=stranger.pk, now=NOW),
        lambda: end_override(ada, customer_id=here.pk, now=NOW),
    ):
        with pytest.raises(NotFound):
            act()


def test_what_was_said_of_a_merged_contact_holds_for_who_took_over(org_id: int, ada: Actor) -> None:
    merged, survivor, last = scored(org_id), scored(org_id), scored(org_id)
    set_override(ada, customer_id=merged.pk, wish=to_score(80), now=NOW)
    for source, target in ((merged, survivor), (survivor, last)):
        Customer.objects.for_org(org_id).filter(pk=source.pk).update(
            merged_into=target, deleted_at=NOW
        )
    rescore(org_id=org_id, customer_ids=[last.pk], now=NOW + HOUR)
    assert stands(last) == (80, "green", 21)
    end_override(ada, customer_id=last.pk, now=NOW + 2 * HOUR)
    assert stands(last) == (21, "red", None)


def test_erasing_a_person_takes_what_was_said_of_them(org_id: int, ada: Actor) -> None:
    customer = scored(org_id)
    set_override(ada, customer_id=customer.pk, wish=to_score(80), now=NOW)
    admin = replace(ada, role=Role.ADMIN)
    store_actions.erase_customer(admin, customer_id=customer.pk, now=NOW)
    assert not ScoreOverride.objects.for_org(org_id).exists()
    assert "phone" not in str(list(AuditEntry.objects.for_org(org_id).values()))


def test_an_organization_is_removed_with_its_overrides(org_id: int, ada: Actor) -> None:
    customer = scored(org_id)
    set_override(ada, customer_id=customer.pk, wish=to_score(80), now=NOW)
    remove_rows(Organization, org_id)
    assert not ScoreOverride.objects.for_org(org_id).exists()


def test_those_without_a_score_are_found_by_the_reason(org_id: int, ada: Actor) -> None:
    silent, never = add_customer(org_id), add_customer(org_id)
    scored(org_id)
    rescore(org_id=org_id, customer_ids=[silent.pk], now=NOW)
    told = {reason: count for reason, _words, count in coverage(org_id, NOW).reasons}
    assert told == {"no_conversation": 1, "not_calculated": 1}
    for reason, whom in (("no_conversation", [silent.pk]), ("not_calculated", [never.pk])):
        for sort in ("name", "score"):
            found = list_customers(
                org_id, filters=CustomerFilters(reason=reason), sort=sort, now=NOW
            )
            assert ([row.id for row in found.customers], found.total) == (whom, 1)
    assert not list_customers(
        org_id, filters=CustomerFilters(reason="no_weight"), now=NOW
    ).customers
