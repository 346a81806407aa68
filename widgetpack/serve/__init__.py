"""The widget in a real account, live: the loader of a dev zip, and the server that it asks."""
