"""What a process remembers is neither too old nor too much."""

from domain.why.recent import Recent


def test_a_value_is_remembered_for_its_time_from_when_it_was_last_put():
    now = 0.0
    recent = Recent[str](10, 5.0, clock=lambda: now)
    recent.put("a", "one")
    now = 4.9
    assert recent.get("a") == "one"
    recent.put("a", "two")
    now = 9.8
    assert recent.get("a") == "two"
    now = 9.9
    assert recent.get("a") is None
    assert recent.get("b") is None


def test_the_oldest_make_room():
    recent = Recent[int](3, 60.0)
    for number, key in enumerate("abcad"):
        recent.put(key, number)
    assert [recent.get(key) for key in "abcd"] == [3, None, 2, 4]
