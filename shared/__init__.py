"""What two services or more need: the contracts, and the few lines each of them starts with."""
