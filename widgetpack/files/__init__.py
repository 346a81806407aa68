"""Between the disk and the tree: what is read, what goes in and why, and how a file is written whole."""
