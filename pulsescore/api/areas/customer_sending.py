"""One customer and Intercom, by hand: read again, send, tag, untag."""

from ninja import Router, Status
from pydantic import BaseModel

from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, admin, member
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import sending as pipeline

router = Router(tags=["Sending"])


class TagIn(StrictBody):
    """The name of a tag in Intercom."""

    name: str


class QueuedOut(BaseModel):
    """The connection over which it will be done, in a moment."""

    connection_id: int


@router.post("/{id:customer_id}/refresh", response={202: QueuedOut}, auth=member)
def refresh(request: MemberRequest, customer_id: int) -> Status[QueuedOut]:
    """Have this contact read again from Intercom."""
    done = pipeline.refresh_customer(request.auth, customer_id=customer_id, now=utcnow())
    return Status(202, QueuedOut(connection_id=done.pk))


@router.post("/{id:customer_id}/tags", response={202: QueuedOut}, auth=admin)
def tag(request: MemberRequest, customer_id: int, body: TagIn) -> Status[QueuedOut]:
    """Put a tag on this contact in Intercom."""
    return _tagged(request, customer_id, body.name, is_on=True)


@router.post("/{id:customer_id}/tags/remove", response={202: QueuedOut}, auth=admin)
def untag(request: MemberRequest, customer_id: int, body: TagIn) -> Status[QueuedOut]:
    """Take a tag off this contact in Intercom."""
    return _tagged(request, customer_id, body.name, is_on=False)


def _tagged(
    request: MemberRequest, customer_id: int, name: str, *, is_on: bool
) -> Status[QueuedOut]:
    done = pipeline.tag_customer(
        request.auth, customer_id=customer_id, name=name, is_on=is_on, now=utcnow()
    )
    return Status(202, QueuedOut(connection_id=done.pk))
