"""Contacts are searched by id in whatever form the server understands."""

from pulsescore.connectors.intercom.id_search import IdSearch, any_of, listed


def test_all_are_named_in_one_filter_at_first() -> None:
    assert IdSearch().form is listed
    assert listed(["a", "b"]) == {"field": "id", "operator": "IN", "value": ["a", "b"]}


def test_a_hundred_fit_the_limits_of_groups_and_levels() -> None:
    query = any_of([str(number) for number in range(100)])
    assert query["operator"] == "OR"
    assert len(query["value"]) == 7
    assert all(len(group["value"]) <= 15 for group in query["value"])
    named = [one["value"] for group in query["value"] for one in group["value"]]
    assert named == [str(number) for number in range(100)]
    assert {one["operator"] for group in query["value"] for one in group["value"]} == {"="}


def test_few_need_no_groups_in_a_group() -> None:
    assert any_of(["a"]) == {"field": "id", "operator": "=", "value": "a"}
    assert [one["value"] for one in any_of(["a", "b"])["value"]] == ["a", "b"]
    assert len(any_of([str(number) for number in range(16)])["value"]) == 2


def test_a_refused_form_is_given_up_once_however_many_were_refused_together() -> None:
    search = IdSearch()
    search.refused(listed)
    search.refused(listed)
    assert search.form is any_of
    search.refused(any_of)
    search.refused(any_of)
    assert search.form is None
