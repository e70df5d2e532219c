"""What the company has decided, as files: read, checked, stored as versions, and matched to events."""
