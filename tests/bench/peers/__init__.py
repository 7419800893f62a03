"""What litereg is compared with; see `tests.bench.peer_servers`."""
