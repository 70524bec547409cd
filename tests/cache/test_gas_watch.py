"""What the ledger's gas alarms make of themselves: warnings, who is told, and what is filed when nobody acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from cache.books import Deed
from cache.store import Store
from cache.warnings import Uploaded
from models.gas_warning_life import Actor, WarningWish
from park.load import Park
from services.gas_watch import GasWatch
from tests.cache.batches import Clock, readings, records
from tests.cache.ledger import detect
from twin.errors import BadInput, Conflict, NotAllowed
from twin.roles import ROLES

GAS, TOXIC, OTHER = "LW1-U1-GC1", "LW1-U1-GT1", "LW2-U1-GC1"
PARK = Actor("leader", ROLES["safety_bureau"])
PLANT = Actor("safety", ROLES["enterprise_safety"], "LW1")
DAY_S = 86_400.0


class Watched:
    """A store with its watch; both may be opened again, as after a power cut."""

    def __init__(self, open_store: Callable[[], Store], park: Park, clock: Clock) -> None:
        self._open = open_store
        self._park = park
        self.clock = clock
        self.store = open_store()
        self.watch = GasWatch(self.store, park)
        self.watch.look(self.store.tick())

    def restart(self) -> None:
        """The file closed and opened again; nothing of the watch is left."""
        self.store.close()
        self.store = self._open()
        self.watch = GasWatch(self.store, self._park)

    def at(self, seconds: float, *happened: tuple[str, str, str]) -> None:
        """What detection finds so many seconds after noon, and a look."""
        self.clock.forward(seconds - (self.clock.now - self._noon()).total_seconds())
        if happened:
            detect(self.store, *((*each, seconds) for each in happened))
        self.store.do(Deed(lambda known: None)).result()  # what the writer was at by the old time is done
        self.watch.look(self.store.tick())

    def _noon(self) -> Any:
        return self.clock.now.replace(year=2026, month=11, day=21, hour=12, minute=0, second=0, microsecond=0)

    def rows(self, query: str, **more: Any) -> list[dict[str, Any]]:
        """Rows of the file."""
        return self.store._database.query(query, more).to_dicts()

    @property
    def all(self) -> list[dict[str, Any]]:
        """Every warning as it stands."""
        return self.rows("SELECT * FROM gas_warning WHERE known_to IS NULL ORDER BY opened_at, id")

    @property
    def one(self) -> dict[str, Any]:
        """The only one."""
        (found,) = self.all
        return found

    def told(self, template: str) -> list[list[str]]:
        """Addressees of the notices of a template, in order."""
        rows = self.rows("SELECT addressees FROM notice WHERE template = $template ORDER BY seq", template=template)
        return [each["addressees"] for each in rows]

    def act(self, id: str, action: str, who: Actor = PARK, note: str = "so it is", **more: Any) -> Any:
        """What somebody does."""
        book, wish = self.store.books.warnings, WarningWish(action, note, **more)
        return self.store.do(Deed(lambda known: book.act(id, wish, who, known))).result()

    def attach(self, id: str) -> None:
        """A report is uploaded."""
        book, file = self.store.books.warnings, Uploaded("report.pdf", 9, "ab" * 32)
        self.store.do(Deed(lambda known: book.attach(id, file, PLANT, known))).result()


@pytest.fixture
def watched(opened: Callable[[], Store], small_park: Park, clock: Clock) -> Watched:
    """Nothing has happened yet; the store is closed by whoever opened it."""
    return Watched(opened, small_park, clock)


def test_it_is_opened_at_once_raised_by_the_clock_and_each_level_is_told_once(watched: Watched) -> None:
    watched.at(60, (GAS, "H", "raised"))
    first = watched.one
    assert (first["level"], first["owner"], first["why"]) == ("blue", "LW1", "first")
    watched.at(359)
    assert watched.one["level"] == "blue"
    watched.at(360)
    watched.at(361)
    assert (watched.one["level"], watched.one["why"]) == ("yellow", "lasting")
    watched.at(400, (GAS, "HH", "raised"))
    assert watched.one["level"] == "orange"
    watched.at(1000)
    assert watched.one["level"] == "red"
    assert watched.told("gas_warning") == [
        ["post:safety_department_head@LW1", "post:duty_leader"],
        ["post:safety_director@LW1", "post:bureau_head"],
        ["post:safety_deputy@LW1", "post:park_leader_safety"],
        ["post:enterprise_head@LW1", "post:park_head", "post:authority_head"],
    ]
    assert watched.told("gas_plan") == [["post:duty_leader", "post:park_duty_staff"]] * 2
    assert watched.told("gas_environment") == [["post:environment"]] * 4
    held = watched.rows("SELECT held_at FROM notice WHERE template = 'gas_warning' ORDER BY seq")
    assert (held[1]["held_at"] - held[0]["held_at"]).total_seconds() == pytest.approx(300, abs=0.1)


def test_two_neighbours_make_it_orange_and_it_falls_ten_minutes_after(watched: Watched) -> None:
    for id in (GAS, TOXIC):  # 259 m apart: neighbours, for both see so far
        device = {"id": id, "device_type": "02", "device_status": "01", "coverage_radius": 150.0}
        watched.store.append(records("gas_device", device))
    watched.at(60, (GAS, "H", "raised"))
    watched.at(70, (TOXIC, "H", "raised"))
    assert (watched.one["level"], watched.one["points"]) == ("orange", 2)
    watched.at(80, (GAS, "H", "cleared"), (TOXIC, "H", "cleared"))
    watched.at(679)
    assert watched.one["level"] == "orange"
    watched.at(681)
    over = watched.one
    assert (over["level"], over["worst"], over["state"]) == (None, "orange", "open")
    assert over["over_at"] is not None
    assert over["due"] is not None, "what nobody has handled stays due"


def test_a_toxic_gas_beyond_its_second_limit_is_red_where_the_wind_blows_to_people(watched: Watched) -> None:
    inside = {"area_type": "01", "person_count": 40, "collected_at": watched.clock.now}
    watched.store.append(records("area_presence", {"id": "P", "enterprise_id": "LW2", **inside}))
    watched.store.append(readings(("WX-DIR", 50, 120.0), ("WX-WIND", 50, 3.0)))
    watched.at(60, (GAS, "HH", "raised"))
    assert (watched.one["level"], watched.one["exposed"]) == ("orange", False)
    watched.clock.forward(10)
    watched.store.append(readings(("WX-DIR", 70, 300.0), ("WX-WIND", 70, 3.0)))
    watched.at(71)
    assert (watched.one["level"], watched.one["why"]) == ("red", "downwind")
    seen = watched.rows("SELECT people, places, exposed FROM gas_evidence ORDER BY seq")
    assert (seen[-1]["people"], seen[-1]["places"], seen[-1]["exposed"]) == (40, ["LW2"], True)
    watched.restart()
    watched.watch.look(watched.store.tick())
    assert watched.one["level"] == "red"
    assert watched.told("gas_warning")[1:] == [["post:enterprise_head@LW1", "post:park_head", "post:authority_head"]]


def test_in_public_whoever_is_affected_is_told(watched: Watched) -> None:
    leak = {"id": "L", "device_id": "ROVER", "longitude": 121.508, "latitude": 30.2046, "diffusion_radius": 900.0}
    leak |= {"leaked_chemical_name": "氢气", "created_at": watched.clock.now, "updated_at": watched.clock.now}
    watched.store.append(records("gas_leak_statistic", leak))
    watched.at(30)
    one = watched.one
    assert (one["owner"], one["level"], one["radius_m"]) == (None, "blue", 900.0)
    assert sorted(one["affected"]) == ["LW1", "LW2"]
    (to,) = watched.told("gas_warning")
    assert to[0] == "post:duty_leader"
    assert sorted(to[1:]) == ["post:safety_department_head@LW1", "post:safety_department_head@LW2"]
    assert watched.told("gas_environment") == [], "hydrogen is not toxic"


def test_whom_a_spreading_leak_comes_to_touch_is_told_then(watched: Watched) -> None:
    leak = {"id": "L", "device_id": "ROVER", "longitude": 121.508, "latitude": 30.2046, "created_at": watched.clock.now}
    leak |= {"leaked_chemical_name": "氢气", "diffusion_radius": 5.0, "updated_at": watched.clock.now}
    watched.store.append(records("gas_leak_statistic", leak))
    watched.at(30)
    assert watched.one["affected"] == []
    wider = leak | {"diffusion_radius": 900.0, "max_value": 20.0, "updated_at": watched.clock.now}
    watched.store.append(records("gas_leak_statistic", wider))
    watched.at(40)
    watched.at(50)
    assert sorted(watched.one["affected"]) == ["LW1", "LW2"]
    told = watched.told("gas_affected")
    assert sorted(told) == [["post:safety_department_head@LW1"], ["post:safety_department_head@LW2"]]


def test_told_again_or_after_a_restart_nothing_is_told_twice(watched: Watched) -> None:
    watched.clock.forward(60)
    detect(watched.store, (GAS, "H", "raised", 60))  # and the power goes before anybody has looked
    watched.restart()
    watched.watch.look(watched.store.tick())
    watched.at(400, (GAS, "HH", "raised"))
    before = watched.rows("SELECT count(*) AS n FROM journal")
    for _ in range(3):
        watched.restart()
        watched.watch.look(watched.store.tick())
    assert watched.rows("SELECT count(*) AS n FROM journal") == before
    assert watched.one["alarms"] == 2
    assert len(watched.told("gas_warning")) == 2
    watched.at(420, (GAS, "HH", "cleared"), (GAS, "H", "cleared"))
    watched.restart()
    watched.at(1021)
    assert watched.one["level"] is None
    ids = watched.rows("SELECT warning, alarm FROM gas_member")
    assert len(ids) == len({each["alarm"] for each in ids}) == 2


def test_what_comes_again_within_the_hour_belongs_to_it_and_what_comes_after_its_end_does_not(watched: Watched) -> None:
    for n in range(3):
        watched.at(60 + 900 * n, (GAS, "H", "raised"))
        watched.at(90 + 900 * n, (GAS, "H", "cleared"))
    assert (watched.one["worst"], watched.one["alarms"]) == ("yellow", 3)
    watched.at(60 + 1800 + 700)
    id = watched.one["id"]
    watched.act(id, "result", PLANT)
    watched.act(id, "close", basis="over")
    watched.at(2700, (GAS, "H", "raised"))
    assert [each["state"] for each in watched.all] == ["closed", "open"]
    assert watched.all[1]["worst"] == "yellow", "repeats count, whoever's warning they were"


def test_an_orange_one_closes_in_its_order_only(watched: Watched) -> None:
    watched.at(60, (GAS, "HH", "raised"))
    id = watched.one["id"]
    for wrong, more, said in (
        ("close", {"basis": "impossible"}, "warning.refused.no_result"),
        ("prestart", {}, "warning.refused.plan_holds"),
        ("level", {"level": "orange"}, "warning.refused.same_level"),
    ):
        with pytest.raises(Conflict) as refused:
            watched.act(id, wrong, **more)
        assert refused.value.said["key"] == said
    with pytest.raises(NotAllowed):
        watched.act(id, "close", PLANT, basis="over")
    with pytest.raises(NotAllowed):
        watched.act(id, "feedback", Actor("x", ROLES["enterprise_safety"], "LW2"))
    with pytest.raises(BadInput) as bare:
        watched.act(id, "report", PLANT, said=(("area", "罐区"), ("situation", "阀门")))
    assert bare.value.field == "measures"
    report = (("area", "罐区"), ("situation", "阀门"), ("measures", "关阀"), ("other", ""))
    watched.act(id, "report", PLANT, note="", said=report)
    watched.act(id, "result", PLANT)
    for basis, key in (("over", "lasts"), ("impossible", "no_report")):
        with pytest.raises(Conflict) as refused:
            watched.act(id, "close", basis=basis)
        assert refused.value.said["key"] == f"warning.refused.{key}"
    watched.attach(id)
    closed = watched.act(id, "close", basis="impossible")
    assert (closed.state, closed.closed_by, closed.reports) == ("closed", "leader", 1)
    with pytest.raises(Conflict) as late:
        watched.act(id, "feedback", PLANT)
    assert "closed by leader" in late.value.message
    assert watched.told("gas_released") == [["post:safety_deputy@LW1", "post:park_leader_safety", "post:duty_leader"]]
    entries = watched.rows(
        "SELECT event, said FROM journal WHERE stream = 'warning' AND subject = $id ORDER BY seq", id=id
    )
    assert [each["event"] for each in entries] == ["opened", "report", "result", "attached", "close"]
    assert orjson.loads(entries[1]["said"])["area"] == "罐区"
    watched.at(70)
    assert watched.one["state"] == "closed", "an alarm that lasts does not open what people have closed"


def test_a_level_set_by_hand_holds_until_the_inputs_demand_more(watched: Watched) -> None:
    watched.at(60, (GAS, "HH", "raised"))
    id = watched.one["id"]
    lowered = watched.act(id, "level", level="blue", note="instrument is being tested")
    assert (lowered.level, lowered.worst, lowered.due, lowered.last_by) == ("blue", "blue", None, "leader")
    watched.at(70)
    assert watched.one["level"] == "blue"
    made_ready = watched.act(id, "prestart")
    assert made_ready.prestart_by == "leader"
    watched.at(661)
    assert (watched.one["level"], watched.one["hand"]) == ("red", None)
    raised = watched.told("gas_warning")[-1]
    assert raised == ["post:enterprise_head@LW1", "post:park_head", "post:authority_head"]
    assert len(watched.told("gas_lowered")) == len(watched.told("gas_prestart")) == 1


def test_late_is_late_once_and_the_third_in_a_row_brings_the_inspection(watched: Watched) -> None:
    for n in range(4):
        begun = 60 + n * 2 * DAY_S
        watched.at(begun, (GAS, "HH", "raised"))
        watched.at(begun + 10, (GAS, "HH", "cleared"))
        if n == 1:
            watched.restart()
        watched.at(begun + DAY_S - 5)
        assert len(watched.told("gas_caution")) == n
        watched.at(begun + DAY_S + 5)
        watched.at(begun + DAY_S + 9)
        assert len(watched.told("gas_caution")) == n + 1
    rows = watched.rows("SELECT kind, in_row FROM gas_caution ORDER BY known, seq")
    assert [(each["kind"], each["in_row"]) for each in rows] == [
        ("caution", 1), ("caution", 2), ("caution", 3), ("inspection", 3), ("caution", 4), ("inspection", 4),
    ]  # fmt: skip
    assert watched.told("gas_caution")[0] == ["post:safety_deputy@LW1", "post:bureau_head"]
    assert watched.told("gas_inspection")[0] == ["post:bureau_head", "post:duty_leader", "post:enterprise_head@LW1"]


def test_a_clean_closure_between_two_notices_breaks_the_row(watched: Watched) -> None:
    for n in range(4):
        begun = 60 + n * 2 * DAY_S
        watched.at(begun, (GAS, "HH", "raised"))
        watched.at(begun + 10, (GAS, "HH", "cleared"))
        watched.at(begun + 700)
        if n == 2:
            id = watched.all[-1]["id"]
            watched.attach(id)
            watched.act(id, "result", PLANT)
            watched.act(id, "close", basis="over")
        watched.at(begun + DAY_S + 5)
    rows = watched.rows("SELECT kind, in_row FROM gas_caution ORDER BY known, seq")
    assert [(each["kind"], each["in_row"]) for each in rows] == [("caution", 1), ("caution", 2), ("caution", 1)]
