"""Pure: addresses that people enter for messages to go to."""

import re
from typing import Final
from urllib.parse import urlsplit

from pulsescore.core.errors import FieldFault

_LONGEST = 2000
_HIGHEST_PORT = 65_535
_SLACK_HOOKS: Final = "hooks.slack.com"
_SLACK_PATH: Final = re.compile(r"/services/T\w+/B\w+/\w+|/(workflows|triggers)/.+")


def url_faults(field: str, url: str, *, may_be_plain: bool) -> list[FieldFault]:
    """What is wrong with an address; where it leads is checked when it is connected to.

    `may_be_plain` lets http pass, where private targets are allowed.
    """
    schemes = ("https", "http") if may_be_plain else ("https",)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return [FieldFault(field, "Enter a web address.")]
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        return [FieldFault(field, "Enter a web address.")]
    if parts.scheme not in schemes or not parts.hostname:
        return [FieldFault(field, "Enter a web address that begins with https://.")]
    if parts.username is not None or parts.fragment:
        return [FieldFault(field, "Leave out user name, password and fragment.")]
    if port is not None and not 0 < port <= _HIGHEST_PORT:
        return [FieldFault(field, "Enter a web address.")]
    return []


def slack_faults(field: str, url: str, *, may_be_plain: bool) -> list[FieldFault]:
    """What is wrong with the address of an incoming webhook, as far as it can be told unasked.

    At Slack it has Slack's shape; other programs that take the same have shapes of their own.
    """
    faults = url_faults(field, url, may_be_plain=may_be_plain)
    if faults:
        return faults
    parts = urlsplit(url)
    host = str(parts.hostname)
    is_hook = host == _SLACK_HOOKS and _SLACK_PATH.fullmatch(parts.path)
    if (host == "slack.com" or host.endswith(".slack.com")) and not is_hook:
        return [FieldFault(field, "Enter the address of an incoming webhook of Slack.")]
    return []
