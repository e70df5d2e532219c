"""Counts to a value and its interval: pure, exact in integers until the last step, free of the order of counting."""
