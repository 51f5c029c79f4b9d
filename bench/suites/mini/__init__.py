"""mema-mini: drawn patient faces with exact ground truth."""
