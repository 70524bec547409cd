"""Pushes: how soon one leaves after its rule holds, and ten thousand of them to a slow gateway."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from time import monotonic

import pytest
import requests

from tests.adapters.exchange import record
from tests.bench.measure import percentile
from tests.bench.scale import scale
from tests.conftest import DEMO_PARK, Figure
from tests.services.gateways import Gateway, gateway
from tests.serving import TOKEN, Server, running
from twin.moment import iso, now

pytestmark = pytest.mark.bench
PROBES = int(scale("PUSH_PROBES", 40))
PUSHES = int(scale("PUSHES", 10_000))
NUMBERS = 500
SLOW_S = 0.05
LEAVES_S, FRAME_S = 2.0, 0.15


@pytest.fixture(scope="module")
def sms() -> Iterator[Gateway]:
    """A gateway."""
    with gateway() as one:
        yield one


@pytest.fixture(scope="module")
def server(sms: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo park with an SMS gateway."""
    folder = tmp_path_factory.mktemp("pushes")
    shutil.copytree(DEMO_PARK, folder / "park")
    channel = f'\n[[channels]]\nid = "sms"\nkind = "sms"\nurl = "{sms.url}"\naccepted_field = "code"\n'
    with (folder / "park" / "park.toml").open("a", encoding="utf-8") as file:
        file.write(channel + 'accepted_value = "0"\nat_once = 8\n')
    with running(["run", "--park", str(folder / "park")], folder / "data", fresh=True) as each:
        yield each


def confirmed(server: Server, point: str, id: str) -> None:
    """An alarm that somebody judges to be real."""
    said = {"hazard_point_id": point, "enterprise_id": point[:3], "is_deleted": False, "alarm_type": "01"}
    said |= {"alarm_value": 9.0, "threshold": 8.0, "alarm_at": iso(now()), "cleared_at": None, "alarm_status": "01"}
    row = record("hazard_alarm", id, **said, handling_status="01", is_false_alarm=False)
    assert server.post("/api/v1/records/hazard_alarm", {"records": [row]}).status_code == 202
    assert server.post(f"/api/v1/alarms/{id}/actions", {"action": "acknowledge"}).status_code == 200
    answer = server.post(f"/api/v1/alarms/{id}/actions", {"action": "judge", "as": "confirmed", "note": "真"})
    assert answer.status_code == 200, answer.text


def test_a_push_leaves_soon_after_its_alarm_is_confirmed(server: Server, sms: Gateway, demo_park, figure: Figure):
    points = demo_park.points.filter(demo_park.points["kind"] == "pressure")["id"].to_list()[:PROBES]
    took = []
    for n, point in enumerate(points):
        confirmed(server, point, f"PUSH-{n}")
        began = monotonic()
        sms.wait_for(lambda n=n: any(f":PUSH-{n}:" in id for id in sms.taken))
        took.append(monotonic() - began)
    p95 = percentile(took, 95)
    figure("a push leaves after its alarm is confirmed", f"p95 ≤ {LEAVES_S:g} s", f"p95 {p95:.2f} s")
    assert p95 <= LEAVES_S


def frames(server: Server, until) -> list[float]:
    """How long frames of the overview take, asked one after the other."""
    line, took = requests.Session(), []
    line.headers["Authorization"] = f"Bearer {TOKEN}"
    while not until(took):
        began = monotonic()
        assert line.get(f"{server.url}/api/v1/screens/overview/frame", timeout=60).status_code == 200
        took.append(monotonic() - began)
    return took


def test_ten_thousand_pushes_to_a_slow_gateway_slow_no_screen_and_lose_none(
    server: Server, sms: Gateway, figure: Figure
):
    quiet = percentile(frames(server, lambda took: len(took) == 40), 95)
    sms.slow_s = SLOW_S
    numbers = [f"1010900{n:04d}" for n in range(NUMBERS)]
    before, began = len(sms.taken), monotonic()
    for turn in range(PUSHES // NUMBERS):
        body = {"to": " ".join(numbers), "words": f"第 {turn} 次", "channels": ["sms"]}
        assert server.post("/api/v1/messages", body).status_code == 201
    busy = frames(server, lambda _took: len(sms.taken) - before >= PUSHES or monotonic() - began > 300)
    sms.wait_for(lambda: len(sms.taken) - before >= PUSHES, 60)
    took = monotonic() - began
    free = [each for each in sms.calls if each["id"].startswith("free:")]
    by_number: dict[str, list[int]] = defaultdict(list)
    for each in free:
        by_number[each["mobile"]].append(int(each["content"].split("第 ")[1].split(" ")[0]))
    assert len(free) == PUSHES
    assert max(sms.times_taken.values()) == 1
    assert all(turns == list(range(PUSHES // NUMBERS)) for turns in by_number.values())
    p95 = percentile(busy, 95)
    slow = f"{PUSHES:,} pushes to a gateway that takes {SLOW_S * 1000:.0f} ms each"
    figure(f"{slow}: all once, in order", "none lost", f"{took:.0f} s")
    said = f"{p95 * 1000:.0f} ms ({quiet * 1000:.0f} ms without)"
    figure(f"{slow}: frame of the overview meanwhile", f"p95 ≤ {FRAME_S * 1000:.0f} ms", said)
    assert p95 <= FRAME_S


def test_the_log_knows_of_every_one_of_them(server: Server, sms: Gateway):
    sms.wait_for(lambda: states(server) == {"sent"})


def states(server: Server) -> set[str]:
    """How the newest of them went."""
    answer = server.get("/api/v1/messages?channel=sms&kind=free&limit=500")
    assert answer.status_code == 200
    return {each["state"] for each in answer.json()["messages"]}
