"""Lines of business of the demo park's enterprises, as GB/T 4754 names them: from what each is called, what it makes
and which block of industry it stands in."""

from __future__ import annotations

from demo.folder import Feature

BASIC, SPECIAL, SYNTHETIC = "基础化学原料制造", "专用化学产品制造", "合成材料制造"
# What a name gives away, the first that fits.
_OF_NAME = (
    (("农化", "作物", "农业"), "农药制造"),
    (("制药", "医药"), "化学药品原料药制造"),
    (("涂料",), "涂料、油墨、颜料及类似产品制造"),
    (("电子材料",), "电子元件及电子专用材料制造"),
    (("环保能源",), "精炼石油产品制造"),
    (("环保科技",), "环境治理业"),
    (("磷",), "肥料制造"),
    (("气体",), BASIC),
    (("新材料", "高新材料", "合成材料", "聚氨酯"), SYNTHETIC),
    (("生物", "生化", "精细", "甘油"), SPECIAL),
)
_OF_PROCESS = (
    ("合成氨", "肥料制造"),
    ("重氮化", "涂料、油墨、颜料及类似产品制造"),
    ("聚合", SYNTHETIC),
    ("电解", BASIC),
)
# The blocks of industry on the map: petrochemicals and chlor-alkali, fine chemicals, salt chemicals, new materials.
_OF_ZONE = {"Z1": BASIC, "Z2": SPECIAL, "Z3": BASIC, "Z4": SYNTHETIC}


def line_of_business(enterprise: Feature) -> str:
    """The line of business of an enterprise of the map."""
    named = (line for words, line in _OF_NAME if any(word in enterprise.name for word in words))
    processes = enterprise.props.get("regulated_processes") or ()
    made = (line for process, line in _OF_PROCESS if process in processes)
    return next(named, None) or next(made, None) or _OF_ZONE.get(str(enterprise.props.get("zone")), SPECIAL)
