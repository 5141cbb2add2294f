"""Prometheus's targets: a list, as JSON or YAML, of objects with `targets` and `labels`, as file_sd_configs has it."""

from collections.abc import Iterator, Mapping, Sequence

from rackside.watch.imports.found import Found, NotReadableError, made


def read(groups: Sequence[object]) -> Iterator[Found]:
    """Yield each target, as the exporter that it is.

    Raises:
        NotReadableError: an entry holds no list of targets.
    """
    for group in groups:
        if not isinstance(group, dict) or not isinstance(group.get("targets"), list):
            raise NotReadableError("This is a list, but none of Prometheus's targets: an entry has no targets.")
        labels = group.get("labels")
        for target in group["targets"]:
            yield _target(str(target), labels if isinstance(labels, dict) else {})


def _target(target: str, labels: Mapping[str, object]) -> Found:
    scheme, path = labels.get("__scheme__", "http"), labels.get("__metrics_path__", "/metrics")
    job = labels.get("job")
    return made(f"{job} {target}" if job else target, "prometheus", {"url": f"{scheme}://{target}{path}"})
