"""A ranger's file becomes rules or one sentence, and a rule matches what it says."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.deployment import Clocks, Deployments
from shared.errors import BadRules
from shared.label import Label, labels
from shared.rule import MOST_RULES, TEMPLATE, Rule, matching, parsed
from shared.sequence import Limits
from tests.unit.shared.making import NOON, FakeHead, deployment, seen

NOW = datetime(2026, 1, 31, 13, tzinfo=UTC)
HERE = Clocks()

(LEOPARD,) = labels([seen(0), seen(10)], Limits(), FakeHead())


def label(**said: object) -> Label:
    return replace(LEOPARD, **said)  # type: ignore[arg-type]


def test_the_template_is_a_rule() -> None:
    assert parsed(TEMPLATE) == (
        Rule(
            name="Snow leopard", classes=("snow leopard",), at_least=0.8, cameras=("Ridge *",),
            hours=(time(18), time(6)), newer_than=timedelta(hours=48),
        ),
    )  # fmt: skip


def test_the_pages_rule_is_one() -> None:
    page = (Path(__file__).parents[3] / "docs" / "alerts.md").read_text("utf-8")
    (rule,) = parsed(page.partition("```toml\n")[2].partition("```")[0])
    assert (rule.at_least, rule.newer_than) == (0.8, timedelta(hours=48))


def test_a_rule_needs_no_more_than_a_name() -> None:
    assert parsed('[[rule]]\nname = "any"') == (Rule(name="any"),)
    assert parsed("") == ()


BAD = [
    ("rule = 1", "each rule begins with a line [[rule]], in two brackets"),
    ('[rule]\nname = "x"', "each rule begins with a line [[rule]], in two brackets"),
    ("[[rules]]", "'rules' is no part of the rules: each begins with a line [[rule]]"),
    ("[[rule]]", "rule 1: it has no name"),
    ("[[rule]]\nname = 3", "rule 1: name is 3: it must be a text"),
    ('[[rule]]\nname = "x"\nclass = "y"', "rule 1: 'class' is nothing that a rule has: there are name, classes"),
    ('[[rule]]\nname = "x"\nclasses = []', "rule 1: classes is []: it must be a list of names"),
    ('[[rule]]\nname = "x"\nclasses = [1]', "rule 1: classes is 1: it must be a text"),
    ('[[rule]]\nname = "x"\nat_least = 80', "rule 1: at_least is 80: it must be a number from 0 to 1"),
    ('[[rule]]\nname = "x"\nat_least = true', "rule 1: at_least is True: it must be a number from 0 to 1"),
    ('[[rule]]\nname = "x"\nat_least = nan', "rule 1: at_least is nan: it must be a number from 0 to 1"),
    ('[[rule]]\nname = "x"\nhours = "18-6"', "rule 1: hours is '18-6': it must be two times of the day"),
    ('[[rule]]\nname = "x"\nhours = "18:00-24:00"', "rule 1: hours is '18:00-24:00': it must be two times"),
    ('[[rule]]\nname = "x"\nhours = "18:00-18:00"', "rule 1: hours is '18:00-18:00': it must be two times"),
    ('[[rule]]\nname = "x"\nnewer_than_hours = -1', "rule 1: newer_than_hours is -1: it must be a number"),
    ('[[rule]]\nname = "x"\n[[rule]]\nname = "x"', "two rules are called 'x'"),
    ('[[rule]]\nname = " x"', "rule 1: name is ' x': it must have letters, and no space around them"),
    ("name =", "the rules are not TOML: Invalid value (at end of document)"),
    ("x = " + "[" * 5_000, "the rules are not TOML: "),
    ("[[rule]]\n" * (MOST_RULES + 1), f"there are {MOST_RULES + 1} rules: at most {MOST_RULES} are read"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), BAD, ids=range(len(BAD)))
def test_a_slip_is_one_sentence_that_says_where(text: str, sentence: str) -> None:
    with pytest.raises(BadRules) as said:
        parsed(text)
    assert str(said.value).startswith(sentence)


@given(st.text(max_size=200) | st.text("[]rule\n=\"' name*018:-.#", max_size=60))
def test_whatever_a_file_holds_there_are_rules_or_a_sentence(text: str) -> None:
    with suppress(BadRules):
        assert isinstance(parsed(text), tuple)


MATCHES = [
    (Rule(name="all"), {}, True),
    (Rule(name="all"), {"label": "blank"}, False),
    (Rule(name="all"), {"label": "unknown"}, False),
    (Rule(name="all"), {"label": "corrupt", "probability": None}, False),
    (Rule(name="named", classes=("blank", "corrupt")), {"label": "blank"}, True),
    (Rule(name="named", classes=("corrupt",)), {"label": "corrupt", "probability": None}, True),
    (Rule(name="other", classes=("wolf", "lynx")), {}, False),
    (Rule(name="sure", at_least=0.9), {"probability": 0.9}, True),
    (Rule(name="sure", at_least=0.9), {"probability": 0.8999}, False),
    (Rule(name="sure", at_least=0.1, classes=("corrupt",)), {"label": "corrupt", "probability": None}, False),
    (Rule(name="here", cameras=("Ridge *",)), {"camera": "Ridge 1"}, True),
    (Rule(name="here", cameras=("Ridge *",)), {"camera": "ridge 1"}, False),
    (Rule(name="here", cameras=("A", "B?")), {"camera": "B2"}, True),
    (Rule(name="here", cameras=("Pass [north]",)), {"camera": "Pass [north]"}, True),
    (Rule(name="here", cameras=("Pass [north]",)), {"camera": "Pass n"}, False),
    (Rule(name="day", hours=(time(12), time(13))), {"start": NOON}, True),
    (Rule(name="day", hours=(time(11), time(12))), {"start": NOON}, False),
    (Rule(name="night", hours=(time(18), time(6))), {"start": NOON.replace(hour=23)}, True),
    (Rule(name="night", hours=(time(18), time(6))), {"start": NOON.replace(hour=5, minute=59)}, True),
    (Rule(name="night", hours=(time(18), time(6))), {"start": NOON.replace(hour=6)}, False),
    (Rule(name="day", hours=(time(12), time(13))), {"start": None}, False),
    (Rule(name="new"), {"end": NOON - timedelta(hours=47)}, True),
    (Rule(name="new"), {"end": NOON - timedelta(hours=47, seconds=1)}, False),
    (Rule(name="new"), {"end": NOON + timedelta(days=3)}, True),
    (Rule(name="new"), {"start": None, "end": None}, False),
    (Rule(name="old too", newer_than=timedelta()), {"end": datetime(1999, 1, 1)}, True),
    (Rule(name="old too", newer_than=timedelta()), {"start": None, "end": None}, True),
]


@pytest.mark.parametrize(("rule", "said", "asks"), MATCHES, ids=range(len(MATCHES)))
def test_a_rule_asks_for_what_it_says(rule: Rule, said: dict[str, object], asks: bool) -> None:
    assert matching([rule], label(**said), NOW, HERE) == ([rule] if asks else [])


def test_how_old_an_image_is_goes_by_the_cameras_clock() -> None:
    rule = Rule(name="new", newer_than=timedelta(hours=1))
    east = label(end=NOON + timedelta(hours=5, minutes=45))
    assert rule.matches(east, NOW, Clocks(offset=timezone(timedelta(hours=5, minutes=45))))
    assert not rule.matches(label(end=NOON), NOW + timedelta(minutes=1), HERE)
    assert not rule.matches(label(end=NOON), NOW, Clocks(offset=timezone(timedelta(hours=1))))


def test_hours_and_age_go_by_the_corrected_time() -> None:
    stood = replace(deployment(), correction=timedelta(hours=6))
    clocks, evening = Clocks(Deployments([stood])), Rule(name="evening", hours=(time(17), time(19)))
    assert evening.matches(label(start=NOON, end=NOON), NOW, clocks)
    assert not evening.matches(label(start=NOON, end=NOON), NOW, HERE)
    new = Rule(name="new", newer_than=timedelta(minutes=45))
    assert new.matches(label(end=NOON), datetime(2026, 1, 31, 13, tzinfo=UTC), clocks)  # 18:00 at +05:45 is 12:15 UTC
    assert not new.matches(label(end=NOON), datetime(2026, 1, 31, 13, 1, tzinfo=UTC), clocks)


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 1439))
def test_hours_and_the_hours_around_them_are_the_whole_day(begin: int, end: int, at: int) -> None:
    if begin == end:
        return
    moment, (one, other) = NOON.replace(hour=at // 60, minute=at % 60), [time(m // 60, m % 60) for m in (begin, end)]
    rules = [Rule(name="from", hours=(one, other)), Rule(name="until", hours=(other, one))]
    assert len(matching(rules, label(start=moment), NOW, HERE)) == 1
