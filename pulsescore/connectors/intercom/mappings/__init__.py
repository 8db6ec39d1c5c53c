"""Which of our attributes go to which of Intercom's, and back: product.md O-2 and O-3."""
