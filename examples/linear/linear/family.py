"""The record of probabilistic principal component analysis."""

from latentlab.core.family import Family

LINEAR = Family(
    name="linear",
    title="PPCA",
    colour="#125c38",
    generative="decoder",
    encoder="encoder",
)

# The variance of the noise, which neither network holds.
NOISE = LINEAR.folder / "noise.json"
