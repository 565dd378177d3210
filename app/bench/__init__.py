"""What Waymark costs, measured over real HTTP on an installation of its own. Above all layers, as `serving` is.

`command` is the word of the command line, `measures` names what can be measured; `casework`, `loading` and `servers`
bring about what is measured. Nothing here runs in an installation that people use.
"""
