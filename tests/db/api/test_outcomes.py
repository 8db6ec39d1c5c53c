"""Outcomes and backtests by API: what is kept, what is refused and how a result is read."""

from pulsescore.core.clock import utcnow
from pulsescore.scoring.backtest.run import execute
from tests.db.api.world import Api, World


def test_rows_are_taken_one_by_one_and_the_refused_are_named(alice: Api, world: World) -> None:
    told = {
        "outcomes": [
            {"customer_id": world.ids["dora"], "left_on": "2026-01-31"},
            {"email": "nobody@example.com", "left_on": "2026-01-31"},
        ]
    }

    first, again = alice.post("/outcomes", told), alice.post("/outcomes", told)

    assert first.status == 200
    assert first.body["added"] == 1
    assert first.body["refused"] == [
        {
            "row": 1,
            "field": "email",
            "message": "There is no such customer in this organization.",
        }
    ]
    assert (again.body["added"], again.body["unchanged"]) == (0, 1)
    listed = alice.get("/outcomes?source=api").body["outcomes"]
    assert [(one["customer_id"], one["left_on"]) for one in listed] == [
        (world.ids["dora"], "2026-01-31")
    ]
    assert alice.get("/outcomes?source=csv").body["outcomes"] == []


def test_a_row_that_names_nobody_or_two_or_no_day_is_refused_by_its_path(alice: Api) -> None:
    for row, path in (
        ({"left_on": "2026-01-31"}, "outcomes.1"),
        ({"left_on": "2026-01-31", "email": "a@b.c", "customer_id": 1}, "outcomes.1"),
        ({"left_on": "soon", "email": "a@b.c"}, "outcomes.1.left_on"),
    ):
        fine = {"left_on": "2026-01-31", "email": "dora@example.com"}
        answer = alice.post("/outcomes", {"outcomes": [fine, row]})

        assert answer.status == 422
        assert answer.body["errors"][0]["field"].endswith(path)


def test_an_unnamed_attribute_is_refused(alice: Api) -> None:
    answer = alice.call("PUT", "/outcomes/attribute", {"field": "plan"})

    assert answer.status == 422
    assert answer.body["errors"][0]["field"] == "field"


def test_a_backtest_is_asked_for_once_and_says_that_there_are_too_few(alice: Api) -> None:
    first, second = alice.post("/backtests"), alice.post("/backtests")
    assert first.body["id"] == second.body["id"]
    assert first.body["status"] == "queued"

    execute(first.body["id"], now=utcnow)

    told = alice.get(f"/backtests/{first.body['id']}").body
    assert told["status"] == "too_few"
    assert told["outcomes"] == 0
    assert [one["auc"] for one in told["horizons"]] == [None, None, None]
    assert told["suggestion"] is None
    assert alice.post("/backtests").body["id"] != first.body["id"]
