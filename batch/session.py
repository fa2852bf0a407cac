"""A Spark session that says nothing unasked and has Uncia's code on its executors."""

from __future__ import annotations

import atexit
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext, inheritable_thread_target
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from batch import shipping
from shared.errors import UnciaError

LOCAL = "local[*]"
# File names are people's, and Java 17 takes them for ASCII where the locale says so.
_UTF8 = "-Dsun.jnu.encoding=UTF-8 -Dfile.encoding=UTF-8"
# Where nobody said otherwise; `spark-submit --conf` and a platform's own settings go first.
DEFAULTS = {
    "spark.app.name": "uncia",
    "spark.driver.memory": "2g",
    "spark.driver.extraJavaOptions": _UTF8,
    "spark.executor.extraJavaOptions": _UTF8,
    # A lot's files are named one by one, and Spark would look at each in a task of its own.
    "spark.sql.sources.parallelPartitionDiscovery.parallelism": "16",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
# Cameras' clocks have no zone, and files' times are compared with themselves: no machine's zone may come into it.
SETTINGS = {"spark.sql.session.timeZone": "UTC"}
_LOOK_SECONDS = 0.25
_PREFIX, _LOG = "uncia-spark-", "spark.log"
# By which a session remembers the folder of what it was sent.
_FOLDER = "spark.uncia.folder"


@dataclass(frozen=True, slots=True)
class Spark:
    """A session, and the folder of what is taken to its executors."""

    session: SparkSession
    folder: Path

    @property
    def cores(self) -> int:
        """How many tasks run at once."""
        return self.session.sparkContext.defaultParallelism

    def take(self, file: Path) -> str:
        """Takes a file to every executor; the name by which `SparkFiles.get` finds it there."""
        copy = shipping.named(file, self.folder)
        self.session.sparkContext.addFile(str(copy))
        return copy.name

    def set(self, **said: object) -> None:
        """Sets what the next job goes by; `arrow_records=16`, say."""
        for name, value in said.items():
            self.session.conf.set(_SHORT[name], str(value))


_SHORT = {
    "arrow_records": "spark.sql.execution.arrow.maxRecordsPerBatch",
    "file_bytes": "spark.sql.files.maxPartitionBytes",
    "open_bytes": "spark.sql.files.openCostInBytes",
}


@contextmanager
def opened(master: str | None = None) -> Iterator[Spark]:
    """A session, on this machine unless told otherwise; raises UnciaError for whatever Spark cannot do within it.

    One that runs already, as in a notebook, is used and left running. What Spark logs goes to a file, which is kept
    where something failed.
    """
    if running := SparkSession.getActiveSession():
        with _told(_folder_of(running)):
            yield _prepared(running, _folder_of(running))
        return
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as place, _told(Path(place)):
        session = _started(master, Path(place, _LOG))
        session.conf.set(_FOLDER, place)
        try:
            yield _prepared(session, Path(place))
        finally:
            session.stop()


def _folder_of(session: SparkSession) -> Path:
    """Where a session that runs already finds what it is sent: it may ask for that as long as it runs."""
    if not session.conf.get(_FOLDER, ""):
        session.conf.set(_FOLDER, tempfile.mkdtemp(prefix=_PREFIX))
        atexit.register(shutil.rmtree, str(session.conf.get(_FOLDER)), ignore_errors=True)
    return Path(str(session.conf.get(_FOLDER)))


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Within this, what Spark cannot do is told in a sentence, with a copy of all that it said."""
    try:
        yield
    except (PySparkException, Py4JError) as error:
        log, where = folder / _LOG, ""
        if log.exists():
            where = f" (all that Spark said is in {shutil.copy(log, folder.with_suffix('.log'))})"
        raise UnciaError(f"Spark: {sentence(error)}{where}") from error


def _started(master: str | None, log: Path) -> SparkSession:
    conf = SparkConf(loadDefaults=False).setAll([*DEFAULTS.items()])
    if SparkContext._gateway is None:
        # Started by us, so that what it logs goes to the file; `spark-submit` has started one, which is found.
        with log.open("wb") as file:
            gateway = launch_gateway(conf, {"stdout": file, "stderr": file})  # type: ignore[no-untyped-call]
        SparkContext._ensure_initialized(gateway=gateway)
    told = SparkConf()  # what the virtual machine was told, by spark-submit say
    for name, value in DEFAULTS.items():
        told.setIfMissing(name, value)
    if master:
        told.setMaster(master)
    told.setIfMissing("spark.master", LOCAL)
    context = SparkContext(conf=told)
    if str(context.master).startswith("local") and not context.getConf().contains("spark.pyspark.python"):
        context.pythonExec = sys.executable
    return SparkSession(context)


def _prepared(session: SparkSession, folder: Path) -> Spark:
    for name, value in SETTINGS.items():
        session.conf.set(name, value)
    session.sparkContext.addPyFile(str(shipping.packed(folder)))
    return Spark(session, folder)


def followed[T](spark: Spark, work: Callable[[], T], tell: Callable[[float], object]) -> T:
    """What a piece of work gives; meanwhile tells, over and over, which share of its tasks is done (0 to 1).

    Ctrl-C ends its jobs.
    """
    # A thread of Java's own for it, as the session is the caller's: what Spark is told there counts for its jobs.
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(inheritable_thread_target(spark.session)(work))
        try:
            while not wait([future], _LOOK_SECONDS).done:
                tell(_share(spark))
        except KeyboardInterrupt:
            with suppress(PySparkException, Py4JError):
                spark.session.sparkContext.cancelAllJobs()
            raise
        return future.result()


def _share(spark: Spark) -> float:
    tracker = spark.session.sparkContext.statusTracker()
    stages = [stage for number in tracker.getActiveStageIds() if (stage := tracker.getStageInfo(number))]
    tasks = sum(stage.numTasks for stage in stages)
    return sum(stage.numCompletedTasks for stage in stages) / tasks if tasks else 0.0


def sentence(error: Exception) -> str:
    """What is at the bottom of an error: what our own code said on an executor, else what Spark gives as its cause."""
    text = str(error)
    if "JAVA_GATEWAY_EXITED" in text:
        return "Java does not start it; it needs Java 17 or later, and JAVA_HOME may say where that is"
    if ours := re.findall(r"^shared\.errors\.\w+: (.+)$", text, re.MULTILINE):
        return str(ours[-1])
    if causes := re.findall(r"^\s*Caused by: [\w.$]+: (.+)$", text, re.MULTILINE):
        return str(causes[-1])
    lines = [line.strip() for line in text.splitlines() if line.strip()] or [type(error).__name__]
    first = lines[1] if lines[0].startswith("An error occurred while calling") and len(lines) > 1 else lines[0]
    return re.sub(r"^(: )?([\w.$]+\.\w+: )?(\[[A-Z_.]+\] )?|\.? SQLSTATE: \w+;?$", "", first)
