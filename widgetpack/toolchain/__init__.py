"""What is fetched when it is asked for: the esbuild executable, where it is and how it is run, and the libraries of the platform's page."""
