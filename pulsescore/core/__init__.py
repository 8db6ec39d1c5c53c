"""What every stage needs and no product word names."""
