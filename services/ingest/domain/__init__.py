"""What a request's bytes mean, without a socket in sight: its mode, its events, what is wrong with them."""
