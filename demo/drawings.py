"""The demo park's drawings, made from its map: layout, industry, land use, fire, water, power, control line."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import shapely
from shapely.geometry import shape

from demo.folder import M_PER_DEG_LAT, Feature, Folder
from demo.network import M_PER_DEG_LON, Reach, access, reach, served
from demo.sheet import MAP, Figure, Sign, Title, drawing, word

ZONE_TINTS = ("#e4ecf4", "#e7efe3", "#f4eee2", "#ede8f2")
EDGE = 'stroke="#17212b" stroke-width="7" stroke-dasharray="44 12 8 12"'
PLOT = 'fill="#fff" fill-opacity=".65" stroke="#7c8a96" stroke-width="2"'
WATER = 'fill="#bdd6e8"'
ROAD = 'stroke="#a3afba" stroke-width="8"'
LANE = 'stroke="#bcc6ce" stroke-width="4"'
MAINS = (("#1d5a8e", "DN800", 20), ("#1d5a8e", "DN500", 6), ("#1d5a8e", "DN300", 1))
CABLES = (("#7a4a12", "20 kV × 4", 20), ("#7a4a12", "20 kV × 2", 6), ("#7a4a12", "20 kV", 1))
WIDTHS = (20, 12, 6)
FIVE_MINUTES_M = 3_300.0  # at 40 km/h
_GROUND = [Sign("line", EDGE, "园区边界", "Park boundary"), Sign("area", WATER, "水域", "Water")]
_ROADS = Sign("line", ROAD, "道路", "Roads")
_PLOTS = Sign("area", PLOT, "企业（编号）", "Enterprises (number)")


class Mapped:
    """A part of the park on a sheet."""

    def __init__(self, folder: Folder, around: Iterable[Feature]) -> None:
        corners = [corner for each in around for ring in rings(each) for corner in ring]
        lon, lat = [each[0] for each in corners], [each[1] for each in corners]
        x, y, width, height = MAP
        wide, high = (max(lon) - min(lon)) * M_PER_DEG_LON, (max(lat) - min(lat)) * M_PER_DEG_LAT
        self.folder, self.per_m = folder, min((width - 160) / wide, (height - 160) / high)
        self._middle = (min(lon) + max(lon)) / 2, (min(lat) + max(lat)) / 2
        self._taken: list[tuple[int, int, int]] = []
        self._at = x + width / 2, y + height / 2

    def place(self, lon: float, lat: float) -> tuple[int, int]:
        """A place on the sheet."""
        east, north = (lon - self._middle[0]) * M_PER_DEG_LON, (lat - self._middle[1]) * M_PER_DEG_LAT
        return round(self._at[0] + east * self.per_m), round(self._at[1] - north * self.per_m)

    def shows(self, feature: Feature) -> bool:
        """Whether a thing and its name lie on the sheet."""
        (x, y), (left, top, width, height) = self.place(feature.lon, feature.lat), MAP
        return left + 150 < x < left + width - 150 and top + 100 < y < top + height - 60

    def nearest(self, among: Sequence[Feature], to: Feature) -> Feature:
        """The one that lies nearest to a thing."""
        here = self.place(to.lon, to.lat)
        return min(among, key=lambda each: math.dist(self.place(each.lon, each.lat), here))

    def shape(self, features: Iterable[Feature], style: str) -> str:
        """Areas or lines as one path."""
        return f'<path d="{"".join(self._ring(each, ring) for each in features for ring in rings(each))}" {style}/>'

    def _ring(self, feature: Feature, ring: list[list[float]]) -> str:
        places = [self.place(*each[:2]) for each in ring]
        kept = [places[0], *(b for a, b in pairwise(places) if a != b)]
        steps = "".join(f"l{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(kept))
        closed = "z" if "Polygon" in feature.geometry["type"] else ""
        return f"M{kept[0][0]} {kept[0][1]}{steps}{closed}"

    def zone_names(self) -> list[str]:
        """The names of the functional zones, where most room is between the plots."""
        plots = shapely.union_all([shape(each.geometry) for each in self.folder.features("enterprises")])
        said = []
        for zone in self.folder.of_kind("zones", "functional"):
            free = shapely.maximum_inscribed_circle(shape(zone.geometry).difference(plots), tolerance=1e-5)
            x, y = self.place(*free.coords[0])
            said += [word(x, y, zone.name, 44, "n b"), word(x, y + 36, str(zone.props["name_en"]), 28, "n")]
        return said

    def dots(self, features: Iterable[Feature], style: str, radius: int = 18) -> list[str]:
        """Round marks."""
        places = [self.place(each.lon, each.lat) for each in features]
        return [f'<circle cx="{x}" cy="{y}" r="{radius}" {style}/>' for x, y in places]

    def beside(self, features: Iterable[Feature]) -> list[str]:
        """Names above their dots, else below or at a side; none where other names stand already."""
        said = []
        for each in features:
            x, y = self.place(each.lon, each.lat)
            wide = max(30 * len(each.name), 11 * len(str(each.props["name_en"]))) // 2 + 8
            room = ((x, y - 60), (x, y + 54), (x + wide + 30, y - 4), (x - wide - 30, y - 4))
            free = next((at for at in room if self._take(*at, wide)), None)
            if free:
                said += [word(*free, each.name, 30, "n b")]
                said += [word(free[0], free[1] + 30, str(each.props["name_en"]), 21, "n")]
        return said

    def _take(self, x: int, y: int, wide: int) -> bool:
        """Take the room of a name, if nobody has."""
        if any(abs(x - other) < wide + its and abs(y - line) < 66 for other, line, its in self._taken):
            return False
        self._taken.append((x, y, wide))
        return True

    def ground(self) -> list[str]:
        """Water and roads, quietly."""
        roads = self.folder.features("roads")
        return [
            self.shape(self.folder.features("water"), WATER),
            self.shape([each for each in roads if each.props["class"] == "branch"], f'fill="none" {LANE}'),
            self.shape([each for each in roads if each.props["class"] != "branch"], f'fill="none" {ROAD}'),
        ]

    def edge(self) -> str:
        """The park's boundary."""
        return self.shape(self.folder.features("boundary"), f'fill="none" {EDGE}')

    def numbers(self) -> list[str]:
        """The enterprises' numbers."""
        return [
            word(*self.place(each.lon, each.lat), each.id, 20, "n")
            for each in self.folder.features("enterprises")
        ]  # fmt: skip

    def road_names(self) -> list[str]:
        """The name of each longer road, once."""
        longest: dict[str, Feature] = {}
        for each in self.folder.features("roads"):
            if each.props["class"] != "branch":
                found = longest.setdefault(str(each.props["road"]), each)
                if each.props["length_m"] > found.props["length_m"]:
                    longest[str(each.props["road"])] = each
        return [self._along(each) for each in longest.values()]

    def _along(self, road: Feature) -> str:
        line = rings(road)[0]
        (x1, y1), (x2, y2) = self.place(*line[0][:2]), self.place(*line[-1][:2])
        turned = ' writing-mode="vertical-rl"' if abs(y2 - y1) > abs(x2 - x1) else ""
        middle = f'x="{(x1 + x2) // 2}" y="{(y1 + y2) // 2}"{turned}'
        return f'<text class="n" fill="#5b6975" {middle}>{road.props["road"]}</text>'

    def sheet(self, title: Title, mapped: list[str], signs: list[Sign], figures: list[Figure]) -> str:
        """The finished drawing."""
        return drawing(title, mapped, signs, figures, 1000 * self.per_m)


def rings(feature: Feature) -> list[list[list[float]]]:
    """Every ring or line of a feature."""
    coordinates: Any = feature.geometry["coordinates"]
    kind = feature.geometry["type"]
    if kind == "MultiPolygon":
        return [ring for part in coordinates for ring in part]
    return {
        "Polygon": lambda: coordinates,
        "MultiLineString": lambda: coordinates,
        "LineString": lambda: [coordinates],
    }[kind]()


def hectares(features: Iterable[Feature]) -> str:
    """The sum of areas."""
    return f"{sum(float(each.props['area_m2']) for each in features) / 10_000:,.1f} ha"


def _whole(folder: Folder) -> Mapped:
    return Mapped(folder, folder.features("boundary"))


def _zones(mapped: Mapped) -> tuple[list[str], list[Sign]]:
    zones = mapped.folder.of_kind("zones", "functional")
    drawn, signs = [], []
    for zone, tint in zip(zones, ZONE_TINTS, strict=False):
        style = f'fill="{tint}" stroke="#9aa7b2" stroke-width="3"'
        drawn.append(mapped.shape([zone], style))
        signs.append(Sign("area", style, zone.name, str(zone.props["name_en"])))
    return drawn, signs


def layout(folder: Folder, title: Title) -> str:
    """The general layout: zones, roads, enterprises."""
    mapped, enterprises = _whole(folder), folder.features("enterprises")
    zones, signs = _zones(mapped)
    public = 'fill="#cfd6dc" stroke="#6d7a86" stroke-width="2"'
    utilities = [*folder.features("utilities"), *folder.features("stations")]
    drawn = [*zones, *mapped.ground(), mapped.shape(enterprises, PLOT), mapped.shape(utilities, public), mapped.edge()]
    drawn += [*mapped.numbers(), *mapped.road_names(), *mapped.zone_names()]
    signs = [*_GROUND, *signs, _PLOTS, Sign("area", public, "公用设施", "Public facilities"), _ROADS]
    figures = [
        Figure("规划面积", "Planned area", f"{folder.features('boundary')[0].props['area_km2']} km²"),
        Figure("入园企业", "Enterprises", str(len(enterprises))),
        Figure("企业用地", "Land of enterprises", hectares(enterprises)),
        Figure("道路长度", "Length of roads", f"{_length_km(folder.features('roads'))} km"),
    ]
    return mapped.sheet(title, drawn, signs, figures)


def _length_km(roads: Iterable[Feature]) -> str:
    return f"{sum(float(each.props['length_m']) for each in roads) / 1000:.1f}"


_STATUS = {
    "operating": ('fill="#8fa6ba" stroke="#fff" stroke-width="2"', "在产企业", "Operating"),
    "commissioning": ('fill="#d6b36a" stroke="#fff" stroke-width="2"', "试生产企业", "Commissioning"),
    "idle": ('fill="#e3e7ea" stroke="#93a0ab" stroke-width="2"', "停产企业", "Idle"),
}


def industry(folder: Folder, title: Title) -> str:
    """Industry by zone, and which enterprises are at work."""
    mapped, enterprises = _whole(folder), folder.features("enterprises")
    drawn, signs = _zones(mapped)
    for status, (style, zh, en) in _STATUS.items():
        drawn.append(mapped.shape([each for each in enterprises if each.props["status"] == status], style))
        signs.append(Sign("area", style, zh, en))
    drawn += [*mapped.ground(), mapped.edge(), *mapped.numbers(), *mapped.zone_names()]
    count = Counter(str(each.props["zone"]) for each in enterprises)
    figures = [
        Figure(zone.name, f"{zone.props['name_en']}, {zone.props['area_ha']} ha", str(count[zone.id]))
        for zone in folder.of_kind("zones", "functional")
    ]
    return mapped.sheet(title, drawn, [*_GROUND, *signs], figures)


def land_use(folder: Folder, title: Title) -> str:
    """What the land is for."""
    mapped = _whole(folder)
    kinds = (
        ("工业用地", "Industrial land", "#d8cdbf", folder.features("enterprises")),
        ("公用设施用地", "Public utilities", "#c9c2d6", folder.features("utilities")),
        ("公共服务用地", "Public services", "#e2b9b4", folder.features("stations")),
        ("绿地", "Green land", "#c5d9bd", folder.of_kind("landuse", "green")),
        ("预留用地", "Reserve", "#efede6", folder.of_kind("landuse", "reserve")),
    )
    signs, drawn, figures = [], [], []
    for zh, en, tint, features in kinds:
        style = f'fill="{tint}" stroke="#fff" stroke-width="2"'
        drawn.append(mapped.shape(features, style))
        signs.append(Sign("area", style, zh, en))
        figures.append(Figure(zh, en, hectares(features)))
    drawn += [*mapped.ground(), mapped.edge(), *mapped.road_names()]
    return mapped.sheet(title, drawn, [*_GROUND, *signs, _ROADS], figures)


def _faint(mapped: Mapped) -> list[str]:
    """Plots and ground, drawn back so that a network stands out."""
    plots = mapped.shape(mapped.folder.features("enterprises"), 'fill="#f1f3f5" stroke="#c2cad1" stroke-width="2"')
    return [plots, *mapped.ground(), mapped.edge()]


def _named(mapped: Mapped, features: list[Feature], colour: str, zh: str, en: str) -> tuple[list[str], Sign]:
    style = f'fill="{colour}" stroke="#fff" stroke-width="4"'
    return [*mapped.dots(features, style), *mapped.beside(features)], Sign("dot", style, zh, en)


def _mains(mapped: Mapped, found: Reach, sorts: tuple[tuple[str, str, int], ...]) -> tuple[list[str], list[Sign], str]:
    """Mains by how many plots they serve, and their length."""
    folder = mapped.folder
    flow = served(folder, found)
    drawn, signs, most = [], [], 10**6
    for (colour, name, least), width in zip(sorts, WIDTHS, strict=True):
        roads = [folder.by_id[id] for id, plots in flow.items() if least <= plots < most]
        style = f'stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"'
        drawn.append(mapped.shape(roads, f'fill="none" {style}'))
        signs.append(Sign("line", style, f"干支线 {name}", f"Main {name}"))
        most = least
    return drawn, signs, _length_km(folder.by_id[each] for each in flow)


def water(folder: Folder, title: Title) -> str:
    """The water network: from the waterworks along the roads to the plots."""
    mapped, works = _whole(folder), folder.of_kind("utilities", "water_plant")
    drawn, signs, length = _mains(mapped, reach(folder, works), MAINS)
    points = folder.features("sensors")
    gauges = [each for each in points if each.id.startswith("WM-") and each.id.endswith("-PRESS")]
    marks, sign = _named(mapped, works, "#1d5a8e", "水厂", "Waterworks")
    gauge = 'fill="#fff" stroke="#1d5a8e" stroke-width="4"'
    drawn = [*_faint(mapped), *drawn, *mapped.dots(gauges, gauge, 9), *mapped.numbers(), *marks]
    signs = [*_GROUND, *signs, sign, Sign("dot", gauge, "压力、流量测点", "Pressure and flow points"), _ROADS]
    figures = [
        Figure("供水能力", "Capacity", _capacity(works)),
        Figure("管网长度", "Length of mains", f"{length} km"),
        Figure("供水企业", "Plots served", str(len(folder.operating))),
        Figure("压力测点", "Pressure points", str(len(gauges))),
    ]
    return mapped.sheet(title, drawn, signs, figures)


def _capacity(places: list[Feature]) -> str:
    return " + ".join(f"{each.props['capacity']:,} {each.props['capacity_unit']}" for each in places)


def power(folder: Folder, title: Title) -> str:
    """The power network: from the substations along the roads to the plots."""
    mapped = _whole(folder)
    stations, plants = folder.of_kind("utilities", "substation"), folder.of_kind("utilities", "heat_plant")
    drawn, signs, length = _mains(mapped, reach(folder, stations), CABLES)
    line = 'stroke="#17212b" stroke-width="6" stroke-dasharray="30 14"'
    tied = [_tie(mapped, stations[0], each, line) for each in stations[1:]]
    tied += [_tie(mapped, mapped.nearest(stations, each), each, line) for each in plants]
    marks, sign = _named(mapped, stations, "#17212b", "变电站", "Substations")
    more, other = _named(mapped, plants, "#7a4a12", "热电站", "Power plants")
    signs = [*_GROUND, *signs, Sign("line", line, "110 kV 联络线", "110 kV ties"), sign, other, _ROADS]
    figures = [
        *(Figure(each.name, str(each.props["name_en"]), _capacity([each])) for each in stations),
        Figure("电缆通道", "Cable routes", f"{length} km"),
        Figure("供电企业", "Plots served", str(len(folder.operating))),
    ]
    return mapped.sheet(title, [*_faint(mapped), *drawn, *tied, *mapped.numbers(), *marks, *more], signs, figures)


def _tie(mapped: Mapped, one: Feature, other: Feature, style: str) -> str:
    (x1, y1), (x2, y2) = mapped.place(one.lon, one.lat), mapped.place(other.lon, other.lat)
    return f'<path d="M{x1} {y1}L{x2} {y2}" fill="none" {style}/>'


def fire(folder: Folder, title: Title) -> str:
    """The fire plan: stations, water, roads with hydrants, and which of them are reached within five minutes."""
    mapped, stations = _whole(folder), folder.of_kind("stations", "fire_station")
    found, roads = reach(folder, stations), folder.features("roads")
    near = 'stroke="#a8352c" stroke-width="12"'
    far = 'stroke="#d9a09a" stroke-width="12" stroke-dasharray="26 12"'
    fast = [each for each in roads if max(found.metres[str(each.props[end])] for end in ENDS) <= FIVE_MINUTES_M]
    slow = [each for each in roads if each not in fast]
    pool = 'fill="#2d6ea3" stroke="#fff" stroke-width="3"'
    pools = folder.of_kind("utilities", "emergency_pool")
    marks, sign = _named(mapped, stations, "#a8352c", "消防站", "Fire station")
    more, other = _named(
        mapped, folder.of_kind("stations", "gas_rescue"), "#c77f2a", "气体防护救援站", "Gas-rescue station"
    )
    drawn = [*_faint(mapped), mapped.shape(slow, f'fill="none" {far}'), mapped.shape(fast, f'fill="none" {near}')]
    drawn += [*mapped.dots(pools, pool, 16), *mapped.numbers(), *more, *marks]
    signs = [*_GROUND, Sign("line", near, "消火栓道路，5 分钟内", "Hydrant roads within 5 min"),
             Sign("line", far, "消火栓道路，5 分钟外", "Hydrant roads beyond 5 min"), sign, other,
             Sign("dot", pool, "应急池、消防取水点", "Pools and fire-water points")]  # fmt: skip
    return mapped.sheet(title, drawn, signs, _fire_figures(folder, stations, found))


ENDS = ("from_node", "to_node")


def _fire_figures(folder: Folder, stations: list[Feature], found: Reach) -> list[Figure]:
    plots = folder.features("enterprises")
    quick = sum(found.metres[access(folder, each, found)] <= FIVE_MINUTES_M for each in plots)
    return [
        Figure("消防车", "Fire engines", str(sum(int(each.props["vehicles"]) for each in stations))),
        Figure("消防员", "Crew", str(sum(int(each.props["crew"]) for each in stations))),
        Figure("5 分钟可达企业", "Plots within 5 min (40 km/h)", f"{quick} / {len(plots)}"),
        Figure("消火栓间距", "Hydrants apart", "≤ 120 m"),
    ]


def control_line(folder: Folder, title: Title) -> str:
    """The control line round the park's risk contours, with the protection targets near it."""
    contours = sorted(folder.features("risk_contours"), key=lambda each: float(each.props["value_per_year"]))
    mapped = Mapped(folder, [*contours[:1], *folder.features("boundary")])
    tints = ("#f6efe0", "#efdcc0", "#e3bd98")
    signs, drawn = list(_GROUND), []
    for contour, tint in zip(contours, tints, strict=False):
        style = f'fill="{tint}" stroke="#a47b52" stroke-width="2"'
        drawn.append(mapped.shape([contour], style))
        signs.append(Sign("area", style, contour.name, str(contour.props["name_en"])))
    line = 'stroke="#a8352c" stroke-width="8" stroke-dasharray="40 14"'
    target = 'fill="#2f6b4f" stroke="#fff" stroke-width="4"'
    targets = [each for each in folder.features("sensitive_targets") if mapped.shows(each)]
    drawn += [*mapped.ground(), mapped.edge(), mapped.shape(contours[:1], f'fill="none" {line}')]
    drawn += [*mapped.dots(targets, target), *mapped.beside(targets)]
    signs += [Sign("line", line, "土地规划安全控制线", "Land-safety control line"),
              Sign("dot", target, "防护目标", "Protection targets"), _ROADS]  # fmt: skip
    return mapped.sheet(title, drawn, signs, _control_figures(folder, folder.features("sensitive_targets")))


def _control_figures(folder: Folder, targets: list[Feature]) -> list[Figure]:
    nearest = min(float(each.props["map_distance_m"]) for each in targets)
    return [
        Figure("重大危险源", "Major hazards", str(len(folder.features("hazards")))),
        Figure("5 km 内防护目标", "Protection targets within 5 km", str(len(targets))),
        Figure("最近防护目标", "Nearest target", f"{nearest:,.0f} m"),
    ]


Drawing = Callable[[Folder, Title], str]
