"""What is in the scripts of a package: packages of npm and files by bytes, as text and as a picture."""
