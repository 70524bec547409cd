"""Rosters: shifts that fill the day, nobody on two at once, and files of which each bad row is named."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.roster import SHIFTS, Turn, gaps, no_overlap, overlaps, period, shift_at, slots_between, swapped
from models.roster_import import Ground, Known, Line, read_lines, settled
from twin.duty_settings import DutySettings
from twin.errors import BadInput, Conflict, ParkError

ZONE = "Asia/Shanghai"
DUTY = DutySettings()
DAY = date(2026, 11, 21)
PEOPLE = [Known("P1", "赵伟", None), Known("P2", "钱静", None), Known("E1", "赵伟", "LW1"), Known("P3", "孙敏", None)]
GROUND = Ground(DUTY, ZONE, PEOPLE, {"lw1": "LW1", "石化": "LW1"})
moments = st.integers(0, 366 * 86_400).map(lambda s: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
spans = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 40), st.integers(1, 12)), max_size=12)


def turn(person: str, starts: int, hours: int = 8, id: str = "") -> Turn:
    begin = datetime(2026, 11, 21, tzinfo=UTC) + timedelta(hours=starts)
    name = id or f"{person}{starts}-{hours}"
    return Turn(name, "park", DAY, "morning", "staff", person, person, begin, begin + timedelta(hours=hours))


def test_shifts_are_as_they_are_written_and_the_last_one_ends_after_midnight() -> None:
    assert period(DUTY, ZONE, DAY, "morning")[0] == datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    assert period(DUTY, ZONE, DAY, "night")[1] == datetime(2026, 11, 21, 16, 30, tzinfo=UTC)


@given(moments)
def test_every_moment_lies_in_one_shift(at: datetime) -> None:
    day, shift = shift_at(DUTY, ZONE, at)
    starts, ends = period(DUTY, ZONE, day, shift)
    assert starts <= at < ends


def test_shifts_that_leave_a_gap_are_refused_by_name() -> None:
    with pytest.raises(ParkError) as told:
        DutySettings(middle="09:00-16:30")
    assert told.value.field == "duty.middle"


@given(spans)
def test_turns_overlap_when_two_of_one_person_share_an_instant(said: list[tuple[str, int, int]]) -> None:
    turns = [turn(person, starts, hours, f"t{n}") for n, (person, starts, hours) in enumerate(said)]
    pairs = [(a, b) for n, a in enumerate(turns) for b in turns[n + 1 :] if a.person == b.person]
    meeting = [(a, b) for a, b in pairs if a.starts < b.ends and b.starts < a.ends]
    found = list(overlaps(turns))
    assert bool(found) == bool(meeting)
    assert all(a.person == b.person and a.starts < b.ends and b.starts < a.ends for a, b in found)


def test_an_exchange_keeps_the_shifts_and_changes_the_people() -> None:
    first, second = turn("a", 0), turn("b", 8)
    made = swapped(first, second)
    assert [(each.person, each.starts) for each in made] == [("b", first.starts), ("a", second.starts)]
    with pytest.raises(BadInput):
        swapped(first, turn("a", 8))
    with pytest.raises(Conflict) as told:
        no_overlap([*made, turn("a", 9)])
    assert told.value.code == "overlap"


def test_what_is_missing_is_an_empty_shift_or_one_without_a_leader() -> None:
    at = datetime(2026, 11, 21, 1, tzinfo=UTC)
    slots = slots_between(DUTY, ZONE, at, at + timedelta(hours=24))
    assert [shift for _, shift in slots] == ["middle", "night", "morning", "middle"]
    there = [(*slots[0], "leader"), (*slots[0], "staff"), (*slots[1], "staff")]
    assert [what for *_, what in gaps(slots, there)] == ["leader", "none", "none"]


def _read(*rows: tuple[str, ...]):
    names = ("day", "shift", "role", "person", "enterprise")
    lines = [Line(number, dict(zip(names, row, strict=False))) for number, row in enumerate(rows, 2)]
    taken, refused = read_lines(lines, GROUND, "RI")
    good, clashing = settled(taken, ())
    return good, {each.line.number: (each.field, each.code) for each in (*refused, *clashing)}


def test_each_bad_row_is_named_with_its_field_and_the_others_go_through() -> None:
    good, refused = _read(
        ("2026-11-22", "早班", "带班领导", "P1", ""),
        ("2026/11/22", "morning", "staff", "钱静", "park"),
        ("2026-11-22 00:00:00", "中班", "leader", "赵伟", "石化"),
        ("22.11.2026", "早班", "staff", "P3", ""),
        ("2026-02-30", "早班", "staff", "P3", ""),
        ("2026-11-22", "下午", "staff", "P3", ""),
        ("2026-11-22", "早班", "厨师", "P3", ""),
        ("2026-11-22", "早班", "staff", "王五", ""),
        ("2026-11-22", "早班", "staff", "P3", "别处"),
        ("2026-11-22", "早班", "staff", "", ""),
        ("2026-11-22", "早班", "leader", "P3", ""),
        ("2026-11-22", "早班", "staff", "P1", ""),
        ("2026-11-22", "晚班", "staff", "E1", ""),
        ("2026-11-22", "晚班", "leader", "E1", "LW1"),
    )
    assert [(each.turn.org, each.turn.person, each.turn.shift) for each in good] == [
        ("park", "P1", "morning"),
        ("park", "P2", "morning"),
        ("LW1", "E1", "middle"),
        ("park", "E1", "night"),
    ]
    assert refused == {
        5: ("day", "bad_date"),
        6: ("day", "bad_date"),
        7: ("shift", "unknown_shift"),
        8: ("role", "unknown_role"),
        9: ("person", "unknown_person"),
        10: ("enterprise", "unknown_enterprise"),
        11: ("person", "missing"),
        12: ("role", "two_leaders"),
        13: ("person", "overlap"),
        15: ("person", "overlap"),
    }


def test_a_name_that_two_people_have_is_no_name() -> None:
    two = Ground(DUTY, ZONE, [Known("P1", "赵伟", None), Known("P9", "赵伟", None)], {})
    _, [refused] = read_lines(
        [Line(2, {"day": "2026-11-22", "shift": "早", "role": "员", "person": "赵伟"})], two, "RI"
    )
    assert (refused.field, refused.code) == ("person", "ambiguous_person")
    assert "P1, P9" in refused.message


turns_of_files = st.lists(
    st.tuples(st.sampled_from(SHIFTS), st.sampled_from(["leader", "staff"]), st.sampled_from(["P1", "P2", "P3"])),
    max_size=15,
)


@given(turns_of_files)
def test_what_goes_through_never_has_two_leaders_or_two_shifts_at_once(rows: list[tuple[str, str, str]]) -> None:
    good, refused = _read(*(("2026-11-22", shift, role, person, "") for shift, role, person in rows))
    turns = [each.turn for each in good]
    assert list(overlaps(turns)) == []
    leaders = [each.slot for each in turns if each.role == "leader"]
    assert len(leaders) == len(set(leaders))
    assert len(good) + len(refused) == len(rows)
