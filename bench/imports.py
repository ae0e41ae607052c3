"""How fast lists come in: `bench.import_rows` as a part of the table."""

from bench import import_rows
from bench.import_rows import GOAL
from bench.report import Row
from bench.stage import LISTS_2022, Stage

PART = "import"


async def run(stage: Stage) -> list[Row]:
    """The import of four lists beside bare COPYs of their rows."""
    if not LISTS_2022.is_dir():
        return [Row.skipped(PART, "the lists of 2022", "set STREAMING_STACK_TEST_DATA")]
    found = await import_rows.run(await stage.database("imported"), min(stage.rounds, 5))
    if "skipped" in found:
        return [Row.skipped(PART, "the lists of 2022", found["skipped"])]
    keyed = f"{found['keyed_rows_s']:,} rows/s, COPY with the same keys"
    bare = f"{found['bare_rows_s']:,} rows/s, COPY without keys"
    return [
        Row.compared(PART, "four lists, with moods", f"{found['whole_rows_s']:,} rows/s", keyed,
                     found["whole"], GOAL),
        Row.compared(PART, "four lists, without", f"{found['plain_rows_s']:,} rows/s", keyed,
                     found["plain"], None),
        Row(PART, "COPY, for comparison", peer=bare),
    ]  # fmt: skip
