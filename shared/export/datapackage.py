"""The description of a Camtrap DP package: datapackage.json."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from shared import __version__
from shared.deployment import nowhere
from shared.export.survey import Survey
from shared.export.tally import Tally

DEPLOYMENTS, MEDIA, OBSERVATIONS, PACKAGE = "deployments", "media", "observations", "package"
VERSION = "1.0.2"
_HOME = f"https://raw.githubusercontent.com/tdwg/camtrap-dp/{VERSION}"
_EARTH = [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]]

type Deployed = Sequence[Mapping[str, str]]


def text(deployed: Deployed, survey: Survey, tally: Tally) -> str:
    """The description, from the rows of deployments.csv, the project, and what the export passed."""
    return json.dumps(_package(deployed, survey, tally), ensure_ascii=False, indent=2) + "\n"


def _package(deployed: Deployed, survey: Survey, tally: Tally) -> dict[str, Any]:
    project = survey.project
    package = {
        "resources": [_resource(name) for name in (DEPLOYMENTS, MEDIA, OBSERVATIONS)],
        "profile": f"{_HOME}/camtrap-dp-profile.json",
        "created": f"{survey.created:%Y-%m-%dT%H:%M:%SZ}",
        "title": project.title,
        "description": project.description,
        "contributors": [dict(one) for one in project.contributors],
        "sources": [{"title": "Uncia", "version": __version__}],
        "licenses": [dict(one) for one in project.licences],
        "project": {
            "title": project.title,
            "description": project.description,
            "samplingDesign": project.sampling_design,
            "captureMethod": list(project.capture_method),
            "individualAnimals": project.individual_animals,
            "observationLevel": ["media", "event"],
        },
        "spatial": _spatial(deployed),
        "temporal": _temporal(deployed, survey),
        "taxonomic": [{"scientificName": name} for name in _taxa(survey, tally)],
    }
    return {name: value for name, value in package.items() if value or name == "taxonomic"}


def _resource(name: str) -> dict[str, str]:
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": f"{_HOME}/{name}-table-schema.json",
    }


def _spatial(deployed: Deployed) -> dict[str, Any]:
    """GeoJSON: where the cameras are, as far as that is known; else all of the Earth."""
    known = [row for row in deployed if row["deploymentID"] != nowhere(row.get("cameraID", ""))]
    places = sorted({(float(row["longitude"]), float(row["latitude"])) for row in known})
    if not places:
        return {"type": "Polygon", "coordinates": _EARTH}
    return {"type": "MultiPoint", "coordinates": [list(place) for place in places]}


def _temporal(deployed: Deployed, survey: Survey) -> dict[str, str]:
    today = f"{survey.created:%Y-%m-%d}"
    return {
        "start": min((row["deploymentStart"][:10] for row in deployed), default=today),
        "end": max((row["deploymentEnd"][:10] for row in deployed), default=today),
    }


def _taxa(survey: Survey, tally: Tally) -> list[str]:
    return sorted({survey.project.names.of(word).scientific_name for word in tally.shown} - {""})
