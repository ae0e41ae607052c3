"""How much a file may hold: far more than a person can watch, far less than hurts the machine."""

from domain.imports.errors import TooLarge

MEGABYTE = 1 << 20
FILE_SIZE = 64 * MEGABYTE
UNPACKED_SIZE = 512 * MEGABYTE
RATIO = 200  # honest tables shrink by 5 to 30, bombs by 1,000
RATIO_FROM = MEGABYTE  # what unpacks to less harms nobody, however well it was packed
MEMBERS = 2_000
ROWS = 2_000_000  # of any kind, also empty ones
USABLE_LINES = 200_000
THINGS_OF_A_ROW = 32_768  # of all files of an export whose rows have the same number
COLUMNS = 500
CELL_LENGTH = 10_000
LINE_LENGTH = 1_000_000
ENTRY_LENGTH = 4_000_000  # one entry of a JSON list: a show with a thousand episodes has 100,000
NAME_LENGTH = 500
EPISODES_OF_AN_ENTRY = 20_000  # more than the longest series there is
EPISODES_AT_ONCE = 5_000  # of one title, told by their number alone


def check_file(size: int) -> None:
    """Raise TooLarge for a file of too many bytes."""
    if size > FILE_SIZE:
        raise TooLarge(
            f"The file has {size / MEGABYTE:,.0f} MB, and exports of up to"
            f" {FILE_SIZE // MEGABYTE} MB are read. Was the right file chosen?"
        )


def check_unpacked(unpacked: int, packed: int) -> None:
    """Raise TooLarge for what unpacks to too many bytes, or to too many for its packed size."""
    if unpacked > UNPACKED_SIZE:
        raise TooLarge(
            f"Unpacked it would have more than {UNPACKED_SIZE // MEGABYTE} MB, which no history"
            " has. It was not read further."
        )
    if unpacked > RATIO_FROM and unpacked > packed * RATIO:
        raise TooLarge(
            f"It unpacks to more than {RATIO} times its size, as no export does. It was not read"
            " further."
        )


def check_members(count: int) -> None:
    """Raise TooLarge for an archive of too many files."""
    if count > MEMBERS:
        raise TooLarge(
            f"The archive holds more than {MEMBERS:,} files, as no export does. It was not read."
        )


def check_rows(count: int) -> None:
    """Raise TooLarge for a file of too many rows, whatever is in them."""
    if count > ROWS:
        raise TooLarge(f"The file has more than {ROWS:,} rows. It was not read further.")


def check_things(row: int, count: int) -> None:
    """Raise TooLarge for a row that says more than can be numbered."""
    if count > THINGS_OF_A_ROW:
        raise TooLarge(
            f"The row {row:,} says more than {THINGS_OF_A_ROW:,} things, as no export's does. It"
            " was not read further."
        )


def check_usable(count: int) -> None:
    """Raise TooLarge for more lines than one import takes."""
    if count > USABLE_LINES:
        raise TooLarge(
            f"The file tells more than {USABLE_LINES:,} things, and an import takes that many."
            " Split it, and import the parts one after the other."
        )
