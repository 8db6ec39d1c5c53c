"""Asking Intercom whose token it is, before anything is stored."""

import asyncio
from dataclasses import dataclass

from django.conf import settings

from pulsescore.connectors.intercom.api import auth, errors
from pulsescore.connectors.intercom.api.schemas import App
from pulsescore.connectors.intercom.clients import api_url, probing_client
from pulsescore.connectors.intercom.models import Region
from pulsescore.connectors.intercom.problems import ConnectDelayed, ConnectFailed, problem_code


@dataclass(frozen=True)
class Workspace:
    """The workspace that a token belongs to."""

    id: str
    name: str
    region: str
    time_zone: str


def probe(access_token: str, *, region: str | None) -> Workspace:
    """Who the token is, in the region given or wherever it is accepted.

    Raises `ConnectFailed` or `ConnectDelayed`.
    """
    regions = [region] if region else _candidate_regions()
    try:
        return asyncio.run(_probe_in_turn(access_token, regions, chosen=region))
    except errors.PermanentApiError as error:
        raise _failed(error) from error
    except errors.TransientApiError as error:
        raise ConnectDelayed(error) from error


def exchange(code: str, *, region: str | None) -> str:
    """The access token for an OAuth code; raises `ConnectFailed` or `ConnectDelayed`."""
    config = settings.CONFIG
    if not config.intercom_client_id or not config.intercom_client_secret:
        raise ConnectFailed("not_configured", field="code")
    exchanging = auth.exchange_code(
        base_url=api_url(region or Region.US),
        code=code,
        client_id=config.intercom_client_id,
        client_secret=config.intercom_client_secret,
    )
    try:
        return asyncio.run(exchanging)
    except errors.PermanentApiError as error:
        raise ConnectFailed(_exchange_code(error), field="code") from error
    except errors.TransientApiError as error:
        raise ConnectDelayed(error) from error


async def _probe_in_turn(token: str, regions: list[str], *, chosen: str | None) -> Workspace:
    refusal: errors.PermanentApiError | None = None
    for region in regions:
        try:
            async with probing_client(region=region, token=token) as client:
                me = await client.me()
        except errors.TokenRefused as error:
            refusal = refusal or error
            continue
        return _workspace(me.app, asked=region, chosen=chosen)
    if refusal is None:
        raise ConnectFailed("unknown")
    raise refusal


def _workspace(app: App | None, *, asked: str, chosen: str | None) -> Workspace:
    if app is None or not app.id_code:
        raise ConnectFailed("no_workspace")
    told = (app.region or "").lower()
    region = told if told in Region.values else asked
    if chosen and region != chosen:
        where = Region(region).label
        raise ConnectFailed("wrong_region", field="region", detail=f"It is hosted in {where}.")
    return Workspace(
        id=app.id_code,
        name=app.name or app.id_code,
        region=region,
        time_zone=app.timezone or "UTC",
    )


def _candidate_regions() -> list[str]:
    """One configured address serves all regions, so one question is enough."""
    return [Region.US] if settings.CONFIG.intercom_api_url else list(Region.values)


def _failed(error: errors.PermanentApiError) -> ConnectFailed:
    code = problem_code(error)
    said = error.failure.message
    return ConnectFailed(code, detail=f"Intercom says: {said}" if said else "")


def _exchange_code(error: errors.PermanentApiError) -> str:
    known = f"{error.failure.code} {error.failure.message}".lower()
    if "client" in known:
        return "invalid_client"
    if "redirect" in known:
        return "redirect_uri_mismatch"
    return "code_used" if isinstance(error, errors.TokenRefused) else problem_code(error)
