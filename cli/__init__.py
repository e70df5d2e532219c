"""The command `voc`: a file a command, put together in `main`."""
