"""A catalogue of any size, made up set by set in SQL: its shape is that of the 2022 lists.

The words of names and synopses are the demo's and 40,000 made-up ones, drawn by Zipf's law, so that
search meets stop words, common words and names that stand in one title alone. Same seed, same rows.
"""

import asyncpg

SEED = 0.2026
PEOPLE = 40_000

# Shares of what a title may be, out of 100; the moods' are not exclusive.
GENRES = {
    "drama": 22, "comedy": 17, "thriller": 9, "action": 9, "romance": 8, "documentary": 7,
    "crime": 6, "family": 5, "animation": 5, "science-fiction": 4, "fantasy": 4, "horror": 4,
}  # fmt: skip
MOODS = {
    "funny": 34, "easy": 33, "thoughtful": 30, "tense": 26, "thrilling": 26, "dark": 21,
    "romantic": 19, "uplifting": 15, "nostalgic": 15, "cozy": 11, "heartbreaking": 11,
    "mind-bending": 10, "epic": 10, "scary": 8,
}  # fmt: skip
PLATFORMS = {
    "amazon-prime-video": 25, "netflix": 18, "tubi-tv": 15, "hulu": 9, "paramount-plus": 8,
    "hbo-max": 7, "peacock": 6, "disney-plus": 5, "mubi": 3, "apple-tv": 2, "crunchyroll": 2,
}  # fmt: skip
MATURITY = {18: 55, 16: 12, 13: 12, 7: 13, 0: 8}
COUNTRIES = {"US": 80, "GB": 12, "DE": 8}

_WORDS = """
CREATE TABLE IF NOT EXISTS bench_words AS
    SELECT row_number() OVER (ORDER BY made_up, n DESC, word) AS rank, word
    FROM (
        SELECT word, count(*) AS n, false AS made_up
        FROM title_texts, regexp_split_to_table(lower(name || ' ' || synopsis), '[^a-z]+') AS word
        WHERE length(word) > 1 GROUP BY word
        UNION ALL
        SELECT DISTINCT translate(left(md5(i::text), 4 + i % 4), '0123456789', 'ghiklmnors'),
               0, true
        FROM generate_series(1, 40000) AS i
    ) spelled
"""
_TITLES = """
INSERT INTO titles (kind, name, name_key, year, runtime_min, maturity, genres, countries,
                    critics_score, audience_score, audience_votes, popularity, season_count,
                    justwatch_id, source)
SELECT kind, name, name, 2026 - least(90, floor(-ln(1 - random()) * 13)::int),
       CASE WHEN kind = 'film' THEN least(210, greatest(45, round(random_normal(95, 24))))
            ELSE (ARRAY[20, 22, 24, 25, 30, 38, 42, 45, 50, 58])[1 + floor(random() * 10)::int] END,
       {maturity}, ARRAY(SELECT DISTINCT unnest(genres)), '{{US}}',
       CASE WHEN random() < 0.3 THEN 20 + floor(random() * 80) END,
       round(least(9.6, greatest(1, random_normal(6.3, 1.3)))::numeric, 1),
       least(2e6, exp(random_normal(6.4, 2.6)))::int, least(3000, exp(random_normal(1.3, 1.4))),
       CASE kind WHEN 'film' THEN 0 ELSE 1 + floor(random() * 4) END, 'synthetic' || i, 'synthetic'
FROM (
    SELECT i, CASE WHEN random() < 0.76 THEN 'film' ELSE 'series' END AS kind,
           ARRAY[{genre}] || CASE WHEN random() < 0.7 THEN ARRAY[{genre}] ELSE '{{}}' END
             || CASE WHEN random() < 0.4 THEN ARRAY[{genre}] ELSE '{{}}' END AS genres
    FROM generate_series({first}, {last}) AS i
) drawn
JOIN (
    SELECT i, string_agg(word, ' ' ORDER BY place) AS name
    FROM (SELECT i, place, {rank} AS rank FROM generate_series({first}, {last}) AS i,
                 generate_series(1, 1 + (hashint4(i) & 3)) AS place) places
    JOIN bench_words USING (rank) GROUP BY i
) named USING (i)
"""
_TEXTS = """
INSERT INTO title_texts (title_id, name, synopsis)
SELECT id, min(name), string_agg(word, ' ' ORDER BY place)
FROM (SELECT id, name, place, {rank} AS rank
      FROM titles, generate_series(1, 28) AS place WHERE {new}) places
JOIN bench_words USING (rank) GROUP BY id
"""
_MOODS = """
INSERT INTO title_moods (title_id, mood, weight)
SELECT id, mood, 0.3 + 0.6 * random()
FROM titles, unnest({moods}) AS of (mood, share)
WHERE {new} AND (random() + 0 * titles.id) * 100 < share  -- with the id: drawn for each title
"""
_OFFERS = """
INSERT INTO offers (title_id, platform_id, country, monetization, quality, expires_on, source,
                    confidence, first_seen_at, last_seen_at)
SELECT d.id, platforms.id, {country}, CASE slug WHEN 'tubi-tv' THEN 'ads' ELSE 'subscription' END,
       (ARRAY['hd', 'hd', 'hd', '4k'])[1 + floor(random() * 4)::int],
       CASE WHEN random() < 0.08 THEN current_date + floor(random() * 60)::int END, 'synthetic',
       0.6, now(), now()
FROM (SELECT titles.id, {platform} AS slug
      FROM titles, generate_series(1, 1 + (abs(hashint8(titles.id)) % 10 / 6)) WHERE {new}) d
JOIN platforms USING (slug)
ON CONFLICT DO NOTHING
"""
_PEOPLE = """
INSERT INTO people (name, name_key) SELECT 'Person ' || i, 'person ' || i
FROM generate_series(1, {people}) AS i WHERE NOT EXISTS (SELECT FROM people WHERE name = 'Person 1')
"""
_CREDITS = """
INSERT INTO credits (title_id, person_id, role, position)
SELECT titles.id, p0.least + floor({people} * random() ^ 2)::int,
       CASE place WHEN 0 THEN 'director' ELSE 'actor' END, place
FROM titles, generate_series(0, 2) AS place,
     (SELECT min(id) AS least FROM people WHERE name LIKE 'Person %') AS p0
WHERE {new} ON CONFLICT DO NOTHING
"""
_POSITION = """
INSERT INTO availability_position AS p ("only", position) VALUES (true, 1)
ON CONFLICT ("only") DO UPDATE SET position = p.position + 1
"""


def _one_of(shares: dict[str, int] | dict[int, int]) -> str:
    """An SQL expression that draws one of the values by its share."""
    drawn = [value for value, share in shares.items() for _ in range(share)]
    array = "ARRAY[" + ", ".join(repr(value) for value in drawn) + "]"
    return f"({array})[1 + floor(random() * {len(drawn)})::int]"


async def grow(url: str, size: int) -> None:
    """Bring the made-up part of a database with the demo in it to `size` titles, vacuumed."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET max_parallel_workers_per_gather = 0")
        await connection.execute(f"SELECT setseed({SEED})")
        await connection.execute(_WORDS)
        words: int = await connection.fetchval("SELECT count(*) FROM bench_words")
        made = "source = 'synthetic'"
        there: int = await connection.fetchval(f"SELECT count(*) FROM titles WHERE {made}")
        before: int = await connection.fetchval("SELECT coalesce(max(id), 0) FROM titles")
        moods = ", ".join(f"'{mood}'" for mood in MOODS)
        shares = ", ".join(str(share) for share in MOODS.values())
        filled = {
            "first": there + 1, "last": size, "new": f"titles.id > {before} AND {made}",
            "rank": f"floor({words} ^ random())::int", "people": PEOPLE,
            "maturity": _one_of(MATURITY), "genre": _one_of(GENRES),
            "country": _one_of(COUNTRIES), "platform": _one_of(PLATFORMS),
            "moods": f"ARRAY[{moods}], ARRAY[{shares}]",
        }  # fmt: skip
        for statement in (_TITLES, _TEXTS, _MOODS, _OFFERS, _PEOPLE, _CREDITS, _POSITION):
            await connection.execute(statement.format(**filled))
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
