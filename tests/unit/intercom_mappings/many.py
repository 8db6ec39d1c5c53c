"""How many cases a property is tried with: few in each run, more where asked for."""

import os
from typing import Final

CASES: Final = int(os.environ.get("PULSESCORE_CASES", "25"))
