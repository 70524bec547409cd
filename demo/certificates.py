"""Licences of enterprises, certificates of their people, and their reports: what the expiry board looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from demo.due import ends, years_before
from demo.fixed import document, fixed
from demo.folder import Feature
from demo.names import full, mobile
from demo.records import Entry
from demo.staff import member, with_hazards
from demo.world import Source, World

_ISSUER = "省应急管理厅"
_ASSESSOR = "安全评价技术有限公司"
_FROM = 100  # numbers of these people begin here, after those who stand watch


class Licence(NamedTuple):
    """One kind of paper of an enterprise: code, name, how many have one, how long it is good, days left of some."""

    code: str
    name: str
    many: int
    years: int
    soon: Sequence[int]


LICENCES = (
    Licence("02", "安全生产许可证", 22, 3, (-9, 24, 71)),
    Licence("03", "危险化学品安全使用许可证", 8, 3, (44,)),
    Licence("04", "危险化学品经营许可证", 10, 3, (6,)),
    Licence("07", "安全生产标准化证书", 22, 3, (33, 85)),
)


class Post(NamedTuple):
    """Some people of enterprises, and the certificate that they must have."""

    key: str
    many: int
    category: str
    post: str
    type: str
    paper: str
    years: int
    soon: Sequence[int]


POSTS = (
    Post("head", 22, "101", "主要负责人", "06", "安全生产知识和管理能力考核合格证（主要负责人）", 3, (18,)),
    Post(
        "manager", 22, "107", "安全管理人员", "07", "安全生产知识和管理能力考核合格证（安全管理人员）", 3, (-5, 4, 52)
    ),
    Post("special", 36, "111", "特种作业人员", "05", "特种作业操作证", 6, (-15, 2, 11, 29, 60)),
    Post("operator", 16, "199", "特种设备作业人员", "08", "特种设备安全管理和作业人员证", 4, (27, 66)),
)
_WORK = (("2", "201", "熔化焊接与热切割"), ("1", "101", "低压电工"), ("3", "301", "登高架设"), ("9", "909", "化工工艺"))


def _owners(world: World) -> list[Feature]:
    return with_hazards(world.folder) or world.folder.operating


def _licences(world: World, day: date) -> Iterable[Entry]:
    owners = _owners(world)
    for kind in LICENCES:
        some = owners[: kind.many]
        for owner, end in zip(some, ends(world, kind.code, len(some), kind.soon), strict=True):
            yield _licence(kind, owner, end, "")
        if some:  # one that was renewed: the old paper is over, and that is no news
            yield _licence(
                kind, some[0], years_before(ends(world, kind.code, len(some), kind.soon)[0], kind.years), "-old"
            )


def _licence(kind: Licence, owner: Feature, end: date, more: str) -> Entry:
    begin = years_before(end, kind.years)
    return fixed(
        f"EC-{kind.code}-{owner.id}{more}",
        enterprise_id=owner.id,
        certificate_type=kind.code,
        certificate_name=kind.name,
        certificate_no=f"DEMO-{kind.code}-{owner.id}-{begin.year}",
        issuing_authority=_ISSUER,
        issue_date=begin.isoformat(),
        valid_from=begin.isoformat(),
        valid_to=end.isoformat(),
    )


def _holders(world: World) -> Iterator[tuple[int, Post, int, Feature]]:
    """Everybody who has to have a certificate: number, post, place among the post's, enterprise."""
    owners, number = _owners(world), _FROM
    for post in POSTS if owners else ():
        for place in range(post.many):
            yield number, post, place, owners[place % len(owners)]
            number += 1


def staff_records(world: World) -> Iterable[Entry]:
    """These people, as the table of persons tells of them."""
    for number, post, _, owner in _holders(world):
        yield member(f"EP{number:04d}", number, owner.id, post.category, post.post, full(number), mobile(number))


def _certificates(world: World, day: date) -> Iterable[Entry]:
    ending = {post.key: ends(world, post.key, post.many, post.soon) for post in POSTS}
    for number, post, place, _ in _holders(world):
        end = ending[post.key][place]
        begin = years_before(end, post.years)
        category, item, work = _WORK[place % len(_WORK)]
        special = post.type == "05"
        yield fixed(
            f"PC-{number:04d}",
            person_id=f"EP{number:04d}",
            certificate_name=f"{post.paper}（{work}）" if special else post.paper,
            certificate_type=post.type,
            certificate_no=f"DEMO-{number:06d}",
            valid_from=begin.isoformat(),
            valid_to=end.isoformat(),
            issuing_authority=_ISSUER,
            issue_date=begin.isoformat(),
            special_operation_category=category if special else None,
            special_operation_item=item if special else None,
            skill_qualification_name="212" if post.type == "08" else None,
        )


_REPORTS = (("05", "重大危险源安全评估报告", (-30, 15, 77)), ("04", "安全现状评价报告", (40,)))


def _reports(world: World, day: date) -> Iterable[Entry]:
    owners = _owners(world)
    hazards = {str(each.props.get("owner")): each.id for each in world.folder.features("hazards")}
    for kind, name, soon in _REPORTS:
        for owner, end in zip(owners, ends(world, f"report-{kind}", len(owners), soon), strict=True):
            yield fixed(
                f"AR-{kind}-{owner.id}",
                enterprise_id=owner.id,
                hazard_source_id=hazards.get(owner.id) if kind == "05" else None,
                report_name=name,
                report_type=kind,
                compiler_name=_ASSESSOR,
                valid_to=end.isoformat(),
                report_file=document(f"AR-{kind}-{owner.id}"),
            )


SOURCES = (
    Source("enterprise_certificate", _licences),
    Source("person_certificate", _certificates),
    Source("assessment_report", _reports),
)
