"""What this machine and its network look like: collectors and probes, rules that raise alerts, and the loop. No Qt."""
