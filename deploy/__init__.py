"""How the platform is run: `local` on a machine that has only Python, `docker` by Compose."""
