"""Pure: one of our values as a field of Intercom takes it, or the reason why it does not fit.

Times become unix seconds, since Intercom takes nothing else; text of more than 255 characters is
cut where that makes sense, and ends in an ellipsis then.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from msgspec import Struct

LONGEST_TEXT: Final = 255
_LONGEST_ADDRESS: Final = 2000
_LARGEST_NUMBER: Final = 2**53 - 1
_LARGEST_SPEND: Final = 2**31 - 1
# What is later than the year 5000 in seconds is an instant in milliseconds.
_MILLISECONDS_FROM: Final = 95_617_584_000
_EMAIL: Final = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")
_TRUTHS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_SECONDS: Final = re.compile(r"\s*-?\d{6,}(\.\d*)?\s*")
_NOT_DIALED: Final = re.compile(r"[^\d]")


class Unfit(ValueError):
    """The value does not fit; the message says why, to the person who looks at the customer."""


class Fitted(Struct, frozen=True):
    """A value as it is sent; `length` is how long it was where it had to be cut."""

    value: Any
    length: int | None = None


def is_empty(value: Any) -> bool:
    """Nothing, blank text or an empty list; false and 0 are values."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, list | tuple | dict | set) and not value)


def convert(value: Any, kind: str, options: Sequence[str] = ()) -> Fitted:
    """The value as that kind of field takes it; raises `Unfit`."""
    if kind == "string":
        return _cut(_text(value))
    if kind == "options":
        return Fitted(_option(_text(value).strip(), options))
    return Fitted(_PLAIN[kind](value))


def is_same(sent: Any, theirs: Any, kind: str) -> bool:
    """Whether what would be sent is what Intercom holds, however it writes it down."""
    if type(sent) is type(theirs) and sent == theirs:
        return True
    if is_empty(theirs) or is_empty(sent):
        return is_empty(theirs) and is_empty(sent)
    try:
        held = convert(theirs, kind).value
    except Unfit:
        return False
    alike = _ALIKE.get(kind)
    return bool(alike(sent) == alike(held) if alike else sent == held)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.replace("\x00", "").strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return _aware(value).isoformat().replace("+00:00", "Z")
    if isinstance(value, list | tuple):
        return ", ".join(_text(one) for one in value if not is_empty(one))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float | Decimal | date):
        return str(value)
    raise Unfit("It holds several values under names of their own, so it is no text.")


def _cut(text: str) -> Fitted:
    if len(text) <= LONGEST_TEXT:
        return Fitted(text)
    return Fitted(text[: LONGEST_TEXT - 1].rstrip() + "…", len(text))


def _option(text: str, options: Sequence[str]) -> str:
    if not options or text in options:
        return text
    alike = [one for one in options if one.casefold() == text.casefold()]
    if len(alike) == 1:
        return alike[0]
    raise Unfit(f"“{_shown(text)}” is none of the options: {_shown(', '.join(options))}.")


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise Unfit(f"“{_shown(value)}” is not a number.")
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise Unfit(f"“{_shown(value)}” is not a number.") from error
    if not number.is_finite():
        raise Unfit(f"“{_shown(value)}” is not a number.")
    if abs(number) > _LARGEST_NUMBER:
        raise Unfit(f"{_shown(value)} is too large a number.")
    return number


def _whole(value: Any) -> int:
    if type(value) is int and abs(value) <= _LARGEST_NUMBER:
        return value
    number = _number(value)
    if number != number.to_integral_value():
        raise Unfit(f"{_shown(value)} is not a whole number.")
    return int(number)


def _fraction(value: Any) -> float:
    return float(_number(value))


def _money(value: Any) -> int:
    """Intercom drops what is behind the point; so do we, lest the two differ forever."""
    whole = int(_number(value))
    if abs(whole) > _LARGEST_SPEND:
        raise Unfit(f"{_shown(value)} is too large a number.")
    return whole


def _truth(value: Any) -> bool:
    known = _TRUTHS.get(_text(value).casefold()) if not isinstance(value, list | tuple) else None
    if known is None:
        raise Unfit(f"“{_shown(value)}” is neither true nor false.")
    return known


def _seconds(value: Any) -> int:
    seconds = None
    with suppress(ValueError, OverflowError, OSError, Unfit):
        seconds = _unix(value)
    if seconds is None or abs(seconds) >= _MILLISECONDS_FROM:
        raise Unfit(f"“{_shown(value)}” is not a date.")
    return seconds


def _unix(value: Any) -> int:
    if isinstance(value, datetime):
        return int(_aware(value).timestamp())
    if isinstance(value, date):
        return int(datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp())
    if isinstance(value, str) and not _SECONDS.fullmatch(value):
        return int(_aware(datetime.fromisoformat(value.strip())).timestamp())
    seconds = int(_number(value))
    if abs(seconds) >= _MILLISECONDS_FROM:
        seconds //= 1000
    return seconds


def _aware(at: datetime) -> datetime:
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _email(value: Any) -> str:
    text = _short(value)
    if not _EMAIL.fullmatch(text):
        raise Unfit(f"“{_shown(text)}” is not an e-mail address.")
    return text


def _phone(value: Any) -> str:
    text = _short(value)
    if not _NOT_DIALED.sub("", text):
        raise Unfit(f"“{_shown(text)}” is not a phone number.")
    return text


def _url(value: Any) -> str:
    text = _text(value)
    if len(text) > _LONGEST_ADDRESS:
        raise Unfit(f"It has {len(text)} characters; an address may have {_LONGEST_ADDRESS}.")
    if not re.match(r"https?://[^\s/]", text):
        raise Unfit(f"“{_shown(text)}” is not an address that begins with https://.")
    return text


def _admin(value: Any) -> str:
    text = _short(value)
    if not (text.isascii() and text.isdigit()) or text == "0":
        raise Unfit(f"“{_shown(text)}” is not the number of a team mate in Intercom.")
    return text


def _short(value: Any) -> str:
    """Text that means something else when it is cut."""
    text = _text(value)
    if len(text) > LONGEST_TEXT:
        raise Unfit(f"It has {len(text)} characters; Intercom takes {LONGEST_TEXT} at most.")
    return text


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"  # noqa: PLR2004 - a line to read


_PLAIN: Final[dict[str, Callable[[Any], Any]]] = {
    "integer": _whole,
    "float": _fraction,
    "boolean": _truth,
    "date": _seconds,
    "datetime": _seconds,
    "money": _money,
    "email": _email,
    "phone": _phone,
    "url": _url,
    "admin": _admin,
    "key": _short,
}
# Intercom writes addresses in small letters and phone numbers without spaces.
_ALIKE: Final[dict[str, Callable[[Any], Any]]] = {
    "email": str.casefold,
    "phone": lambda text: _NOT_DIALED.sub("", text),
}
