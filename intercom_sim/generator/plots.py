"""The courses a conversation can take, each from its opening to where it stands now."""

from collections.abc import Callable

from intercom_sim.generator import talk
from intercom_sim.generator.profiles import Plot
from intercom_sim.generator.scribe import Scribe, Story
from intercom_sim.model import Contact

DAY = 86_400


def _open(scribe: Scribe, contact: Contact, *, days: tuple[float, float]) -> Story:
    at = scribe.now - int(scribe.rng.uniform(*days) * DAY)
    story = scribe.opened(contact, at=at, topic=scribe.topic())
    if scribe.rng.random() < 0.2:
        story.bot(0.01, "Thanks for writing! A teammate will be with you soon.")
    return story


def quick(scribe: Scribe, contact: Contact) -> Story:
    """Answered and solved within the day."""
    dice = scribe.rng
    story = _open(scribe, contact, days=(1.5, 75))
    return _solved(scribe, story, takes=dice.uniform(0.8, 14))


def ancient(scribe: Scribe, contact: Contact) -> Story:
    """Solved long ago, before anybody's window of 90 days."""
    story = _open(scribe, contact, days=(95, 320))
    return _solved(scribe, story, takes=scribe.rng.uniform(0.5, 60))


def _solved(scribe: Scribe, story: Story, *, takes: float) -> Story:
    dice = scribe.rng
    topic = scribe.topic()
    story.assign(takes * 0.05).teammate(takes * dice.uniform(0.1, 0.5), dice.choice(topic.answer))
    if dice.random() < 0.3:
        story.customer(takes * 0.7, topic.follow_up).teammate(
            takes * 0.8, dice.choice(talk.PATIENCE)
        )
    if dice.random() < 0.7:
        story.customer(takes * 0.9, dice.choice(talk.THANKS))
    last_word = dice.choice(talk.CLOSING) if dice.random() < 0.5 else None
    story.close(takes, last_word)
    if dice.random() < 0.25:
        story.rate(takes + 0.5, dice.choice((4, 5, 5)), dice.choice(talk.REMARKS_GOOD))
    return story


def slow(scribe: Scribe, contact: Contact) -> Story:
    """Solved in the end, after days."""
    dice = scribe.rng
    story = _open(scribe, contact, days=(8, 50))
    takes = dice.uniform(50, 170)
    story.assign(takes * 0.2).teammate(takes * 0.4, dice.choice(talk.PATIENCE))
    story.customer(takes * 0.7, dice.choice(talk.IMPATIENT))
    if dice.random() < 0.4:
        story.note(takes * 0.8, dice.choice(talk.NOTES))
    story.teammate(takes * 0.9, dice.choice(scribe.topic().answer)).close(takes)
    if dice.random() < 0.3:
        story.rate(takes + 2, dice.choice((2, 3, 3)), dice.choice(talk.REMARKS_BAD))
    return story


def bounced(scribe: Scribe, contact: Contact) -> Story:
    """Closed too early and opened again, once or twice, within the last weeks."""
    dice = scribe.rng
    topic = scribe.topic()
    story = _open(scribe, contact, days=(9, 26))
    story.assign(1).teammate(dice.uniform(4, 20), topic.answer[0]).close(24)
    story.customer(dice.uniform(40, 60), topic.again).teammate(75, dice.choice(talk.PATIENCE))
    story.close(dice.uniform(90, 110))
    if dice.random() < 0.35:
        story.customer(130, topic.again).teammate(150, dice.choice(topic.answer)).close(170)
        story.rate(172, dice.choice((1, 2)), dice.choice(talk.REMARKS_BAD))
    return story


def neglected(scribe: Scribe, contact: Contact) -> Story:
    """Open for days or weeks, with a customer who asks and asks, or has given up."""
    dice = scribe.rng
    story = _open(scribe, contact, days=(4, 25))
    if dice.random() < 0.6:
        story.assign(dice.uniform(5, 30))
    story.customer(dice.uniform(30, 60), dice.choice(talk.IMPATIENT))
    if dice.random() < 0.6:
        story.teammate(dice.uniform(70, 95), dice.choice(talk.PATIENCE))
    elif dice.random() < 0.5:
        story.customer(dice.uniform(70, 95), dice.choice(talk.IMPATIENT))
    if dice.random() < 0.3:
        story.conversation.sla = "missed"
    return story


def answered(scribe: Scribe, contact: Contact) -> Story:
    """Open, the last word is ours and some days old."""
    dice = scribe.rng
    story = _open(scribe, contact, days=(4, 10))
    return story.assign(1).teammate(dice.uniform(3, 60), dice.choice(scribe.topic().answer))


def fresh(scribe: Scribe, contact: Contact) -> Story:
    """Just come in; perhaps with a first answer."""
    dice = scribe.rng
    story = _open(scribe, contact, days=(0.01, 1.3))
    if dice.random() < 0.4:
        story.assign(0.2).teammate(dice.uniform(0.3, 4), dice.choice(scribe.topic().answer))
    return story


def snoozed(scribe: Scribe, contact: Contact) -> Story:
    """Put aside until a day to come."""
    dice = scribe.rng
    story = _open(scribe, contact, days=(2, 8)).assign(0.5)
    story.teammate(dice.uniform(1, 12), dice.choice(talk.PATIENCE))
    return story.snooze(dice.uniform(13, 20), for_hours=dice.uniform(12, 120))


def outreach(scribe: Scribe, contact: Contact) -> Story:
    """We wrote first and heard nothing: Intercom keeps no statistics of such ones."""
    at = scribe.now - int(scribe.rng.uniform(5, 40) * DAY)
    return scribe.outreach(contact, at=at).close(24 * 3)


PLOTS: dict[Plot, Callable[[Scribe, Contact], Story]] = {
    "quick": quick,
    "slow": slow,
    "bounced": bounced,
    "neglected": neglected,
    "answered": answered,
    "fresh": fresh,
    "snoozed": snoozed,
    "outreach": outreach,
    "ancient": ancient,
}
