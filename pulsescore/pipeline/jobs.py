"""The job queue: procrastinate over the same PostgreSQL."""

import procrastinate


def on_app_ready(app: procrastinate.App) -> None:
    """Called when the queue is ready; tasks register themselves in `pipeline.tasks`."""
    del app
