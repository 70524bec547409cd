"""Every sending is recorded with what was answered (R-PU-3): handed in by a gateway, or noted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cache.books import Deed
from cache.messages import SENT, Outcome
from services.first_token import first_token
from tests.people.house import Wired, wired
from twin.moment import now

BOOK = b"id,name,post,enterprise,mobile\nB1,\xe8\xb5\xb5\xe4\xb8\x80,bureau_head,,13800000001\n"


@pytest.fixture
def house(tmp_path) -> Iterator[Wired]:
    """The small park."""
    with wired(tmp_path) as each:
        yield each


@pytest.fixture
def boss(house: Wired) -> str:
    """The head of the safety bureau, who is in the address book."""
    secret = house.session(house.account("boss", "safety_bureau"))
    answer = house.ask("POST", "/api/v1/recipients/file", secret, data=BOOK, content_type="text/csv")
    assert answer.status_code == 200
    return secret


def sent(house: Wired, secret: str, words: str, to: str = "B1, +8613800000002") -> list[str]:
    """Write to two numbers; as if a gateway had taken it. The ids of the messages."""
    answer = house.ask("POST", "/api/v1/messages", secret, json={"to": to, "words": words, "channels": ["sms"]})
    store = house.parts.store
    house.parts.dispatcher.look(store.tick())
    notice = answer.json["notice"]
    ids = store._database.query("SELECT id FROM message WHERE notice = $id ORDER BY id", {"id": notice})["id"].to_list()
    taken = [Outcome(id, SENT, 1, now(), now(), '200 {"code": 0}') for id in ids]
    store.do(Deed(lambda known: store.books.messages.tried(taken, known))).result()
    # the small park has no gateway: without one there is no address to send to
    for id, number in zip(ids, ("13800000001", "+8613800000002"), strict=True):
        store._database.execute("UPDATE message SET address = $n WHERE id = $id", {"n": number, "id": id})
    return ids


def hand_in(house: Wired, *replies: dict[str, Any]) -> Any:
    token = {"Authorization": f"Bearer {first_token(house.twin.run.data)[0]}"}
    return house.app.test_client().post("/api/v1/replies", json={"replies": list(replies)}, headers=token)


def log(house: Wired, secret: str) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in house.ask("GET", "/api/v1/messages", secret).json["messages"]}


def test_a_reply_belongs_to_the_message_it_names_else_to_the_last_of_its_number(house: Wired, boss: str) -> None:
    first, last = sent(house, boss, "请到现场"), sent(house, boss, "请回复")
    answer = hand_in(house, {"mobile": "+86 138 0000 0001", "words": "收到", "id": "MO-1"})
    assert (answer.status_code, answer.json) == (202, {"kept": 1, "unknown": []})
    assert hand_in(house, {"mobile": "13800000001", "words": "收到", "id": "MO-1"}).json["kept"] == 0, "told again"
    assert hand_in(house, {"mobile": "13800000002", "words": " 已到场 ", "message": first[1]}).json["kept"] == 1
    assert hand_in(house, {"mobile": "13800000001", "words": "已处置"}).json["kept"] == 1
    assert hand_in(house, {"mobile": "13899999999", "words": "谁？"}).json == {"kept": 0, "unknown": ["13899999999"]}
    told = log(house, boss)
    assert {id: told[id]["reply"] for id in (*first, *last)} == {
        first[0]: None, first[1]: "已到场", last[0]: "收到 / 已处置", last[1]: None,
    }  # fmt: skip
    assert told[last[0]]["replied_at"] > told[last[0]]["sent_at"]
    assert told[last[0]]["result"] == '200 {"code": 0}', "what the gateway said stands beside it"
    found = house.ask("GET", "/api/v1/messages?words=已到场", boss).json["messages"]
    assert [each["id"] for each in found] == [first[1]]


def test_who_was_answered_on_the_telephone_notes_it(house: Wired, boss: str) -> None:
    (id, _) = sent(house, boss, "请回电")
    noted = house.ask("POST", f"/api/v1/messages/{id.replace('/', '%2F')}/replies", boss, json={"words": "电话答复"})
    assert (noted.status_code, noted.json) == (201, {"message": id})
    assert log(house, boss)[id]["reply"] == "电话答复"
    assert house.ask("POST", "/api/v1/messages/none/replies", boss, json={"words": "x"}).status_code == 404
    assert house.ask("POST", f"/api/v1/messages/{id}/replies", boss, json={"words": " "}).status_code == 400
    plant = house.session(house.account("plant", "enterprise_safety", "LW1"))
    assert house.ask("POST", f"/api/v1/messages/{id}/replies", plant, json={"words": "x"}).status_code == 403
    assert house.ask("POST", "/api/v1/replies", plant, json={"replies": []}).status_code == 403


@pytest.mark.parametrize(
    ("reply", "field"),
    [
        ({"mobile": "1"}, "replies[0]"),
        ({"mobile": "1", "words": "x", "why": "y"}, "replies[0]"),
        ({"mobile": 1, "words": "x"}, "replies[0].mobile"),
        ({"mobile": "138x", "words": "x"}, "replies[0].mobile"),
        ({"mobile": "13800000001", "words": " "}, "replies[0].words"),
        ({"mobile": "13800000001", "words": "x" * 501}, "replies[0].words"),
        ({"mobile": "13800000001", "words": "x", "id": "9" * 101}, "replies[0].id"),
    ],
)
def test_what_is_no_reply_is_named(house: Wired, boss: str, reply: dict[str, Any], field: str) -> None:
    answer = hand_in(house, reply)
    assert (answer.status_code, answer.json["error"]["field"]) == (400, field)
