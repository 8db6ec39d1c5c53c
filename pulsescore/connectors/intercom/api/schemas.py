"""What Intercom sends, typed and tolerant: every field may be missing, times may be of any kind.

`UNSET` means that the payload did not mention the field; slim webhook payloads rely on it. Fields
that we only pass on are not typed, so that a surprise there does not cost the record. What comes
by the thousand holds no cycles, so the garbage collector need not look at it (`gc=False`).
"""

from typing import Any, Generic, TypeVar

from msgspec import UNSET, Struct, UnsetType

T = TypeVar("T")
Moment = int | float | str | None | UnsetType
Text = str | None | UnsetType
Id = int | str | None | UnsetType
Flag = bool | None | UnsetType
Count = int | float | str | None | UnsetType


class Tag(Struct, gc=False):
    """A tag, by name; in a contact's own list only the id is there."""

    id: int | str
    name: str | None = None


class Reference(Struct, gc=False):
    """An id within a list that says no more."""

    id: int | str


class TagList(Struct, gc=False):
    """Tags of a contact (`data`), or of a conversation or company (`tags`)."""

    data: list[Tag] | None = None
    tags: list[Tag] | None = None
    total_count: int | None = None
    has_more: bool = False


class CompanyList(Struct, gc=False):
    """Companies of a contact: at most ten ids."""

    data: list[Reference] | None = None
    companies: list[Reference] | None = None
    total_count: int | None = None
    has_more: bool = False


class Location(Struct, gc=False):
    """Where a contact was last seen."""

    country: str | None = None
    region: str | None = None
    city: str | None = None
    country_code: str | None = None
    continent_code: str | None = None


class Avatar(Struct, gc=False):
    """A contact's picture."""

    image_url: str | None = None


class ContactOutline(Struct, kw_only=True, gc=False):
    """What reading on needs to know of a contact that is decoded whole elsewhere."""

    id: int | str
    created_at: Moment = UNSET
    updated_at: Moment = UNSET
    tags: TagList | None | UnsetType = UNSET
    companies: CompanyList | None | UnsetType = UNSET


class Contact(ContactOutline, kw_only=True, gc=False):
    """A user or lead."""

    external_id: Id = UNSET
    role: Text = UNSET
    email: Text = UNSET
    name: Text = UNSET
    phone: Text = UNSET
    avatar: Avatar | str | None | UnsetType = UNSET
    owner_id: Id = UNSET
    location: Location | None | UnsetType = UNSET
    browser: Text = UNSET
    os: Text = UNSET
    browser_language: Text = UNSET
    language_override: Text = UNSET
    unsubscribed_from_emails: Flag = UNSET
    has_hard_bounced: Flag = UNSET
    marked_email_as_spam: Flag = UNSET
    archived: Flag = UNSET
    signed_up_at: Moment = UNSET
    last_seen_at: Moment = UNSET
    last_replied_at: Moment = UNSET
    last_contacted_at: Moment = UNSET
    last_email_opened_at: Moment = UNSET
    last_email_clicked_at: Moment = UNSET
    android_last_seen_at: Moment = UNSET
    ios_last_seen_at: Moment = UNSET
    custom_attributes: dict[str, Any] | None | UnsetType = UNSET
    workspace_id: Any = UNSET
    email_domain: Any = UNSET
    formatted_phone: Any = UNSET
    browser_version: Any = UNSET
    unsubscribed_from_sms: Any = UNSET
    sms_consent: Any = UNSET
    enabled_push_messaging: Any = UNSET
    android_app_name: Any = UNSET
    android_app_version: Any = UNSET
    android_device: Any = UNSET
    android_os_version: Any = UNSET
    android_sdk_version: Any = UNSET
    ios_app_name: Any = UNSET
    ios_app_version: Any = UNSET
    ios_device: Any = UNSET
    ios_os_version: Any = UNSET
    ios_sdk_version: Any = UNSET
    utm_campaign: Any = UNSET
    utm_content: Any = UNSET
    utm_medium: Any = UNSET
    utm_source: Any = UNSET
    utm_term: Any = UNSET
    referrer: Any = UNSET


class Plan(Struct, gc=False):
    """A company's plan; `{}` where it has none."""

    name: str | None = None


class Company(Struct, kw_only=True, gc=False):
    """A company; webhooks give `tag_ids` where REST gives `tags`."""

    id: int | str
    company_id: Id = UNSET
    name: Text = UNSET
    plan: Plan | str | None | UnsetType = UNSET
    size: Count = UNSET
    website: Text = UNSET
    industry: Text = UNSET
    monthly_spend: Count = UNSET
    remote_created_at: Moment = UNSET
    created_at: Moment = UNSET
    updated_at: Moment = UNSET
    last_request_at: Moment = UNSET
    tags: TagList | None | UnsetType = UNSET
    tag_ids: list[int | str] | None | UnsetType = UNSET
    custom_attributes: dict[str, Any] | None | UnsetType = UNSET


class Author(Struct, gc=False):
    """Who wrote the first message."""

    type: str | None = None
    id: int | str | None = None
    name: str | None = None
    email: str | None = None


class SourceMessage(Struct, gc=False):
    """The first message of a conversation."""

    type: str | None = None
    delivered_as: str | None = None
    subject: str | None = None
    body: str | None = None
    url: str | None = None
    author: Author | None = None


class ContactList(Struct, gc=False):
    """The people of a conversation."""

    contacts: list[Reference] | None = None


class Rating(Struct, gc=False):
    """What the customer thought of it; may be asked for and not yet given."""

    rating: int | None = None
    remark: str | None = None


class ConversationOutline(Struct, kw_only=True, gc=False):
    """What reading on needs to know of a conversation that is decoded whole elsewhere."""

    id: int | str
    updated_at: Moment = UNSET
    contacts: ContactList | None | UnsetType = UNSET
    tags: TagList | None | UnsetType = UNSET


class Conversation(ConversationOutline, kw_only=True, gc=False):
    """A conversation, without its parts."""

    title: Text = UNSET
    state: Text = UNSET
    open: Flag = UNSET
    priority: Text = UNSET
    admin_assignee_id: Id = UNSET
    team_assignee_id: Id = UNSET
    created_at: Moment = UNSET
    waiting_since: Moment = UNSET
    snoozed_until: Moment = UNSET
    source: SourceMessage | None | UnsetType = UNSET
    conversation_rating: Rating | None | UnsetType = UNSET
    statistics: dict[str, Any] | None | UnsetType = UNSET


class App(Struct):
    """The workspace that a token belongs to."""

    id_code: str
    name: str | None = None
    region: str | None = None
    timezone: str | None = None
    created_at: int | float | str | None = None


class Me(Struct):
    """Whose token it is."""

    id: int | str | None = None
    name: str | None = None
    email: str | None = None
    app: App | None = None


class Admin(Struct):
    """A team mate in Intercom."""

    id: int | str
    name: str | None = None
    email: str | None = None


class Team(Struct):
    """A team in Intercom."""

    id: int | str
    name: str | None = None
    admin_ids: list[int | str] | None = None


class Segment(Struct):
    """A segment defined in Intercom."""

    id: int | str
    name: str | None = None
    person_type: str | None = None


class DataAttribute(Struct, kw_only=True):
    """The definition of an attribute; only custom ones have an id."""

    name: str
    id: int | str | None = None
    model: str | None = None
    full_name: str | None = None
    label: str | None = None
    description: str | None = None
    data_type: str | None = None
    options: list[Any] | None = None
    api_writable: bool | None = None
    custom: bool | None = None
    archived: bool | None = None


class DeletedConversation(Struct):
    """A conversation that is gone."""

    id: int | str
    deleted_at: int | float | str | None = None


class Envelope(Struct, Generic[T]):
    """Any list answer: the records under the name of the endpoint, and the way on."""

    data: list[T] | None = None
    conversations: list[T] | None = None
    companies: list[T] | None = None
    admins: list[T] | None = None
    teams: list[T] | None = None
    tags: list[T] | None = None
    segments: list[T] | None = None
    tickets: list[T] | None = None
    pages: Any = None
    total_count: int | None = None
    scroll_param: str | None = None

    def rows(self) -> list[T]:
        """The records, whatever the endpoint calls them."""
        for rows in (
            self.data,
            self.conversations,
            self.companies,
            self.admins,
            self.teams,
            self.tags,
            self.segments,
            self.tickets,
        ):
            if rows is not None:
                return rows
        return []


class ErrorItem(Struct):
    """One fault that Intercom names."""

    code: str | None = None
    message: str | None = None


class ErrorList(Struct):
    """Intercom's error envelope."""

    errors: list[ErrorItem] = []
    request_id: str | None = None
