"""Figures of this process and of its database for Prometheus. No label holds what a person could be known by."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, has_app_context
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from app.casework.figures import figures
from app.store.journal import APPENDED

_EXTENSION = "waymark_metrics"
_SECONDS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0, 10.0)
#: other methods are words of whoever sent them
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


@dataclass(frozen=True)
class _Figures:
    """What this process counts."""

    #: everything of it
    registry: CollectorRegistry
    #: answers by method, route and status
    requests: Counter
    #: how long they took, by method and route
    seconds: Histogram
    #: entries appended to the journal, by kind
    entries: Counter


class _OfTheDatabase(Collector):
    """Figures that the rows give whenever somebody asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One gauge after the other; without a database only that it is away."""
        began = time.perf_counter()
        found = figures()
        yield GaugeMetricFamily("waymark_database_up", "1 where the database answers", 0 if found is None else 1)
        for one in found or ():
            family = GaugeMetricFamily(f"waymark_{one.name}", one.what, labels=[one.label] if one.label else [])
            for label, value in one.values.items():
                family.add_metric([label] if one.label else [], value)
            yield family
        yield GaugeMetricFamily(
            "waymark_figures_seconds", "What reading these figures took", time.perf_counter() - began
        )


def install(app: Flask) -> None:
    """Begin to count in this application."""
    registry = CollectorRegistry()
    app.extensions[_EXTENSION] = _Figures(
        registry,
        Counter("waymark_requests", "Answers given", ["method", "route", "status"], registry=registry),
        Histogram(
            "waymark_request_seconds", "Time to an answer", ["method", "route"], buckets=_SECONDS, registry=registry
        ),
        Counter("waymark_entries", "Entries this process appended to the journal", ["kind"], registry=registry),
    )
    registry.register(_OfTheDatabase())


def count_answer(method: str, route: str, status: int, seconds: float) -> None:
    """A request was answered."""
    counted = _figures()
    known = method if method in _METHODS else "other"
    counted.requests.labels(known, route, status).inc()
    counted.seconds.labels(known, route).observe(seconds)


def page() -> bytes:
    """Everything, in the format of Prometheus."""
    return generate_latest(_figures().registry)


@APPENDED.connect
def _appended(kind: str) -> None:
    if has_app_context() and _EXTENSION in current_app.extensions:
        _figures().entries.labels(kind).inc()


def _figures() -> _Figures:
    return cast(_Figures, current_app.extensions[_EXTENSION])
