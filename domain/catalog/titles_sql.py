"""The statements of `titles_sync`.

One rule settles every column: a source says what it knows and leaves the rest, and the demo, which
is written by hand, only fills in what a real source left open. Parameter: source.
"""

# What each column holds where nobody has said anything.
_SILENCE = {
    "name": None, "name_key": None, "year": None, "runtime_min": None, "genres": "'{}'",
    "countries": "'{}'", "critics_score": None, "season_count": "0", "episode_count": "0",
    "popularity": "0", "imdb_id": None, "tmdb_id": None, "mal_id": None,
}  # fmt: skip
_FACTS = "year, runtime_min, genres, audience_score"
_FILLS = "(:source = 'demo' AND t.source <> 'demo')"
_SCORES = f"""(s.audience_score IS NOT NULL AND CASE WHEN {_FILLS} THEN t.audience_score IS NULL
               ELSE s.audience_votes > 0 OR t.audience_votes = 0 END)"""


def _merged(column: str, silence: str | None, known: str = "t") -> str:
    old, new = f"{known}.{column}", f"s.{column}"
    if silence is None:
        return f"CASE WHEN {_FILLS} THEN coalesce({old}, {new}) ELSE coalesce({new}, {old}) END"
    return f"""CASE WHEN {_FILLS} THEN coalesce(nullif({old}, {silence}), {new}, {silence})
               ELSE coalesce(nullif({new}, {silence}), {old}) END"""


_MERGED = {column: _merged(column, silence) for column, silence in _SILENCE.items()} | {
    "justwatch_id": f"CASE WHEN {_FILLS} THEN t.justwatch_id ELSE s.justwatch_id END",
    "audience_score": f"CASE WHEN {_SCORES} THEN s.audience_score ELSE t.audience_score END",
    "audience_votes": f"CASE WHEN {_SCORES} THEN s.audience_votes ELSE t.audience_votes END",
    "source": "CASE WHEN t.source = 'demo' THEN :source ELSE t.source END",
}


def _row(table: str, columns: str) -> str:
    return "(" + ", ".join(f"{table}.{column.strip()}" for column in columns.split(",")) + ")"


def _touch(rows: str) -> str:
    """Note the titles that a statement returns, with whether their facts changed."""
    return f"""
        WITH rows (title_id, facts) AS ({rows})
        INSERT INTO touched SELECT title_id, bool_or(facts) FROM rows GROUP BY title_id
        ON CONFLICT (title_id) DO UPDATE SET facts = touched.facts OR excluded.facts"""


UPDATE_TITLES = _touch(f"""
    UPDATE titles t
    SET {", ".join(f"{column} = {value}" for column, value in _MERGED.items())}, updated_at = now()
    FROM staged_titles s JOIN titles old ON old.id = s.title_id
    WHERE t.id = s.title_id AND NOT s.is_new
      AND {_row("t", ", ".join(_MERGED))} IS DISTINCT FROM ({", ".join(_MERGED.values())})
    RETURNING t.id, {_row("t", _FACTS)} IS DISTINCT FROM {_row("old", _FACTS)}""")

_COLUMNS = (
    "kind, name, name_key, year, runtime_min, genres, countries, critics_score, audience_score,"
    " justwatch_id, imdb_id, tmdb_id, mal_id"
)
INSERT_TITLES = _touch(f"""
    INSERT INTO titles (id, {_COLUMNS}, maturity, audience_votes, popularity, season_count,
                        episode_count, source)
    SELECT title_id, {_COLUMNS}, coalesce(maturity, 18), coalesce(audience_votes, 0),
           coalesce(popularity, 0), coalesce(season_count, 0), coalesce(episode_count, 0), :source
    FROM staged_titles WHERE is_new ORDER BY n
    RETURNING id, true""")

_TEXTS = {
    column: _merged(column, silence, "x")
    for column, silence in {"name": None, "synopsis": "''", "keywords": "'{}'"}.items()
}
UPDATE_TEXTS = _touch(f"""
    UPDATE title_texts x
    SET {", ".join(f"{column} = {value}" for column, value in _TEXTS.items())}
    FROM staged_titles s JOIN titles t ON t.id = s.title_id
    WHERE x.title_id = s.title_id AND NOT s.is_new
      AND {_row("x", ", ".join(_TEXTS))} IS DISTINCT FROM ({", ".join(_TEXTS.values())})
    RETURNING x.title_id, true""")
INSERT_TEXTS = _touch("""
    INSERT INTO title_texts (title_id, name, synopsis, keywords)
    SELECT title_id, name, coalesce(synopsis, ''), coalesce(keywords, '{}')
    FROM staged_titles s
    WHERE is_new OR NOT EXISTS (SELECT FROM title_texts x WHERE x.title_id = s.title_id)
    ORDER BY n
    RETURNING title_id, true""")
RATINGS = _touch("""
    INSERT INTO age_ratings AS a (title_id, country, rating)
    SELECT s.title_id, r.key, r.value
    FROM staged_titles s CROSS JOIN jsonb_each_text(s.ratings) r
    ON CONFLICT (title_id, country) DO UPDATE SET rating = excluded.rating
    WHERE a.rating <> excluded.rating AND (:source <> 'demo' OR
          EXISTS (SELECT FROM titles t WHERE t.id = a.title_id AND t.source = 'demo'))
    RETURNING title_id, true""")
