"""The section ``data`` of params.yaml."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from latentlab.core.settings import Compared, Section, Seed

# Sources that lie where data.path says.
LOCAL = ("idx", "npz", "folder")


class Wanted(Section, extra="ignore"):
    """What the section ``evaluate`` wants of the images; the rest of it is for scoring."""

    num_samples: Compared


class Data(Section):
    """Which images are used, and how they are split."""

    source: Literal["mnist_sample", "mnist", "fashion_mnist", "idx", "npz", "folder"]
    path: Annotated[str, Field(min_length=1)] | None
    size: Annotated[int, Field(ge=8, le=256)] | None
    channels: Literal[1, 3] | None
    skip_bad_files: bool
    limit: Annotated[int, Field(ge=30)] | None
    split_seed: Seed

    @field_validator("path")
    @classmethod
    def _fits_source(cls, path: str | None, earlier: ValidationInfo) -> str | None:
        source = earlier.data.get("source")
        if source in LOCAL and path is None:
            raise ValueError(f"expected a path, because data.source is {source}")
        if source not in (*LOCAL, None) and path is not None:
            raise ValueError(f"expected null, because data.source is {source}, which has no path")
        return path
