"""Tells the worker that there is something to do; many calls become one job.

A wake-up is only a hint: the work itself stands in rows (pending notifications, dirty marks,
queued runs), and a look around each minute finds what a lost hint left lying.
"""

from typing import Any

from django.db import transaction
from procrastinate import exceptions
from procrastinate.tasks import Task


def wake(task: Task[Any, Any, Any], **arguments: int) -> None:
    """Defer the task once the present transaction commits, unless it already waits its turn."""
    transaction.on_commit(lambda: _defer(task, arguments))


def _defer(task: Task[Any, Any, Any], arguments: dict[str, int]) -> None:
    name = ":".join([task.name, *map(str, arguments.values())])
    try:
        with transaction.atomic():
            task.configure(queueing_lock=name).defer(**arguments)
    except exceptions.AlreadyEnqueued:
        return
