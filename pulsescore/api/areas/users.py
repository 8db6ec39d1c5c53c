"""What a person says about themselves, and their password."""

from ninja import Router, Status

from pulsescore.accounts import actions
from pulsescore.api.areas.account_shapes import UserOut, show_user
from pulsescore.api.areas.auth import DetailOut
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


class NewAddressIn(StrictBody):
    """The address to move to, and the present password."""

    email: str
    current_password: str


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


@router.post("/me/email", response={202: DetailOut})
def change_address(request: PersonRequest, body: NewAddressIn) -> Status[DetailOut]:
    """Move to another address; a link mailed there confirms it, until then nothing changes."""
    now = utcnow()
    actions.confirm_password(request.auth, body.current_password, now=now)
    waiting = actions.request_new_address(request.auth, email=body.email, now=now)
    return Status(202, DetailOut(detail=f"A link to confirm the change went to {waiting.email}."))


@router.post("/me/verification", response={202: DetailOut})
def send_verification(request: PersonRequest) -> Status[DetailOut]:
    """Mail the link that proves the account's address once more."""
    sent = actions.send_verification(request.auth, now=utcnow())
    return Status(202, DetailOut(detail="A link was sent." if sent else "It is verified already."))
