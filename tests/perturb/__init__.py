"""Invented reports, damaged in every way that published tables are, and counted: right, open, wrong.

`python -m tests.perturb`, or `make perturb`. A new way is one function and one line in its module's tuple.
"""

from __future__ import annotations

from tests.perturb.around import AROUND
from tests.perturb.figures import FIGURES
from tests.perturb.structure import STRUCTURE
from tests.perturb.wording import WORDING

PERTURBATIONS = (*STRUCTURE, *WORDING, *FIGURES, *AROUND)
