"""What Spark's errors become."""

from __future__ import annotations

import pytest

from batch.session import sentence

OURS = """
  An exception was thrown from the Python worker. Please see the stack trace below.
Traceback (most recent call last):
  File "batch/featurize.py", line 1, in made
shared.errors.BackboneUnusable: the backbone x cannot be read (No such file): run `make setup`
"""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (OURS, "the backbone x cannot be read (No such file): run `make setup`"),
        ("[PATH_NOT_FOUND] Path does not exist: file:/x. SQLSTATE: 42K03;\n'more'", "Path does not exist: file:/x"),
        (
            "An error occurred while calling o69.x.\n: org.apache.spark.SparkException: File a is b\n\tat x",
            "File a is b",
        ),
        (
            "An error occurred while calling o1.x.\n: java.lang.X: a\n\tat\nCaused by: java.io.IOException: No space",
            "No space",
        ),
        (
            "[JAVA_GATEWAY_EXITED] Java gateway process exited",
            "Java does not start it; it needs Java 17 or later, and JAVA_HOME may say where that is",
        ),
        ("[A.B_C] one\ntwo", "one"),
        ("", "ValueError"),
    ],
)
def test_an_error_is_one_sentence(said: str, told: str) -> None:
    assert sentence(ValueError(said)) == told
