"""Facts of css: what each selector is tied to, what the css loads."""
