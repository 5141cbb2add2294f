"""The feed: channels of documents with dense versions, the actions received, and the sync endpoint."""
