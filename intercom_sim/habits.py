"""Forms of its own in which a workspace keeps what it was sent; all switched off at first.

Addresses in small letters and phone numbers without spaces are no habit but the rule, see
`rest.checks`.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

HOST = "https://static.intercomassets.example/avatars"
Json = dict[str, Any]


@dataclass
class Habits:
    """What happens to values that were taken: fractions are kept to so many places."""

    folds_spaces: bool = False
    moves_pictures: bool = False
    places: int | None = None

    def kept(self, value: Any) -> Any:
        """One value as it is kept."""
        if self.folds_spaces and isinstance(value, str):
            return " ".join(value.split())
        if self.places is not None and isinstance(value, float):
            return round(value, self.places)
        return value

    def kept_all(self, values: Json) -> Json:
        """Values by name as they are kept; a picture gets an address of ours."""
        kept = {name: self.kept(value) for name, value in values.items()}
        if self.moves_pictures and kept.get("avatar_url"):
            kept["avatar_url"] = moved(kept["avatar_url"])
        return kept


def moved(address: str) -> str:
    """Where a picture is found once it was taken over: always the same for the same."""
    digest = hashlib.sha256(address.encode()).hexdigest()
    return address if address.startswith(HOST) else f"{HOST}/{digest[:24]}.png"
