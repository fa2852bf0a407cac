"""Settings come from the environment, and a bad one is told in one sentence."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest

from shared.errors import UnciaError
from shared.sequence import Limits
from shared.settings import Settings, blob_source, environment, local, storage, utc_offset

SET = [
    ("SEQUENCE_GAP_SECONDS", "34", "sequence_gap", timedelta(seconds=34)),
    ("SEQUENCE_GAP_SECONDS", "0", "sequence_gap", timedelta()),
    ("SEQUENCE_CAP_SECONDS", "0", "sequence_cap", timedelta()),
    ("SEQUENCE_CAP_SECONDS", " 86400 ", "sequence_cap", timedelta(days=1)),
    ("SETTLE_SECONDS", "2.5", "settle", timedelta(seconds=2.5)),
    ("CROP_TOP", "0.04", "crop_top", 0.04),
    ("CROP_BOTTOM", "0.5", "crop_bottom", 0.5),
    ("BACKBONE", "/a b/x.onnx", "backbone", Path("/a b/x.onnx")),
    ("BACKBONE", "", "backbone", None),
    ("BACKBONE_THREADS", "4", "backbone_threads", 4),
    ("PREVIEW_PIXELS", "32", "preview_pixels", 32),
    ("PREVIEW_PIXELS", "", "preview_pixels", 320),
    ("UTC_OFFSET", " +05:45 ", "utc_offset", timezone(timedelta(hours=5, minutes=45))),
    ("UTC_OFFSET", "-03:00", "utc_offset", timezone(timedelta(hours=-3))),
    ("UTC_OFFSET", "Z", "utc_offset", UTC),
    ("ALERT_URL", " https://alerts.example/hook ", "alert_url", "https://alerts.example/hook"),
    ("ALERT_SECRET", "s3", "alert_secret", "s3"),
]
BAD = [
    ("SEQUENCE_GAP_SECONDS", "-1"), ("SEQUENCE_GAP_SECONDS", "a minute"), ("SEQUENCE_CAP_SECONDS", "86401"),
    ("SETTLE_SECONDS", "nan"), ("SETTLE_SECONDS", "inf"), ("CROP_TOP", "0.51"), ("CROP_TOP", "4%"),
    ("CROP_BOTTOM", "-0.1"), ("BACKBONE_THREADS", "0"), ("PREVIEW_PIXELS", "31"), ("PREVIEW_PIXELS", "321"),
]  # fmt: skip


def test_nothing_needs_to_be_set() -> None:
    assert Settings.from_env({}) == Settings(
        sequence_gap=timedelta(seconds=60), sequence_cap=timedelta(minutes=15), settle=timedelta(seconds=30),
        crop_top=0, crop_bottom=0, backbone=None, backbone_threads=1, preview_pixels=320, utc_offset=UTC,
        alert_url="", alert_secret="",
    )  # fmt: skip


@pytest.mark.parametrize(("name", "said", "field", "value"), SET)
def test_each_setting_is_read(name: str, said: str, field: str, value: object) -> None:
    assert getattr(Settings.from_env({f"UNCIA_{name}": said}), field) == value


@pytest.mark.parametrize(("name", "said"), BAD)
def test_a_bad_value_is_one_sentence_that_names_its_variable(name: str, said: str) -> None:
    with pytest.raises(UnciaError, match=rf"^UNCIA_{name} is '{said}': it must be a number from [\d.]+ to [\d.]+$"):
        Settings.from_env({f"UNCIA_{name}": said})


def test_an_offset_that_is_none_is_one_sentence_too() -> None:
    with pytest.raises(
        UnciaError, match=r"^UNCIA_UTC_OFFSET: 'CET' is no UTC offset: it is written \+05:45, -03:00 or Z"
    ):
        Settings.from_env({"UNCIA_UTC_OFFSET": "CET"})


def test_an_offset_that_nobody_set_can_be_told_from_zero() -> None:
    assert (utc_offset({}), utc_offset({"UNCIA_UTC_OFFSET": "+00:00"})) == (None, UTC)


def test_the_secret_is_not_shown_with_the_other_settings() -> None:
    assert "hush" not in repr(Settings.from_env({"UNCIA_ALERT_SECRET": "hush"}))


def test_gap_and_cap_are_the_limits() -> None:
    said = Settings.from_env({"UNCIA_SEQUENCE_GAP_SECONDS": "5", "UNCIA_SEQUENCE_CAP_SECONDS": "7"})
    assert said.limits == Limits(timedelta(seconds=5), timedelta(seconds=7))


def test_the_process_environment_is_read_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNCIA_CROP_TOP", "0.25")
    assert Settings.from_env().crop_top == 0.25
    assert environment()["UNCIA_CROP_TOP"] == "0.25"


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"Storage": "x=y"}, {"connection": "x=y"}),
        ({"Storage": "x=y", "Storage__accountName": "a"}, {"connection": "x=y"}),
        ({"Storage__accountName": "a"}, {"account": "a", "client": ""}),
        ({"Storage__accountName": "a", "Storage__clientId": "c"}, {"account": "a", "client": "c"}),
    ],
)
def test_storage_is_a_connection_string_or_an_account(env: dict[str, str], said: dict[str, str]) -> None:
    assert storage(env) == said


@pytest.mark.parametrize("env", [{}, {"Storage": ""}, {"Storage__clientId": "c"}])
def test_without_storage_a_person_is_told_what_to_set(env: dict[str, str]) -> None:
    with pytest.raises(UnciaError, match=r"set Storage .* or Storage__accountName"):
        storage(env)


def test_an_app_on_azure_is_not_local_whatever_is_set() -> None:
    said = {"AZURE_FUNCTIONS_ENVIRONMENT": "Development"}
    assert local(said)
    assert not local(said | {"WEBSITE_SITE_NAME": "uncia-7f3a"})


@pytest.mark.parametrize(("said", "source"), [("Development", "LogsAndContainerScan"), ("Production", "EventGrid")])
def test_uploads_are_listed_on_a_local_host_only(said: str, source: str) -> None:
    assert blob_source({"AZURE_FUNCTIONS_ENVIRONMENT": said}) == source
    assert blob_source({}) == "EventGrid"


def test_where_alerts_go_is_not_shown() -> None:
    said = {"UNCIA_ALERT_URL": "https://chat.example/hook/hush", "UNCIA_ALERT_SECRET": "hush"}
    assert "hush" not in repr(Settings.from_env(said))
