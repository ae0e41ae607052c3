"""What time does to a world: the same for the same seed, and nothing on the first day."""

from dataclasses import replace
from datetime import date, timedelta
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.drift import Drift
from simulators.samples import big_world, sample_world
from simulators.world import Offer, World

START = date(2026, 11, 21)
DAY = timedelta(days=1)
WORLD = sample_world(titles=30, today=START)
days = st.integers(0, 90)
seeds = st.integers(0, 50)


def everything(drift: Drift, today: date) -> dict[int, list[Offer]]:
    return {number: list(drift.offers(number, today)) for number in drift.world.titles}


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_the_first_day_is_the_world_as_it_was_given(seed: int) -> None:
    assert everything(Drift(WORLD, START, seed), START) == WORLD.offers


@given(seed=seeds, asked=st.lists(days, min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_a_day_looks_the_same_however_one_came_to_it(seed: int, asked: list[int]) -> None:
    drift = Drift(WORLD, START, seed)
    for number in asked:
        today = START + number * DAY
        assert everything(drift, today) == everything(Drift(WORLD, START, seed), today)


@given(seed=seeds, passed=days)
@settings(max_examples=25, deadline=None)
def test_nothing_stays_beyond_its_last_day(seed: int, passed: int) -> None:
    today = START + passed * DAY
    offers = everything(Drift(WORLD, START, seed), today).values()
    assert all(
        each.expires_on is None or each.expires_on >= today for listed in offers for each in listed
    )


@given(seed=seeds)
@settings(max_examples=10, deadline=None)
def test_what_changed_leads_from_each_day_to_the_next(seed: int) -> None:
    drift = Drift(WORLD, START, seed)
    before = everything(drift, START)
    for passed in range(1, 40):
        today = START + passed * DAY
        for change in drift.changes(today, today, today):
            if change.before is not None:
                before[change.title].remove(change.before)
            if change.after is not None:
                before[change.title].append(change.after)
        now = everything(drift, today)
        for number, offers in now.items():
            assert sorted(map(repr, offers)) == sorted(map(repr, before[number]))


def test_the_world_that_was_given_is_left_alone() -> None:
    given = {number: list(offers) for number, offers in WORLD.offers.items()}
    everything(Drift(WORLD, START), START + 60 * DAY)
    assert given == WORLD.offers


def test_some_are_renewed_and_most_leave() -> None:
    world = World(titles=WORLD.titles, packages=WORLD.packages)
    ending = Offer(0, 8, "US", "subscription", "hd", expires_on=START + 10 * DAY)
    world.offers = {number: [replace(ending, title=number)] for number in WORLD.titles}
    drift = Drift(world, START, seed=3)
    days = list(drift.changes(START, START + 11 * DAY, START + 11 * DAY))
    left = {each.title for each in days if each.what == "left"}
    assert len(WORLD.titles) / 2 < len(left) < len(WORLD.titles)
    renewed = [number for number in WORLD.titles if number not in left]
    assert all(drift.offers(number, START + 11 * DAY) for number in renewed)


def test_offers_that_are_put_stay_put_when_time_goes_back_and_forth() -> None:
    drift = Drift(WORLD, START, seed=1)
    number = next(iter(WORLD.titles))
    offer = Offer(number, 8, "US", "subscription", "hd")
    drift.replace(number, [offer], START)
    assert drift.offers(number, START) == [offer]
    later = everything(drift, START + 30 * DAY)
    assert everything(drift, START)[number] == [offer]
    assert everything(drift, START + 30 * DAY) == later
    drift.restore()
    assert everything(drift, START + 30 * DAY) == everything(
        Drift(WORLD, START, 1), START + 30 * DAY
    )
    with pytest.raises(KeyError):
        drift.replace(-1, [], START)


def test_a_day_of_a_large_world_is_a_matter_of_milliseconds() -> None:
    drift = Drift(big_world(10_000, 1, today=START), START)
    drift.offers(1001, START + DAY)  # the first looks through the world
    began = process_time()
    drift.offers(1001, START + 11 * DAY)
    assert (process_time() - began) / 10 < 0.1
