"""What the tables of understanding hold about people, and how long it is kept: data for `governance.engine.personal_data`."""
