"""Metrics for Prometheus, served at /metrics when METRICS_TOKEN is set."""

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

CONTENT_TYPE = CONTENT_TYPE_LATEST

running_answers = Gauge(
    "sitethread_running_answers", "Answers being written now.", multiprocess_mode="livesum"
)
ended_answers = Counter("sitethread_ended_answers", "Answers that ended, by status.", ["status"])
model_errors = Counter("sitethread_model_errors", "Answers that the model failed, by code.", ["code"])
flush_seconds = Histogram(
    "sitethread_flush_seconds",
    "How long storing one batch of text took.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
flush_answers = Histogram(
    "sitethread_flush_answers", "Answers in one batch.", buckets=(1, 2, 5, 10, 20, 50, 100, 200)
)
failed_flushes = Counter("sitethread_failed_flushes", "Batches that could not be stored at once.")
resumed_streams = Counter(
    "sitethread_resumed_streams", "Streams that began in the middle of an answer, by source.", ["source"]
)
reclaimed_answers = Counter("sitethread_reclaimed_answers", "Answers taken back after their lease ran out.")
refusals = Counter("sitethread_refusals", "Requests refused, by code.", ["code"])


def page() -> bytes:
    """Return all metrics in Prometheus' text format; under gunicorn, those of all workers."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return bytes(generate_latest(REGISTRY))
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return bytes(generate_latest(registry))
