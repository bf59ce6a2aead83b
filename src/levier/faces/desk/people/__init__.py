"""The people who support an organisation, as its team meets them."""
