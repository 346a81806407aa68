"""What is fetched when asked for: esbuild, where it is and how it is run, the libraries of the page; and the project's own build."""
