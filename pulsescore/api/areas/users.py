"""What a person says about themselves, and their password."""

from ninja import Router, Status

from pulsescore.accounts import actions
from pulsescore.api.areas.account_shapes import UserOut, show_user
from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import PersonRequest, person
from pulsescore.core.clock import utcnow

router = Router(tags=["Users"], auth=person)


class ProfileIn(StrictBody):
    """The fields to change; the others stay."""

    first_name: str | None = None
    last_name: str | None = None
    time_zone: str | None = None
    theme: str | None = None


class PasswordIn(StrictBody):
    """The present password and the one to replace it."""

    current_password: str
    password: str


@router.get("/me", response=UserOut)
def get_me(request: PersonRequest) -> UserOut:
    """The person who calls."""
    return show_user(request.auth)


@router.patch("/me", response=UserOut)
def update_me(request: PersonRequest, body: ProfileIn) -> UserOut:
    """Change name, time zone or theme."""
    return show_user(actions.update_profile(request.auth, **body.model_dump()))


@router.put("/me/password", response={204: None})
def change_password(request: PersonRequest, body: PasswordIn) -> Status[None]:
    """Replace the password; every log-in ends, this one too."""
    actions.change_password(
        request.auth, current=body.current_password, password=body.password, now=utcnow()
    )
    return Status(204, None)
