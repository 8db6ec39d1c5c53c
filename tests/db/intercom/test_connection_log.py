"""The connection log forgets what is older than thirty days, whatever becomes of runs."""

from datetime import datetime, timedelta

from pulsescore.accounts.models import Organization
from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.models import Connection, LogEntry
from pulsescore.pipeline import tasks
from tests import seeding
from tests.db.intercom.conftest import Present

DAY = timedelta(days=1)


def lines(connection: Connection) -> set[str]:
    found = LogEntry.objects.for_org(connection.org_id).filter(connection=connection)
    return set(found.values_list("message", flat=True))


def connected(name: str, now: datetime) -> Connection:
    organization = Organization.objects.create(name=name)
    connection = seeding.connect(organization.pk, now=now, workspace=name)
    for days in (1, 29, 31, 400):
        connection_log.write(
            connection, connection_log.CALL, f"{days} days ago", now=now - days * DAY
        )
    return connection


def test_every_connections_old_lines_go_and_young_ones_stay(db: None, present: Present) -> None:
    now = present.now()
    one, other = connected("one", now), connected("other", now)
    Connection.objects.for_org(other.org_id).update(status="needs_attention")
    assert connection_log.prune(now=now) == 4
    assert lines(one) == lines(other) == {"1 days ago", "29 days ago"}
    assert connection_log.prune(now=now) == 0


def test_the_nightly_job_does_it(transactional_db: None, present: Present) -> None:
    now = present.now()
    one = connected("one", now)
    tasks.nightly(int(now.timestamp()))
    assert lines(one) == {"1 days ago", "29 days ago"}
