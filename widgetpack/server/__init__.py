"""What `serve` and `preview` stand on: an HTTP server for one developer's browser, beside a watch loop."""
