"""Random processes, what must become of them, and what did.

growing → blocks       a random tree of blocks, from dice (`dice`)
drawing                the tree as BPMN 2.0.2, as the diagrams of this project are written
oracle, activities     where tokens may be, by the tree alone; knows nothing of `app.engine`
course, living         one case played in the engine and in the oracle, compared after every step
recording              histories kept for later versions of the engine
"""
