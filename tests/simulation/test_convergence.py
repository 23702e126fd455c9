"""Seeded runs of a bad network. A seed that ever failed stays here by name."""

from __future__ import annotations

import os

import pytest
from pycrdt import Text

from tests.simulation.hub_network import Network

FAST_SEEDS = 150
SLOW_SEEDS = int(os.environ.get("HUB_TEST_SEEDS", "2000"))
STEPS = 250


def run(seed: int, *, processes: int) -> None:
    network = Network(seed, processes=processes)
    for _ in range(STEPS):
        network.step()
        if network.rng.random() < 0.02:
            network.check_disk()
    network.settle()
    network.check_disk()
    network.check_authors()
    network.check_seen()
    texts = {client.name: str(client.text) for client in network.clients}
    for process in network.processes:
        if process.live is not None:
            assert not process.live.has_gap
            texts[f"process{process.number}"] = process.live.read(lambda doc: str(doc.get("t", type=Text)))
    texts["disk"] = network.log.text()
    assert len(set(texts.values())) == 1, texts
    assert not any(client.unsaved for client in network.clients), "everything is acknowledged in the end"


@pytest.mark.parametrize("block", range(10))
def test_one_process_converges_and_loses_nothing(block: int) -> None:
    for seed in range(block * FAST_SEEDS // 10, (block + 1) * FAST_SEEDS // 10):
        run(seed, processes=1)


@pytest.mark.parametrize("block", range(10))
def test_two_processes_converge_and_lose_nothing(block: int) -> None:
    for seed in range(block * FAST_SEEDS // 10, (block + 1) * FAST_SEEDS // 10):
        run(10_000 + seed, processes=2)


@pytest.mark.parametrize("seed", [8, 19, 59, 92, 930])
def test_PE7_what_was_built_on_a_dead_process_is_kept(seed: int) -> None:
    run(seed, processes=2)


@pytest.mark.parametrize("seed", [10_011, 10_090])
def test_CN5_what_an_answer_in_slices_deletes_is_kept(seed: int) -> None:
    run(seed, processes=2)


@pytest.mark.parametrize(("seed", "processes"), [(6_000_086, 1)])
def test_CN5_of_an_answer_in_slices_all_is_taken_or_nothing_acknowledged(seed: int, processes: int) -> None:
    run(seed, processes=processes)


@pytest.mark.parametrize("seed", [10_041, 10_136, 6_000_083, 6_000_148])
def test_PE5_what_the_hub_wrote_is_stored_by_whoever_shows_it(seed: int) -> None:
    run(seed, processes=2)


@pytest.mark.parametrize("seed", [6_001_064, 6_001_624])
def test_PE10_what_a_process_stored_and_could_not_tell_is_read(seed: int) -> None:
    run(seed, processes=2)


@pytest.mark.slow
@pytest.mark.timeout(600 + SLOW_SEEDS / 10)
@pytest.mark.parametrize("processes", [1, 2])
def test_thousands_of_runs(processes: int) -> None:
    for seed in range(SLOW_SEEDS):
        run(100_000 + seed, processes=processes)
