"""The statements behind "what is leaving?" and "what is new?".

Each first finds the titles with an offer in the window, then looks at those alone, and hands out
at most 200 to be scored: the ones that an ordering by plain columns puts first in some way.
"""

from domain.platforms.sql import INCLUDED, ON_NOW
from domain.recommendations.regret import HALF_AS_PRESSING_DAYS, KEPT
from domain.recommendations.sql import DETAILED, NEARNESS, WATCHED, WISHES

_MOST_COMPARED = 1_000  # with what is liked, before some are chosen
_MOST_NEW = 150

_IN_SCOPE = """(CAST(:platforms AS smallint[]) IS NULL
                OR platform_id = ANY (CAST(:platforms AS smallint[])))"""

_FOR_THEM = """
    t.maturity <= CAST(:ceiling AS int) AND NOT t.genres && CAST(:avoided AS text[])
    AND t.id NOT IN (SELECT title_id FROM finished)
"""

# A title leaves a platform on the day when the first part of it does that they haven't seen, where
# specials don't count. A season ends with its own last offer or with the last one of the whole
# series, whichever stays longer; it is seen when no episode of its story is missing that there is.
# The keys travel as an array, and rows carry what the next step needs: Postgres can't know how few
# titles leave, and otherwise reads all offers or compares each title with each.
LEAVING = f"""
WITH {WATCHED}, {WISHES}, soon AS MATERIALIZED (
    SELECT DISTINCT title_id FROM offers
    WHERE expires_on <= CAST(:until AS date) AND country = :country
      AND monetization IN {INCLUDED} AND {ON_NOW} AND {_IN_SCOPE}
), seen AS MATERIALIZED (
    SELECT title_id, season_number FROM episodes
    WHERE title_id = ANY (ARRAY (SELECT title_id FROM watched JOIN soon USING (title_id)))
      AND season_number > 0 AND (air_date IS NULL OR air_date <= CAST(:today AS date))
    GROUP BY title_id, season_number
    HAVING bool_and(filler = 'filler' OR id IN (
        SELECT episode_id FROM watches
        WHERE profile_id = CAST(:profile AS uuid) AND episode_id IS NOT NULL
    ))
), seen_to_the_end AS (
    SELECT title_id FROM seen JOIN titles t ON t.id = title_id AND season_count > 0
    GROUP BY title_id, season_count HAVING count(*) >= season_count
), parts AS (
    SELECT title_id, platform_id, season_number, max(coalesce(expires_on, 'infinity')) AS ends
    FROM offers
    WHERE title_id = ANY (ARRAY (SELECT title_id FROM soon))
      AND country = :country AND monetization IN {INCLUDED} AND {ON_NOW}
    GROUP BY title_id, platform_id, season_number
), ways AS (
    SELECT title_id, platform_id,
           max(ends) FILTER (WHERE season_number IS NULL) AS whole,
           min(ends) FILTER (WHERE season_number > 0 AND (title_id, season_number)
                             NOT IN (SELECT title_id, season_number FROM seen)) AS season,
           count(*) FILTER (WHERE season_number > 0) AS seasons
    FROM parts GROUP BY title_id, platform_id
), ends AS (
    SELECT t.id, t.appeal, t.genres, platform_id,
           CASE WHEN whole IS NULL THEN season
                WHEN t.season_count BETWEEN 1 AND seasons THEN greatest(whole, season)
                ELSE whole END AS ends
    FROM ways JOIN titles t ON t.id = title_id
    WHERE {_FOR_THEM} AND t.id NOT IN (SELECT title_id FROM seen_to_the_end)
), leaving AS (
    SELECT id, appeal, genres, min(ends) FILTER (WHERE {_IN_SCOPE}) AS leaves_on,
           max(ends) FILTER (WHERE platform_id = ANY (CAST(:mine AS smallint[]))) AS lost_on
    FROM ends GROUP BY id, appeal, genres
), pulling AS (
    SELECT id, genres, leaves_on, lost_on, id IN (SELECT title_id FROM wishes) AS wished,
           appeal * CASE WHEN lost_on > leaves_on THEN {KEPT} ELSE 1 END
             / ({HALF_AS_PRESSING_DAYS} + leaves_on - CAST(:today AS date)) AS pull
    FROM leaving WHERE leaves_on <= CAST(:until AS date)
), passing AS MATERIALIZED (
    SELECT * FROM pulling ORDER BY wished DESC, pull DESC, id LIMIT {_MOST_COMPARED}
), near AS (
    SELECT t.id, t.leaves_on, t.lost_on, {NEARNESS} AS nearness, t.pull
    FROM passing t LEFT JOIN kin ON kin.title_id = t.id WHERE CAST(:has_past AS boolean)
), first AS (
    (SELECT id, leaves_on, lost_on FROM passing ORDER BY pull DESC, id LIMIT 100)
    UNION
    (SELECT id, leaves_on, lost_on FROM passing WHERE wished ORDER BY leaves_on, id LIMIT 50)
    UNION
    (SELECT id, leaves_on, lost_on FROM near
     WHERE nearness > 0 ORDER BY nearness * pull DESC, id LIMIT 50)
), chosen AS MATERIALIZED (
    SELECT id, CAST(NULL AS real) AS mood_weight, leaves_on, lost_on FROM first
), {DETAILED}
SELECT row_to_json(c) AS candidate, nullif(chosen.lost_on, 'infinity') AS lost_on,
       chosen.lost_on = 'infinity' AS is_kept
FROM candidates c JOIN chosen USING (id)
"""

# What was on one of them when the window began, and has left since, was there already.
NEW = f"""
WITH {WATCHED}, {WISHES}, fresh AS MATERIALIZED (
    SELECT DISTINCT title_id FROM offers
    WHERE available_from >= CAST(:since AS date) AND country = :country
      AND monetization IN {INCLUDED} AND {ON_NOW} AND {_IN_SCOPE}
), arrived AS (
    SELECT title_id, min(coalesce(available_from, '-infinity')) AS since
    FROM offers
    WHERE title_id = ANY (ARRAY (SELECT title_id FROM fresh))
      AND country = :country AND monetization IN {INCLUDED} AND {_IN_SCOPE}
      AND (available_from IS NULL OR available_from <= CAST(:today AS date))
      AND coalesce(least(CAST(gone_at AS date), expires_on), 'infinity') >= CAST(:since AS date)
    GROUP BY title_id
), chosen AS MATERIALIZED (
    SELECT t.id, CAST(NULL AS real) AS mood_weight, CAST(NULL AS date) AS leaves_on, a.since
    FROM arrived a JOIN titles t ON t.id = a.title_id
    WHERE a.since >= CAST(:since AS date) AND {_FOR_THEM}
    ORDER BY a.since DESC, t.appeal DESC, t.id LIMIT {_MOST_NEW}
), {DETAILED}
SELECT row_to_json(c) AS candidate, chosen.since FROM candidates c JOIN chosen USING (id)
"""
