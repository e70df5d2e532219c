"""What is asked, what follows from the counts, and how it is said. No database, no web, no clock."""
