"""Troubles of probabilistic principal component analysis: those that any samples can show."""

from latentlab.families.linear.family import LINEAR
from latentlab.showing.verdict import sample_rules
from latentlab.showing.verdict.findings import Remedies, Rule

KEY = "linear.latent_dim"
REMEDIES = Remedies(variety=KEY, sharpness=KEY, copies=KEY)

RULES: dict[str, tuple[Rule, ...]] = {LINEAR.name: sample_rules.RULES}
