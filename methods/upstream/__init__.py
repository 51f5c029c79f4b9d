"""Methods that run as programs of their own: an author's repository, or any folder-to-folder command."""
