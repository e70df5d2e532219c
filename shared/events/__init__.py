"""The contract of `voc.events`: CloudEvents 1.0 of four types, read, checked and named once for everybody."""
