"""Pages to work in, beside the admin's forms. They translate: one request, one selector or service, one template."""
