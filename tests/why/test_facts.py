"""What a pick is told with: true, in its order, and each thing once."""

from hypothesis import given, settings

from domain.recommendations import rules, taste
from domain.why.facts import facts_of
from domain.why.words import a, evening_words, genre_words, many_words, short
from tests.recommendations.examples import TODAY, candidate, liked, question
from tests.recommendations.test_rules import CANDIDATES


def facts(title, kinship=None, **asked):
    pick = rules.score(title, question(**asked), kinship, TODAY)
    return facts_of(pick, question(**asked), ("Netflix",), {}, TODAY)


@given(CANDIDATES)
@settings(max_examples=100)
def test_the_weightiest_comes_first_and_its_genres_come_last(title):
    found = facts(title)
    assert found[-1].kind == "genre"
    assert found[-1].data["genres"] == list(title.genres[:2])
    points = [fact.points for fact in found[:-1] if fact.kind != "new"]
    assert points == sorted(points, reverse=True)
    assert len({fact.kind for fact in found}) == len(found)


def test_a_theme_inside_another_is_told_once():
    reasons = ("keyword: haunted house", "keyword: haunt", "keyword: eerie", "synopsis: ghost")
    found = facts(candidate(mood_reasons=reasons))
    mood = next(fact for fact in found if fact.kind == "mood")
    assert mood.data["themes"] == ["haunted house", "eerie"]


def test_what_is_only_a_little_like_another_names_no_title():
    title = candidate(genres=("war", "history"), moods=())
    near = taste.kinship(title, [liked(genres=("comedy", "war", "music", "sport", "crime"))])
    assert 0 < near.value < 0.22
    assert "like" not in {fact.kind for fact in facts(title, near)}


def test_words_read_as_people_write_them():
    assert a("European film") == "a European film"
    assert a("animated film") == "an animated film"
    assert genre_words(["animation", "family"], "film") == "animated family film"
    assert genre_words(["romance", "comedy"], "series") == "romantic comedy series"
    assert genre_words(["thriller", "crime"], "film") == "crime thriller"
    assert genre_words([], "series") == "series"
    assert [evening_words(each) for each in (60, 90, 120, 150, 100, 720)] == [
        "hour", "hour and a half", "two hours", "two and a half hours", "100 minutes", "12 hours",
    ]  # fmt: skip
    assert many_words(217_400) == "217,000"
    assert many_words(999_600) == "1 million"
    assert many_words(2_000_000) == "2 million"
    assert len(short("word " * 40)) <= 60
    assert short("A\n  name") == "A name"
