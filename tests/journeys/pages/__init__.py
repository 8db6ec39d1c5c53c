"""Stories in a browser, against the pages alone; data is seeded, Intercom is not asked."""
