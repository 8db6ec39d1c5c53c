"""Whether scores told who would leave: outcomes and backtests."""
