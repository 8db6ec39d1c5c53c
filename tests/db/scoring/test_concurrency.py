"""Two rescores of the same customers at once leave what one would have left."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from pulsescore.scoring.actions import rescore
from pulsescore.scoring.models import HealthScore, ScorePoint
from pulsescore.store.models import TimelineEvent
from tests.db.scoring.people import NOW, add_example_b, add_example_f, add_org

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4


def test_rescores_at_once_write_each_score_point_and_event_once() -> None:
    org_id = add_org()
    customers = [add_example_b(org_id).pk for _ in range(3)] + [add_example_f(org_id).pk]
    together = Barrier(WORKERS)

    def work(number: int) -> int:
        together.wait(timeout=30)
        try:
            # Workers see the customers in different orders and at slightly different instants.
            ids = customers if number % 2 else customers[::-1]
            now = NOW + timedelta(milliseconds=number)
            return len(rescore(org_id=org_id, customer_ids=ids, now=now))
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        changes = list(pool.map(work, range(WORKERS)))
    assert sum(changes) == len(customers)
    assert HealthScore.objects.for_org(org_id).count() == len(customers)
    points = ScorePoint.objects.for_org(org_id).values_list("customer_id", flat=True)
    assert set(Counter(points).values()) == {1}
    events = TimelineEvent.objects.for_org(org_id).values_list("customer_id", flat=True)
    assert set(Counter(events).values()) == {1}
