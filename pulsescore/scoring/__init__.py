"""How healthy each customer is."""
