"""Settings, addresses, the API mount, the command line's root, error translation and wiring. It knows everyone."""
