"""The web process: lean endpoints for webhooks and ingested calls in front, Django behind them."""

import os
from typing import Any

from asgiref.sync import sync_to_async
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pulsescore.settings")
django_application = get_asgi_application()

# Django must be loaded before anything that knows its models.
from pulsescore.connectors.intercom.inbox import asgi as webhooks  # noqa: E402
from pulsescore.core.locks import own_conninfo  # noqa: E402
from pulsescore.ingest import asgi as ingest  # noqa: E402
from pulsescore.pipeline.wake import wake  # noqa: E402


async def wake_inbox(connection_ids: frozenset[int]) -> None:
    """Have the worker apply what these connections received."""
    for connection_id in connection_ids:
        await sync_to_async(wake)("drain_inbox", connection_id=connection_id)


async def wake_ingested(org_ids: frozenset[int]) -> None:
    """Have the worker apply what arrived for these organizations."""
    for org_id in org_ids:
        await sync_to_async(wake)("apply_ingested", org_id=org_id)


webhook_endpoint = webhooks.endpoint_of_settings(wake=wake_inbox)
ingest_endpoint = ingest.IngestEndpoint(wake=wake_ingested, conninfo=own_conninfo)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Hand each connection to the part that answers it."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http" and scope["path"] == webhooks.PATH:
        await webhook_endpoint(scope, receive, send)
    elif scope["type"] == "http" and scope["path"].startswith(ingest.PREFIX):
        await ingest_endpoint(scope, receive, send)
    else:
        await django_application(scope, receive, send)


async def _live(receive: Any, send: Any) -> None:
    """Start at once; at the end finish writing what was received."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            await ingest_endpoint.aclose()
            await webhook_endpoint.aclose()
            await send({"type": "lifespan.shutdown.complete"})
            return
