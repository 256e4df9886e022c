"""Runs benchmarks: `python -m bench` all of them, `python -m bench gateway …` those named."""

import importlib
import pkgutil
import sys

import bench


def main() -> int:
    known = sorted(
        module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_")
    )
    known = [name for name in known if hasattr(importlib.import_module(f"bench.{name}"), "main")]
    unknown = set(sys.argv[1:]) - set(known)
    if unknown:
        print(
            f"No benchmark named {', '.join(sorted(unknown))}; there are: {', '.join(known)}", file=sys.stderr
        )
        return 1
    failed = [name for name in sys.argv[1:] or known if not importlib.import_module(f"bench.{name}").main()]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
