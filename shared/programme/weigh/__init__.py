"""How a programme's personas weigh a customer: pure, and the same for scoring, which decides by it, and insights, which
shows it."""
