"""Lists as files: what is on the screen, with its filter, masks and a second person where it needs one."""
