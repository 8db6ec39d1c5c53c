"""Whom each call means: ids to customers, made where nobody is known yet.

A user is found by their own id, then by the e-mail address told with it; a visitor by the browser's
id, or by an address. Of whom neither is known stays a visitor.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pulsescore.ingest.calls import Call
from pulsescore.store import identities, ingested, joining
from pulsescore.store.identities import Name
from pulsescore.store.ingested import NewPerson, Scope

USER = "user_id"
VISITOR = "anonymous_id"


@dataclass(slots=True)
class People:
    """What one application knows of identities.

    `known` are names as they were before, `told` those that calls tell now; `links` are, of each
    browser, the customers that used it, in order of time. `joins` maps customers to those they
    turn out to be.
    """

    known: dict[Name, int]
    told: dict[Name, int] = field(default_factory=dict)
    links: dict[str, list[tuple[datetime, int]]] = field(default_factory=dict)
    joins: dict[int, int] = field(default_factory=dict)

    def customer(self, name: Name) -> int | None:
        """Whom a name means now."""
        found = self.told.get(name, self.known.get(name))
        return None if found is None else self.final(found)

    def final(self, customer_id: int) -> int:
        """The customer who lives on after the joins."""
        seen = set()
        while customer_id in self.joins and customer_id not in seen:
            seen.add(customer_id)
            customer_id = self.joins[customer_id]
        return customer_id

    def customer_of(self, call: Call) -> int | None:
        """Whom a call means; None for a visitor of whom nothing is known."""
        if call.user_id:
            return self.customer((USER, call.user_id))
        if not call.anonymous_id:
            return None
        links = self.links.get(call.anonymous_id, [])
        before = bisect_right(links, call.at, key=lambda link: link[0])
        if before:
            return self.final(links[before - 1][1])
        known = self.known.get((VISITOR, call.anonymous_id))
        if known is not None:
            return self.final(known)
        return self.final(links[0][1]) if links else None


def names_in(calls: Iterable[Call]) -> list[Name]:
    """Every name that calls carry."""
    names: dict[Name, None] = {}
    for call in calls:
        if call.user_id:
            names[USER, call.user_id] = None
        if call.anonymous_id:
            names[VISITOR, call.anonymous_id] = None
        if call.previous_id:
            names[USER, call.previous_id] = None
            names[VISITOR, call.previous_id] = None
    return list(names)


def recognize(
    scope: Scope, calls: Sequence[Call], *, links: Sequence[tuple[str, datetime, int]] = ()
) -> People:
    """Find or make the customers that calls, in order of time, mean, and join who is one.

    `links` are browsers whose customers are known from elsewhere, unless calls tell better.
    """
    known = identities.find(
        org_id=scope.org_id,
        source_id=scope.source_id,
        names=[*names_in(calls), *((VISITOR, visitor) for visitor, _, _ in links)],
    )
    people = People(known)
    for visitor, at, customer_id in links:
        if (VISITOR, visitor) not in known:
            _link(people, visitor, at=at, customer_id=customer_id)
    _find_users(scope, calls, people)
    _find_leads(scope, calls, people)
    _follow_links(scope, calls, people)
    _follow_aliases(scope, calls, people)
    pairs = [(one, people.final(one)) for one in people.joins]
    joining.join(org_id=scope.org_id, pairs=pairs, now=scope.now)
    owners = {name: people.final(one) for name, one in people.told.items()}
    identities.put(org_id=scope.org_id, source_id=scope.source_id, owners=owners, now=scope.now)
    return people


def email_of(call: Call) -> str | None:
    """The address that a call tells, as it is compared."""
    email = call.traits.get("email") if call.type == "identify" else None
    clean = email.strip().lower() if isinstance(email, str) else ""
    return clean if "@" in clean else None


def _find_users(scope: Scope, calls: Sequence[Call], people: People) -> None:
    first_at: dict[str, datetime] = {}
    emails: dict[str, str] = {}
    for call in calls:
        if call.user_id and (USER, call.user_id) not in people.known:
            first_at.setdefault(call.user_id, call.at)
            if email := email_of(call):
                emails[call.user_id] = email
    found = ingested.by_user_id(scope, first_at)
    matches = ingested.by_email(
        scope, {email for user, email in emails.items() if user not in found}
    )
    adopted: dict[int, str] = {}
    for user, email in emails.items():
        match = matches.get(email)
        if user in found or match is None or match.user_id not in (None, user):
            continue
        if adopted.setdefault(match.customer_id, user) == user:
            found[user] = match.customer_id
    ingested.adopt(scope, adopted)
    new = [
        NewPerson(f"user:{user}"[:255], user, at)
        for user, at in first_at.items()
        if user not in found
    ]
    made = ingested.create_people(scope, new)
    found.update({one.user_id: made[one.external_id] for one in new if one.user_id})
    people.told.update({(USER, user): customer for user, customer in found.items()})


def _find_leads(scope: Scope, calls: Sequence[Call], people: People) -> None:
    """Visitors who told an e-mail address are somebody."""
    told: dict[str, tuple[str, datetime]] = {}
    for call in calls:
        email = email_of(call)
        if email and call.anonymous_id and not call.user_id:
            told.setdefault(email, (call.anonymous_id, call.at))
    matches = ingested.by_email(scope, told)
    new = {
        email: NewPerson(f"anonymous:{visitor}"[:255], None, at)
        for email, (visitor, at) in told.items()
        if email not in matches and (VISITOR, visitor) not in people.known
    }
    made = ingested.create_people(scope, list(new.values()))
    owner = {email: match.customer_id for email, match in matches.items()}
    owner.update({email: made[one.external_id] for email, one in new.items()})
    for call in calls:
        email = email_of(call)
        if email in owner and call.anonymous_id and not call.user_id:
            _link(people, call.anonymous_id, at=call.at, customer_id=owner[email])


def _follow_links(scope: Scope, calls: Sequence[Call], people: People) -> None:
    """A browser is that of whoever was logged in there last; a lead there becomes the user."""
    before: dict[int, int] = {}
    for call in calls:
        if not call.anonymous_id or not call.user_id or call.type == "alias":
            continue
        customer_id = people.customer((USER, call.user_id))
        known = people.customer((VISITOR, call.anonymous_id))
        if customer_id is None:
            continue
        if known is not None and known != customer_id:
            before.setdefault(known, customer_id)
        _link(people, call.anonymous_id, at=call.at, customer_id=customer_id)
    for lead in ingested.only_ingested(scope, before, leads=True) if before else ():
        _join(people, lead, before[lead])


def _follow_aliases(scope: Scope, calls: Sequence[Call], people: People) -> None:
    for call in calls:
        if call.type != "alias" or not call.user_id:
            continue
        previous = call.previous_id or call.anonymous_id or ""
        customer_id = people.customer((USER, call.user_id))
        if customer_id is None or previous == call.user_id:
            continue
        old = people.customer((USER, previous)) or people.customer((VISITOR, previous))
        if old is None:
            people.told[USER, previous] = customer_id
        elif old != customer_id:
            _join_known(scope, people, old, customer_id)
        if people.customer((USER, previous)) is None or old is None:
            _link(people, previous, at=call.at, customer_id=customer_id)


def _join_known(scope: Scope, people: People, old: int, customer_id: int) -> None:
    """Two who are known become one, unless another source tells them apart."""
    ours = ingested.only_ingested(scope, [old, customer_id])
    if old in ours:
        _join(people, old, customer_id)
    elif customer_id in ours:
        _join(people, customer_id, old)


def _join(people: People, one: int, other: int) -> None:
    if people.final(one) != people.final(other):
        people.joins[people.final(one)] = people.final(other)


def _link(people: People, visitor: str, *, at: datetime, customer_id: int) -> None:
    links = people.links.setdefault(visitor, [])
    links.append((at, customer_id))
    links.sort(key=lambda link: link[0])
    people.told[VISITOR, visitor] = links[-1][1]
