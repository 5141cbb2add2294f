"""The desktop sidebar: this machine, the network and the community, in one Qt window."""
