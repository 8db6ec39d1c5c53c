"""Pure: addresses that people enter for messages to go to."""

from urllib.parse import urlsplit

from pulsescore.core.errors import FieldFault

_LONGEST = 2000
_HIGHEST_PORT = 65_535


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
