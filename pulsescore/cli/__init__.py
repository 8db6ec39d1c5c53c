"""Commands."""

import warnings

# The embedded server's library warns on machines without a user session; it falls back well.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
