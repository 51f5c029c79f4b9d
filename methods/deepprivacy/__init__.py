"""DeepPrivacy: keypoints and background condition an inpainting generator; the face never enters."""
