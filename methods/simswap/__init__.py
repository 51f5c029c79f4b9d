"""SimSwap: the face of a drawn person, by that person's recogniser embedding, on the patient's head."""
