"""How far the targets are: cuts made, households still to go, and the main risks."""
