"""How a message travels. One file per part of the way: the route, the wire, the envelope."""
