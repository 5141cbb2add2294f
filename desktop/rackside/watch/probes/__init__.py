"""One file a kind of check. A probe waits on the network: it runs on a thread, in bounded time, and if allowed."""
