"""Small numbers in a table of answers and schools: hidden, and not to be worked out from the others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.form_cells import hide_small
from hub.small_cells import SMALLEST

TABLES = st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 40)), min_size=1, max_size=7)


@given(TABLES)
def test_no_line_gives_away_what_is_hidden_in_it(rows: list[dict[str, int]]) -> None:
    shown = hide_small(rows)
    schools = sorted({school for row in rows for school in row})
    for place, (cells, total) in enumerate(shown):
        counts = [rows[place].get(school, 0) for school in schools]
        for school, count in zip(schools, counts, strict=True):
            assert cells[school] in (count, "kept") if count >= SMALLEST else cells[school] == "few"
        assert total in (sum(counts), "kept") if sum(counts) >= SMALLEST else total == "few"
        hidden = [count for school, count in zip(schools, counts, strict=True) if isinstance(cells[school], str)]
        if isinstance(total, int) and hidden:
            assert len(hidden) > 1 and sum(hidden) >= SMALLEST
        if isinstance(total, str) and schools:
            assert hidden
    for column in [[cells[school] for cells, _ in shown] for school in schools] + [[total for _, total in shown]]:
        hidden_places = [place for place, cell in enumerate(column) if isinstance(cell, str)]
        # Where everything is hidden there is nothing left to hide it behind.
        assert len(hidden_places) != 1 or len(column) == 1


def test_what_is_large_everywhere_is_shown_as_it_is() -> None:
    rows = [{"a": 5, "b": 9}, {"a": 12, "b": 6}]
    assert hide_small(rows) == [({"a": 5, "b": 9}, 14), ({"a": 12, "b": 6}, 18)]


def test_a_cell_of_four_is_hidden_with_another() -> None:
    assert hide_small([{"a": 4}, {"a": 11}, {"a": 30}]) == [
        ({"a": "few"}, "few"),
        ({"a": "kept"}, "kept"),
        ({"a": 30}, 30),
    ]
