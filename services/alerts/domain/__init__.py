"""What is to be said to whom, decided without I/O."""
