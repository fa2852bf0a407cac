"""What the standard's own schemas, and Frictionless, say of a Camtrap DP package; nothing is fetched."""

from __future__ import annotations

import csv
import json
import warnings
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

VERSION = "https://raw.githubusercontent.com/tdwg/camtrap-dp/1.0.2/"


def problems(package: Path, schemas: Path) -> list[str]:
    """Whatever is wrong: with the description, with any cell of any table, or between them."""
    said = json.loads((package / "datapackage.json").read_text("utf-8"))
    profile = local(json.loads((schemas / "camtrap-dp-profile.json").read_text("utf-8")))
    found = [f"datapackage.json: {one.message}" for one in Draft7Validator(profile).iter_errors(said)]
    found += [f"not of this version: {one['schema']}" for one in said["resources"] if VERSION not in one["schema"]]
    return found + tables(said, package, schemas)


def local(profile: Any) -> Any:
    """The profile without what it refers to on other sites."""
    if isinstance(profile, list):
        return [local(one) for one in profile]
    if not isinstance(profile, dict):
        return profile
    return {key: local(one) for key, one in profile.items() if not (key == "$ref" and str(one).startswith("http"))}


def tables(said: dict[str, Any], package: Path, schemas: Path) -> list[str]:
    """What Frictionless says of the tables, each column and foreign key, by the schemas that lie here."""
    for one in said["resources"]:
        one["schema"] = json.loads((schemas / one["schema"].rpartition("/")[2]).read_text("utf-8"))
    told = {"profile": "tabular-data-package", "resources": said["resources"]}
    limit = csv.field_size_limit()  # which Frictionless sets for the whole process
    try:
        with warnings.catch_warnings(action="ignore"):
            from frictionless import Package

            report = Package.from_descriptor(told, basepath=str(package)).validate()
    finally:
        csv.field_size_limit(limit)
    return [str(row) for row in report.flatten(["title", "rowNumber", "fieldName", "note"])]
