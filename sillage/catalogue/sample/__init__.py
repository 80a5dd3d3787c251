"""The sample world: about 400 invented creators, deterministic from a seed, for demonstration and evaluation.

In: a seed and the instant that counts as now. Out: a `World`, that is a `Batch` like any import's, and the truth
behind it. Words to know: *interest* (what a creator talks about, with its share of the posts), *fragment* (a sentence
written by a person, with slots), *voice* (how one creator writes). Nobody in it exists.
"""

from sillage.catalogue.sample.brands import SampleBrand, sample_brands
from sillage.catalogue.sample.world import CreatorTraits, World, sample_world

__all__ = ["CreatorTraits", "SampleBrand", "World", "sample_brands", "sample_world"]
