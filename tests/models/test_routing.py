"""Who is told of an alarm by the rules of section 4, and who that is for a notice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.recipient import Asked, Book, Recipient, checked
from models.routing import CONFIRMED, DAILY, OVERDUE, RULES, digest, pushes, routes_of
from twin.errors import BadInput
from twin.notice import Post, of_enterprise, of_park, one_number, one_person
from twin.notify_settings import Route

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
CONFIGURED = frozenset({"app", "sms"})


def alarm(level: str = "S", owner: str | None = "E01", **more: object) -> dict[str, object]:
    return {
        "id": "A1", "level": level, "kind": "HH", "origin": "reading", "owner": owner, "alarm_at": AT, "is_gas": False,
        "medium": None, "unit": "kPa", "value": 3.0, "stage": "screen", "point": "P1", "name_zh": "压力",
        "name_en": "pressure", "where_zh": "罐", "where_en": "tank", "owner_zh": "甲", "owner_en": "First",
        "zone": "Z1", **more,
    }  # fmt: skip


def told(level: str, when: str = CONFIRMED) -> dict[str, set[float]]:
    """By addressee: after how many seconds."""
    found: dict[str, set[float]] = {}
    for each in pushes(alarm(level), RULES, when, AT):
        for to in each.to:
            found.setdefault(to, set()).add((each.due - AT).total_seconds())
    return found


def test_the_rules_tell_each_level_to_whom_they_name():
    assert told("S")[of_enterprise(Post.ENTERPRISE_HEAD, "E01")] == {0.0}
    assert told("S")[of_park(Post.BUREAU_HEAD)] == {180.0}
    assert told("S")[of_park(Post.SPECIAL)] == {0.0, 60.0, 120.0}
    assert of_park(Post.DUTY_LEADER) in told("A")
    assert of_park(Post.DUTY_LEADER) not in told("B")
    assert of_enterprise(Post.ENTERPRISE_HEAD, "E01") not in told("B")
    assert of_enterprise(Post.LINE_MANAGER, "E01") in told("B")
    assert of_park(Post.CONTROL_ROOM) in told("C")
    assert set(told("D")) == {of_park(Post.SPECIAL), of_park(Post.TOWN), of_park(Post.COUNTY)}
    assert set(told("S", OVERDUE)) == {of_park(Post.TOWN), of_park(Post.DUTY_LEADER)}


def test_nobody_is_told_twice_of_one_occasion_though_several_routes_name_them():
    for level in "SABCD":
        for each in pushes(alarm(level), RULES, CONFIRMED, AT):
            assert len(set(each.to)) == len(each.to)
        ids = [each.id for each in pushes(alarm(level), RULES, CONFIRMED, AT)]
        assert len(set(ids)) == len(ids)


@given(late_s=st.floats(0, 86_400))
def test_what_is_confirmed_late_goes_out_at_once(late_s):
    since = AT + timedelta(seconds=late_s)
    bureau = Route("one", (Post.BUREAU_HEAD,), delay_s=180.0)
    (made,) = pushes(alarm(), [bureau], CONFIRMED, since)
    assert made.due == max(since, AT + timedelta(seconds=180))


def test_an_alarm_of_nobody_is_told_to_the_park_alone():
    for each in pushes(alarm(owner=None), RULES, CONFIRMED, AT):
        assert not [to for to in each.to if "@" in to]


def test_a_park_says_its_own_routes_by_kind_source_and_owner():
    own = (Route("mine", (Post.TOWN,), kinds=("HH",), sources=("reading",), enterprises=("E01",)),)
    assert routes_of(own) == own
    assert routes_of(()) == RULES
    assert pushes(alarm(), own, CONFIRMED, AT)
    assert not pushes(alarm(owner="E02"), own, CONFIRMED, AT)
    assert not pushes(alarm(kind="L"), own, CONFIRMED, AT)
    zoned = (Route("zoned", (Post.TOWN,), zones=("Z1",)),)
    assert pushes(alarm(), zoned, CONFIRMED, AT)
    assert not pushes(alarm(zone="Z2"), zoned, CONFIRMED, AT)


def test_a_day_is_told_once_and_an_empty_one_not_at_all():
    daily = [each for each in RULES if each.when == DAILY]
    made = digest("2026-11-20", {"confirmed": 3, "open": 1, "S": 1, "A": 2}, RULES, AT)
    assert [each.id for each in made] == [f"digest:2026-11-20:{each.id}" for each in daily]
    assert digest("2026-11-20", {"confirmed": 0, "open": 0}, RULES, AT) == []


PEOPLE = (
    Recipient("R1", "赵", Post.SAFETY_DIRECTOR, "E01", mobile="10100001", account="zhao"),
    Recipient("R2", "钱", Post.SAFETY_DIRECTOR, "E02", mobile="10100002"),
    Recipient("R3", "孙", Post.BUREAU_HEAD, mobile="10100003", levels=("S",)),
    Recipient("R4", "李", Post.TOWN),
    Recipient("R5", "周", Post.COUNTY, mobile="10100005", enabled=False),
)


def ways(*to: str, level: str = "S", channels: tuple[str, ...] = ()) -> list[tuple[str, str, str | None]]:
    asked = Asked(to, "alarm", level, channels)
    return [(each.recipient.name, each.channel, each.why) for each in Book(PEOPLE, CONFIGURED).ways(asked)]


def test_a_post_is_whoever_holds_it_in_that_enterprise():
    assert ways(of_enterprise(Post.SAFETY_DIRECTOR, "E01")) == [("赵", "app", None), ("赵", "sms", None)]
    assert ways(of_enterprise(Post.SAFETY_DIRECTOR, "E02")) == [("钱", "sms", None)]


def test_leaders_are_telephoned_of_what_is_grave_and_of_nothing_else():
    leader = Recipient("L1", "吴", Post.PARK_HEAD, mobile="10100009", account="wu")
    chosen = Recipient("L2", "郑", Post.DUTY_LEADER, mobile="10100010", channels=("sms",))
    book = Book((*PEOPLE, leader, chosen), CONFIGURED | {"voice"})

    def by(post: Post, kind: str, level: str | None, *channels: str, of: str | None = None) -> list[str]:
        to = of_park(post) if of is None else of_enterprise(post, of)
        return [each.channel for each in book.ways(Asked((to,), kind, level, channels))]

    assert by(Post.PARK_HEAD, "alarm", "A") == by(Post.PARK_HEAD, "gas_warning", "red") == ["app", "sms", "voice"]
    assert by(Post.PARK_HEAD, "alarm", "B") == by(Post.PARK_HEAD, "gas_warning", "blue") == ["app", "sms"]
    assert by(Post.PARK_HEAD, "free", None) == by(Post.PARK_HEAD, "expiry", "A") == ["app", "sms"]
    assert by(Post.PARK_HEAD, "free", None, "voice") == ["voice"], "who writes may ask for it"
    assert by(Post.DUTY_LEADER, "alarm", "S") == ["sms"], "who has chosen is told as he has chosen"
    assert by(Post.SAFETY_DIRECTOR, "alarm", "S", of="E01") == ["app", "sms"]
    without = Book((leader,), CONFIGURED).ways(Asked((of_park(Post.PARK_HEAD),), "alarm", "S"))
    assert [each.channel for each in without] == ["app", "sms"], "no park needs a gateway for calls"


def test_who_cannot_be_reached_is_said_and_why():
    assert ways(of_park(Post.TOWN)) == [("李", "app", "no_address")]
    assert ways(of_park(Post.PARK_HEAD)) == [("", "", "nobody")]
    assert ways(one_person("R1"), channels=("voice",)) == [("赵", "", "no_channel")]


def test_levels_and_switches_of_a_recipient_hold():
    assert ways(of_park(Post.BUREAU_HEAD), level="A") == []
    assert ways(of_park(Post.COUNTY)) == []


def test_a_recipient_hears_of_their_own_sources_and_of_what_has_none():
    one = Recipient("R1", "赵", sources=("video_ai_alarm",))
    assert one.wants("alarm", "A", "video_ai_alarm")
    assert not one.wants("alarm", "A", "reading")
    assert one.wants("free", None, None)


def test_a_number_is_told_once_however_it_is_named():
    twice = ways(one_person("R3"), of_park(Post.BUREAU_HEAD), one_number("10100003"))
    assert twice == [("孙", "sms", None)]


def test_whoever_is_on_shift_stands_for_the_post():
    on_duty = Recipient("D1", "值班", mobile="10100099")
    book = Book(PEOPLE, CONFIGURED, lambda post, _: [on_duty] if post is Post.DUTY_LEADER else [])
    (way,) = book.ways(Asked((of_park(Post.DUTY_LEADER),), "alarm", "S"))
    assert (way.recipient.name, way.address) == ("值班", "10100099")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"id": "no spaces"}, "id"),
        ({"name": " "}, "name"),
        ({"post": "king"}, "post"),
        ({"enterprise": "E99"}, "enterprise"),
        ({"post": Post.SAFETY_DIRECTOR}, "enterprise"),
        ({"post": Post.TOWN, "enterprise": "E01"}, "enterprise"),
        ({"mobile": "12a"}, "mobile"),
        ({"email": "nobody"}, "email"),
        ({"language": "fr"}, "language"),
        ({"channels": ("pigeon",)}, "channels"),
        ({"kinds": ("gossip",)}, "kinds"),
        ({"levels": ("Z",)}, "levels"),
    ],
)
def test_a_recipient_that_cannot_be_is_refused_by_field(wrong, field):
    with pytest.raises(BadInput) as refused:
        checked(Recipient(**{"id": "R9", "name": "九", **wrong}), ["E01"])
    assert refused.value.field == field
