"""`doctor`: checks an installation and says what to mend."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console

from pulsescore.core import embedded

OLDEST_POSTGRESQL = 150000


@dataclass(frozen=True)
class Finding:
    """One thing looked at: fine, or what to do about it."""

    name: str
    fine: bool
    remark: str


class Command(BaseCommand):
    """Looks at everything that commonly goes wrong on a new installation."""

    help = "Check the installation and say what to mend."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Prints a line for each check; fails when something is to mend."""
        console = Console()
        findings = [finding for check in CHECKS for finding in check()]
        for finding in findings:
            mark = "[green]✓[/green]" if finding.fine else "[red]✗[/red]"
            console.print(f"{mark} {finding.name}: {finding.remark}")
        if not all(finding.fine for finding in findings):
            raise CommandError("Something needs mending, see above.")


def check_database() -> Iterator[Finding]:
    """The server answers and is recent enough."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])
    fine = version >= OLDEST_POSTGRESQL
    where = "embedded" if embedded.is_running(settings.CONFIG.data_dir) else "server"
    host = connection.settings_dict["HOST"] or "the default socket"
    remark = f"PostgreSQL {version // 10000} ({where}, at {host})"
    yield Finding("Database", fine, remark if fine else f"{remark}; 15 or newer is needed")


def check_migrations() -> Iterator[Finding]:
    """The tables are those of this version."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    remark = "up to date" if not pending else "run `pulsescore migrate`"
    yield Finding("Tables", not pending, remark)


def check_public_url() -> Iterator[Finding]:
    """Intercom can only reach, and only accepts, an https address."""
    url = settings.CONFIG.public_url
    if url.startswith("https://"):
        yield Finding("Public address", True, url)
    else:
        yield Finding(
            "Public address",
            True,
            f"{url} (fine on one machine; set PULSESCORE_PUBLIC_URL to an https address to "
            "receive webhooks and to connect by OAuth)",
        )


def check_oauth() -> Iterator[Finding]:
    """OAuth needs both halves of the app's credentials, or neither."""
    halves = (settings.CONFIG.intercom_client_id, settings.CONFIG.intercom_client_secret)
    if all(halves):
        yield Finding("Intercom app", True, "configured; workspaces can be connected by OAuth")
    elif any(halves):
        yield Finding(
            "Intercom app", False, "set both INTERCOM_CLIENT_ID and INTERCOM_CLIENT_SECRET"
        )
    else:
        yield Finding("Intercom app", True, "not configured; connect by pasting an access token")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_database,
    check_migrations,
    check_public_url,
    check_oauth,
)
