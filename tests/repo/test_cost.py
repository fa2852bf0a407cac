"""The model of cost, the document, infra and the functions say the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench import cost
from bench.promises import filled
from cli.bill import DAILY_LOG_GB, EVENT_OPERATIONS, REACH, TIMERS, Choice
from cli.limits import DEPLOYED, SIZES
from cli.main import app
from cli.per_image import Measured
from cli.prices import Prices
from cli.stages import SETTLE_SECONDS
from shared.settings import PREFIX

ROOT = Path(__file__).parents[2]
SHARED = json.loads(ROOT.joinpath("infra/uncia.json").read_text("utf-8"))


def infra(name: str) -> str:
    return ROOT.joinpath("infra", name).read_text("utf-8")


def test_instances_do_at_once_what_infra_lets_them() -> None:
    assert {str(size): (one.images, one.messages) for size, one in SIZES.items()} == {
        size: (one["images_at_once"], one["messages_at_once"]) for size, one in SHARED["sizes"].items()
    }


def test_what_is_deployed_by_itself_is_what_is_asked_about_by_itself() -> None:
    variables = infra("terraform/variables.tf")

    def default(name: str) -> str:
        return re.search(rf'variable "{name}".*?default\s*=\s*"?(\w+)', variables, re.DOTALL)[1]  # type: ignore[index]

    assert default("maximum_instances") == f"{DEPLOYED.instances:g}"
    assert default("replication") == Choice().replication
    assert default("instance_memory") == str(Choice().instance)
    assert SHARED["settings"][f"{PREFIX}SETTLE_SECONDS"] == f"{SETTLE_SECONDS:g}"


def test_a_day_of_logs_ends_where_infra_ends_it() -> None:
    assert float(re.search(r"daily_quota_gb\s*=\s*([\d.]+)", infra("terraform/telemetry.tf"))[1]) == DAILY_LOG_GB  # type: ignore[index]


def test_an_event_is_paid_thrice_as_long_as_the_subscription_has_advanced_filters() -> None:
    assert ("advancedFilters" in infra("bicep/subscription.bicep")) == (EVENT_OPERATIONS == 3)


def test_timers_run_as_often_as_the_map_says() -> None:
    schedules = re.findall(r'schedule="([^"]+)"', ROOT.joinpath("function_app.py").read_text("utf-8"))
    a_day = {"0 */5 * * * *": 24 * 12, "30 * * * * *": 24 * 60, "0 30 2 * * *": 1}
    assert 30 * sum(a_day[one] for one in schedules) == TIMERS


def test_every_price_has_a_source_and_a_region() -> None:
    prices = Prices.load()
    for price in prices.by_name.values():
        assert price.source.startswith("https://")
        assert price.official.startswith("https://azure.microsoft.com/")
        assert price.amount > 0
        assert price.region
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", prices.read)


def test_the_document_says_what_the_command_says() -> None:
    document = ROOT.joinpath("docs/cost.md").read_text("utf-8")
    assert filled(document, cost.of_money(Measured.load(), Prices.load())) == document


def test_the_reach_is_judged_in_command_and_document_alike() -> None:
    told = json.loads(CliRunner().invoke(app, ["cost", "--images", "1e6", "--mb", "2", "--json"]).stdout)
    assert told["met"] == (told["a_million"] <= REACH)
    paid = [line["amount"] for line in told["lines"] if line["part"] in ("the pipeline", "bringing the originals in")]
    assert told["a_million"] == pytest.approx(sum(paid))
    verdict = f"**{'met' if told['met'] else 'missed'}**: ${told['a_million']:.2f}"
    assert verdict in ROOT.joinpath("docs/cost.md").read_text("utf-8")
