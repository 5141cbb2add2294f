"""The vocabulary that the desktop and the server both speak: documents, actions and the sync envelope."""
