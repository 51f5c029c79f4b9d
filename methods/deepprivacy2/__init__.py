"""DeepPrivacy2: a style-based U-Net fills a large mask; a map of the face's parts guides it."""
