"""The line to a front database: what may not be done over it, what breaks it, and that no password is ever told."""

from __future__ import annotations

from contextlib import closing
from queue import Queue
from threading import Thread

import pytest

from adapters.sql import PROTOCOL
from tests.adapters.fronts import KINDS, VARIABLE, row, values_of
from tests.clusters import PASSWORD
from tests.mariadb import mariadb_cluster
from tests.postgres import postgres_cluster
from twin.errors import SourceError

CLUSTERS = {"postgres": postgres_cluster, "mysql": mariadb_cluster}


def test_nothing_can_be_written(front):
    front.do("CREATE SEQUENCE s")
    value = front.next_value.format(front.schema)
    query = f"SELECT {value} AS id, 'P' AS point, now() AS ts, 1 AS value"
    with pytest.raises(SourceError, match=r"refuses the question: .*(read-only|READ ONLY) transaction"):
        front.ask(query=query, cursor="id", columns={}).turn()


def test_a_question_that_takes_too_long_is_ended(front):
    with pytest.raises(SourceError, match="the question took longer than 1 s"):
        front.ask(query=front.slow, cursor="id", columns={}, timeout_s=1).turn()


def test_hanging_up_breaks_off_a_question_under_way(front):
    front.ask(query=front.slow, cursor="id", columns={}, overlap=0)
    ended: Queue[str] = Queue()

    def ask() -> None:
        try:
            front.turn()
        except SourceError as error:
            ended.put(error.message)

    asking = Thread(target=ask)
    asking.start()
    with closing(front.connect()) as line, line.cursor() as cursor:
        cursor.execute(front.running)
        while cursor.fetchone() == (0,):
            line.rollback()
            cursor.execute(front.running)
    front.close()
    assert ended.get(timeout=10)
    asking.join()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"from": "{}.nowhere"}, "refuses the question: (relation|Table) .*nowhere. does(n't| not) exist"),
        ({"cursor": "nothing"}, "refuses the question: .*column .nothing. (does not exist|in '.*')"),
        ({"query": "SELECT 1 AS id", "cursor": ["id", "no"]}, "refuses the question: .*column .no. "),
    ],
)
def test_a_wrong_name_is_one_sentence(front, options, said):
    named = {name: each.format(front.schema) if name == "from" else each for name, each in options.items()}
    with pytest.raises(SourceError, match=f"(?i){said}") as caught:
        front.ask(**named).turn()
    assert caught.value.code == "bad_answer"
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("wrong", ["another", ""])
def test_a_wrong_password_is_said_without_telling_any(front, monkeypatch, wrong):
    monkeypatch.setenv(VARIABLE, wrong)
    with pytest.raises(SourceError) as caught:
        front.ask().turn()
    assert caught.value.message == f"the database refuses the user or the password (password_env {VARIABLE})"


def test_a_password_that_is_not_where_it_should_be_is_said(front, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(SourceError, match=f"the variable {VARIABLE}, which is to hold the password, is not set"):
        front.ask().turn()


def test_the_password_may_stand_in_a_file_and_change_there(front, tmp_path):
    secret = tmp_path / "secret"
    front.put([row(1)])
    settings = front.settings(password_file=str(secret))
    del settings.options["password_env"]
    front.ask_by(settings)
    with pytest.raises(SourceError, match="secret cannot be read: No such file"):
        front.turn()
    secret.write_text(f"{PASSWORD}\n")
    assert values_of(front.turn()) == [1.0]


@pytest.mark.parametrize("kind", CLUSTERS)
def test_without_a_database_server_the_tests_say_so_in_one_sentence(monkeypatch, tmp_path, kind):
    for variable in ("PARKTWIN_POSTGRES", "PARKTWIN_MARIADB"):
        monkeypatch.setenv(variable, str(tmp_path))
    with pytest.raises(RuntimeError, match=r"no \w+; `make test` installs one"), CLUSTERS[kind]():
        pass


@pytest.mark.parametrize("kind", CLUSTERS)
def test_a_database_that_goes_away_and_comes_back_is_said_once_each(
    kind, monkeypatch, small_park, supervisor, sink, told
):
    monkeypatch.setenv(VARIABLE, PASSWORD)
    with CLUSTERS[kind]() as cluster:
        front = KINDS[kind](cluster.url, "front", small_park)
        front.put([row(1, 0)])
        [server] = PROTOCOL.make(front.settings(), small_park)
        supervisor.add(server)
        supervisor.start()
        sink.wait_rows(1)
        cluster.down()
        told.wait("source front fails: the database does not answer")
        cluster.up()
        front.put([row(2, 1)])
        sink.wait_rows(2)
        told.wait("source front is back")
        supervisor.stop()
    assert values_of(sink.batches) == [1.0, 2.0]
    assert (told.count("fails"), told.count("is back")) == (1, 1)
    assert PASSWORD not in "".join(told.lines)
