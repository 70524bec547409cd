"""The life of an alarm: every cell of the table of actions and stages, its clocks, and what can never be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.alarm_life import ALLOWED, MOMENTARY_TEXT, NEEDS, Wish, decide, needs_call, possible
from models.alarm_state import LOUD, Alarm, apply, fold
from tests.cache.batches import NOON, second
from twin.alarm import Action, ClosedAs, Event, Judgement, Stage
from twin.errors import BadInput, Conflict, NotAllowed, TwinError
from twin.level import AlarmLevel
from twin.roles import Right

ALL = frozenset(Right)
# what has to be said for an action to be complete
COMPLETE: dict[Action, dict[str, Any]] = {
    Action.JUDGE: {"judged": "confirmed"},
    Action.SECOND_LOOK: {"agree": True},
    Action.CONTACT: {"to": "LW1"},
}
# stages in which an action may be done, written out once more as the rules say it (R-AL-2 … R-AL-13)
TABLE = {
    "acknowledge": "new",
    "watch": "new screen",
    "contact": "new screen watch held handled",
    "dispatch": "new screen watch held handled",
    "judge": "new screen watch held handled off",
    "second_look": "new screen watch held handled off",
    "report": "new screen watch held",
    "off": "watch handled",
    "close": "handled off",
    "hold": "new screen watch handled off",
    "release": "held",
    "note": "new screen watch held handled off closed",
    "reopen": "handled off closed",
}
BECOMES = {
    "acknowledge": "screen",
    "watch": "watch",
    "report": "handled",
    "off": "off",
    "close": "closed",
    "hold": "held",
    "release": "watch",
    "reopen": "screen",
    "second_look": "closed",
}


def raised(level: str = "B", **more: Any) -> Alarm:
    """An alarm that was raised at noon and lasts."""
    said = {"origin": "reading", "kind": "H", "level": level, "point": "P1", "alarm_at": NOON, "seen": True} | more
    return apply(None, "A", Event.RAISED, "twin", NOON, said)


def in_stage(stage: str, **more: Any) -> Alarm:
    """A quiet alarm that is in a stage."""
    alarm = replace(raised(**more), stage=stage, seen=False, cleared_at=second(1))
    if stage != Stage.NEW:
        alarm = replace(alarm, first_handled_at=second(2), handler="li")
    if stage == Stage.HELD:
        alarm = replace(alarm, before=Stage.WATCH)
    if stage == Stage.CLOSED:
        alarm = replace(alarm, closed_at=second(3), closed_as=ClosedAs.VERIFIED)
    return alarm


def do(alarm: Alarm, action: str, who: str = "li", at: float = 60, **more: Any) -> Alarm:
    """What a person does, decided and applied."""
    said = decide(alarm, Wish(action, **{"note": "because", **more}), who, ALL, second(at))
    return apply(alarm, alarm.id, action, who, second(at), said)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("action", Action)
def test_every_cell_of_the_table(action, stage):
    alarm = in_stage(stage)
    if action is Action.SECOND_LOOK and stage != Stage.CLOSED:
        alarm = replace(alarm, judged=Judgement.FALSE, judged_by="wu")
    if stage in TABLE[action].split():
        after = do(alarm, action, **COMPLETE.get(action, {}))
        expected = BECOMES.get(action) or ("screen" if stage == "new" and action != "note" else stage)
        assert after.stage == expected
        assert (after.last_event, after.last_by, after.last_at) == (action, "li", second(60))
        assert after.events == alarm.events + 1
    else:
        with pytest.raises(Conflict, match=f"in the stage '{stage}': 'raised' by twin at 2026-11-21T12:00:00Z"):
            do(alarm, action, **COMPLETE.get(action, {}))
    assert ALLOWED[action] == set(TABLE[action].split())


@pytest.mark.parametrize("action", Action)
def test_each_action_needs_its_right(action):
    alarm = next(in_stage(stage) for stage in Stage if stage in ALLOWED[action])
    with pytest.raises(NotAllowed, match=NEEDS[action]):
        decide(alarm, Wish(action, "because"), "li", ALL - {NEEDS[action]}, NOON)
    assert NEEDS[action] in set(Right)


@pytest.mark.parametrize("action", ["report", "hold", "note", "reopen", "close"])
def test_a_reason_is_asked_for(action):
    alarm = next(in_stage(stage) for stage in Stage if stage in ALLOWED[Action(action)])
    for nothing in ("", "   "):
        with pytest.raises(BadInput) as refused:
            do(alarm, action, note=nothing)
        assert (refused.value.field, refused.value.code) == ("note", "no_reason")


def test_an_unknown_action_is_named():
    with pytest.raises(BadInput, match="'delete' is none of acknowledge"):
        do(raised(), "delete")


@pytest.mark.parametrize(("level", "minutes"), [("S", 3), ("A", 3), ("B", 10), ("C", 10), ("D", 10)])
def test_first_handling_is_due_in_three_or_ten_minutes(level, minutes):
    alarm = raised(level)
    assert alarm.handle_by == NOON + timedelta(minutes=minutes)
    assert do(alarm, "acknowledge", at=30).first_handled_at == second(30)
    assert do(do(alarm, "contact", at=30), "report", at=90).first_handled_at == second(30)


def test_contact_is_due_again_every_ten_minutes_until_normal():
    alarm = do(raised(), "contact", at=60)
    assert alarm.contact_by == second(660)
    alarm = do(alarm, "contact", at=700)
    assert alarm.contact_by == second(1300)
    alarm = apply(alarm, "A", Event.CLEARED, "twin", second(800), {"seen": False, "cleared_at": second(799)})
    assert (alarm.contact_by, alarm.cleared_at, alarm.stage) == (None, second(799), Stage.SCREEN)


def test_normal_again_is_not_closed_and_what_lasts_cannot_be():
    lasting = do(raised(), "report")
    for action in ("off", "close"):
        with pytest.raises(Conflict, match="still lasts"):
            do(lasting, action)
    quiet = apply(lasting, "A", Event.CLEARED, "twin", second(90), {"seen": False})
    assert quiet.stage == Stage.HANDLED
    closed = do(do(quiet, "off"), "close")
    assert (closed.stage, closed.closed_as, closed.closed_at) == (Stage.CLOSED, ClosedAs.VERIFIED, second(60))


def test_back_to_normal_under_watch_it_may_leave_the_screen():
    watched = do(raised(), "watch")
    with pytest.raises(Conflict):
        do(watched, "off")
    quiet = apply(watched, "A", Event.CLEARED, "twin", second(90), {"seen": False})
    assert do(quiet, "off").stage == Stage.OFF


def test_an_event_that_has_no_end_of_its_own_lasts_until_it_is_handled():
    violation = raised("C", seen=False, told=True, clears=False)
    assert do(do(violation, "report"), "close").stage == Stage.CLOSED


def test_a_momentary_excess_is_closed_with_the_fixed_text():
    quiet = in_stage(Stage.NEW)
    said = decide(quiet, Wish("judge", judged="momentary"), "li", ALL, NOON)
    assert said == {"as": "momentary", "text": MOMENTARY_TEXT}
    assert do(quiet, "judge", judged="momentary").closed_as == ClosedAs.MOMENTARY
    with pytest.raises(Conflict, match="still lasts"):
        do(raised(), "judge", judged="momentary")


@pytest.mark.parametrize("level", AlarmLevel)
def test_a_false_alarm_needs_a_reason_and_a_loud_one_another_pair_of_eyes(level):
    with pytest.raises(BadInput):
        do(raised(level), "judge", judged="false", note="")
    marked = do(raised(level), "judge", judged="false")
    if level not in LOUD:
        assert (marked.stage, marked.closed_as) == (Stage.CLOSED, ClosedAs.FALSE)
        return
    assert (marked.stage, marked.waits_for_second_look) == (Stage.SCREEN, True)
    with pytest.raises(NotAllowed, match="another person"):
        do(marked, "second_look", agree=True)
    with pytest.raises(BadInput, match="agree"):
        do(marked, "second_look", who="wu")
    assert "second_look" in possible(marked, ALL, NOON, "wu")
    assert "second_look" not in possible(marked, ALL, NOON, "li")
    agreed = do(marked, "second_look", who="wu", agree=True)
    assert (agreed.stage, agreed.closed_as, agreed.second_by) == (Stage.CLOSED, ClosedAs.FALSE, "wu")
    with pytest.raises(BadInput):
        do(marked, "second_look", who="wu", agree=False, note="")
    refused = do(marked, "second_look", who="wu", agree=False)
    assert (refused.stage, refused.judged, refused.closed_at) == (Stage.SCREEN, None, None)


def test_what_waits_for_the_second_look_cannot_be_closed_around_it():
    marked = do(replace(in_stage(Stage.HANDLED), level="S"), "judge", judged="false")
    with pytest.raises(Conflict, match="second look: li"):
        do(marked, "close")
    assert "close" not in possible(marked, ALL, NOON)
    assert do(marked, "judge", judged="confirmed", who="wu").judged == "confirmed"


def test_an_alarm_of_level_a_waits_for_a_call():
    assert needs_call(raised("A"))
    at_once = do(raised("A"), "judge", judged="confirmed")
    assert needs_call(at_once), "the push goes first, the call is still to be made"
    assert not needs_call(do(at_once, "contact", to="LW1"))
    called = do(raised("A"), "judge", judged="confirmed", to="LW1 control room")
    assert (called.judged, called.contacted_at) == ("confirmed", called.last_at)
    assert called.contact_by is not None, "the call was a contact: while it lasts, the next is due (R-AL-10)"
    assert not needs_call(called)
    assert not needs_call(do(raised("A"), "judge", judged="false"))
    assert not any(needs_call(raised(level)) for level in "SBCD")


def test_two_who_judge_alike_or_a_judgement_that_is_none():
    with pytest.raises(Conflict, match="already, by li"):
        do(do(raised(), "judge", judged="confirmed"), "judge", who="wu", judged="confirmed")
    with pytest.raises(BadInput, match="as: one of"):
        do(raised(), "judge", judged="maybe")
    with pytest.raises(Conflict, match="no false-alarm mark"):
        do(raised(), "second_look", agree=True)


def test_a_note_closes_without_verification_and_a_renewed_document_closes():
    note = raised("D")
    assert do(note, "close", note="").closed_as == ClosedAs.UNVERIFIED
    paper = do(raised("C", kind="expiry"), "acknowledge")
    assert do(paper, "close", renewed=True).closed_as == ClosedAs.RENEWED
    with pytest.raises(Conflict):
        do(do(raised("C"), "acknowledge"), "close", renewed=True)


def test_held_over_and_released_it_is_where_it_was():
    for stage in ("new", "screen", "watch", "handled", "off"):
        held = do(in_stage(stage), "hold")
        assert (held.stage, held.before) == (Stage.HELD, stage)
        assert do(held, "release").stage == stage
    contacted = do(do(in_stage("new"), "hold"), "contact")
    assert do(contacted, "release").stage == Stage.SCREEN


def test_everything_is_taken_back_by_a_further_event():
    closed = do(in_stage(Stage.NEW), "judge", judged="momentary")
    again = do(closed, "reopen")
    assert (again.stage, again.closed_at, again.closed_as, again.judged) == (Stage.SCREEN, None, None, None)
    lasting = apply(in_stage(Stage.CLOSED), "A", Event.AGAIN, "twin", second(90), {"seen": True})
    assert (lasting.stage, lasting.active, lasting.cleared_at, lasting.closed_as) == (Stage.SCREEN, True, None, None)


def test_who_has_seen_less_than_has_happened_is_told():
    taken = do(raised(), "acknowledge")
    with pytest.raises(Conflict, match="in the meantime: 'acknowledge' by li"):
        do(taken, "watch", who="wu", seen=1)
    assert do(taken, "watch", who="wu", seen=2).stage == Stage.WATCH


def test_what_is_possible_is_what_is_not_refused():
    for stage in Stage:
        alarm = in_stage(stage)
        offered = possible(alarm, ALL, second(60))
        for action in Action:
            more = COMPLETE.get(action, {})
            try:
                do(alarm, action, **more)
                assert action in offered
            except TwinError:
                assert action not in offered


WISHES = st.builds(
    Wish,
    st.sampled_from(list(Action)),
    note=st.sampled_from(["", "because"]),
    judged=st.sampled_from([None, *Judgement]),
    agree=st.sampled_from([None, True, False]),
    renewed=st.booleans(),
)
SOURCE = st.sampled_from(
    [
        (Event.CLEARED, {"seen": False}),
        (Event.CLEARED, {"told": False}),
        (Event.AGAIN, {"seen": True}),
        (Event.AGAIN, {"told": True, "ends_at": second(10**6)}),
        (Event.JOINED, {"told": True}),
        (Event.TOLD, {"value": 3.0, "says": "02"}),
        (Event.TOLD, {"level": "S"}),
        (Event.TAKEN, {"by": "plant", "handled_at": NOON}),
        (Event.DONE, {"measures": "valve shut"}),
        (Event.ENDED, {}),
        (Event.DENIED, {}),
        (Event.WITHDRAWN, {}),
    ]
)
STEPS = st.lists(st.tuples(st.sampled_from(["li", "wu", "zhao"]), WISHES | SOURCE, st.floats(1, 900)), max_size=25)


def impossible(alarm: Alarm) -> str | None:
    """What is wrong with a state that must never be."""
    closed = alarm.stage == Stage.CLOSED
    wrong = {
        "closed without a time or a reason": closed != (alarm.closed_at is not None),
        "a reason without closing": closed != (alarm.closed_as is not None),
        "held without a way back": (alarm.stage == Stage.HELD) != (alarm.before is not None),
        "held and not to be released": alarm.before in (Stage.HELD, Stage.CLOSED),
        "worked at without a first handling": alarm.stage in ("screen", "watch", "handled")
        and not alarm.first_handled_at,
        "a second look of one's own": alarm.second_by is not None and alarm.second_by == alarm.judged_by,
        "a second look at nothing": alarm.second_by is not None and alarm.judged != Judgement.FALSE,
        "contact due of what is over": alarm.contact_by is not None and not alarm.active,
        "contact due of what nobody was told": alarm.contact_by is not None and alarm.contacted_at is None,
        "cleared and lasting": alarm.active and alarm.cleared_at is not None,
        "a stage that is none": alarm.stage not in set(Stage),
    }
    return next((name for name, is_so in wrong.items() if is_so), None)


@settings(max_examples=300)
@given(level=st.sampled_from(list(AlarmLevel)), steps=STEPS)
def test_no_sequence_reaches_an_impossible_state_and_folding_the_journal_gives_the_alarm(level, steps):
    alarm = raised(level)
    first = {"origin": "reading", "kind": "H", "level": level, "point": "P1", "alarm_at": NOON, "seen": True}
    journal = [(Event.RAISED, "twin", NOON, first)]
    now = NOON
    for who, step, seconds in steps:
        now += timedelta(seconds=seconds)
        if isinstance(step, Wish):
            try:
                event, said = step.action, decide(alarm, step, who, ALL, now)
            except TwinError:
                assert alarm == fold("A", journal), "a refused action changes nothing"
                continue
        else:
            event, said = step
        before = alarm
        alarm = apply(alarm, "A", event, who, now, said)
        journal.append((event, who, now, said))
        assert impossible(alarm) is None
        looked = before.judged == Judgement.FALSE and event == Action.SECOND_LOOK
        if isinstance(step, Wish) and alarm.closed_as == ClosedAs.FALSE and before.closed_at is None:
            assert looked or alarm.level not in LOUD, "a loud alarm is never false by one person's word"
    written = [
        (event, who, at, orjson.loads(orjson.dumps(said, option=orjson.OPT_UTC_Z))) for event, who, at, said in journal
    ]
    assert fold("A", written) == alarm
