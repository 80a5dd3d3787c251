"""Work on many machines: a Ray cluster."""

from sillage.adapters.clusters.on_ray import (
    LOCAL,
    ClusterUnreachable,
    RayCrew,
    RayMissing,
    WorkLost,
    joined,
)

__all__ = ["LOCAL", "ClusterUnreachable", "RayCrew", "RayMissing", "WorkLost", "joined"]
