"""`/metrics`: the product's own figures for Prometheus."""

from __future__ import annotations

from flask import Blueprint, Response

from api._contract import says
from api._deps import Deps, Resource
from api._schemas import TEXT
from twin.roles import Right


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("metrics", __name__)

    @pages.get("/metrics")
    @says("The product's own figures for Prometheus", answers={"text/plain": TEXT})
    @deps.needs(Right.diagnose)
    def metrics() -> Response:
        deps.metrics.queue.set(deps.store.stats()["write_queue"])
        counted = deps.alarm_counts.by_handling(deps.store.tick())
        deps.metrics.alarms.clear()  # a state that no alarm is in any more is not told with its last count
        for handling, n in counted.items():
            deps.metrics.alarms.labels(handling).set(n)
        return Response(deps.metrics.text(), mimetype="text/plain; version=0.0.4")

    return pages


RESOURCE = Resource("metrics", _routes)
