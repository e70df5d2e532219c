"""From a customer's event to its owner's message, through the public doors of a whole stack."""
