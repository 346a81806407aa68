"""The settings of one widget: from its config file, the environment and the command line."""
