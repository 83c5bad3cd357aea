"""Results of other tools, read into run directories: subunit, stestr, JUnit XML, RefStack's JSON, lists of passes."""
