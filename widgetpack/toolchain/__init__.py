"""The esbuild executable: where it is, which one it is, how it is run, and how it gets here when it is asked for."""
