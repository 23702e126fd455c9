"""Figures that show no person: the rule by itself, and the page that everybody may read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.small_cells import SMALLEST, suppress
from storage.records import SchoolId
from tests.hub.world import World, make_person


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40)))
def test_no_hidden_figure_can_be_worked_out(cells: dict[str, int]) -> None:
    shown, total = suppress(cells)
    hidden = {cell: count for cell, count in cells.items() if shown[cell] is None}
    for cell, count in shown.items():
        assert count is None or count == cells[cell] >= SMALLEST
    if total is None:
        assert sum(cells.values()) < SMALLEST and len(hidden) == len(cells)
        return
    assert total == sum(cells.values())
    if hidden:
        # What is missing from the total is shared by several, and not a handful of people.
        rest = total - sum(count for count in shown.values() if count is not None)
        assert len(hidden) > 1 or len(cells) == 1
        assert rest >= SMALLEST or len(hidden) == len(cells)


@pytest.mark.parametrize(
    ("cells", "shown", "total"),
    [
        ({"for": 20, "against": 3, "undecided": 1}, [None, None, None], 24),
        ({"for": 20, "against": 3, "undecided": 4}, [20, None, None], 27),
        ({"for": 20, "against": 6, "undecided": 0}, [20, None, None], 26),
        ({"for": 2, "against": 1, "undecided": 1}, [None, None, None], None),
        ({"for": 9, "against": 8, "undecided": 7}, [9, 8, 7], 24),
        ({}, [], None),
    ],
)
def test_small_figures_take_a_neighbour_along(
    cells: dict[str, int], shown: list[int | None], total: int | None
) -> None:
    assert suppress(cells) == (dict(zip(cells, shown, strict=True)), total)


@pytest.mark.asyncio(loop_scope="session")
async def test_figures_are_counted_now_for_everybody(world: World) -> None:
    async def teachers() -> tuple[int | None, int | None]:
        answer = await world.nobody.get("/api/v1/statistics")
        (measure,) = [each for each in answer["measures"] if each["name"] == "teachers"]
        figures = {figure["country"]: figure["count"] for figure in measure["countries"]}
        assert len(figures) >= 42, "every country of the network, and where else there is a school"
        return figures["ES"], measure["total"]

    for _ in range(6):
        await make_person(world.hub, world.founder.http, SchoolId("school-a"), "teacher")
        await make_person(world.hub, world.founder.http, SchoolId("school-b"), "teacher")
    before = await teachers()
    await make_person(world.hub, world.founder.http, SchoolId("school-a"), "teacher")
    after = await teachers()
    assert before[1] is not None and after[1] == before[1] + 1
