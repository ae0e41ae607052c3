"""The statements behind a recommendation.

`JUDGED` asks every title the hard filters, in the order of values.Filter, and keeps both the
first one it fails (to count what was dropped and why) and how many it fails (a title that fails
one alone is what loosening that one would bring).
"""

from domain.platforms.sql import INCLUDED, ON_NOW

_WATCHED = """
watched AS (
    -- A series is watched when it was ticked off whole or when no episode is missing.
    SELECT w.title_id,
           bool_or(w.episode_id IS NULL)
             OR count(DISTINCT w.episode_id) >= max(t.episode_count) AS done
    FROM watches w JOIN titles t ON t.id = w.title_id
    WHERE w.profile_id = CAST(:profile AS uuid)
    GROUP BY w.title_id
), finished AS (
    SELECT title_id FROM watched WHERE done
    UNION SELECT title_id FROM ratings WHERE profile_id = CAST(:profile AS uuid)
    UNION SELECT unnest(CAST(:seen AS bigint[]))
)
"""

_HERE = f"""
here AS MATERIALIZED (
    SELECT title_id,
           bool_or(country = :country) AS in_country,
           CASE WHEN bool_or(expires_on IS NULL) FILTER (WHERE country = :country) THEN NULL
                ELSE max(expires_on) FILTER (WHERE country = :country) END AS leaves_on
    FROM offers
    WHERE platform_id = ANY (CAST(:platforms AS smallint[]))
      AND monetization IN {INCLUDED} AND {ON_NOW}
    GROUP BY title_id
)
"""

_FAILS = """
           NOT in_country AS fails_country,
           CAST(:time_min AS int) IS NOT NULL
             AND coalesce(t.runtime_min > CAST(:time_min AS int), true) AS fails_time,
           CAST(:mood AS text) IS NOT NULL AND m.weight IS NULL AS fails_mood,
           t.maturity > CAST(:ceiling AS int) AS fails_maturity,
           t.genres && CAST(:avoided AS text[]) AS fails_avoided_genre,
           t.id = ANY (CAST(:excluded AS bigint[])) AS fails_excluded,
           t.id IN (SELECT title_id FROM finished) AS fails_watched,
           CAST(:crowd AS boolean) AND (
               t.maturity > CAST(:crowd_maturity AS int)
               OR t.id IN (SELECT title_id FROM watched WHERE NOT done)) AS fails_company
"""

_FILTERS = (
    "country", "time", "mood", "maturity", "avoided_genre", "excluded", "watched", "company",
)  # fmt: skip
_VERDICT = "CASE " + " ".join(f"WHEN fails_{f} THEN '{f}'" for f in _FILTERS) + " END"
_COUNT = " + ".join(f"CAST(fails_{f} AS int)" for f in _FILTERS)

_JUDGED = f"""
judged AS MATERIALIZED (
    SELECT *, {_VERDICT} AS verdict, {_COUNT} AS fails
    FROM (
        SELECT t.id, t.name, t.kind, t.year, t.runtime_min, t.maturity, t.genres, t.appeal,
               t.critics_score, t.audience_score, t.audience_votes, t.popularity,
               t.season_count, m.weight AS mood_weight, m.reasons AS mood_reasons, here.leaves_on,
               {_FAILS}
        FROM here
        JOIN titles t ON t.id = here.title_id
        LEFT JOIN title_moods m ON m.title_id = t.id AND m.mood = :mood
    ) asked
)
"""

CANDIDATES = f"""
WITH {_WATCHED}, {_HERE}, {_JUDGED}, passing AS (
    SELECT * FROM judged WHERE verdict IS NULL
), wishes AS (
    SELECT title_id FROM watchlist_items
    WHERE profile_id = CAST(:profile AS uuid) AND watched_at IS NULL
), kin AS (
    SELECT title_id, count(*) AS people FROM credits
    WHERE person_id = ANY (CAST(:people AS bigint[])) GROUP BY title_id
), near AS (
    SELECT p.id,
           3 * CAST(p.id IN (SELECT title_id FROM wishes) AS int)
             + least(2, coalesce(kin.people, 0))
             + coalesce((SELECT sum(weight)
                         FROM unnest(CAST(:liked_genres AS text[]), CAST(:liked_weights AS real[]))
                              AS liked (genre, weight)
                         WHERE liked.genre = ANY (p.genres)), 0) AS nearness
    FROM passing p LEFT JOIN kin ON kin.title_id = p.id
    WHERE CAST(:has_past AS boolean)
), chosen AS (
    (SELECT id FROM passing
     ORDER BY appeal + coalesce(mood_weight, 0) DESC, id LIMIT 20)
    UNION
    (SELECT id FROM passing WHERE leaves_on IS NOT NULL
     ORDER BY leaves_on, appeal DESC, id LIMIT 10)
    UNION
    (SELECT id FROM near WHERE nearness > 0 ORDER BY nearness DESC, id LIMIT 10)
    UNION
    (SELECT id FROM passing ORDER BY year DESC NULLS LAST, appeal DESC, id LIMIT 10)
), candidates AS (
    SELECT p.id, name, kind, year, runtime_min, maturity, genres, appeal, critics_score,
           audience_score, audience_votes, popularity, season_count, mood_weight, mood_reasons,
           leaves_on,
           p.id IN (SELECT title_id FROM wishes) AS on_watchlist,
           (SELECT json_agg(json_build_array(mood, weight) ORDER BY weight DESC, mood)
            FROM title_moods WHERE title_id = p.id) AS moods,
           ARRAY (SELECT person_id FROM credits
                  WHERE title_id = p.id AND (role <> 'actor' OR position < 8)) AS people
    FROM passing p WHERE p.id IN (SELECT id FROM chosen)
)
SELECT (SELECT count(*) FROM titles) AS total,
       (SELECT count(*) FROM here) AS on_platforms,
       (SELECT count(*) FROM passing) AS passing,
       (SELECT json_object_agg(verdict, n) FROM (
            SELECT verdict, count(*) AS n FROM judged WHERE verdict IS NOT NULL GROUP BY verdict
        ) first_failed) AS dropped,
       (SELECT json_object_agg(verdict, n) FROM (
            SELECT verdict, count(*) AS n FROM judged WHERE fails = 1 GROUP BY verdict
        ) alone) AS dropped_alone,
       (SELECT json_agg(row_to_json(c)) FROM candidates c) AS candidates
"""

# The runtimes just above the evening: what the fifth of them takes is what to suggest.
LONGER = f"""
WITH {_WATCHED}, {_HERE}, {_JUDGED}
SELECT runtime_min FROM judged
WHERE verdict = 'time' AND fails = 1 AND runtime_min IS NOT NULL
ORDER BY runtime_min LIMIT 5
"""

# Which moods the titles have that fit all but for their mood.
OTHER_MOODS = f"""
WITH {_WATCHED}, {_HERE}, {_JUDGED}
SELECT tm.mood, count(*) AS n
FROM judged j JOIN title_moods tm ON tm.title_id = j.id
WHERE j.verdict = 'mood' AND j.fails = 1
GROUP BY tm.mood ORDER BY n DESC, tm.mood LIMIT 1
"""

# Which platform, that they don't have, carries the most titles that fit in every other way.
OTHER_PLATFORMS = f"""
WITH {_WATCHED}, elsewhere AS (
    SELECT DISTINCT platform_id, title_id FROM offers
    WHERE country = :country AND NOT platform_id = ANY (CAST(:platforms AS smallint[]))
      AND monetization IN {INCLUDED} AND {ON_NOW}
), here AS (
    SELECT DISTINCT title_id, true AS in_country, CAST(NULL AS date) AS leaves_on
    FROM elsewhere
), {_JUDGED}
SELECT pl.name, count(*) AS n
FROM judged j JOIN elsewhere e ON e.title_id = j.id JOIN platforms pl ON pl.id = e.platform_id
WHERE j.verdict IS NULL
GROUP BY pl.name ORDER BY n DESC, pl.name LIMIT 1
"""

# What the viewer watched, rated and wishes for, latest first, with what to compare it by.
PAST = """
WITH events AS (
    SELECT title_id, watched_at AS at, NULL AS rating, false AS wished
    FROM watches WHERE profile_id = CAST(:profile AS uuid)
    UNION ALL SELECT title_id, rated_at, score, false
    FROM ratings WHERE profile_id = CAST(:profile AS uuid)
    UNION ALL SELECT title_id, added_at, NULL, true
    FROM watchlist_items WHERE profile_id = CAST(:profile AS uuid) AND watched_at IS NULL
    UNION ALL SELECT title_id, CAST(:now AS timestamptz), rating, false
    FROM unnest(CAST(:seen AS bigint[]), CAST(:seen_ratings AS smallint[]))
         AS told (title_id, rating)
), past AS (
    SELECT title_id, max(at) AS at, max(rating) AS rating, bool_and(wished) AS wished,
           count(*) OVER () AS titles, sum(count(*)) OVER () AS events
    FROM events GROUP BY title_id
)
SELECT t.id, t.name, t.genres, past.rating, past.wished, past.at, past.titles, past.events,
       (SELECT json_agg(json_build_array(mood, weight)) FROM title_moods
        WHERE title_id = t.id) AS moods,
       ARRAY (SELECT person_id FROM credits
              WHERE title_id = t.id AND (role <> 'actor' OR position < 8)) AS people
FROM past JOIN titles t ON t.id = past.title_id
ORDER BY past.at DESC, t.id LIMIT :most
"""
