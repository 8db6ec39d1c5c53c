"""Pages of the sources that send calls: websites with pulse.js, and programs."""
