"""Every number of the card of anything on the map says where it comes from, and is what its inputs make it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from time import process_time
from typing import Any

import orjson
import pytest

from cache.store import Store
from park.load import Park
from services.explain import Page, Wanted, explain
from services.features import Features
from services.geometry import features_of
from tests.cache.batches import Clock, records, second
from tests.cache.test_alarms import LEVEL
from tests.cache.test_faults import apply, decide
from tests.dashboards.conftest import BEFORE, Scene, open_scene, the_house
from tests.dashboards.reckon import agrees, computed, figures_in
from tests.dashboards.story import LEAK, ago
from tests.dashboards.test_explain import _fault, _phrases, _stored
from twin.errors import NotFound, TwinError
from twin.labels import LANGUAGES, catalogue
from twin.lineage import Inputs
from twin.moment import Moment, iso
from twin.traced import settled, with_figures

HOUSE = the_house()
WHOLE = Page(1_000_000)
OF_A_KIND = 2
TOLD = {"alarms": ["A1", "A2", "A3", "A4", "L1"], "points": [LEAK], "vehicles": ["HV0", "HV1"], "gas_toxic": [LEAK]}
TOLD |= {"enterprises": ["E01", "E04"], "tanks": ["E01-T01"], "gas_others": ["OLD1"], "gas_drones": ["GUAV1"]}
TOLD |= {"gas_warnings": ["GW-1", "GW-2", "GW-3", "GW-L1"]}
TOLD |= {"control_lines": ["PLAN-04"], "gas_unheard": ["MH01"]}
TOLD |= {key: ["GUAV1"] for key in ("gas_sweeps", "gas_vehicles", "gas_rails")}  # one detail for devices of all kinds
every_layer = pytest.mark.parametrize("layer", sorted(key for key, each in HOUSE.layers.items() if each.detail))


# what several tests ask of the same story
_THINGS: dict[tuple[Store, str], list[str]] = {}
_ANSWERS: dict[tuple[Store, str, str], bytes] = {}


def things(scene: Scene, layer: str) -> list[str]:
    """Some of a layer: a few of every kind that the map has, what the map is told of, and what the story tells of."""
    if (scene.store, layer) not in _THINGS:
        _THINGS[scene.store, layer] = _things(scene, layer)
    return _THINGS[scene.store, layer]


def _things(scene: Scene, layer: str) -> list[str]:
    kinds: dict[Any, list[str]] = {}
    for each in features_of(HOUSE.layers[layer], scene.park) if HOUSE.layers[layer].geo else ():
        kinds.setdefault(tuple(each.props.get(name) for name in ("kind", "type", "status")), []).append(each.id)
    drawn = orjson.loads(Features(scene.store, scene.builder).collection(HOUSE.layers[layer], scene.told))["features"]
    found = [id for ids in kinds.values() for id in ids[:OF_A_KIND]]
    return list(dict.fromkeys([*found, *(each["id"] for each in drawn[:OF_A_KIND]), *TOLD.get(layer, [])]))


def written(
    scene: Scene, layer: str, id: str, at: Moment | None = None, *, scope: str = "park", figure: str | None = None
) -> bytes:
    """The answer as it leaves the server."""
    wanted = Wanted(scene.builder.key("detail", {"layer": layer, "id": id}, scope), "detail", figure)
    return orjson.dumps(explain(scene.builder, scene.store.reader(scope), wanted, at or scene.told, WHOLE))


def ask(scene: Scene, layer: str, id: str, at: Moment | None = None, **more: Any) -> Any:
    """The answer as another program gets it."""
    if at or more:
        return orjson.loads(written(scene, layer, id, at, **more))
    if (scene.store, layer, id) not in _ANSWERS:
        _ANSWERS[scene.store, layer, id] = written(scene, layer, id)
    return orjson.loads(_ANSWERS[scene.store, layer, id])


def faults(scene: Scene, layer: str, id: str, at: Moment | None = None, **more: str) -> list[str]:
    """Numbers of a card that are not explained, and such that are not what their inputs make them."""
    answer = ask(scene, layer, id, at, **more)
    told = {each["key"]: each for each in answer["figures"]}
    card = scene.frame("detail", at, layer=layer, id=id, **more).panels["detail"]
    shown = dict(figures_in(orjson.loads(orjson.dumps(card))))
    wrong = (_fault(each, shown.get(path, each["shown"]), answer["inputs"]) for path, each in told.items())
    return [
        *(f"{id}: {path} = {shown[path]!r} is not explained" for path in sorted(shown.keys() - told.keys())),
        *(f"{id}: {path} is explained twice" for path in told if len(told) < len(answer["figures"])),
        *(f"{id}: {fault}" for fault in wrong if fault),
    ]


@every_layer
def test_every_number_of_a_card_is_explained_and_is_what_its_inputs_make_it(scene: Scene, layer: str) -> None:
    asked = things(scene, layer)
    assert asked
    assert [each for id in asked for each in faults(scene, layer, id)] == []


@every_layer
def test_so_it_is_at_other_moments(scene: Scene, layer: str) -> None:
    moments = (BEFORE, scene.told - timedelta(days=1), scene.told + timedelta(hours=2))
    assert [each for at in moments for id in things(scene, layer)[:3] for each in faults(scene, layer, id, at)] == []


@every_layer
def test_so_it_is_in_a_park_of_which_nothing_is_known(bare: Scene, layer: str) -> None:
    assert [each for id in (*things(bare, layer)[:3], "NO-SUCH-THING") for each in faults(bare, layer, id)] == []


@every_layer
def test_so_it_is_for_who_sees_one_enterprise(scene: Scene, layer: str) -> None:
    assert [each for id in things(scene, layer) for each in faults(scene, layer, id, scope="E04")] == []


@every_layer
def test_no_number_is_right_without_its_inputs(scene: Scene, layer: str) -> None:
    for id in things(scene, layer):
        answer = ask(scene, layer, id)
        nothing = {name: {"rows": []} for name in answer["inputs"]}
        some = [each for each in answer["figures"] if each["inputs_total"] and each["shown"] not in (0, 0.0, None)]
        right = [
            each["key"] for each in some if agrees(each["shown"], computed(each["formula"], nothing), each["unit"])
        ]
        assert right == [], id


@every_layer
def test_every_input_is_stored_and_has_source_age_and_quality(scene: Scene, layer: str) -> None:
    for id in things(scene, layer):
        for name, each in ask(scene, layer, id)["inputs"].items():
            assert each["total"] == len(each["rows"])
            assert [row for row in each["rows"] if not (_stored(scene, row) or _of_table(row))] == [], (id, name)


def _of_table(row: dict[str, Any]) -> bool:
    """Numbers of the chemical table are the program's own, and belong to no time."""
    return (row["kind"], row["table"], row["source"]) == ("setting", "chemicals.csv", "parktwin")


@every_layer
def test_all_of_it_is_said_in_both_languages(scene: Scene, layer: str) -> None:
    for id in things(scene, layer):
        answer = ask(scene, layer, id)
        for lang in LANGUAGES:
            assert sorted(set(_phrases(answer)) - set(catalogue(lang))) == [], id
            assert all(each[f"{what}_{lang}"] for each in answer["figures"] for what in ("label", "formula")), id
        assert all(each["coverage"][0] <= each["coverage"][1] for each in answer["figures"])


def test_what_a_thing_is_comes_from_the_park_folder(scene: Scene) -> None:
    answer = ask(scene, "hazards", "MH01")
    told = {each["label_en"]: each for each in answer["figures"]}
    assert told["R value"]["shown"] == scene.park.feature("MH01").props["R"]
    (row,) = (each for each in answer["inputs"]["properties"]["rows"] if each["prop"] == "R")
    assert (row["id"], row["kind"], row["table"], row["source"]) == (
        "MH01",
        "feature",
        "hazards",
        "geo/hazards.geojson",
    )


def test_what_a_point_measures_comes_from_its_reading(scene: Scene) -> None:
    answer = ask(scene, "points", LEAK, figure="parts/0/items/value/value/value")
    (row,) = answer["inputs"]["points"]["rows"]
    assert (row["id"], row["kind"], row["source"], row["value"], row["quality"]) == (
        LEAK,
        "point",
        "plant",
        38.0,
        "good",
    )
    assert answer["figures"][0]["coverage"] == [1, 1]
    assert answer["params"] == {"layer": "points", "id": LEAK}


def test_a_count_names_the_rows_that_are_counted(scene: Scene) -> None:
    passed = ask(scene, "gates", "G1", figure="parts/0/items/persons_in")
    assert passed["figures"][0]["shown"] == len(passed["inputs"]["passes"]["rows"]) == 4
    assert {row["table"] for row in passed["inputs"]["passes"]["rows"]} == {"person_pass_record"}
    online = ask(scene, "enterprises", "E04", figure="parts/0/items/online/value/value")
    total = scene.park.points.filter(owner="E04").height
    assert online["figures"][0]["coverage"] == [total, total]


def _raised(store: Store, park: Park, clock: Clock) -> None:
    """A point that was in alarm three times within the month: for 4 and for 10 minutes, and since."""
    point, owner = park.points["id"][0], park.points["owner"][0]
    said = {"enterprise_id": owner, "hazard_point_id": point, "alarm_type": "01", "alarm_value": 9.0, "threshold": 8.0}
    for n, (minutes, ended, false) in enumerate([(900, 896, True), (600, 590, False), (5, None, None)]):
        over = {"cleared_at": ended and ago(ended), "alarm_status": "02" if ended else "01", "is_false_alarm": false}
        times = {"id": f"A{n}", "alarm_at": ago(minutes), "handling_status": "03" if ended else "01"}
        store.append(records("hazard_alarm", said | over | times))
    clock.forward(1)


def test_what_a_point_did_before_is_counted_from_its_alarms(tmp_path: Path, small_park: Park) -> None:
    alarmed = open_scene(tmp_path, small_park, _raised)
    assert faults(alarmed, "alarms", "A2") == []
    answer = ask(alarmed, "alarms", "A2")
    told = {each["said"]["key"]: each for each in answer["figures"]}
    assert told["explain.before.alarms"]["shown"] == 3
    assert told["explain.before.lasted"]["shown"] == "7"
    assert {row["id"] for row in answer["inputs"]["before"]["rows"]} == {"A0", "A1", "A2"}
    alarmed.store.close()


def _repaired(store: Store, park: Park, clock: Clock) -> None:
    """A point that is under approved repair for an hour."""
    apply(store)
    decide(store)
    clock.forward(1)


def test_a_repair_is_told_with_who_owns_it(tmp_path: Path, small_park: Park) -> None:
    repaired = open_scene(tmp_path, small_park, _repaired)
    assert faults(repaired, "points", LEVEL) == []
    answer = ask(repaired, "points", LEVEL)
    told = next(each for each in answer["figures"] if each["rules"] == ["R-AL-8"])
    (row,) = answer["inputs"]["repairs"]["rows"]
    assert told["shown"] == row["ends"] == iso(second(3600))
    assert (row["id"], row["table"], row["source"], row["kind"]) == ("F1", "fault", "LW1", "record")
    repaired.store.close()


@every_layer
def test_an_answer_takes_less_than_a_fifth_of_a_second(scene: Scene, layer: str) -> None:
    id, spent = things(scene, layer)[-1], []
    for _ in range(3):
        began = process_time()
        written(scene, layer, id)
        spent.append(process_time() - began)
    assert min(spent) <= 0.2


def test_what_is_not_there_is_not_found(scene: Scene) -> None:
    for layer, figure in (("nowhere", None), ("points", "parts/9"), ("points", "")):
        with pytest.raises(NotFound):
            ask(scene, layer, LEAK, figure=figure)
    assert ask(scene, "points", "NO-SUCH-THING")["figures"] == []


def test_two_parts_of_a_card_cannot_mean_different_sets_by_one_name() -> None:
    one, other = (with_figures({}, (), {"rows": Inputs(query)}) for query in ("detail/point", "detail/alarm"))
    assert settled({"parts": [one, one]}).content == {"parts": [{}, {}]}
    with pytest.raises(TwinError, match="rows"):
        settled({"parts": [one, other]})
