"""Where people reach Intercom in the browser, by the region that hosts a workspace. Pure."""

from typing import Final
from urllib.parse import quote

WEB_URLS: Final = {
    "us": "https://app.intercom.com",
    "eu": "https://app.eu.intercom.com",
    "au": "https://app.au.intercom.com",
}


def web_url(region: str) -> str:
    """Intercom's web app in a region; an unknown region is served by the first."""
    return WEB_URLS.get(region, WEB_URLS["us"])


def workspace_url(region: str, workspace_id: str) -> str:
    """A workspace in Intercom's web app."""
    return f"{web_url(region)}/a/apps/{quote(workspace_id, safe='')}"
