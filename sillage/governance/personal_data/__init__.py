"""What the tables of governance hold about people, and how long it is kept: data for `governance.engine.personal_data`."""
