"""The consistency check of tree, addresses, intervals, figures and search index."""

from bureaus.integrity.problem import Problem
from bureaus.integrity.site import problems
from bureaus.integrity.tree import tree_adds_up

__all__ = ["Problem", "problems", "tree_adds_up"]
