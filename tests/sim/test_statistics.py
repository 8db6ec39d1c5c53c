"""Statistics follow from the history alone."""

from intercom_sim import threads
from intercom_sim.model import Conversation, Source
from intercom_sim.statistics import Statistics, derive

T0 = 1_000_000
HOUR = 3_600
CONTACT, ADMIN, OTHER, BOT = "contact:c1", "admin:11", "admin:12", "bot:99"


def begun(author: str = CONTACT) -> Conversation:
    delivered = "customer_initiated" if author == CONTACT else "admin_initiated"
    source = Source(1, "conversation", delivered, author, "", "<p>Hello</p>")
    return Conversation("100", T0, T0, source, ["c1"])


def say(one: Conversation, author: str, hours: float) -> None:
    at = T0 + int(hours * HOUR)
    threads.say(one, part_id=len(one.parts) + 2, author=author, at=at, body="<p>…</p>")


def close(one: Conversation, hours: float, author: str = ADMIN) -> None:
    threads.close(one, part_id=len(one.parts) + 2, author=author, at=T0 + int(hours * HOUR))


def assign(one: Conversation, hours: float, assignee: str = ADMIN) -> None:
    at = T0 + int(hours * HOUR)
    part_id = len(one.parts) + 2
    threads.assign(one, part_id=part_id, author=BOT, at=at, assignee=assignee)


def figures(one: Conversation) -> Statistics:
    known = derive(one)
    assert known is not None
    return known


def test_nothing_is_known_until_somebody_writes_to_us() -> None:
    one = begun(ADMIN)
    close(one, 1)
    assert derive(one) is None
    say(one, CONTACT, 2)
    assert figures(one).first_contact_reply_at == T0 + 2 * HOUR


def test_an_unanswered_conversation_has_times_of_the_contact_only() -> None:
    known = figures(begun())
    assert known.first_contact_reply_at == known.last_contact_reply_at == T0
    assert known.time_to_admin_reply is None
    assert (known.count_reopens, known.count_assignments) == (0, 0)


def test_the_first_answer_of_a_teammate_counts_and_a_bots_does_not() -> None:
    one = begun()
    say(one, BOT, 0.5)
    say(one, ADMIN, 3)
    say(one, ADMIN, 5)
    known = figures(one)
    assert known.time_to_admin_reply == 3 * HOUR
    assert known.last_admin_reply_at == T0 + 5 * HOUR


def test_closing_twice_keeps_the_first_and_moves_the_last() -> None:
    one = begun()
    close(one, 4)
    say(one, CONTACT, 10)
    close(one, 12, OTHER)
    known = figures(one)
    assert (known.time_to_first_close, known.time_to_last_close) == (4 * HOUR, 12 * HOUR)
    assert known.last_closed_by_id == "12"
    assert known.count_reopens == 1


def test_durations_run_from_the_contacts_first_message() -> None:
    one = begun(ADMIN)
    say(one, CONTACT, 10)
    say(one, ADMIN, 12)
    close(one, 15)
    known = figures(one)
    assert known.time_to_admin_reply == 2 * HOUR
    assert known.time_to_last_close == 5 * HOUR


def test_every_way_out_of_closed_is_one_reopen() -> None:
    one = begun()
    close(one, 1)
    threads.reopen(one, part_id=50, author=ADMIN, at=T0 + 2 * HOUR)
    close(one, 3)
    assign(one, 4)
    close(one, 5)
    say(one, CONTACT, 6)
    say(one, CONTACT, 7)
    assert figures(one).count_reopens == 3


def test_waking_a_snoozed_one_is_no_reopen() -> None:
    one = begun()
    at = T0 + HOUR
    threads.snooze(one, part_id=2, author=ADMIN, at=at, until=at + HOUR)
    say(one, CONTACT, 3)
    assert one.state == "open"
    assert figures(one).count_reopens == 0


def test_assignments_before_the_first_answer_set_the_time_to_assignment() -> None:
    one = begun()
    assign(one, 1)
    assign(one, 2, OTHER)
    say(one, OTHER, 3)
    assign(one, 4)
    known = figures(one)
    assert known.count_assignments == 3
    assert known.time_to_assignment == 2 * HOUR
    assert known.last_assignment_admin_reply_at == T0 + 3 * HOUR


def test_the_median_is_taken_over_answers_to_waiting_customers() -> None:
    one = begun()
    say(one, ADMIN, 1)
    say(one, CONTACT, 2)
    say(one, CONTACT, 3)
    say(one, ADMIN, 5)
    assert figures(one).median_time_to_reply == 2 * HOUR


def test_waiting_since_is_the_first_unanswered_message() -> None:
    one = begun()
    say(one, CONTACT, 1)
    waiting = one.waiting_since
    say(one, BOT, 2)
    assert waiting == one.waiting_since == T0 + HOUR
    say(one, ADMIN, 3)
    assert one.waiting_since is None
