"""The strictness that all request bodies share."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Strict


class StrictBody(BaseModel):
    """Rejects unknown fields, and values of another type than named (no text for numbers)."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


Instant = Annotated[AwareDatetime, Strict(False)]
"""An ISO 8601 instant with its offset."""
