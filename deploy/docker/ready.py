"""Exit code 0 if the service at a port of this container is ready; the image has no curl."""

import sys
import urllib.request
from urllib.error import URLError


def main(port: str) -> int:
    """Ask /readyz. A 503 and no answer are both an URLError."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=4):
            return 0
    except (URLError, TimeoutError) as error:
        sys.stderr.write(f"not ready: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
