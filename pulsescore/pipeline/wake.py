"""Tells the worker that there is something to do; many calls become one job.

A wake-up is only a hint: the work itself stands in rows (pending notifications, dirty marks,
queued runs), and a look around each minute finds what a lost hint left lying.
"""

from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app


def wake(task_name: str, **arguments: int) -> None:
    """Defer the task once the present transaction commits, unless it already waits its turn."""
    transaction.on_commit(lambda: _defer(task_name, arguments))


def _defer(task_name: str, arguments: dict[str, int]) -> None:
    lock = ":".join([task_name, *map(str, arguments.values())])
    try:
        with transaction.atomic():
            app.configure_task(task_name, queueing_lock=lock).defer(**arguments)
    except exceptions.AlreadyEnqueued:
        return
