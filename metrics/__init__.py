"""Questions asked of protected images, one a file."""
