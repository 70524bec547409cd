"""Rosters, who is on duty, and handovers, as another program meets them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from cache.store import Store
from services.on_duty import on_duty
from tests.cache.batches import records
from tests.people.house import Wired, wired
from twin.moment import now, parse_moment

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ("日期", "班次", "角色", "人员", "企业")
PEOPLE = [
    ("P1", "赵伟", None),
    ("P2", "钱静", None),
    ("P3", "孙敏", None),
    ("E1", "李强", "LW1"),
    ("E2", "周安", "LW1"),
]
SECRETS: dict[str, str] = {}  # of who has signed in
TODAY = now().astimezone(ZoneInfo("Asia/Shanghai")).date()
NEXT = (TODAY + timedelta(days=1)).isoformat()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    with wired(tmp_path_factory.mktemp("duty")) as each:
        persons = [{"id": id, "name": name, "enterprise_id": org, "mobile": f"1{id}"} for id, name, org in PEOPLE]
        each.parts.store.append(records("person", *persons))
        for id, role, org in (
            ("boss", "safety_bureau", None),
            ("op", "operator", None),
            ("ent", "enterprise_head", "LW1"),
        ):
            SECRETS[id] = each.session(each.account(id, role, org))
        yield each


def store(house: Wired) -> Store:
    return house.parts.store


def ask(house: Wired, method: str, path: str, who: str = "boss", **more: Any) -> Any:
    return house.ask(method, f"/api/v1/{path}", SECRETS[who], **more)


def sheet(*rows: tuple[str, ...], heads: tuple[str, ...] = HEADS) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate((heads, *rows)):
            page.write_row(number, 0, row)
    return made.getvalue()


def read(house: Wired, body: bytes, who: str = "boss") -> Any:
    return ask(house, "POST", "rosters/imports?name=week.xlsx", who, data=body, content_type=EXCEL)


def turns(house: Wired, who: str = "boss", day: str = NEXT) -> list[dict[str, Any]]:
    return list(ask(house, "GET", f"rosters?from={day}&to={day}", who).get_json()["turns"])


def test_a_file_sets_its_good_rows_and_tells_its_bad_ones(house: Wired) -> None:
    said = read(
        house,
        sheet(
            (NEXT, "早班", "带班领导", "赵伟", ""),
            (NEXT, "早班", "值班员", "P2", "园区"),
            (NEXT, "早班", "值班员", "王五", ""),
            (NEXT, "晚班", "带班领导", "E1", "LW1"),
        ),
    )
    assert said.status_code == 201
    body = said.get_json()
    assert (body["good"], body["bad"], body["shifts"]) == (3, 1, 2)
    assert [(each["row"], each["field"], each["code"], each["value"]) for each in body["rejected"]] == [
        (4, "person", "unknown_person", "王五")
    ]
    found = [(each["org"], each["shift"], each["person"], each["mobile"]) for each in turns(house)]
    assert found == [("park", "morning", "P1", "1P1"), ("park", "morning", "P2", "1P2"), ("LW1", "night", "E1", "1E1")]
    kept = store(house)._database.query("SELECT line, field, code, raw FROM roster_refusal").to_dicts()
    assert [(each["line"], each["code"]) for each in kept] == [(4, "unknown_person")]
    assert "王五" in kept[0]["raw"]


def test_whoever_stands_on_a_shift_is_on_duty_then_and_was_not_known_before(house: Wired) -> None:
    before = store(house).tick()
    day = (TODAY + timedelta(days=20)).isoformat()
    assert read(house, sheet((day, "中班", "leader", "P3", ""))).get_json()["good"] == 1
    [turn] = turns(house, day=day)
    [person] = on_duty(store(house), parse_moment(turn["starts"]) + timedelta(hours=1))
    assert (person["person"], person["role"], person["shift"], person["mobile"]) == ("P3", "leader", "middle", "1P3")
    assert person["source"] == "roster:week.xlsx"
    reader = store(house).reader()
    assert day not in [str(each) for each in reader.read("duty/turns", at=before)["day"]]


def test_another_file_sets_a_shift_as_a_whole_and_sees_who_is_busy(house: Wired) -> None:
    day = (TODAY + timedelta(days=3)).isoformat()
    read(house, sheet((day, "早班", "leader", "P1", ""), (day, "中班", "leader", "P2", "")))
    body = read(house, sheet((day, "早班", "leader", "P3", ""), (day, "早班", "staff", "P3", "LW1"))).get_json()
    assert [each["code"] for each in body["rejected"]] == ["overlap"]
    assert [(each["shift"], each["person"]) for each in turns(house, day=day)] == [("morning", "P3"), ("middle", "P2")]


def test_two_people_exchange_their_shifts(house: Wired) -> None:
    day = (TODAY + timedelta(days=5)).isoformat()
    read(
        house,
        sheet((day, "早班", "leader", "P1", ""), (day, "早班", "staff", "P3", ""), (day, "晚班", "leader", "P2", "")),
    )
    early, beside, late = turns(house, day=day)
    same = ask(house, "POST", "rosters/swaps", json={"id": early["id"], "with": early["id"]})
    assert same.status_code == 400
    swap = {"id": early["id"], "with": late["id"], "note": "培训"}
    assert ask(house, "POST", "rosters/swaps", json=swap).status_code == 200
    found = [(each["shift"], each["duty_role"], each["person"], each["note"]) for each in turns(house, day=day)]
    assert found == [
        ("morning", "leader", "P2", "培训"),
        ("morning", "staff", "P3", ""),
        ("night", "leader", "P1", "培训"),
    ]
    told = store(house)._database.query("SELECT event FROM journal WHERE stream = 'roster' ORDER BY seq")["event"]
    assert told.to_list()[-3:] == ["swapped", "set", "set"]
    assert beside["id"] in {each["id"] for each in turns(house, day=day)}


def test_a_turn_of_the_exchange_that_is_exchanged_becomes_our_own(house: Wired) -> None:
    day = TODAY + timedelta(days=8)
    at = parse_moment(f"{day}T00:30:00Z")
    said = {"duty_organisation_type": "01", "duty_person_type": "01", "duty_status": "01"}
    rows = [
        {"id": f"D{n}", "duty_person_id": person, "duty_person_name": person, **said}
        | {"duty_start_at": at + timedelta(hours=8 * n), "duty_end_at": at + timedelta(hours=8 * n + 8)}
        for n, person in enumerate(("P1", "P2"))
    ]
    store(house).append(records("duty_roster", *rows))
    assert [each["table"] for each in turns(house, day=day.isoformat())] == ["duty_roster"] * 2
    assert ask(house, "POST", "rosters/swaps", json={"id": "D0", "with": "D1"}).status_code == 200
    found = [(each["table"], each["person"]) for each in turns(house, day=day.isoformat())]
    assert found == [("roster", "P2"), ("roster", "P1")]


def test_an_enterprise_keeps_its_own_roster_and_sees_no_other(house: Wired) -> None:
    day = (TODAY + timedelta(days=10)).isoformat()
    mine = read(
        house, sheet((day, "早班", "leader", "周安", ""), (day, "晚班", "leader", "E1", "park")), "ent"
    ).get_json()
    assert (mine["good"], [each["code"] for each in mine["rejected"]]) == (1, ["not_yours"])
    read(house, sheet((day, "早班", "leader", "P1", "")))
    assert [each["org"] for each in turns(house, "ent", day)] == ["LW1"]
    [park] = [each for each in turns(house, day=day) if each["org"] == "park"]
    other = {"id": park["id"], "with": park["id"]}
    assert ask(house, "POST", "rosters/swaps", "ent", json=other).status_code == 404
    assert read(house, sheet((day, "早班", "leader", "P1", "")), "op").status_code == 403


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "file_empty"),
        (b"PK\x03\x04 and nothing that follows", "file_unreadable"),
        (b"\xff\xfe\x00\x80", "file_unreadable"),
        ("day,shift,role\n2026-11-22,早班,leader\n".encode(), "file_no_column"),
        ("日期,班次,角色,人员\n,,,\n".encode("gb18030"), "file_empty"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_is_refused_with_a_reason(house: Wired, body: bytes, code: str) -> None:
    said = ask(house, "POST", "rosters/imports", data=body, content_type="text/csv")
    error = said.get_json()["error"]
    assert (said.status_code, error["code"], error["field"]) == (400, code, "file")
    assert error["said"]["key"].startswith("refused.file.")


def test_the_template_and_a_csv_of_chinese_windows_can_be_read(house: Wired) -> None:
    for lang in ("zh", "en"):
        made = ask(house, "GET", f"rosters/template?lang={lang}")
        body = read(house, made.get_data()).get_json()
        assert (body["bad"], body["shifts"]) == (0, 3)
    day = (TODAY + timedelta(days=12)).isoformat()
    csv = f"日期,班次,角色,人员\n{day},早班,带班领导,赵伟\n".encode("gb18030")
    assert ask(house, "POST", "rosters/imports", data=csv, content_type="text/csv").get_json()["good"] == 1


def test_a_handover_is_signed_by_two_and_shows_what_it_was_of(house: Wired) -> None:
    made = ask(house, "POST", "handovers", json={"remarks": "泵 P-101 检修"})
    assert made.status_code == 201
    handover = made.get_json()
    assert (handover["state"], handover["offline"], len(handover["silent"])) == ("prepared", 12, 12)
    sign = f"handovers/{handover['id']}/actions"
    assert ask(house, "POST", sign, json={"action": "give"}).get_json()["state"] == "given"
    [waiting] = ask(house, "GET", "handovers").get_json()["handovers"]
    assert (waiting["state"], waiting["given_by"], waiting["taken_by"]) == ("given", "boss", None)
    again = ask(house, "POST", sign, json={"action": "take"})
    assert (again.status_code, again.get_json()["error"]["code"]) == (403, "same_person")
    done = ask(house, "POST", sign, "op", json={"action": "take"}).get_json()
    assert (done["state"], done["given_by"], done["taken_by"]) == ("done", "boss", "op")
    second = ask(house, "POST", "handovers", "op", json={})
    assert (second.status_code, second.get_json()["error"]["code"]) == (409, "handed_over")
    then = ask(house, "GET", f"handovers?at={waiting['given_at']}").get_json()["handovers"]
    assert [each["state"] for each in then] == ["prepared"]
    assert ask(house, "GET", f"handovers/{handover['id']}", "ent").status_code == 404


def test_an_enterprise_hands_over_its_own_shift(house: Wired) -> None:
    mine = ask(house, "POST", "handovers", "ent", json={"remarks": "x"}).get_json()
    assert mine["org"] == "LW1"
    assert {each["owner"] for each in mine["silent"]} == {"LW1"}
    assert ask(house, "POST", f"handovers/{mine['id']}/actions", "op", json={"action": "give"}).status_code == 404
