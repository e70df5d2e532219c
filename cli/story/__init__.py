"""What `voc demo` tells: a stack made fresh, a month of an invented shop's customers, and what became of them."""
