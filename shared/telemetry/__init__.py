"""What a service says about itself: logs as JSON lines, metrics for Prometheus."""
