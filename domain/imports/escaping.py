"""Cells that no spreadsheet runs: what would start a formula gets an apostrophe, and loses it.

Lossless: a cell that already looks escaped is escaped once more. Pure.
"""

_STARTS = "=+-@\t\r\n＝＋－＠"
_MARK = "'"


def escape(cell: str) -> str:
    """A cell as it is written."""
    risky = cell[:1] in {*_STARTS} or _is_escaped(cell)
    return _MARK + cell if risky else cell


def restore(cell: str) -> str:
    """A cell as it was before `escape`. One that nobody escaped stays as it is."""
    return cell[1:] if _is_escaped(cell) else cell


def _is_escaped(cell: str) -> bool:
    return cell[:1] == _MARK and cell[1:2] in {*_STARTS, _MARK}
