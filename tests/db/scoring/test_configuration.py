"""Configurations are versions: saved by admins, audited, previewed on everybody, then applied."""

from dataclasses import replace
from unittest.mock import ANY

import pytest

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import AuditEntry, Role, User
from pulsescore.core.errors import Conflict, Forbidden, Invalid, NotFound
from pulsescore.scoring.actions import rescore, restore_version, save_config
from pulsescore.scoring.config import DEFAULTS
from pulsescore.scoring.models import ConfigVersion, HealthScore, ScorePoint
from pulsescore.scoring.queries import (
    changes_in_batches,
    get_config,
    get_version,
    list_versions,
    preview,
    quick_preview,
)
from pulsescore.scoring.versions import to_config
from pulsescore.store.models import TimelineEvent
from tests.db.scoring.people import NOW, add_customer, add_example_b, add_example_f, add_org

pytestmark = pytest.mark.django_db
STRICT = replace(DEFAULTS, yellow=92.0, green=95.0)


@pytest.fixture
def org_id() -> int:
    return add_org()


@pytest.fixture
def admin(org_id: int) -> Actor:
    user = User.objects.create_user("ada@example.com", "correct horse battery")
    return Actor(user=user, org_id=org_id, role=Role.ADMIN, via="session")


def test_the_defaults_are_version_one(org_id: int) -> None:
    assert get_config(org_id) == (DEFAULTS, 1)
    assert [version.version for version in list_versions(org_id)] == [1]


def test_saving_adds_a_version_with_author_comment_and_audit(org_id: int, admin: Actor) -> None:
    save_config(admin, config=STRICT, comment="Stricter", now=NOW)
    save_config(admin, config=DEFAULTS, comment="", now=NOW)
    assert get_config(org_id) == (DEFAULTS, 3)
    strict = list_versions(org_id)[1]
    assert (strict.version, strict.author, strict.comment) == (2, admin.user, "Stricter")
    assert strict.created_at == NOW
    entry = AuditEntry.objects.for_org(org_id).get(subject="version 2")
    assert (entry.user, entry.action) == (admin.user, "scoring.config_saved")
    assert entry.details["thresholds"] == {"yellow": 92, "green": 95}


def test_one_organizations_versions_are_not_anothers(org_id: int, admin: Actor) -> None:
    save_config(admin, config=STRICT, comment="", now=NOW)
    assert get_config(add_org("Other")) == (DEFAULTS, 1)


def test_a_member_may_not_save(org_id: int, admin: Actor) -> None:
    member = replace(admin, role=Role.MEMBER)
    with pytest.raises(Forbidden):
        save_config(member, config=STRICT, comment="", now=NOW)
    assert not ConfigVersion.objects.for_org(org_id).exists()


def test_an_invalid_configuration_is_refused_and_leaves_nothing(org_id: int, admin: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        save_config(admin, config=replace(DEFAULTS, yellow=80.0), comment="", now=NOW)
    assert [fault.field for fault in refused.value.faults] == ["thresholds.yellow"]
    with pytest.raises(Invalid):
        save_config(admin, config=DEFAULTS, comment="x" * 501, now=NOW)
    assert not ConfigVersion.objects.for_org(org_id).exists()
    assert not AuditEntry.objects.for_org(org_id).exists()


def test_scores_follow_the_new_version_and_name_it(org_id: int, admin: Actor) -> None:
    customer = add_example_f(org_id)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    save_config(admin, config=STRICT, comment="", now=NOW)
    (change,) = rescore(org_id=org_id, customer_ids=None, now=NOW)
    assert (change.level_before, change.level_after) == ("green", "red")
    row = HealthScore.objects.for_org(org_id).get(customer=customer)
    assert (row.score, row.risk_level, row.config_version) == (91, "red", 2)


def test_a_preview_counts_everybody_and_names_who_moves(org_id: int) -> None:
    healthy, critical = add_example_f(org_id), add_example_b(org_id)
    add_customer(org_id)
    add_customer(org_id, deleted_at=NOW)
    add_example_b(add_org("Other"))
    seen = preview(org_id, STRICT, NOW)
    assert seen.before == {"green": 1, "yellow": 0, "red": 1, "none": 1}
    assert seen.after == {"green": 0, "yellow": 0, "red": 2, "none": 1}
    assert seen.changed == [(healthy.pk, 91, 91, "green", "red")]
    assert critical.pk not in [change.customer_id for change in seen.changed]


def test_a_preview_tells_scores_by_ten_and_who_moves_most(org_id: int) -> None:
    healthy, critical = add_example_f(org_id), add_example_b(org_id)
    lenient = replace(DEFAULTS, halves={**DEFAULTS.halves, "support_recency": 100.0})

    seen = preview(org_id, lenient, NOW)

    assert [one.before for one in seen.bins] == [0, 0, 1, 0, 0, 0, 0, 0, 0, 1]
    assert [(one.low, one.high) for one in seen.bins][-1] == (90, 100)
    assert sum(one.after for one in seen.bins) == 2
    assert [one.customer_id for one in seen.movers] == [critical.pk, healthy.pk][: len(seen.movers)]
    assert seen.movers[0].points > 0
    assert seen.changed == []


def test_an_estimate_of_many_counts_some_for_all(org_id: int) -> None:
    for _ in range(30):
        add_example_f(org_id)
    rescore(org_id=org_id, customer_ids=None, now=NOW)

    seen = quick_preview(org_id, STRICT, NOW, named=3, sample=8)
    whole = quick_preview(org_id, STRICT, NOW, named=3, sample=15)

    assert 0 < seen.looked_at < seen.total == 30
    assert seen.is_estimate
    assert not whole.is_estimate
    assert seen.before == whole.before == {"green": 30, "yellow": 0, "red": 0, "none": 0}
    assert seen.after["red"] == seen.change_level == 30
    assert sum(one.after for one in seen.bins) == 30
    assert len(whole.changed) == 3
    assert whole.ways == {("green", "red"): 30}
    assert preview(org_id, STRICT, NOW) == replace(whole, changed=ANY)


def test_a_preview_names_those_who_move_most_on_one_way(org_id: int) -> None:
    people = [add_example_f(org_id), add_example_b(org_id), add_example_b(org_id)]
    lenient = replace(DEFAULTS, yellow=1.0, green=2.0)

    some = preview(org_id, lenient, NOW, named=1, way=("red", "green"))
    batches = list(changes_in_batches(org_id, lenient, NOW, way=("red", "")))

    assert [one.customer_id for one in some.changed] == [people[1].pk]
    assert some.change_level == 2
    assert [[one.customer_id for one in batch] for batch in batches] == [
        [people[1].pk, people[2].pk]
    ]
    assert preview(org_id, lenient, NOW, way=("purple", "")).changed == []
    assert len(preview(org_id, lenient, NOW).changed) == 2


def test_whoever_changes_level_by_a_threshold_alone_is_told_lowest_score_first(
    org_id: int,
) -> None:
    people = [add_example_f(org_id), add_example_b(org_id), add_example_f(org_id)]

    lenient = replace(DEFAULTS, yellow=1.0, green=92.0)
    seen = preview(org_id, lenient, NOW, named=3).changed

    assert all(one.points == 0 for one in seen)
    assert [one.customer_id for one in seen] == [people[1].pk, people[0].pk, people[2].pk]
    assert seen[0].score_after < seen[1].score_after
    assert preview(org_id, lenient, NOW, named=1).changed == seen[:1]


def test_an_estimate_is_of_the_same_customers_each_time(org_id: int) -> None:
    for _ in range(30):
        add_example_f(org_id)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    seen = [quick_preview(org_id, STRICT, NOW, named=3, sample=8) for _ in range(2)]
    assert seen[0] == seen[1]


def test_an_old_version_is_restored_as_a_new_one(org_id: int, admin: Actor) -> None:
    save_config(admin, config=STRICT, comment="Stricter", now=NOW)

    restored = restore_version(admin, version=1, now=NOW)

    assert (restored.version, restored.comment) == (3, "As in version 1")
    assert get_config(org_id) == (DEFAULTS, 3)
    assert to_config(get_version(org_id, 2)) == STRICT


def test_what_cannot_be_restored_is_refused(org_id: int, admin: Actor) -> None:
    with pytest.raises(Conflict, match="in force already"):
        restore_version(admin, version=1, now=NOW)
    for unknown in (0, -1, 2, 2**40):
        with pytest.raises(NotFound):
            restore_version(admin, version=unknown, now=NOW)
    with pytest.raises(Forbidden):
        restore_version(replace(admin, role=Role.MEMBER), version=1, now=NOW)
    assert not ConfigVersion.objects.for_org(org_id).exists()


def test_a_preview_stores_nothing(org_id: int) -> None:
    add_example_b(org_id)
    preview(org_id, STRICT, NOW)
    for model in (HealthScore, ScorePoint, ConfigVersion, TimelineEvent):
        assert not model.objects.for_org(org_id).exists()


def test_a_preview_of_an_invalid_configuration_is_refused(org_id: int) -> None:
    with pytest.raises(Invalid):
        preview(org_id, replace(DEFAULTS, green=101.0), NOW)
