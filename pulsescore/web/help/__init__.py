"""The guide inside the product: the pages of docs/guide, searchable, and the links to them."""
