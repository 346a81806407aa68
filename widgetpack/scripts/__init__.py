"""Facts of scripts: syntax, AMD modules, what they ask for, what they do."""
