"""What Azure lets an app and an account do: documented limits, each with its page, and what is only assumed."""

from __future__ import annotations

from dataclasses import dataclass

GB = 2**30


@dataclass(frozen=True, slots=True)
class Size:
    """Instances of a Flex Consumption app: memory, cores, and what infra/uncia.json lets one do at once."""

    memory_mb: int
    cores: float
    images: int  #: featurized at once
    messages: int  #: aggregated, or finalized, at once

    @property
    def gb(self) -> float:
        """Memory as it is billed."""
        return self.memory_mb / 1024


# learn.microsoft.com/azure/azure-functions/flex-consumption-plan, "Instance sizes"; cores are said to be approximate.
SIZES = {512: Size(512, 0.25, 1, 2), 2048: Size(2048, 1.0, 4, 4), 4096: Size(4096, 2.0, 8, 8)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What can be had; rates are a second."""

    # .../storage/queues/scalability-targets: messages of 1 KiB; ours have 25, of which no page says a number.
    queue_messages: float = 2_000
    # Whether a message that is put, taken and deleted counts once or three times is not said there. Three is safe.
    calls_a_message: int = 3
    queues: int = 1  #: that each kind of message is spread over
    frames_a_message: int = 1
    # .../storage/common/scalability-targets-standard-account: 40,000 in some regions.
    account_requests: float = 20_000
    accounts: int = 1
    # The same page: 25 Gbit/s where it is not 60.
    account_bytes_in: float = 25e9 / 8
    # .../storage/tables/scalability-targets: entities of 1 KiB. A camera is a partition.
    partition_rows: float = 2_000
    # .../event-grid/quotas-limits says this of topics of one's own; of system topics it says no number.
    events: float = 5_000
    # .../azure-functions/flex-consumption-plan: a subscription and region, for all groups of all apps.
    memory_mb: float = 512_000
    # infra/: maximumInstanceCount, which holds for each function; Azure allows 1,000.
    instances: float = 40
    # .../azure-functions/functions-target-based-scaling: four at once; .../azure-functions/event-driven-scaling: new
    # ones every 30 s where no request waits. Of Flex Consumption no page says a number, and it is seen to be faster.
    new_instances: float = 4 / 30


DEPLOYED = Limits()
