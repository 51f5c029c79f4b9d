"""Methods that need no training: what they do to the face region, or to all but the eyes."""
