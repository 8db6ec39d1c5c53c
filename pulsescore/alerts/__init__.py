"""What is worth telling: rules, alerts, notifications and what each person wants of them."""
