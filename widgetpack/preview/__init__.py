"""The sandbox: a page that plays the CRM's part, so that a widget can be seen and clicked without an account."""
