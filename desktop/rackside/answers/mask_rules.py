"""The rules of masking in the order in which they are applied: the longest and surest first."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from rackside.answers.mask_addresses import addresses
from rackside.answers.mask_machines import machines
from rackside.answers.mask_patterns import LABEL, Found, Rule
from rackside.answers.mask_people import people
from rackside.answers.mask_secrets import ids, secrets


@cache
def before_names() -> tuple[Rule, ...]:
    """Return the rules of secrets, addresses and people, compiled when a text is first masked: no paint needs them."""
    return _compiled(secrets, addresses, people)


@cache
def after_names() -> tuple[Rule, ...]:
    """Return the rules of machines and ids, which apply when the names that are known are hidden."""
    return _compiled(machines, ids)


@cache
def masked_before() -> Rule:
    """Return the rule that lets be what is masked already, so that masking twice is masking once."""
    kinds = sorted({"name", *(rule.kind for rule in (*before_names(), *after_names()))})
    return Rule("", re.compile(f"<(?:{'|'.join(kinds)})>"))


def names_rule(names: Iterable[str]) -> Rule:
    """Make the rule that hides names, each with the domain that follows it, wherever they stand alone."""
    alone = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return Rule("name", re.compile(rf"(?i)(?<![^\W_])(?:{alone})(?![^\W_])(?:\.{LABEL}){{0,8}}"))


def _compiled(*parts: Callable[[], Iterator[Found]]) -> tuple[Rule, ...]:
    return tuple(Rule(kind, re.compile(pattern), stays) for part in parts for kind, pattern, stays in part())
