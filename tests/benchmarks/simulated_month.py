"""A month of invented readings, replayed through the alert rules: how many alerts are false, and what is found when.

python -m tests.benchmarks.simulated_month [--machines N] [--days 30] [--seed 1] [--seeds 1] [--false]

The promise is less than 5 % of false alerts, and every incident found. What is usual and what goes wrong is described
in tests/month. Local readings are looked at every 20 s and checks once a minute, each machine by a judge of its own.
"""

import argparse
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from statistics import median
from typing import Final

from tests.month.score import Played, alerts, false_alerts, found, is_true, play, true_of, weeks, wilson

LIMIT: Final = 0.05


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--machines", type=int, default=30)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1, help="so many, each after the other, with the totals of each")
    parser.add_argument("--false", action="store_true", help="print each false alert and each missed incident")
    chosen = parser.parse_args()
    for seed in range(chosen.seed, chosen.seed + chosen.seeds):
        began = time.perf_counter()
        with ProcessPoolExecutor(2) as pool:
            month = list(pool.map(partial(play, seed=seed, days=chosen.days), range(chosen.machines)))
        if chosen.seeds == 1:
            _print_kinds(month)
            _print_incidents(month)
        if chosen.false:
            _print_wrong(month)
        print(f"seed {seed}: {_totals(month, chosen.days)}; {time.perf_counter() - began:.0f} s")
        if chosen.seeds == 1:
            _print_fixed(month, chosen.days)


def _print_kinds(month: list[Played]) -> None:
    rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for played in month:
        for alert in played.alerts:
            true = true_of(alert.kind, alert.raised_at_s, played.incidents) is not None
            rows[alert.kind].update(raised=1, true=true, false=not true, flaps=alert.flaps > 0)
    print(f"{'kind':18} raised   true  false  flaps")
    for kind, row in sorted(rows.items()):
        print(f"{kind:18} {row['raised']:6} {row['true']:6} {row['false']:6} {row['flaps']:6}")


def _print_incidents(month: list[Played]) -> None:
    rows = defaultdict(list)
    for played in month:
        for told in found(played):
            rows[told.incident.name].append(told)
    print(f"\n{'incident':32} planted missed  late  median delay of promised, minutes")
    for name, each in sorted(rows.items()):
        missed = sum(one.after_s == float("inf") for one in each)
        delay = median(one.after_s for one in each) / 60
        promised = median(one.incident.promised_s - one.incident.begin_s for one in each) / 60
        late = sum(one.late for one in each) - missed
        print(f"{name:32} {len(each):7} {missed:6} {late:5}  {delay:6.1f} of {promised:.1f}")


def _print_wrong(month: list[Played]) -> None:
    for played in month:
        for alert in [*false_alerts(played), *false_alerts(played, information=True)]:
            when = f"day {alert.raised_at_s / 86_400:.3f} for {(alert.cleared_at_s - alert.raised_at_s) / 60:.0f} min"
            print(f"false: {played.machine} {alert.kind} {alert.component!r} {alert.severity} {when}: {alert.summary}")
        for each in found(played):
            if each.late:
                incident = each.incident
                promised = (incident.promised_s - incident.begin_s) / 60
                when = f"day {incident.begin_s / 86_400:.3f} for {(incident.end_s - incident.begin_s) / 60:.0f} min"
                took = f"{each.after_s / 60:.1f} of {promised:.1f}"
                print(f"late or missed: {played.machine} {incident.name} {when}, after {took}")


def _totals(month: list[Played], days: int) -> str:
    told = sum(len(alerts(played)) for played in month)
    false = sum(len(false_alerts(played)) for played in month)
    notes = sum(len(alerts(played, information=True)) for played in month)
    false_notes = sum(len(false_alerts(played, information=True)) for played in month)
    every = [each for played in month for each in found(played)]
    missed = sum(each.after_s == float("inf") for each in every)
    late = sum(each.late for each in every) - missed
    low, high = wilson(false, told)
    share = 100 * false / max(1, told)
    return (
        f"{false} of {told} alerts false, {share:.1f} % ({100 * low:.1f} to {100 * high:.1f}), ratio to"
        f" {100 * LIMIT:.0f} %: {share / 100 / LIMIT:.2f}; {missed} of {len(every)} incidents missed, {late} late;"
        f" {told / weeks(len(month), days):.2f} alerts a machine and week; beside them {false_notes} of {notes} of"
        " information (processors busy for long) without an incident"
    )


def _print_fixed(month: list[Played], days: int) -> None:
    events = [(step, is_true(step, played.incidents)) for played in month for step in played.steps]
    false = sum(not true for _, true in events)
    kinds = Counter(step.kind for step, true in events if not true)
    print(
        f"\nFixed steps, at once, as Glances has them: {len(events)} events, {100 * false / max(1, len(events)):.1f} %"
        f" false, {len(events) / weeks(len(month), days):.0f} a machine and week"
    )
    print("  false by kind: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))


if __name__ == "__main__":
    main()
