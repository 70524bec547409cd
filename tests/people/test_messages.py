"""The message centre and the address book, as people of different roles ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.people.house import Wired, wired
from twin.notice import Post, of_enterprise, of_park

BOOK = """id,name,post,enterprise,mobile,account,channels
B1,赵一,bureau_head,,10100001,boss,app sms
B2,钱二,safety_director,LW1,10100002,one,app
B3,孙三,town,,1010x,,
B4,李四,king,,10100004,,
B5,周五,line_manager,LW9,10100005,,
B1,吴六,county,,10100006,,
B7,同名,,LW1,10100007,,
B8,同名,,LW1,10100008,,
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    """The small park, wired, with an address book."""
    with wired(tmp_path_factory.mktemp("messages")) as each:
        yield each


@pytest.fixture(scope="module")
def boss(house: Wired) -> str:
    """The head of the safety bureau, who has read the address book in."""
    secret = house.session(house.account("boss", "safety_bureau"))
    answer = house.ask("POST", "/api/v1/recipients/file", secret, data=BOOK.encode(), content_type="text/csv")
    assert answer.status_code == 200
    assert answer.json is not None
    told = answer.json
    assert (told["rows"], told["kept"], told["unchanged"]) == (8, 4, 0)
    assert [(each["row"], each["field"]) for each in told["refused"]] == [
        (4, "mobile"),
        (5, "post"),
        (6, "enterprise"),
        (7, "id"),
    ]
    return secret


@pytest.fixture(scope="module")
def one(house: Wired) -> str:
    """Somebody of an enterprise."""
    return house.session(house.account("one", "enterprise_safety", "LW1"))


def write(house: Wired, secret: str, to: str, words: str = "请核实", **more: Any) -> Any:
    """Write by hand, and let it be sent."""
    answer = house.ask("POST", "/api/v1/messages", secret, json={"to": to, "words": words, **more})
    house.parts.dispatcher.look(house.parts.store.tick())
    return answer


def inbox(house: Wired, secret: str) -> dict[str, Any]:
    said: dict[str, Any] | None = house.ask("GET", "/api/v1/messages/mine", secret).json
    assert said is not None
    return said


def test_the_same_file_changes_nothing(house: Wired, boss: str) -> None:
    answer = house.ask("POST", "/api/v1/recipients/file", boss, data=BOOK.encode(), content_type="text/csv")
    assert answer.json is not None
    assert (answer.json["kept"], answer.json["unchanged"]) == (0, 4)


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"name\nx", b"\x00\x01"])
def test_what_is_no_address_book_is_refused(house: Wired, boss: str, raw: bytes) -> None:
    answer = house.ask("POST", "/api/v1/recipients/file", boss, data=raw, content_type="text/csv")
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"]["field"] == "file"


def test_a_message_reaches_its_reader_and_is_read_once(house: Wired, boss: str, one: str) -> None:
    before = inbox(house, one)["unread"]
    answer = write(house, boss, "B2", "到现场看一下")
    assert answer.status_code == 201
    told = inbox(house, one)
    assert told["unread"] == before + 1
    assert told["messages"][0]["body_zh"] == "到现场看一下"
    id = told["messages"][0]["id"]
    read = house.ask("POST", "/api/v1/messages/mine/read", one, json={"ids": [id]}).json
    assert read == {"read": 1, "unread": before}
    assert house.ask("POST", "/api/v1/messages/mine/read", one, json={"ids": [id]}).json == {
        "read": 0,
        "unread": before,
    }
    assert inbox(house, one)["messages"][0]["read_at"] is not None
    assert inbox(house, boss)["unread"] == 0  # what is another's is not one's own


@pytest.mark.parametrize("ids", [None, "x", {}, [1]])
def test_what_is_read_is_a_list_of_ids(house: Wired, one: str, ids: Any) -> None:
    answer = house.ask("POST", "/api/v1/messages/mine/read", one, json={"ids": ids})
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"]["field"] == "ids"


def test_nobody_reads_for_somebody_else(house: Wired, boss: str, one: str) -> None:
    write(house, boss, "钱二", "请回复")
    id = inbox(house, one)["messages"][0]["id"]
    assert house.ask("POST", "/api/v1/messages/mine/read", boss, json={"ids": [id]}).json["read"] == 0  # type: ignore[index]
    assert inbox(house, one)["messages"][0]["read_at"] is None


@pytest.mark.parametrize(
    ("to", "words", "field"),
    [("nobody", "x", "to"), ("同名", "x", "to"), ("", "x", "to"), ("B1", " ", "words"), ("B1", "x" * 501, "words")],
)
def test_a_wrong_letter_is_refused_by_field(house: Wired, boss: str, to: str, words: str, field: str) -> None:
    answer = write(house, boss, to, words)
    assert answer.status_code == 400
    assert answer.json["error"]["field"] == field


def test_one_may_write_to_posts_ids_and_numbers_at_once(house: Wired, boss: str) -> None:
    answer = write(house, boss, "bureau_head，B2、10109999", channels=["sms"])
    assert answer.json["to"] == [of_park(Post.BUREAU_HEAD), "person:B2", "number:10109999"]


def test_who_may_not_write_or_manage_is_refused(house: Wired, boss: str, one: str) -> None:
    assert write(house, one, "B1").status_code == 403
    assert house.ask("GET", "/api/v1/recipients", one).status_code == 403
    assert house.ask("POST", "/api/v1/recipients", one, json={"id": "X", "name": "X"}).status_code == 403


def test_a_recipient_is_made_once_and_changed(house: Wired, boss: str) -> None:
    new = {"id": "N1", "name": "新人", "mobile": "10101234", "post": "grid_officer"}
    assert house.ask("POST", "/api/v1/recipients", boss, json=new).status_code == 201
    assert house.ask("POST", "/api/v1/recipients", boss, json=new).status_code == 409
    gone = house.ask("POST", "/api/v1/recipients/N1/change", boss, json={"enabled": "false"}).json
    assert gone is not None
    assert (gone["enabled"], gone["mobile"]) == (False, "10101234")
    assert house.ask("POST", "/api/v1/recipients/N9/change", boss, json={}).status_code == 404
    bad = house.ask("POST", "/api/v1/recipients/N1/change", boss, json={"mobile": "x"})
    assert bad.status_code == 400
    assert bad.json is not None
    assert bad.json["error"]["field"] == "mobile"


def test_an_enterprise_sees_the_log_of_its_own_only(house: Wired, boss: str, one: str) -> None:
    write(house, boss, "B1", "给园区的")
    assert house.ask("GET", "/api/v1/messages", one).json == {"messages": []}
    told = house.ask("GET", "/api/v1/messages?words=赵一&limit=5", boss).json
    assert told is not None
    assert {each["recipient"] for each in told["messages"]} == {"赵一"}


def test_an_address_of_a_post_is_told_as_such() -> None:
    assert of_enterprise(Post.SAFETY_DIRECTOR, "LW1") == "post:safety_director@LW1"
