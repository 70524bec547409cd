"""Documents really open: every link of the overview and of what is clicked on its map (OV-2, OV-10)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import pytest

from demo import basics
from tests.demo.worlds import AFTERNOON, ms, world
from tests.serving import DEMO_PARK, Server, running
from twin.moment import iso, now

# What is clicked on the map, and how many documents it opens at least.
CLICKED = (
    ("boundary", "PARK", 17),
    ("zones", "Z1", 9),
    ("control_lines", "PLAN-04", 2),
    ("risk_contours", "RC-3E-7", 1),
    ("landuse", "LOT001", 1),
    ("utilities", "UT-WATER", 1),
    ("utilities", "UT-SUB220", 1),
    ("stations", "ST-FIRE", 1),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The demo park, told its own papers."""
    with running(["run", "--park", str(DEMO_PARK)], tmp_path_factory.mktemp("documents")) as each:
        tell(each)
        yield each


def tell(server: Server) -> None:
    """Send the records of the park's books."""
    built = world()
    for source in basics.SOURCES:
        records = source.book(built).page(None, ms(AFTERNOON), 500).records
        answer = server.post(f"/api/v1/records/{source.table}", {"records": records})
        assert answer.status_code == 202
        assert answer.json()["rejected"] == [], source.table


def shown(server: Server, screen: str, **params: str) -> dict[str, Any]:
    """The panels of a screen as of this very moment, not of the last tick."""
    return server.get(f"/api/v1/screens/{screen}/frame", at=iso(now()), **params).json()["panels"]


def papers(said: Any) -> list[dict[str, Any]]:
    """All items of all pictures, however deep."""
    if isinstance(said, list):
        return [each for one in said for each in papers(one)]
    if not isinstance(said, dict):
        return []
    here = said["items"] if said.get("kind") == "picture" else []
    return here + [each for one in said.values() for each in papers(one)]


def opened(server: Server, items: list[dict[str, Any]]) -> list[str]:
    """Open each; the addresses."""
    hrefs = [each["href"] for each in items]
    for href in hrefs:
        assert urljoin(server.url, href).startswith(server.url)
        answer = server.get(href)
        assert answer.status_code == 200, href
        assert answer.headers["Content-Type"].startswith("image/svg+xml")
        assert "虚构的演示园区" in answer.content.decode()
    return hrefs


def test_every_paper_of_the_overview_opens(server):
    panels = shown(server, "overview")
    found = {key: opened(server, papers(content)) for key, content in panels.items()}
    assert found["grade"] == ["/api/v1/files/safety-risk-grade-2025.svg"]
    assert len(found["documents"]) == 10
    assert len(found["history"]) == 6


@pytest.mark.parametrize(("layer", "id", "count"), CLICKED)
def test_every_paper_of_a_thing_on_the_map_opens(server, layer, id, count):
    detail = shown(server, "detail", layer=layer, id=id)
    assert len(set(opened(server, papers(detail)))) >= count


def test_the_whole_list_opens_too(server):
    said = server.get("/api/v1/screens/overview/lists/documents/all").json()
    files = [each for row in said["rows"] for each in row["file"]]
    assert len(files) == said["total"] >= 17
    assert opened(server, files)
    assert "archive/PLAN-01.svg" in server.get("/api/v1/screens/overview/lists/documents/all", format="csv").text


def test_a_file_comes_to_be_opened_when_it_is_there(server):
    made = next(each for each in basics.SOURCES if each.table == "park_plan").book(world())
    record = made.page(None, ms(AFTERNOON), 1).records[0]
    record |= {"id": "PLAN-09", "publish_date": "2026-01-01", "plan_file": "archive/new.svg;https://other/x.pdf"}
    assert server.post("/api/v1/records/park_plan", {"records": [record]}).json()["accepted"] == 1
    missing, elsewhere = plan_nine(server)
    assert "href" not in missing
    assert missing["sub"]["args"]["remark"] == {"key": "document.missing"}
    assert "href" not in elsewhere
    assert elsewhere["sub"]["args"]["remark"] == "https://other/x.pdf"
    (server.data / "archive").mkdir()
    (server.data / "archive" / "new.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'><!-- 虚构的演示园区 --></svg>"
    )
    assert opened(server, plan_nine(server)[:1]) == ["/api/v1/files/new.svg"]


def plan_nine(server: Server) -> list[dict[str, Any]]:
    """The new plan's attachments, as the edge of the park shows them."""
    detail = shown(server, "detail", layer="boundary", id="PARK")
    return [each for each in papers(detail) if each["key"].startswith("PLAN-09")]
