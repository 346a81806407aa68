"""``python -m widgetpack``."""

from widgetpack.cli import main

if __name__ == "__main__":
    main()
