"""Sources side by side: one that fails, hangs or talks nonsense is known, said once, and slows no other."""

from __future__ import annotations

from datetime import timedelta
from math import inf
from threading import Event

import pytest

from adapters import http_exchange, socket_push
from adapters._health import SourceHealth
from adapters._passive import Passive
from adapters._retry import Retry
from adapters._supervisor import Supervisor
from tests.adapters.exchange import Plant, record, says
from twin.errors import Busy, SourceError, TwinError
from twin.moment import now
from twin.reading import Batch
from twin.source import SourceSettings

FAST = {"every_s": 0.05, "timeout_s": 0.3}


def source(key, url, **more):
    """A configured exchange server."""
    [each] = http_exchange.PROTOCOL.make(SourceSettings(key, "http_exchange", {"url": url, **FAST, **more}), None)
    return each


def health(supervisor, key):
    """One source's health."""
    return next(each for each in supervisor.health() if each["id"] == key)


def test_every_table_is_drained_page_by_page(supervisor, plants, sink):
    plant = plants(enterprise=5, hazard_alarm=3)
    supervisor.add(source("plant", plant.url))
    supervisor.start()
    sink.wait_rows(5, "plant/enterprise")
    sink.wait_rows(3, "plant/hazard_alarm")
    assert [each.cursor for each in sink.batches if each.source == "plant/enterprise"] == ["2", "4", "5"]


def test_it_resumes_where_the_store_says(supervisor, plants, sink):
    plant = plants(enterprise=5)
    sink.cursors["plant/enterprise"] = "4"
    supervisor.add(source("plant", plant.url))
    supervisor.start()
    sink.wait_rows(1)
    assert sink.batches[0].rows["id"].to_list() == ["enterprise-4"]


def test_what_is_new_comes_with_a_later_question_and_nothing_new_costs_304(supervisor, plants, sink):
    plant = plants(enterprise=1)
    supervisor.add(source("plant", plant.url))
    supervisor.start()
    sink.wait_rows(1)
    plant.wait_asked(4, "enterprise")
    assert plant.asked[-1] == ("enterprise", "1", '"enterprise-1-1"')
    assert len(sink.batches) == 1
    plant.tables["enterprise"].append(record("enterprise", "new"))
    sink.wait_rows(2)


def test_tables_it_does_not_have_are_no_fault(supervisor, plants, sink, told):
    plant = plants(enterprise=1)
    plant.lists = False
    supervisor.add(source("plant", plant.url, tables=["enterprise", "hazard_alarm"]))
    supervisor.start()
    sink.wait_rows(1)
    plant.wait_count(1, "hazard_alarm")
    plant.wait_asked(2, "enterprise")
    assert health(supervisor, "plant")["state"] == "ok"
    assert [each["part"] for each in supervisor.detail("plant")] == ["plant/enterprise"]
    assert told.lines == []


def test_a_server_without_a_list_is_asked_for_every_table(supervisor, plants, sink):
    plant = plants(enterprise=1, park=1)
    plant.lists = False
    supervisor.add(source("plant", plant.url))
    supervisor.start()
    sink.wait_rows(2)
    assert {"enterprise", "park"} < {name for name, _, _ in plant.asked}


WAYS = {
    "an error": lambda plant: says(b"out of order", 500),
    "no JSON": lambda plant: says(b"<html>busy</html>"),
    "no page": lambda plant: says(b"[1, 2"),
    "a page of another table": lambda plant: says(b'{"table": "park", "records": [], "next": "9"}'),
    "a cursor that is no text": lambda plant: says(b'{"records": [], "next": {}}'),
    "a redirect": lambda plant: says(b"", 302),
    "silence": lambda plant: plant.hang,
    "a drip": lambda plant: plant.drip,
}


@pytest.mark.parametrize("way", WAYS)
def test_a_failure_is_said_once_and_so_is_its_recovery(supervisor, plants, sink, told, way):
    plant = plants(enterprise=1)
    supervisor.add(source("plant", plant.url, tables=["enterprise"]))
    supervisor.start()
    sink.wait_rows(1)
    plant.behave = WAYS[way](plant)
    told.wait("source plant fails")
    plant.wait_asked(2)
    assert health(supervisor, "plant")["state"] == "down"
    assert health(supervisor, "plant")["error"]
    plant.behave = plant.well
    plant.released.set()
    plant.tables["enterprise"].append(record("enterprise", "after"))
    sink.wait_rows(2)
    told.wait("source plant is back")
    assert (told.count("fails"), told.count("is back")) == (1, 1)
    assert health(supervisor, "plant")["state"] == "ok"
    assert health(supervisor, "plant")["error"] is None


def test_an_unreachable_server_is_one_line_in_the_log_however_many_tables(supervisor, plants, sink, told):
    plant = plants(enterprise=1, park=1, hazard_alarm=1, gate=0)
    supervisor.add(source("plant", plant.url, workers=2))
    supervisor.start()
    sink.wait_rows(3)
    plant.behave = plant.hang
    told.wait("fails")
    plant.wait_asked(4)
    assert told.count("fails") == 1
    plant.behave = plant.well
    plant.released.set()
    told.wait("is back")
    assert told.count("is back") == 1


def test_nobody_at_the_address_yet(supervisor, plants, told):
    plant = plants(enterprise=1)
    plant.close()
    supervisor.add(source("plant", plant.url))
    supervisor.start()
    told.wait("does not answer")
    said = health(supervisor, "plant")
    assert (said["state"], said["last_success"], said["lag_s"]) == ("down", None, None)


def test_a_source_that_hangs_slows_no_other(supervisor, plants, sink):
    stuck, lively = plants(enterprise=1), plants(enterprise=1)
    stuck.behave = stuck.hang
    supervisor.add(source("stuck", stuck.url, tables=["enterprise", "park"], timeout_s=10, workers=1))
    supervisor.add(source("lively", lively.url, tables=["enterprise"]))
    supervisor.start()
    stuck.wait_count(1)
    lively.wait_asked(5)
    assert health(supervisor, "lively")["state"] == "ok"
    assert stuck.count() == 1


def test_a_page_that_could_not_be_kept_is_asked_for_again(supervisor, plants, sink, told):
    plant = plants(enterprise=1)
    sink.refuses = Busy("the queue is full")
    supervisor.add(source("plant", plant.url))
    supervisor.start()
    told.wait("the queue is full")
    plant.wait_asked(2, "enterprise")
    sink.refuses = None
    sink.wait_rows(1)
    assert all(etag is None for _, since, etag in plant.asked if since is None)


def test_records_with_faults_are_counted_and_the_rest_goes_on(supervisor, plants, sink):
    plant = plants(enterprise=2)
    plant.tables["enterprise"][0]["id"] = None
    supervisor.add(source("plant", plant.url))
    supervisor.start()
    sink.wait_rows(1)
    plant.wait_asked(1, "enterprise")
    said = health(supervisor, "plant")
    assert (said["rows"], said["rejected"]) == (1, 1)


class Odd:
    """A poll of somebody else's, with a fault of its own."""

    key, protocol, every = "odd", "odd", timedelta(seconds=0.02)

    def __init__(self) -> None:
        self.turns = 0
        self.fault: Exception | None = ZeroDivisionError("a slip")

    def fetch(self, since):
        self.turns += 1
        if self.fault is not None:
            raise self.fault

    def forget(self):
        return None

    def decode(self, raw, received_at):
        raise AssertionError


def test_a_fault_inside_an_adapter_is_a_failure_of_its_source_only(supervisor, told):
    odd = Odd()
    supervisor.add(odd)
    supervisor.start()
    told.wait("ZeroDivisionError: a slip")
    assert health(supervisor, "odd")["state"] == "down"
    odd.fault = None
    told.wait("is back")
    assert told.count("fails") == 1


class Broker:
    """A source that listens; its line breaks once."""

    key, protocol = "broker", "broker"

    def __init__(self, batch) -> None:
        self._batch = batch
        self._broken = False
        self.done = Event()

    def listen(self, deliver, stop):
        deliver(self._batch)
        if not self._broken:
            self._broken = True
            raise SourceError("the line broke")
        self.done.set()
        stop.wait()


def test_a_listening_source_begins_again_after_its_line_broke(supervisor, sink, told, moment):
    supervisor.add(Broker(Batch("reading", socket_push.decode({"readings": []}, moment).rows, "broker", "1", moment)))
    supervisor.start()
    told.wait("the line broke")
    told.wait("is back")
    assert len(sink.batches) == 2


def test_the_names_of_its_readings_speak_for_a_source(supervisor, moment):
    rows = socket_push.decode({"readings": []}, moment).rows
    broker = Broker(Batch("reading", rows, "broker/line-1", "1", moment))
    supervisor.add(broker)
    supervisor.start()
    assert broker.done.wait(10)
    assert supervisor.voices() == {"broker/line-1": "broker"}


def test_two_sources_of_one_name_are_refused(supervisor):
    supervisor.add(Odd())
    with pytest.raises(TwinError, match="two sources are called 'odd'"):
        supervisor.add(Odd())


def test_who_pushes_is_heard_under_its_configured_name(supervisor):
    supervisor.add(Passive("gates", "socket_push", "gates", 15, 60))
    supervisor.heard("machine", 10, 2)
    said = health(supervisor, "gates")
    assert (said["state"], said["rows"], said["rejected"]) == ("ok", 10, 2)
    assert supervisor.voices() == {"machine": "gates"}
    assert supervisor.down() == frozenset()


def test_who_was_not_announced_is_counted_but_owes_nothing(supervisor):
    supervisor.heard("someone", 0, 1, "http_push")
    said = health(supervisor, "someone/http_push")
    assert (said["state"], said["rejected"], said["last_success"]) == ("ok", 1, None)


@pytest.fixture
def clocked():
    """A source's health with a steady clock that the test turns."""
    clock = [0.0]
    return SourceHealth("push", "socket_push", now, lambda: clock[0]), clock


def test_a_source_fails_before_its_points_are_missed(clocked):
    pushed, clock = clocked
    assert not pushed.failing()
    pushed.expect("push", 15, 60)
    for age_s, failing in ((0, False), (29, False), (31, True), (61, True)):
        clock[0] = age_s
        assert pushed.failing() == failing
    pushed.succeeded("push")
    assert not pushed.failing()
    pushed.failed("refused")
    assert pushed.failing()


def test_silence_makes_late_then_down_and_is_said_once(clocked, told):
    pushed, clock = clocked
    pushed.expect("push", 15, 60)
    pushed.succeeded("push")
    for age_s, state in ((0, "ok"), (14, "ok"), (16, "late"), (61, "down"), (100, "down")):
        clock[0] = age_s
        pushed.notice_silence()
        assert pushed.report()["state"] == state
    assert told.lines == ["source push is silent"]
    pushed.succeeded("push")
    assert (pushed.report()["state"], pushed.report()["lag_s"]) == ("ok", 0.0)
    assert told.lines[1:] == ["source push is back"]


def test_in_the_first_round_nothing_is_late_and_nothing_is_claimed(clocked):
    server, clock = clocked
    assert (server.report()["state"], server.report()["last_success"]) == ("ok", None)
    server.expect("once a day", 3 * 86_400)
    server.expect("every two seconds", 16)
    assert (server.report()["state"], server.report()["last_success"], server.report()["lag_s"]) == ("ok", None, None)
    server.succeeded("every two seconds")
    clock[0] = 15
    server.succeeded("every two seconds")
    assert server.report()["state"] == "ok"
    for clock[0], state in ((30, "ok"), (61, "late")):
        server.succeeded("every two seconds")
        assert server.report()["state"] == state, "what is asked once a day is asked at the start"
    server.succeeded("once a day")
    assert server.report()["state"] == "ok"


@pytest.mark.parametrize(("late_s", "patience_s"), [(16, 16), (3 * 86_400, 60)])
def test_what_is_never_heard_of_is_late_after_the_first_round(clocked, late_s, patience_s):
    server, clock = clocked
    server.expect("part", late_s)
    for clock[0], state in ((patience_s - 1, "ok"), (patience_s + 1, "late")):
        assert server.report()["state"] == state


def test_a_server_that_does_not_say_what_it_has_is_late_after_the_first_round(clocked):
    server, clock = clocked
    clock[0] = 61
    assert server.report()["state"] == "late"


def test_a_source_is_down_when_all_its_parts_are_and_late_when_some(clocked):
    server, _ = clocked
    for part in ("a", "b"):
        server.expect(part, inf)
        server.succeeded(part)
    server.failed("broken", "a")
    assert server.report()["state"] == "late"
    server.failed("broken too", "b")
    assert server.report()["state"] == "down"
    server.absent("a")
    server.succeeded("b")
    assert server.report()["state"] == "ok"


def test_stopping_while_polls_are_planned_is_no_fault(sink, free_port):
    for _ in range(60):
        each = Supervisor(sink.deliver, sink.cursors.get, now, Retry(first_s=0.02, longest_s=0.1))
        for number in range(8):
            each.add(source(f"plant-{number}", f"http://127.0.0.1:{free_port}"))
        each.start()
        each.stop()  # a fault in a thread of its scheduler would fail this test


def test_stopping_does_not_wait_for_a_source_that_hangs(supervisor, plants):
    stuck: Plant = plants(enterprise=1)
    stuck.behave = stuck.hang
    supervisor.add(source("stuck", stuck.url, timeout_s=10))
    supervisor.start()
    stuck.wait_count(1)
    supervisor.stop()
    assert not stuck.released.is_set()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({}, "sources.url"),
        ({"url": 7}, "sources.url"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": "http://x", "timeout_s": "soon"}, "sources.timeout_s"),
        ({"url": "http://x", "workers": 0}, "sources.workers"),
        ({"url": "http://x", "tables": ["coffee_machine"]}, "sources.tables"),
    ],
)
def test_a_wrong_option_is_named_before_anything_runs(options, field):
    with pytest.raises(TwinError) as caught:
        http_exchange.PROTOCOL.make(SourceSettings("plant", "http_exchange", options), None)
    assert caught.value.field == field
