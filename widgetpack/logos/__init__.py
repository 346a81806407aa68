"""One picture becomes every logo: read it, place it, encode it, show it, write it. Nothing here prints."""
