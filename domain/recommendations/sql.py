"""The statements behind a recommendation.

`_JUDGED` puts every hard filter to every title on the viewer's platforms and keeps the answers as
bits, in the order of values.Filter: the lowest set bit is the first filter that a title fails (to
count what was dropped and why), and a single set bit is what loosening that one would bring.
"""

from domain.platforms.sql import INCLUDED, ON_NOW
from domain.recommendations.values import Filter

MOST_GENRES = 6
"""How many liked genres a statement weighs; written out, since a join for each row costs more."""

BITS = {name: 1 << place for place, name in enumerate(list(Filter)[1:])}
"""The bit of each filter but the first: what is on no platform of theirs is not judged at all."""

WATCHED = """
watched AS (
    -- A series is watched when it was ticked off whole or when no episode is missing, where anybody
    -- has counted them.
    SELECT w.title_id,
           bool_or(w.episode_id IS NULL)
             OR coalesce(count(DISTINCT w.episode_id) >= nullif(max(t.episode_count), 0), false)
             AS done
    FROM watches w JOIN titles t ON t.id = w.title_id
    WHERE w.profile_id = CAST(:profile AS uuid)
    GROUP BY w.title_id
), finished AS (
    SELECT title_id FROM watched WHERE done
    UNION SELECT title_id FROM ratings WHERE profile_id = CAST(:profile AS uuid)
    -- Ticked off on the list, where fillers and specials need not have been watched.
    UNION SELECT title_id FROM watchlist_items
    WHERE profile_id = CAST(:profile AS uuid) AND watched_at IS NOT NULL
    UNION SELECT unnest(CAST(:seen AS bigint[]))
)
"""

# One aggregate says it all: no day at all is another country, and infinity is no end in sight.
_HERE = f"""
here AS NOT MATERIALIZED (
    SELECT title_id,
           max(CASE WHEN country = :country THEN coalesce(expires_on, 'infinity') END) AS last_day
    FROM offers
    WHERE platform_id = ANY (CAST(:platforms AS smallint[]))
      AND monetization IN {INCLUDED} AND {ON_NOW}
    GROUP BY title_id
)
"""

_FAILS = {
    Filter.COUNTRY: "last_day IS NULL",
    Filter.TIME: "CAST(:time_min AS int) IS NOT NULL"
    " AND coalesce(t.runtime_min > CAST(:time_min AS int), true)",
    Filter.MOOD: "CAST(:mood AS text) IS NOT NULL AND m.weight IS NULL",
    Filter.MATURITY: "t.maturity > CAST(:ceiling AS int)",
    Filter.AVOIDED_GENRE: "cardinality(CAST(:avoided AS text[])) > 0"
    " AND t.genres && CAST(:avoided AS text[])",
    Filter.EXCLUDED: "t.id = ANY (CAST(:excluded AS bigint[]))",
    Filter.WATCHED: "NOT CAST(:allow_watched AS boolean)"
    " AND t.id IN (SELECT title_id FROM finished)",
    Filter.COMPANY: "CAST(:crowd AS boolean) AND (t.maturity > CAST(:crowd_maturity AS int)"
    " OR t.id IN (SELECT title_id FROM watched WHERE NOT done))",
}
_VERDICT = "\n      | ".join(
    f"CASE WHEN {fails} THEN {BITS[name]} ELSE 0 END" for name, fails in _FAILS.items()
)

# Narrow, since it is walked several times: what only the chosen need is looked up for them.
_JUDGED = f"""
judged AS MATERIALIZED (
    SELECT t.id, t.appeal, t.year, t.runtime_min, t.genres, m.weight AS mood_weight,
           nullif(last_day, 'infinity') AS leaves_on,
           {_VERDICT} AS fails
    FROM here
    JOIN titles t ON t.id = here.title_id
    LEFT JOIN title_moods m ON m.title_id = t.id AND m.mood = :mood
)
"""

LIKING = " + ".join(
    f"coalesce((CAST(:liked_weights AS real[]))[{n}]"
    f" * CAST((CAST(:liked_genres AS text[]))[{n}] = ANY (t.genres) AS int), 0)"
    for n in range(1, MOST_GENRES + 1)
)

WISHES = """
wishes AS (
    SELECT title_id FROM watchlist_items
    WHERE profile_id = CAST(:profile AS uuid) AND watched_at IS NULL
), kin AS (
    SELECT title_id, count(DISTINCT person_id) AS people FROM credits
    WHERE person_id = ANY (CAST(:people AS bigint[])) GROUP BY title_id
)
"""
"""What is on the list, and how many of the liked people titles have."""

NEARNESS = f"""
3 * CAST(t.id IN (SELECT title_id FROM wishes) AS int)
  + least(2, coalesce(kin.people, 0)) + {LIKING}
"""
"""How near a title `t` is to what they like and wish for, roughly, to choose whom to score."""

DETAILED = """
candidates AS (
    SELECT c.id, t.name, t.kind, t.year, t.runtime_min, t.maturity, t.genres, t.appeal,
           t.critics_score, t.audience_score, t.audience_votes, t.popularity, t.season_count,
           t.episode_count, c.mood_weight, asked_for.reasons AS mood_reasons, c.leaves_on,
           c.id IN (SELECT title_id FROM wishes) AS on_watchlist,
           (SELECT json_agg(json_build_array(mood, weight) ORDER BY weight DESC, mood)
            FROM title_moods WHERE title_id = c.id) AS moods,
           ARRAY (SELECT DISTINCT person_id FROM credits
                  WHERE title_id = c.id AND (role <> 'actor' OR position < 8)) AS people
    FROM chosen c JOIN titles t ON t.id = c.id
    LEFT JOIN title_moods asked_for ON asked_for.title_id = c.id AND asked_for.mood = :mood
)
"""
"""The chosen (id, mood_weight, leaves_on) with all that ranking looks at."""

CANDIDATES = f"""
WITH {WATCHED}, {_HERE}, {_JUDGED}, passing AS NOT MATERIALIZED (
    SELECT * FROM judged WHERE fails = 0
), {WISHES}, near AS (
    SELECT t.id, {NEARNESS} AS nearness
    FROM passing t LEFT JOIN kin ON kin.title_id = t.id
    WHERE CAST(:has_past AS boolean)
), chosen AS (
    (SELECT id, mood_weight, leaves_on FROM passing
     ORDER BY appeal + coalesce(mood_weight, 0) DESC, id LIMIT 20)
    UNION
    (SELECT id, mood_weight, leaves_on FROM passing WHERE leaves_on IS NOT NULL
     ORDER BY leaves_on, appeal DESC, id LIMIT 10)
    UNION
    (SELECT id, mood_weight, leaves_on FROM near JOIN passing USING (id)
     WHERE nearness > 0 ORDER BY nearness DESC, id LIMIT 10)
    UNION
    (SELECT id, mood_weight, leaves_on FROM passing
     ORDER BY year DESC NULLS LAST, appeal DESC, id LIMIT 10)
), {DETAILED}
SELECT (SELECT count(*) FROM titles) AS total,
       (SELECT json_object_agg(fails, n) FROM (
            SELECT fails, count(*) AS n FROM judged GROUP BY fails
        ) verdicts) AS verdicts,
       (SELECT json_agg(row_to_json(c)) FROM candidates c) AS candidates
"""

# How long an evening lets the next five titles in, in steps of five minutes, and how many that
# are: others may be just as long.
LONGER = f"""
WITH {WATCHED}, {_HERE}, {_JUDGED}, longer AS (
    SELECT (runtime_min + 4) / 5 * 5 AS enough FROM judged
    WHERE fails = {BITS[Filter.TIME]} AND runtime_min IS NOT NULL
), fifth AS (
    SELECT max(enough) AS enough FROM (SELECT enough FROM longer ORDER BY enough LIMIT 5) next
)
SELECT fifth.enough, count(*) AS n FROM fifth JOIN longer ON longer.enough <= fifth.enough
GROUP BY fifth.enough
"""

# Which moods the titles have that fit all but for their mood, kindred ones first.
OTHER_MOODS = f"""
WITH {WATCHED}, {_HERE}, {_JUDGED}
SELECT tm.mood, count(*) AS n
FROM judged j JOIN title_moods tm ON tm.title_id = j.id
WHERE j.fails = {BITS[Filter.MOOD]}
GROUP BY tm.mood
ORDER BY tm.mood = ANY (CAST(:kindred AS text[])) DESC, n DESC, tm.mood LIMIT 1
"""

# Which platform, that they don't have, carries the most titles that fit in every other way.
OTHER_PLATFORMS = f"""
WITH {WATCHED}, theirs AS (
    SELECT title_id FROM offers
    WHERE country = :country AND platform_id = ANY (CAST(:platforms AS smallint[]))
      AND monetization IN {INCLUDED} AND {ON_NOW}
), elsewhere AS (
    SELECT DISTINCT platform_id, title_id FROM offers
    WHERE country = :country AND NOT platform_id = ANY (CAST(:platforms AS smallint[]))
      AND title_id NOT IN (SELECT title_id FROM theirs)
      AND monetization IN {INCLUDED} AND {ON_NOW}
), here AS (
    SELECT DISTINCT title_id, CAST('infinity' AS date) AS last_day FROM elsewhere
), {_JUDGED}
SELECT pl.id, pl.slug, pl.name, count(*) AS n
FROM judged j JOIN elsewhere e ON e.title_id = j.id JOIN platforms pl ON pl.id = e.platform_id
WHERE j.fails = 0
GROUP BY pl.id ORDER BY n DESC, pl.name LIMIT 1
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
       ARRAY (SELECT DISTINCT person_id FROM credits
              WHERE title_id = t.id AND (role <> 'actor' OR position < 8)) AS people
FROM past JOIN titles t ON t.id = past.title_id
WHERE t.maturity <= CAST(:ceiling AS int)
ORDER BY past.at DESC, t.id LIMIT :most
"""
