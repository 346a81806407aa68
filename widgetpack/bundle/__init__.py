"""From a tree of sources to the files that ship: linking, lowering, bundling."""
