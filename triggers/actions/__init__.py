"""Action types that know no domain: flow, data and calls outside. One file each."""
