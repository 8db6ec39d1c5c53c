"""Who is in which group: rules, the fields they may ask about, and membership."""
