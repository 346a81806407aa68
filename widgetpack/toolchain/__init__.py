"""Programs of others: the esbuild executable, where it is, which one and how it gets here; and the project's own build."""
