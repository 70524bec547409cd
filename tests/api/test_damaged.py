"""A server on a damaged cache: it ends with a sentence, and the words in that sentence bring the park back."""

from __future__ import annotations

import os
import re
import shlex

from tests.plants import Plant, first_point
from tests.serving import SMALL_PARK, command, free_port, running


def test_the_words_of_the_sentence_bring_the_newest_backup_back(tmp_path):
    data = tmp_path / "data"
    run = ("run", "--park", SMALL_PARK, "--data", data, "--port", str(free_port()))
    with running(["run", "--park", str(SMALL_PARK)], data) as server:
        plant = Plant(first_point(SMALL_PARK), server.url)
        assert plant.push()
        assert command("backup", data / "backups" / "kept.tar", "--data", data).returncode == 0
        assert "is open in" in command("check-data", "--data", data).stderr
    assert "every one could be read" in command("check-data", "--data", data).stdout
    os.truncate(data / "parktwin.duckdb", 300_000)
    assert command("check-data", "--data", data).returncode == 1
    for _ in range(2):
        said = command(*run)
        assert said.returncode == 1
        assert "set aside as parktwin.damaged-" in said.stderr
        assert "Traceback" not in said.stderr
    words = re.search(r"python app\.py (restore .*) \(then", said.stderr)
    assert command(*shlex.split(words[1])).returncode == 0
    with running(["run", "--park", str(SMALL_PARK)], tmp_path / "data-restored") as server:
        assert server.get("/healthz").json()["store"]["readings"] == len(plant.acknowledged)
    with running(["run", "--park", str(SMALL_PARK), "--start-empty"], data) as server:
        assert server.get("/healthz").json()["store"]["readings"] == 0
